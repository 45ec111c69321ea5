"""Do p values and intervals keep their promises? Many comparisons of systems that do not differ.

python tests/tools/simulation.py --comparisons 2000
"""

import argparse
from typing import NamedTuple

import numpy as np

from benchmark.statistics.resampling import intervals, paired_differences

QUALITY, SPURIOUS = 0.6, 0.2


class Simulated(NamedTuple):
    """Shares of comparisons: with p of at most 5%, with p of at most 50%, and of 95% intervals of
    F1 that hold the true one."""

    comparisons: int
    false_alarms: float
    below_half: float
    coverage: float


def simulated(comparisons: int, documents: int, seed: int = 0) -> Simulated:
    """Two systems of one quality on documents of many sizes, again and again."""
    random = np.random.default_rng(seed)
    truth = 2 * QUALITY / (1 + QUALITY + SPURIOUS)
    ps, held = [], []
    for _ in range(comparisons):
        easy, size = random.beta(8, 8, documents) + 0.5, random.poisson(15, documents) + 1
        one, two = (_counts(random, size, easy) for _ in range(2))
        ps.append(paired_differences(one, two)[0].p)
        low, high = intervals(one)[0][0, 2]
        held.append(low <= truth <= high)
    found = np.array(ps)
    return Simulated(
        comparisons,
        float(np.mean(found <= 0.05)),
        float(np.mean(found <= 0.5)),
        float(np.mean(held)),
    )


def _counts(random, size, easy):
    """A system's counts: how much it finds depends on the document."""
    cor = random.binomial(size, QUALITY * easy)
    spurious = random.poisson(SPURIOUS * size)
    return np.stack([cor, 0 * cor, 0 * cor, size - cor, spurious], axis=-1)[:, None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comparisons", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=30)
    asked = parser.parse_args()
    print(simulated(asked.comparisons, asked.documents))  # noqa: T201


if __name__ == "__main__":
    main()
