"""Many random small documents, scored by the scorer and by the oracle.

    python tests/tools/oracle_cases.py --cases 20000 --seed 1

Hypothesis would shrink what differs, but makes too few cases in the same time. Documents of one
schema are scored together, as the scorer works on many at once. Exit status 1 if anything differs.
"""

import argparse
import json
import sys
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.oracle import Optimum, counts_of, optimum
from support.strategies import LEAVES, PARTIAL, leaf_values, places

from benchmark import Document, Task, score

TOGETHER = 12
LEVELS = 3
OTHER_LEAVES = [
    {"type": "string", "x-compare": {"by": "exact"}},
    {"type": "number", "x-compare": {"rel": 0.5}},
    PARTIAL,
]
UNTYPED = ("?", 7, True, 0.25, [], ["a"], {}, {"p": "a"})


@dataclass(frozen=True)
class Case:
    schema: dict
    gold: dict
    predicted: dict
    alternatives: dict
    optional: list


@dataclass(frozen=True)
class PairedDifference:
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


class Maker:
    """Makes random schemas and documents, whose values often collide."""

    def __init__(self, seed):
        self.random = Random(seed)
        self._values = 0

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def cases(self):
        """Some cases of one schema."""
        schema = self._object(LEVELS + 1)
        return [self._case(schema) for _ in range(self.random.randint(1, TOGETHER))]

    def _case(self, schema):
        self._values = self.random.choice([1, 2, 4])
        most = self.random.choice([2, 3, 3, 4])
        gold = self._value(schema, most)
        predicted = self._untyped(schema, self._value(schema, most, gold), self.chance(8))
        alternatives, optional = {}, []
        one_in = self.random.choice([2, 5, 1000])
        for node, path in places(schema, gold, ""):
            if self.chance(one_in):
                if node["type"] == "object":
                    optional.append(path)
                else:
                    alternatives[path] = self._others(node)
        return Case(schema, gold, predicted, alternatives, optional)

    def _object(self, levels):
        """An object's schema; tables may nest in it but for the last level."""
        names = self.random.sample("pqrs", self.random.randint(1, 3))
        properties = {name: self._property(levels) for name in names}
        if levels == LEVELS + 1:
            properties["t"] = {"type": "array", "items": self._object(levels - 1)}
        return {"type": "object", "properties": properties}

    def _property(self, levels):
        kinds = ["leaf", "leaf", "bag"] + (["table", "object"] if levels > 1 else [])
        kind = self.random.choice(kinds)
        if kind == "object":
            return self._object(levels - 1)
        if kind == "table":
            node = {"type": "array", "items": self._object(levels - 1)}
        else:
            node = deepcopy(self.random.choice(LEAVES + OTHER_LEAVES))
        if kind == "bag":
            node = {"type": "array", "items": node, "x-compare": node.pop("x-compare", {})}
            if self.chance(3):
                node["x-compare"]["as"] = "set"
        if self.chance(3):
            node.setdefault("x-compare", {})["key"] = True
        return node

    def _value(self, node, most, like=None):
        """An instance of a schema, half of it taken from another one."""
        if node["type"] == "object":
            return {
                name: self._value(below, most, (like or {}).get(name))
                for name, below in node["properties"].items()
                if not self.chance(12)
            }
        if self.chance(10):
            return None
        if node["type"] == "array":
            return self._array(node["items"], most, like or [])
        return deepcopy(like) if like is not None and self.chance(2) else self._leaf(node)

    def _array(self, node, most, like):
        fewer = max(1, most - 1)
        size = self.random.choice([0, 1, most - 1, most, most])
        chosen = [
            self.random.choice(like) if like and self.chance(2) else None for _ in range(size)
        ]
        if node["type"] != "object":
            return [self._leaf(node) if one is None else one for one in chosen]
        return [self._value(node, fewer, one) for one in chosen]

    def _leaf(self, node):
        return self.random.choice(leaf_values(node)[: self._values])

    def _others(self, node):
        """One or two other values, or lists, that are accepted."""
        return [self._other(node) for _ in range(self.random.randint(1, 2))]

    def _other(self, node):
        if self.chance(3):
            return None
        if node["type"] != "array":
            return self._leaf(node)
        return [self._leaf(node["items"]) for _ in range(self.random.randint(0, 3))]

    def _untyped(self, node, value, broken):
        """The same value, with some parts of it of the wrong type or null if `broken`."""
        if not broken:
            return value
        if isinstance(value, dict):
            names = node["properties"]
            return {n: self._spoilt(names[n], one) for n, one in value.items()}
        if isinstance(value, list):
            return [self._spoilt(node["items"], one) for one in value]
        return value

    def _spoilt(self, node, value):
        if self.chance(8):
            return self.random.choice([None, *UNTYPED])
        return self._untyped(node, value, True)


def compared(cases):
    """Cases of one schema, scored together by the scorer and one by one by the oracle."""
    documents = tuple(
        Document(str(n), case.gold, alternatives=case.alternatives, optional=case.optional)
        for n, case in enumerate(cases)
    )
    predicted = {str(n): case.predicted for n, case in enumerate(cases)}
    result = score(Task("random", cases[0].schema, documents), predicted)
    for n, case in enumerate(cases):
        correct, partly, *_ = result.counts[n].sum(axis=0).tolist()
        best = optimum(case.schema, case.gold, case.predicted, case.alternatives, case.optional)
        yield PairedDifference(case, correct + partly / 2, counts_of(result, n), best)


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
