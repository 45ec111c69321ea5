"""JSON -> columns, by the field tree, some documents at a time.

A prediction is untrusted: it is salvaged value by value, and what does not fit the schema is
counted, never coerced.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from weakref import proxy

import numpy as np

from benchmark.schema.fields import Bag, Field, Json, Record, Table, join
from benchmark.scoring.arrays import Bools, Ints, to_lengths, to_offsets, with_last, without
from benchmark.scoring.columns.bags import Bags, Spelled
from benchmark.scoring.columns.interning import INVALID, NOTHING, Interner
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables

WHOLE = "$"
"""The path under which a prediction that is no object is counted as invalid."""


class Reader:
    """Reads one side of a chunk. `invalid` counts by path what is not of the schema's type,
    `unknown` the properties that the schema lacks."""

    def __init__(self, tree: Record, interners: Mapping[str, Interner]) -> None:
        self.interners = interners
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._objects: list[bool] = []
        # No ring: what was read is to be freed at once, the garbage collector being off.
        self._records = _Records(proxy(self), tree, "")

    def add(self, values: Sequence[Json]) -> None:
        """Read some more documents; one that is no object holds nothing. They are not kept."""
        self._objects += [isinstance(value, dict) for value in values]
        self._records.add(self.only(dict, values, WHOLE, {}))

    @property
    def answered(self) -> Bools:
        """Which documents are objects, shape (documents,)."""
        return np.array(self._objects, np.bool_)

    def rows(self) -> Tables:
        """All documents so far as one table."""
        each = np.arange(self._records.size + 1)
        rows = self._records.rows(each)
        rows.locate(each)
        return rows

    def only(self, kind: type, values: Sequence[Json], path: str, empty: Json) -> Sequence[Json]:
        """The values that are lists or objects, and an empty one in place of any other. A tuple is
        a list, as it is for the schema's validator."""
        if set(map(type, values)) == {kind}:
            return values
        if kind is list:
            values = [list(value) if isinstance(value, tuple) else value for value in values]
        if invalid := sum(v is not None and not isinstance(v, kind) for v in values):
            self.invalid[path] += invalid
        return [value if isinstance(value, kind) else empty for value in values]


class _Column(ABC):
    """What is read of one field."""

    def __init__(self, reader: Reader, item: Field) -> None:
        self.reader, self.path, self.node = reader, item.path, item.node

    @abstractmethod
    def add(self, values: Sequence[Json]) -> None:
        """Read the values of some more records."""

    @abstractmethod
    def column(self) -> Leaves | Bags | Tables:
        """All that was read."""

    @property
    def interner(self) -> Interner:
        return self.reader.interners[self.path]

    def checked(self, ids: Ints) -> Ints:
        if invalid := int(np.count_nonzero(ids == INVALID)):
            self.reader.invalid[self.path] += invalid
        return ids


class _Interned(_Column):
    """A leaf whose values are equal or earn nothing."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._places: list[Ints] = []

    def add(self, values: Sequence[Json]) -> None:
        self._places.append(self.interner.places(values))

    def column(self) -> Leaves:
        places = _joined(self._places)
        ids = with_last(self.checked(self.interner.ids(places)), NOTHING)
        return Leaves(self.interner, Spelled(self.interner.spellings, places), ids)


class _Graded(_Column):
    """A leaf whose values are compared one by one."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._raw: list[Json] = []

    def add(self, values: Sequence[Json]) -> None:
        self._raw += values

    def column(self) -> Leaves:
        ids = with_last(self.checked(self.interner.presence(self._raw)), NOTHING)
        return Leaves(self.interner, self._raw, ids)


class _Bags(_Column):
    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._sizes: list[int] = []
        self._places: list[Ints] = []

    def add(self, values: Sequence[Json]) -> None:
        lists = self.reader.only(list, values, self.path, [])
        self._sizes += map(len, lists)
        self._places.append(self.interner.places(list(chain.from_iterable(lists))))

    def column(self) -> Bags:
        assert isinstance(self.node, Bag)
        places, offsets = _joined(self._places), to_offsets(np.array(self._sizes, np.int64))
        bags = Bags.read(self.interner, places, offsets, self.node.as_set)
        self.checked(bags.ids)
        return bags


class _Tables(_Column):
    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        assert isinstance(item.node, Table)
        self._sizes: list[int] = []
        self._are_records: list[bool] = []
        self._records = _Records(reader, item.node.record, item.path)

    def add(self, values: Sequence[Json]) -> None:
        lists = self.reader.only(list, values, self.path, [])
        self._sizes += map(len, lists)
        elements = list(chain.from_iterable(lists))
        if set(map(type, elements)) <= {dict}:
            self._are_records += [True] * len(elements)
            self._records.add(elements)
            return
        are_records = [isinstance(one, dict) for one in elements]
        self._are_records += are_records
        invalid = sum(one is not None for one in elements) - sum(are_records)
        if invalid:
            self.reader.invalid[self.path] += invalid
        self._records.add([one for one in elements if isinstance(one, dict)])

    def column(self) -> Tables:
        offsets, places = to_offsets(np.array(self._sizes, np.int64)), None
        kept = np.array(self._are_records, np.bool_)
        if not kept.all():
            places = (np.arange(len(kept)) - np.repeat(offsets[:-1], to_lengths(offsets)))[kept]
            offsets = without(~kept, offsets)
        return self._records.rows(offsets, places)


class _Records:
    """What is read of the records of one table."""

    def __init__(self, reader: Reader, tree: Record, path: str) -> None:
        self.reader, self.tree, self.path = reader, tree, path
        self.size = 0
        self._columns = [_column(reader, item) for item in tree.fields]
        self._evidence: list[list[Json]] = [[] for _ in tree.evidence]

    def add(self, objects: Sequence[dict[str, Json]]) -> None:
        self.size += len(objects)
        columns = self._properties(objects)
        for item, column in zip(self.tree.fields, self._columns, strict=True):
            column.add(columns[item.steps])
        for steps, found in zip(self.tree.evidence, self._evidence, strict=True):
            found.extend(columns[steps])

    def rows(self, offsets: Ints, places: Ints | None = None) -> Tables:
        columns = tuple(column.column() for column in self._columns)
        optional = np.zeros(self.size, np.bool_)
        return Tables(offsets, columns, tuple(self._evidence), optional, places)

    def _properties(
        self, objects: Sequence[dict[str, Json]]
    ) -> dict[tuple[str, ...], Sequence[Json]]:
        """The values of each property of the records, and of the objects in them."""
        columns: dict[tuple[str, ...], Sequence[Json]] = {}
        for steps, names in self.tree.known.items():
            inside = objects
            if steps:
                inside = self.reader.only(dict, columns[steps], join(self.path, steps), {})
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
                        self.reader.unknown[join(self.path, (*steps, str(name)))] += 1
        return columns


def _column(reader: Reader, item: Field) -> _Column:
    if isinstance(item.node, Table):
        return _Tables(reader, item)
    if isinstance(item.node, Bag):
        return _Bags(reader, item)
    by_equality = reader.interners[item.path].comparator.by_equality
    return _Interned(reader, item) if by_equality else _Graded(reader, item)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)
