"""Values of one field as small integers: two values are equal, as compared, if their ids are.

A value is checked and folded once for each spelling, however often it stands in the documents.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from types import NoneType

import numpy as np

from benchmark.schema.aliases import Aliases
from benchmark.schema.comparators import Grade
from benchmark.schema.field_comparator import FieldComparator, bind
from benchmark.schema.fields import Bag, Json, Record, Table, walk
from benchmark.schema.kinds import KINDS
from benchmark.scoring.arrays import Ints

NOTHING = -1
"""The id of null, or of a property that is absent."""

INVALID = -2
"""The id of a value that is not of the field's type: equal to nothing that gold can hold."""

ABSENT = -3
"""What stands for nothing on the predicted side, so that two nothings are not equal."""

MOST_KEPT = 50_000
"""Spellings, and pairs, that one field remembers from one chunk of documents to the next."""


class _Again:
    """Tells ids of repeated elements from folded values."""


class Interner(dict[Json, int]):
    """Value as given -> the place of its spelling, by which its id is looked up.

    Python holds 1, 1.0 and true for one key. So values of one type, the field's, are keys
    themselves; those of others are kept with their type."""

    def __init__(self, comparator: FieldComparator) -> None:
        super().__init__()
        self.comparator = comparator
        types = set(map(type, comparator.leaf.values)) or {KINDS[comparator.leaf.kind].python_type}
        self._type = types.pop() if len(types) == 1 else str
        self.forget()

    @property
    def size(self) -> int:
        """Spellings that are remembered."""
        return len(self.spellings)

    def forget(self) -> None:
        """Start anew, so that memory does not grow with the documents. Places and ids lose their
        meaning."""
        self.clear()
        self.spellings: list[Json] = [None]
        self.folded: dict[Hashable, int] = {}
        self._values: list[Hashable] = []
        self._others: dict[tuple[type, Json], int] = {}
        self._ids = array("i", [NOTHING])
        self._grades: dict[tuple[Json, ...], Grade] = {}
        self[None] = 0

    def places(self, values: Sequence[Json]) -> Ints:
        """The places of many values, of any types, among the spellings."""
        # A text is no other type's equal; where values are numbers, there must be nothing else.
        if self._type is str or set(map(type, values)) <= {self._type, NoneType}:
            try:
                return np.fromiter(map(self.__getitem__, values), np.int32, len(values))
            except TypeError:  # a list or an object where a scalar belongs has no hash
                pass
        return np.fromiter(map(self._place, values), np.int32, len(values))

    def __missing__(self, value: Json) -> int:
        if type(value) is not self._type:
            return self._place(value)
        self[value] = found = self._spelled(value)
        return found

    def _place(self, value: Json) -> int:
        if value is None or type(value) is self._type:
            return self[value]
        key = type(value), value
        try:
            found = self._others.get(key)
        except TypeError:
            return self._spelled(value)
        if found is None:
            self._others[key] = found = self._spelled(value)
        return found

    def _spelled(self, value: Json) -> int:
        """The place of a new spelling."""
        self._ids.append(self._id(value))
        self.spellings.append(value)
        return len(self._ids) - 1

    def _id(self, value: Json) -> int:
        if not self.comparator.is_valid(value):
            return INVALID
        folded = self.comparator.fold(value)
        return self._numbered(folded, folded)

    def ids(self, places: Ints) -> Ints:
        """The ids of the values at some places."""
        known: Ints = np.array(self._ids)  # a copy: what a profiler holds on to may not stop growth
        return known[places]

    def again(self, one: int, number: int) -> int:
        """The id of an element that stands in a bag for another time, after `number` others."""
        return self._numbered((_Again, one, number), self._values[one])

    def _numbered(self, key: Hashable, value: Hashable) -> int:
        """The id of a value as compared."""
        found = self.folded.setdefault(key, len(self.folded))
        if found == len(self._values):
            self._values.append(value)
        return found

    def in_words(self, ids: Ints) -> list[str]:
        """Values in words, the same for equal ones; nothing for no value."""
        values = self._values
        return ["invalid" if n < 0 else repr(values[n]) for n in ids.tolist() if n != NOTHING]

    def presence(self, values: Sequence[Json]) -> Ints:
        """For values that are compared one by one, most of which would be folded for nothing: an
        id that says only whether there is one, and whether it is valid."""
        if self.comparator.leaf.kind == "string" and set(map(type, values)) == {str}:
            return np.zeros(len(values), np.int32)
        valid = self.comparator.is_valid
        kinds = (NOTHING if v is None else 0 if valid(v) else INVALID for v in values)
        return np.fromiter(kinds, np.int32, len(values))

    @property
    def is_quick(self) -> bool:
        """Whether to grade many pairs anew takes less than to look them up."""
        return self._type is str and self.comparator.definition.grades is not None

    def grades(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        """How far valid values agree, as given, gold first. Each pair is worked out once, unless
        the comparator is quick with many pairs."""
        texts = self._type is str
        if self.is_quick:
            return self._anew(pairs)
        known = self._grades
        if len(known) > MOST_KEPT:
            known.clear()
        keys = pairs if texts else [(*map(type, pair), *pair) for pair in pairs]
        new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in known}
        known.update(zip(new, self._worked_out(list(new.values())), strict=True))
        return [known[key] for key in keys]

    def _anew(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        same = [gold == given for gold, given in pairs]
        different = [pair for pair, is_same in zip(pairs, same, strict=True) if not is_same]
        found = iter(self._worked_out(different))
        return [Grade.ACCEPTED if is_same else next(found) for is_same in same]

    def _worked_out(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        folds = self.comparator.folds
        golds, given = folds([gold for gold, _ in pairs]), folds([one for _, one in pairs])
        return self.comparator.grades(golds, given)


def intern_all(tree: Record, aliases: Aliases) -> Mapping[str, Interner]:
    """An interner for each leaf and bag, by path, with its comparator bound."""
    interners = {}
    for item in walk(tree):
        if not isinstance(item.node, Table):
            leaf = item.node.element if isinstance(item.node, Bag) else item.node
            interners[item.path] = Interner(bind(item.path, leaf, aliases))
    return interners
