"""Do intervals, p values and stated reaches keep their promises? Many scores of known systems.

python tests/tools/simulation.py --repeat 2000

Documents are even in size, very uneven, or bear on a rate rarely; quality varies from document to
document, and may fall with size. Two systems that are compared find some documents hard together.
"""

import argparse

import numpy as np
from scipy import stats

from benchmark.statistics.confidence import intervals
from benchmark.statistics.differences import paired_differences
from benchmark.statistics.rates import Linearised, ratios

DOCUMENTS = (5, 10, 22, 100)
KINDS = ("even", "uneven", "falling", "sparse")
QUALITIES = (0.6, 0.85, 0.95)
SPREAD = 8.0
"""Of a document's quality, a beta distribution: the larger, the more alike documents are."""


class World:
    """Documents of one kind. random: a generator."""

    def __init__(self, kind, seed=0):
        self.kind, self.random = kind, np.random.default_rng(seed)

    def sizes(self, documents):
        if self.kind == "even":
            return self.random.poisson(12, documents) + 1
        if self.kind == "sparse":
            return self.random.poisson(1.0, documents)
        width = 1.2 if self.kind == "uneven" else 1.0
        return np.ceil(np.exp(self.random.normal(2.0, width, documents))).astype(int)

    def counts(self, sizes, quality, ease=None, spread=SPREAD):
        """A system's counts, shape (documents, 1, 5). ease: a share for each document, of how much
        of it is found; drawn if none is given."""
        ease = self.random.random(len(sizes)) if ease is None else ease
        if self.kind == "falling":
            quality = np.clip(quality + 0.15 * (1 - np.log(np.maximum(sizes, 1)) / 2), 0.02, 0.98)
        found = stats.beta.ppf(ease, quality * spread, (1 - np.asarray(quality)) * spread)
        cor = self.random.binomial(sizes, found)
        inc = self.random.binomial(sizes - cor, 0.6)
        invented = np.full(len(sizes), 0.15) if self.kind == "sparse" else 0.1 * sizes
        spu = self.random.poisson(invented)
        return np.stack([cor, 0 * cor, inc, sizes - cor - inc, spu], axis=-1)[:, None]

    def pair(self, documents, quality, better, spread=SPREAD):
        """Two systems on the same documents, the second by so much better."""
        sizes, shared = self.sizes(documents), self.random.normal(size=documents)
        eases = (
            stats.norm.cdf((shared + self.random.normal(size=documents)) / np.sqrt(2))
            for _ in range(2)
        )
        first, second = eases
        return (
            self.counts(sizes, quality, first),
            self.counts(sizes, quality + better, second, spread),
        )


def f1(counts):
    cor, _, inc, mis, spu = counts.sum(axis=(0, 1))
    return 2 * cor / (2 * (cor + inc) + mis + spu)


def ours(counts, random):
    return intervals(counts)[0][0, 2]


def percentile(counts, random):
    """The bootstrap that most tools have."""
    weights = random.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), 1000)
    cor, _, inc, mis, spu = (weights @ counts[:, 0]).T
    with np.errstate(invalid="ignore"):
        return np.nanquantile(2 * cor / (2 * (cor + inc) + mis + spu), [0.025, 0.975])


def plain(counts, random):
    """Student's t of the linearised ratio, with a degree of freedom for each document but one."""
    linear = Linearised(ratios(counts))
    spread = np.sqrt((linear.moves[:, 0, 2] ** 2).sum() * len(counts) / (len(counts) - 1))
    reach = stats.t.ppf(0.975, len(counts) - 1) * spread
    return linear.rate[0, 2] - reach, linear.rate[0, 2] + reach


METHODS = {"ours": ours, "percentile bootstrap": percentile, "plain t": plain}


def coverage(kind, quality, documents, repeat, method="ours"):
    """How often the 95% interval of F1 holds the true one, where there is an interval."""
    world = World(kind)
    truth = f1(world.counts(world.sizes(400_000), quality))
    held = []
    for _ in range(repeat):
        counts = world.counts(world.sizes(documents), quality)
        low, high = METHODS[method](counts, world.random)
        if not np.isnan(low):
            held.append(low <= truth <= high)
    return float(np.mean(held)) if len(held) > repeat / 10 else None


def size(kind, spread, documents, repeat):
    """How often two systems of one quality are told apart at 5%. With another `spread` the second
    one is equal in F1 alone: its documents are not exchangeable with the first's."""
    world = World(kind, 1)
    ps = [paired_differences(*world.pair(documents, 0.75, 0.0, spread))[0].p for _ in range(repeat)]
    return float(np.mean(np.array(ps) <= 0.05))


def power(kind, level, documents, repeat):
    """The difference that the documents state as their reach, and how often one as large is told
    at that level."""
    world, better = World(kind, 2), 0.2
    for _ in range(5):  # until the true difference is the reach that is stated
        drawn = [
            paired_differences(*world.pair(documents, 0.5, better))[0] for _ in range(repeat // 4)
        ]
        reach = np.median([one.reach(level) for one in drawn])
        better = min(better * reach / np.mean([one.difference for one in drawn]), 0.48)
    told = [
        paired_differences(*world.pair(documents, 0.5, better))[0].p <= level for _ in range(repeat)
    ]
    return float(reach), float(np.mean(told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=2000)
    repeat = parser.parse_args().repeat
    show = print
    for method in METHODS:
        show(f"\nCoverage of 95% intervals, {method}\n")
        show("| documents | F1 about |", *(f"{n} |" for n in DOCUMENTS))
        for kind in KINDS:
            for quality in QUALITIES:
                row = [coverage(kind, quality, n, repeat, method) for n in DOCUMENTS]
                cells = ("too few |" if c is None else f"{c:.3f} |" for c in row)
                show(f"| {kind} | {quality} |", *cells, flush=True)
    show("\nFalse verdicts at 5%\n")
    show("| documents | systems |", *(f"{n} |" for n in DOCUMENTS))
    for kind in ("even", "uneven"):
        for word, spread in (("exchangeable", SPREAD), ("equal in F1", 1.0)):
            row = [size(kind, spread, n, repeat) for n in DOCUMENTS]
            show(f"| {kind} | {word} |", *(f"{c:.3f} |" for c in row), flush=True)
    show("\nVerdicts at the stated reach\n")
    show("| documents | number | level | reach | power |")
    for kind in ("even", "uneven"):
        for level in (0.05, 0.005):
            for n in (7, 10, 22, 100):
                if 2 / 2**n <= level:
                    reach, told = power(kind, level, n, repeat)
                    show(f"| {kind} | {n} | {level} | {reach:.2f} | {told:.3f} |", flush=True)


if __name__ == "__main__":
    main()
