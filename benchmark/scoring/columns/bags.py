"""The columns of bags: lists of elements that are compared as multisets or as sets.

As in a compressed sparse row matrix, the elements of all rows stand one behind another, and offsets
say where each row begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, overload

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, appended, offsets_without, to_lengths, to_offsets
from benchmark.scoring.columns.interning import NOTHING, Interner

Others = list[Json]
"""The alternatives of a value: what else gold accepts in its place. None among them stands for its
absence."""


@dataclass(frozen=True)
class Spelled(Sequence[Json]):
    """The values of a column as given in JSON, looked up when they are asked for.

    Documents repeat their values; so a row holds the place of its spelling among those that an
    interner keeps. places: shape (N,).
    """

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
    """The lists of a bag's column as given in JSON, null elements included.

    Row r is elements[offsets[r] : offsets[r + 1]]. offsets: shape (N + 1,).
    """

    elements: Spelled
    offsets: Ints

    @overload
    def __getitem__(self, row: int) -> list[Json]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[Json]]: ...
    def __getitem__(self, row: int | slice) -> list[Any]:
        if isinstance(row, slice):
            return [self[n] for n in range(len(self))[row]]
        return self.elements[self.offsets[row] : self.offsets[row + 1]]

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass
class Bags:
    """A bag's column: row r holds the elements ids[offsets[r] : offsets[r + 1]].

    interner: of the field. raw: the lists as given. as_set: whether duplicates count once.
    in_order: whether elements are matched in their order.
    ids: the elements as compared, shape (elements,); offsets: shape (N + 1,). Elements that are
    equal within one row have ids of their own, by occurrence, so that two bags have as many
    elements in common as they have ids: a multiset is compared as a set. In a sequence they keep
    the id that they have in common.

    others: by row, what else gold accepts, under None for the whole bag, under a place in its JSON
    array for that element. values_by_row and outcomes_by_pair: caches, by row and by pair of rows
    (gold, predicted), of what cannot be worked out for all rows at once.
    """

    interner: Interner
    raw: Sequence[Json]
    as_set: bool
    in_order: bool
    ids: Ints
    offsets: Ints
    others: dict[int, dict[int | None, Others]] = field(default_factory=dict)
    values_by_row: dict[int, Any] = field(default_factory=dict)
    outcomes_by_pair: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    @property
    def by_equality(self) -> bool:
        """Whether the ids that two rows have in common say all: elements earn credit only if they
        are equal, wherever in a row they stand."""
        return self.interner.comparator.by_equality and not self.in_order

    @cached_property
    def counts(self) -> Ints:
        """The number of elements of each row, shape (N,)."""
        return to_lengths(self.offsets)

    @cached_property
    def rows(self) -> Ints:
        """The row of each element, shape (elements,)."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    @classmethod
    def read(
        cls, interner: Interner, places: Ints, offsets: Ints, *, as_set: bool, in_order: bool
    ) -> Bags:
        """The column of some lists, by the places of their elements' spellings.

        places: shape (all elements,); offsets: shape (N + 1,). Null is no element: it stays in
        `raw`, whose places are those in JSON, and has no id.
        """
        raw = Lists(Spelled(interner.spellings, places), offsets)
        ids = interner.ids(places)
        if (nothing := ids == NOTHING).any():
            offsets, ids = offsets_without(nothing, offsets), ids[~nothing]
        if not in_order:
            ids, offsets = _by_occurrence(interner, ids, offsets, as_set)
        return cls(interner, raw, as_set, in_order, ids, offsets)

    @cached_property
    def lists(self) -> tuple[Ints, Bags]:
        """All lists that gold accepts for whole bags, the stated one first, as a column.

        Only of rows for which gold accepts other lists but nothing else for single elements; the
        others have none. Returns offsets, shape (N + 1,), and the lists: those of row r are
        offsets[r] : offsets[r + 1].
        """
        lists: list[list[Json]] = []
        sizes = np.zeros(len(self.offsets) - 1, np.int64)
        for row in sorted(self.others):
            if self.others[row].keys() == {None}:
                accepted = [self.raw[row], *(other or [] for other in self.others[row][None])]
                sizes[row] = len(accepted)
                lists += accepted
        places = self.interner.places(list(chain.from_iterable(lists)))
        offsets = to_offsets([len(elements) for elements in lists])
        how = {"as_set": self.as_set, "in_order": self.in_order}
        return to_offsets(sizes), Bags.read(self.interner, places, offsets, **how)

    @cached_property
    def plain(self) -> Bools:
        """Mask of the rows without alternatives, shape (N,)."""
        plain = np.ones(len(self.offsets) - 1, np.bool_)
        plain[list(self.others)] = False
        return plain

    def of(self, rows: Ints) -> Bags:
        """The column of some rows, in that order: ids alone, without raw lists and alternatives."""
        counts = self.counts[rows]
        offsets = to_offsets(counts)
        # From where a row's elements go to where they come from is one distance for all of them.
        at = np.repeat(self.offsets[rows] - offsets[:-1], counts) + np.arange(offsets[-1])
        return replace(self, raw=(), ids=self.ids[at], offsets=offsets, others={})

    @cached_property
    def longest(self) -> Ints:
        """The length of the longest list that gold accepts in each row, shape (N + 1,).

        The last entry, 0, is that of a record that is not there.
        """
        longest = appended(self.counts, 0)
        for row, others in self.others.items():
            lists = (self.raw[row], *others.get(None, ()))
            longest[row] = max(len(elements or ()) for elements in lists)
        return longest

    def lay_out(self, ids: Ints) -> None:
        """Write the ids of each row down a column of `ids`, shape (longest row, N + 1).

        `ids` holds NOTHING before. Rows with alternatives are left empty: they are compared one by
        one.
        """
        rows = self.rows
        ids[np.arange(len(rows)) - self.offsets[rows], rows] = self.ids
        ids[:, list(self.others)] = NOTHING


def _by_occurrence(interner: Interner, ids: Ints, offsets: Ints, as_set: bool) -> tuple[Ints, Ints]:
    """Ids and offsets in which no id stands twice in a row.

    In a set only the first of equal elements is kept. In a multiset the second, third, ... get ids
    of their own, the same in all rows. Invalid elements are equal to nothing and stay as they are.
    """
    rows = np.repeat(np.arange(len(offsets) - 1), to_lengths(offsets))
    # Row and id in one number: ids are of 32 bits. A negative one falls into the range of the row
    # before, above all ids there, so that no two keys are equal by accident.
    keys = (rows << 32) + ids
    in_order = np.sort(keys)
    if not (in_order[1:] == in_order[:-1]).any():
        return ids, offsets
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    repeated = np.concatenate([[False], keys[1:] == keys[:-1]]) & (ids[order] >= 0)
    if as_set:
        dropped = np.zeros(len(ids), np.bool_)
        dropped[order[repeated]] = True
        return ids[~dropped], offsets_without(dropped, offsets)
    # In sorted order equal elements form runs: an occurrence is the distance to the run's start,
    # which is the last position so far that repeats nothing.
    at = np.arange(len(ids))
    occurrence = at - np.maximum.accumulate(np.where(repeated, 0, at))
    distinct = ids.copy()
    distinct[order[repeated]] = [
        interner.repeated(first, number)
        for first, number in zip(
            ids[order[repeated]].tolist(), occurrence[repeated].tolist(), strict=True
        )
    ]
    return distinct, offsets
