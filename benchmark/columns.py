"""A chunk of documents' JSON, read by the field tree into columns: what scoring compares.

The records of a table stand one below another, document after document; each field of theirs is
a column. A prediction is untrusted: it is salvaged value by value, and what does not fit the
schema is counted, never coerced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter

import numpy as np

from benchmark.interning import INVALID, NOTHING, Bools, Interner, Ints
from benchmark.tree import Field, Json, Leaf, Record, Table, join

WHOLE = "$"
"""The path under which a prediction that is no object is counted as invalid."""

Others = list[Json]
"""What else gold accepts in a value's place; None among them: absence too."""


@dataclass
class Leaves:
    """A leaf's column. `raw`: the values as given; `ids`, shape (N + 1,): as compared, the last
    one of a record that is not there. `others` holds, by row, what else gold accepts."""

    interner: Interner
    raw: Sequence[Json]
    ids: Ints
    others: dict[int, Others] = field(default_factory=dict)

    @cached_property
    def stated(self) -> Bools:
        """Which rows hold a value, shape (N + 1,)."""
        return self.ids != NOTHING

    @cached_property
    def counts(self) -> Ints:
        """Values of each row, 0 or 1, shape (N,)."""
        return self.stated[:-1].astype(np.int64)

    @cached_property
    def required(self) -> Bools:
        """Which rows hold a value whose absence gold does not accept, shape (N + 1,)."""
        required = self.stated.copy()
        required[[row for row, others in self.others.items() if None in others]] = False
        return required


    @cached_property
    def answers(self) -> Bools:
        """Which rows accept any value, shape (N + 1,)."""
        answers = self.stated.copy()
        answers[list(self.others)] = True
        return answers

    def grades(self, rows: Ints, predicted: Leaves, columns: Ints) -> Ints:
        """How far predicted values agree with the best of what gold accepts."""
        grades = np.zeros(len(rows), np.int64)
        at = np.flatnonzero(self.answers[rows] & (predicted.ids[columns] >= 0))
        pairs = zip(rows[at].tolist(), columns[at].tolist(), strict=True)
        if not self.others:
            found = [(self.raw[i], predicted.raw[j]) for i, j in pairs]
            grades[at] = self.interner.grades(found)
            return grades
        for n, (i, j) in zip(at, pairs, strict=True):
            accepted = [one for one in (self.raw[i], *self.others.get(i, ())) if one is not None]
            found = self.interner.grades([(one, predicted.raw[j]) for one in accepted])
            grades[n] = max(found, default=0)
        return grades

    def other_ids(self) -> tuple[Ints, Ints]:
        """Row and id of each other value that gold accepts."""
        found = [(row, other) for row, others in self.others.items() for other in others]
        rows = np.fromiter((row for row, other in found if other is not None), np.int64)
        return rows, self.interner.column([other for _, other in found if other is not None])


@dataclass
class Bags:
    """A bag's column: row r holds the elements ids[start[r] : start[r + 1]].

    Elements that are equal within one row have ids of their own, by occurrence, so that two bags
    have as many elements in common as they have ids. `others` holds, by row, what else gold
    accepts for the whole bag (None) or for the element at a place in its JSON array."""

    interner: Interner
    raw: Sequence[Json]
    as_set: bool
    ids: Ints
    start: Ints
    others: dict[int, dict[int | None, Others]] = field(default_factory=dict)

    @cached_property
    def counts(self) -> Ints:
        """Elements of each row, shape (N,)."""
        return np.diff(self.start)

    @cached_property
    def rows(self) -> Ints:
        """The row of each element."""
        return np.repeat(np.arange(len(self.start) - 1), self.counts)

    @cached_property
    def plain(self) -> Bools:
        """Rows for which gold accepts nothing else, shape (N,)."""
        plain = np.ones(len(self.start) - 1, np.bool_)
        plain[list(self.others)] = False
        return plain

    def of(self, rows: Ints) -> Bags:
        """The same column with some of its rows alone, in that order."""
        counts = self.counts[rows]
        start = _starts(counts)
        at = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Bags(self.interner, (), self.as_set, self.ids[at], start)

    def most(self, row: int) -> int:
        """The elements of the longest list that gold accepts in a row."""
        others = self.others[row].get(None, ())
        return max(len(one or ()) for one in (self.raw[row], *others))

    def padded(self, filler: int) -> Ints:
        """The ids of each row one below another, shape (most elements, N + 1); none of those for
        which gold accepts anything else."""
        counts = self.counts
        padded = np.full((int(counts.max(initial=0)), len(counts) + 1), filler, np.int32)
        rows = self.rows
        padded[np.arange(len(rows)) - self.start[rows], rows] = self.ids
        padded[:, list(self.others)] = filler
        return padded


