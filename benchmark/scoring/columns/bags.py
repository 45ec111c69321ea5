"""The columns of bags: lists of elements, to be compared as multisets or as sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, overload

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, to_lengths, to_offsets, with_last, without
from benchmark.scoring.columns.interning import NOTHING, Interner

Others = list[Json]
"""What else gold accepts in a value's place; None among them: absence too."""


@dataclass(frozen=True)
class Spelled(Sequence[Json]):
    """The values of a column as given, looked up by the places of their spellings."""

    spellings: Sequence[Json]
    places: Ints

    @overload
    def __getitem__(self, row: int) -> Json: ...
    @overload
    def __getitem__(self, row: slice) -> list[Json]: ...
    def __getitem__(self, row: int | slice) -> Json:
        if isinstance(row, slice):
            return [self.spellings[place] for place in self.places[row]]
        return self.spellings[int(self.places[row])]

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class Lists(Sequence[list[Json]]):
    """The lists of a bag's column as given: row r is offsets[r] : offsets[r + 1] of their
    elements."""

    elements: Spelled
    offsets: Ints

    @overload
    def __getitem__(self, row: int) -> list[Json]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[Json]]: ...
    def __getitem__(self, row: int | slice) -> list[Any]:
        if isinstance(row, slice):
            return [self[one] for one in range(len(self))[row]]
        return self.elements[self.offsets[row] : self.offsets[row + 1]]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass
class Bags:
    """A bag's column: row r holds the elements ids[offsets[r] : offsets[r + 1]].

    Elements that are equal within one row have ids of their own, by occurrence, so that two bags
    have as many elements in common as they have ids. `others` holds, by row, what else gold
    accepts for the whole bag (None) or for the element at a place in its JSON array.
    `values_by_row` and `outcomes_by_pair` keep, by row and by pair of rows, what is worked out one
    by one."""

    interner: Interner
    raw: Sequence[Json]
    as_set: bool
    ids: Ints
    offsets: Ints
    others: dict[int, dict[int | None, Others]] = field(default_factory=dict)
    values_by_row: dict[int, Any] = field(default_factory=dict)
    outcomes_by_pair: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Ints:
        """Elements of each row, shape (N,)."""
        return to_lengths(self.offsets)

    @cached_property
    def rows(self) -> Ints:
        """The row of each element."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    @classmethod
    def read(cls, interner: Interner, places: Ints, offsets: Ints, as_set: bool) -> Bags:
        """Lists of elements that stand one behind another, by the places of their spellings.
        Nothing is no element."""
        raw = Lists(Spelled(interner.spellings, places), offsets)
        ids = interner.ids(places)
        if (nothing := ids == NOTHING).any():
            offsets, ids = without(nothing, offsets), ids[~nothing]
        return cls(interner, raw, as_set, *_by_occurrence(interner, ids, offsets, as_set))

    @cached_property
    def lists(self) -> tuple[Ints, Bags]:
        """Where gold accepts other lists for a whole bag, and nothing else for its elements: all
        that it accepts, the stated one first. Those of row r are offsets[r] : offsets[r + 1]."""
        found: list[list[Json]] = []
        sizes = np.zeros(len(self.offsets) - 1, np.int64)
        for row in sorted(self.others):
            if self.others[row].keys() == {None}:
                accepted = [self.raw[row], *(one or [] for one in self.others[row][None])]
                sizes[row] = len(accepted)
                found += accepted
        places = self.interner.places(list(chain.from_iterable(found)))
        offsets = to_offsets([len(one) for one in found])
        return to_offsets(sizes), Bags.read(self.interner, places, offsets, self.as_set)

    @cached_property
    def plain(self) -> Bools:
        """Rows for which gold accepts nothing else, shape (N,)."""
        plain = np.ones(len(self.offsets) - 1, np.bool_)
        plain[list(self.others)] = False
        return plain

    def of(self, rows: Ints) -> Bags:
        """The same column with some of its rows alone, in that order."""
        counts = self.counts[rows]
        offsets = to_offsets(counts)
        at = np.repeat(self.offsets[rows] - offsets[:-1], counts) + np.arange(offsets[-1])
        return Bags(self.interner, (), self.as_set, self.ids[at], offsets)

    @cached_property
    def longest(self) -> Ints:
        """The elements of the longest list that gold accepts in each row, shape (N + 1,)."""
        longest = with_last(self.counts, 0)
        for row, others in self.others.items():
            lists = (self.raw[row], *others.get(None, ()))
            longest[row] = max(len(one or ()) for one in lists)
        return longest

    def lay_out(self, ids: Ints) -> None:
        """Put each row's ids one below another, shape (most elements, N + 1); not those of rows for
        which gold accepts anything else."""
        rows = self.rows
        ids[np.arange(len(rows)) - self.offsets[rows], rows] = self.ids
        ids[:, list(self.others)] = NOTHING


def _by_occurrence(interner: Interner, ids: Ints, offsets: Ints, as_set: bool) -> tuple[Ints, Ints]:
    """Equal elements of one row get ids of their own; in a set, only the first is kept."""
    rows = np.repeat(np.arange(len(offsets) - 1), to_lengths(offsets))
    keys = (rows << 32) + ids
    in_order = np.sort(keys)
    if not (in_order[1:] == in_order[:-1]).any():
        return ids, offsets
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    again = np.concatenate([[False], keys[1:] == keys[:-1]]) & (ids[order] >= 0)
    if as_set:
        dropped = np.zeros(len(ids), np.bool_)
        dropped[order[again]] = True
        return ids[~dropped], without(dropped, offsets)
    at = np.arange(len(ids))
    occurrence = at - np.maximum.accumulate(np.where(again, 0, at))
    in_words = ids.copy()
    in_words[order[again]] = [
        interner.again(one, number)
        for one, number in zip(ids[order[again]].tolist(), occurrence[again].tolist(), strict=True)
    ]
    return in_words, offsets
