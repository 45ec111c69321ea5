"""Values of one field as small integers: two values are equal, as compared, if their ids are.

A value is checked and folded once for each spelling, however often it stands in the documents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from typing import Any

import numpy as np
import numpy.typing as npt

from benchmark.aliases import Aliases
from benchmark.binding import Bound, bind
from benchmark.comparators import Grade
from benchmark.tree import Bag, Json, Record, Table, walk

Ints = npt.NDArray[np.signedinteger[Any]]
Bools = npt.NDArray[np.bool_]

NOTHING = -1
"""The id of null, or of a property that is absent."""
INVALID = -2
"""The id of a value that is not of the field's type: equal to nothing that gold can hold."""

MOST_KEPT = 50_000
"""Spellings and pairs that one field remembers from one chunk of documents to the next."""


class _Again:
    """Tells ids of repeated elements from folded values."""


class Interner(dict[Json, int]):
    """Value as given -> id. Python holds 1, 1.0 and true for one key, so a field whose type lets
    them meet looks at the types of a column first."""

    def __init__(self, bound: Bound) -> None:
        super().__init__()
        self.bound = bound
        self.folded: dict[Hashable, int] = {}
        self._folds: dict[Json, Hashable] = {}
        self._grades: dict[tuple[Hashable, Hashable], Grade] = {}
        words = bound.leaf.kind == "enum" and all(isinstance(v, str) for v in bound.leaf.values)
        self._types = _SAFE["string"] if words else _SAFE.get(bound.leaf.kind, frozenset())
        self.forget()

    @property
    def size(self) -> int:
        """Spellings and pairs that are remembered."""
        return len(self) + len(self._folds) + len(self._grades)

    def forget(self) -> None:
        """Start anew, so that memory does not grow with the documents. Ids lose their meaning."""
        self.clear()
        self.folded.clear()
        self._folds.clear()
        self._grades.clear()
        self[None] = NOTHING

    def __missing__(self, value: Json) -> int:
        self[value] = found = self.id_of(value)
        return found

    def id_of(self, value: Json) -> int:
        """The id of one value, which may be of any type."""
        if value is None:
            return NOTHING
        if not self.bound.is_valid(value):
            return INVALID
        return self.folded.setdefault(self.bound.fold(value), len(self.folded))

    def again(self, one: int, number: int) -> int:
        """The id of an element that stands in a bag for another time, after `number` others."""
        return self.folded.setdefault((_Again, one, number), len(self.folded))

    def leaves(self, values: Sequence[Json]) -> Ints:
        """As column; if values that differ may earn credit, ids say only that there is a value:
        most would be folded for nothing."""
        if self.bound.by_equality:
            return self.column(values)
        if self.bound.leaf.kind == "string" and set(map(type, values)) == {str}:
            return np.zeros(len(values), np.int32)
        valid = self.bound.is_valid
        kinds = (NOTHING if v is None else 0 if valid(v) else INVALID for v in values)
        return np.fromiter(kinds, np.int32, len(values))

    def grades(self, pairs: Iterable[tuple[Json, Json]]) -> list[Grade]:
        """How far valid values agree, gold first, as given."""
        fold = self.fold
        return [
            Grade.ACCEPTED if gold == predicted else self.grade(fold(gold), fold(predicted))
            for gold, predicted in pairs
        ]

    def grade(self, gold: Hashable, predicted: Hashable) -> Grade:
        """How far two folded values agree; worked out once for each pair."""
        pair = gold, predicted
        grade = self._grades.get(pair)
        if grade is None:
            self._grades[pair] = grade = self.bound.grade(gold, predicted)
        return grade

    def fold(self, value: Json) -> Hashable:
        """A valid value as compared."""
        found = self._folds.get(value)
        if found is None:
            self._folds[value] = found = self.bound.fold(value)
        return found

    def column(self, values: Sequence[Json]) -> Ints:
        """The ids of many values."""
        if self._types is None or set(map(type, values)) <= self._types:
            try:
                return np.fromiter(map(self.__getitem__, values), np.int32, len(values))
            except TypeError:  # a list or an object where a scalar belongs has no hash
                pass
        return np.fromiter(map(self.id_of, values), np.int32, len(values))


_SAFE: dict[str, frozenset[type] | None] = {
    "string": None,
    "date": None,
    "integer": frozenset({int, float, type(None)}),
    "number": frozenset({int, float, type(None)}),
    "boolean": frozenset({bool, type(None)}),
}
"""By kind, the types that may share a column without meeting as one key (None: any)."""


def intern_all(tree: Record, aliases: Aliases) -> Mapping[str, Interner]:
    """An interner for each leaf and bag, by path, with its comparator bound."""
    interners = {}
    for item in walk(tree):
        if not isinstance(item.node, Table):
            leaf = item.node.element if isinstance(item.node, Bag) else item.node
            interners[item.path] = Interner(bind(item.path, leaf, aliases))
    return interners