@dataclass
class Rows:
    """The records of one table. Those of parent row r are start[r] : start[r + 1], those of
    document d are documents[d] : documents[d + 1]. `places` are their places in the JSON arrays
    where these hold anything but records."""

    start: Ints
    documents: Ints
    columns: tuple[Leaves | Bags | Rows, ...]
    evidence: tuple[Sequence[Json], ...]
    optional: Bools
    places: Ints | None = None

    def __len__(self) -> int:
        return len(self.optional)

    @cached_property
    def document_of(self) -> Ints:
        """The document of each record, shape (N,)."""
        return np.repeat(np.arange(len(self.documents) - 1), np.diff(self.documents))

    @cached_property
    def parent_of(self) -> Ints:
        """The row that each record stands in, shape (N,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def quotations(self, row: int) -> list[str]:
        """The evidence of a record that is text."""
        return [one for one in (e[row] for e in self.evidence) if isinstance(one, str)]


class Reader:
    """Reads one side of a chunk. `invalid` counts by path what is not of the schema's type,
    `unknown` the properties that the schema lacks."""

    def __init__(self, interners: Mapping[str, Interner]) -> None:
        self.interners = interners
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def documents(self, tree: Record, values: Sequence[Json]) -> Rows:
        """The documents as one table; one that is no object holds nothing."""
        found = [value if isinstance(value, dict) else {} for value in values]
        each = np.arange(len(values) + 1)
        return self._rows(tree, found, "", each, each)

    def _rows(
        self, tree: Record, objects: list[dict[str, Json]], path: str, start: Ints, documents: Ints
    ) -> Rows:
        columns = self._properties(tree, objects, path)
        return Rows(
            start,
            documents,
            tuple(self._column(item, columns[item.steps], documents) for item in tree.fields),
            tuple(columns[steps] for steps in tree.evidence),
            np.zeros(len(objects), np.bool_),
        )

    def _properties(
        self, tree: Record, objects: list[dict[str, Json]], path: str
    ) -> dict[tuple[str, ...], Sequence[Json]]:
        """A column for each property of the record, and of the objects in it."""
        columns: dict[tuple[str, ...], Sequence[Json]] = {}
        for steps, names in tree.known.items():
            inside = objects
            if steps:
                inside = self._only(dict, columns[steps], join(path, steps), {})
            complete = len(names) * len(inside) == sum(map(len, inside))
            for name in names:
                try:
                    columns[(*steps, name)] = list(map(itemgetter(name), inside))
                except KeyError:
                    complete = False
                    columns[(*steps, name)] = [one.get(name) for one in inside]
            if not complete:
                for one in inside:
                    for name in one.keys() - names:
                        self.unknown[join(path, (*steps, str(name)))] += 1
        return columns

    def _only(self, kind: type, values: Sequence[Json], path: str, empty: Json) -> list[Json]:
        """The values that are lists or objects, and an empty one in place of any other."""
        if set(map(type, values)) == {kind}:
            return list(values)
        if invalid := sum(v is not None and not isinstance(v, kind) for v in values):
            self.invalid[path] += invalid
        return [value if isinstance(value, kind) else empty for value in values]

    def _column(
        self, item: Field, values: Sequence[Json], documents: Ints
    ) -> Leaves | Bags | Rows:
        if isinstance(item.node, Leaf):
            return self._leaves(item, values)
        lists = self._only(list, values, item.path, [])
        start = _starts(np.fromiter(map(len, lists), np.int64, len(lists)))
        elements = list(chain.from_iterable(lists))
        if isinstance(item.node, Table):
            return self._table(item.path, item.node.record, elements, start, documents)
        interner = self.interners[item.path]
        ids = self._checked(item.path, interner.column(elements))
        if (nothing := ids == NOTHING).any():
            start, ids = _without(nothing, start), ids[~nothing]
        ids, start = _told_apart(interner, ids, start, item.node.as_set)
        return Bags(interner, lists, item.node.as_set, ids, start)

    def _leaves(self, item: Field, values: Sequence[Json]) -> Leaves:
        interner = self.interners[item.path]
        ids = self._checked(item.path, interner.leaves(values))
        return Leaves(interner, values, np.append(ids, np.int32(NOTHING)))

    def _checked(self, path: str, ids: Ints) -> Ints:
        if invalid := int(np.count_nonzero(ids == INVALID)):
            self.invalid[path] += invalid
        return ids

    def _table(
        self, path: str, tree: Record, elements: list[Json], start: Ints, documents: Ints
    ) -> Rows:
        places = None
        if not set(map(type, elements)) <= {dict}:
            kept = np.fromiter((isinstance(one, dict) for one in elements), np.bool_, len(elements))
            places = (np.arange(len(elements)) - np.repeat(start[:-1], np.diff(start)))[kept]
            if invalid := sum(one is not None for one in elements) - len(places):
                self.invalid[path] += invalid
            elements = [one for one in elements if isinstance(one, dict)]
            start = _without(~kept, start)
        rows = self._rows(tree, elements, path, start, start[documents])
        rows.places = places
        return rows


def _starts(counts: Ints) -> Ints:
    """Where each row's elements start, and at last where they end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])


def _without(dropped: Bools, start: Ints) -> Ints:
    """The starts that are left when elements are dropped."""
    return start - _starts(dropped)[start]


def _told_apart(interner: Interner, ids: Ints, start: Ints, as_set: bool) -> tuple[Ints, Ints]:
    """Equal elements of one row get ids of their own; in a set, only the first is kept."""
    rows = np.repeat(np.arange(len(start) - 1), np.diff(start))
    keys = (rows << 32) + ids
    in_order = np.sort(keys)
    if not (in_order[1:] == in_order[:-1]).any():
        return ids, start
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    again = np.concatenate([[False], keys[1:] == keys[:-1]]) & (ids[order] >= 0)
    if as_set:
        dropped = np.zeros(len(ids), np.bool_)
        dropped[order[again]] = True
        return ids[~dropped], _without(dropped, start)
    at = np.arange(len(ids))
    occurrence = at - np.maximum.accumulate(np.where(again, 0, at))
    told = ids.copy()
    told[order[again]] = [
        interner.again(one, number)
        for one, number in zip(ids[order[again]].tolist(), occurrence[again].tolist(), strict=True)
    ]
    return told, start


def values_in(rows: Rows) -> int:
    """How many values the records hold, nested ones included."""
    total = 0
    for column in rows.columns:
        if isinstance(column, Rows):
            total += values_in(column)
        else:
            total += len(column.ids)
    return total
