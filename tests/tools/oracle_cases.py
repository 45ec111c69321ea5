"""Many random small documents, scored by the scorer and by the oracle.

    python tests/tools/oracle_cases.py --cases 20000 --seed 1

Hypothesis would shrink what differs, but makes too few cases in the same time. Documents of one
schema are scored together, as the scorer works on many at once. Exit status 1 if anything differs.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.oracle import Optimum, counts_of, optimum
from support.random_cases import TOGETHER, Case, Maker

from benchmark import Document, Task, score


@dataclass(frozen=True)
class Compared:
    """A case with what the scorer counts and what it may count."""

    case: Case
    credit: float
    counts: frozenset
    best: Optimum

    @property
    def credit_equal(self):
        return self.credit == self.best.credit

    @property
    def unique(self):
        return len(self.best.results) == 1

    @property
    def counts_right(self):
        return self.counts in self.best.results

    @property
    def differs(self):
        return not (self.credit_equal and self.counts_right)


def compared(cases):
    """Cases of one schema, scored together by the scorer and one by one by the oracle."""
    documents = tuple(
        Document(str(n), case.gold, alternatives=case.alternatives, optional=case.optional)
        for n, case in enumerate(cases)
    )
    predicted = {str(n): case.predicted for n, case in enumerate(cases)}
    result = score(Task("random", cases[0].dressed, documents), predicted)
    for n, case in enumerate(cases):
        correct, partly, *_ = result.counts[n].sum(axis=0).tolist()
        best = optimum(case.schema, case.gold, case.predicted, case.alternatives, case.optional)
        yield Compared(case, correct + partly / 2, counts_of(result, n), best)


def run(number, seed, progress=lambda done: None):
    """Compare that many cases -> how many are alike in what, and the smallest that differs."""
    maker, found, smallest = Maker(seed), Counter(), None
    while found["cases"] < number:
        for one in compared(maker.cases()[: number - found["cases"]]):
            found.update(_tallied(one))
            if one.differs and (smallest is None or _size(one) < _size(smallest)):
                smallest = one
        progress(found["cases"])
    return found, smallest


def _tallied(one):
    kind = "unique" if one.unique else "several"
    return {
        "cases": 1,
        "credit equal": one.credit_equal,
        kind: 1,
        f"{kind}, counts right": one.counts_right,
    }


def _size(one):
    return len(json.dumps(vars(one.case)))


def shown(one):
    """A case as JSON, with the counts that are expected and those that the scorer gives."""
    expected = {"credit": one.best.credit, "any of": [*map(_by_path, one.best.results)]}
    got = {"credit": one.credit, "counts": _by_path(one.counts)}
    (alone,) = compared([one.case])
    if alone.counts != one.counts:
        got["counts, scored alone"] = _by_path(alone.counts)
    return json.dumps({**vars(one.case), "expected": expected, "got": got}, indent=1)


def _by_path(counts):
    found = {}
    for (path, name), number in sorted(counts):
        found.setdefault(path, {})[name] = number
    return found


ROWS = (
    ("cases", "cases"),
    ("credit equal", "credit equal"),
    ("unique optimum", "unique"),
    ("  counts equal", "unique, counts right"),
    ("several optima", "several"),
    ("  counts among them", "several, counts right"),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    def progress(done):
        if done % 100 < TOGETHER:
            sys.stderr.write(f"\r{done:,} of {given.cases:,} cases")
            sys.stderr.flush()

    found, smallest = run(given.cases, given.seed, progress)
    sys.stderr.write("\n")
    lines = [f"{label:<20}{found[key]:>8,}" for label, key in ROWS]
    sys.stdout.write("\n".join(lines) + "\n")
    if smallest:
        sys.stdout.write(shown(smallest) + "\n")
    return 1 if smallest else 0


if __name__ == "__main__":
    sys.exit(main())
