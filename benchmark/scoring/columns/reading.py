"""JSON -> columns, by the field tree, some documents at a time.

A prediction is untrusted: it is salvaged value by value, and what does not fit the schema is
counted, never coerced.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from weakref import proxy

import numpy as np

from benchmark.schema.fields import Bag, Field, Json, Record, Table
from benchmark.schema.paths import Steps, join
from benchmark.scoring.arrays import Bools, Ints, appended, offsets_without, to_lengths, to_offsets
from benchmark.scoring.columns.bags import Bags, Spelled
from benchmark.scoring.columns.interning import NOTHING, Interner
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.readings import Reading, with_readings
from benchmark.scoring.columns.tables import Tables

WHOLE = "$"
"""The path of the document as a whole: there a prediction that is no object counts as invalid."""


class Reader:
    """Reads one side of a chunk of documents into columns.

    invalid: the number of values by path that are not of the schema's type. unknown: the number of
    properties by path that the schema lacks. Both include everything read so far, `invalid` of
    leaves and bags only once `rows` has been called.
    """

    def __init__(self, tree: Record, interners: Mapping[str, Interner]) -> None:
        self.interners = interners
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._objects: list[bool] = []
        self._shape = tree.shape
        # A weak reference, for no cycle: what was read is to be freed at once, and the garbage
        # collector is off while scoring.
        self._records = _Records(proxy(self), tree, "")

    def add(
        self,
        values: Sequence[Json],
        readings: Mapping[int, Mapping[Steps, Sequence[Mapping[str, Json]]]] | None = None,
    ) -> None:
        """Read some more documents, parsed JSON each. One that is no object is read as empty.

        readings: by position among `values`, what may be laid over records of gold (see
        with_readings). The documents themselves are not kept.
        """
        if self._shape is not None:
            values = [self._shape.canonical(value) for value in values]
        if readings:
            values = [
                with_readings(value, readings[n]) if n in readings else value
                for n, value in enumerate(values)
            ]
        self._objects += [isinstance(value, dict) for value in values]
        self._records.add(self.of_type(dict, values, WHOLE, {}))

    @property
    def answered(self) -> Bools:
        """Mask of the documents that are objects, shape (documents,)."""
        return np.array(self._objects, np.bool_)

    def rows(self) -> Tables:
        """All documents so far, as the outermost table: a row for each."""
        offsets = np.arange(self._records.size + 1)  # every document is one record
        rows = self._records.rows(offsets)
        rows.locate(offsets)
        return rows

    def of_type(self, kind: type, values: Sequence[Json], path: str, empty: Json) -> Sequence[Json]:
        """Replace the values that are not of a type, dict or list, by `empty`.

        Those that are not null are counted as invalid under `path`. A tuple is a list, as it is for
        the schema's validator.
        """
        if set(map(type, values)) == {kind}:
            return values
        if kind is list:
            values = [list(value) if isinstance(value, tuple) else value for value in values]
        if invalid := sum(v is not None and not isinstance(v, kind) for v in values):
            self.invalid[path] += invalid
        return [value if isinstance(value, kind) else empty for value in values]


class _Column(ABC):
    """Collects the values of one field, then makes a column of them."""

    def __init__(self, reader: Reader, item: Field) -> None:
        self.reader, self.path, self.node = reader, item.path, item.node

    @abstractmethod
    def add(self, values: Sequence[Json]) -> None:
        """Read the values of some more records, one each."""

    @abstractmethod
    def column(self) -> Leaves | Bags | Tables:
        """The column of all values so far."""

    @property
    def interner(self) -> Interner:
        """The interner of the field; of leaves and bags only."""
        return self.reader.interners[self.path]

    def count_invalid(self, ids: Ints) -> Ints:
        """Count the invalid ids under the field's path; returns them all as they are."""
        if invalid := self.interner.invalid(ids):
            self.reader.invalid[self.path] += invalid
        return ids


class _Interned(_Column):
    """A leaf whose values earn credit only if equal: ids say all about them."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._places: list[Ints] = []

    def add(self, values: Sequence[Json]) -> None:
        self._places.append(self.interner.places(values))

    def column(self) -> Leaves:
        places = _concatenated(self._places)
        ids = appended(self.count_invalid(self.interner.ids(places)), NOTHING)
        return Leaves(self.interner, Spelled(self.interner.spellings, places), ids)


class _Graded(_Column):
    """A leaf whose values are graded pair by pair: kept as given, and folded only when needed."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._raw: list[Json] = []

    def add(self, values: Sequence[Json]) -> None:
        self._raw += self.interner.comparator.stated(values)

    def column(self) -> Leaves:
        ids = appended(self.count_invalid(self.interner.presence(self._raw)), NOTHING)
        return Leaves(self.interner, self._raw, ids)


class _Bags(_Column):
    """A bag: the elements of all lists one behind another, and the sizes of the lists."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        self._sizes: list[int] = []
        self._places: list[Ints] = []

    def add(self, values: Sequence[Json]) -> None:
        lists = self.reader.of_type(list, values, self.path, [])
        self._sizes += map(len, lists)
        self._places.append(self.interner.places(list(chain.from_iterable(lists))))

    def column(self) -> Bags:
        assert isinstance(self.node, Bag)
        places, offsets = _concatenated(self._places), to_offsets(np.array(self._sizes, np.int64))
        how = {"as_set": self.node.as_set, "in_order": self.node.in_order}
        bags = Bags.read(self.interner, places, offsets, **how)
        self.count_invalid(bags.ids)
        return bags


class _Tables(_Column):
    """A nested table: the records of all lists one below another, and the sizes of the lists."""

    def __init__(self, reader: Reader, item: Field) -> None:
        super().__init__(reader, item)
        assert isinstance(item.node, Table)
        self._sizes: list[int] = []
        self._are_records: list[bool] = []
        self._readings: dict[int, Json] = {}  # by place among all elements
        self._records = _Records(reader, item.node.record, item.path)

    def add(self, values: Sequence[Json]) -> None:
        lists = self.reader.of_type(list, values, self.path, [])
        self._sizes += map(len, lists)
        elements = list(chain.from_iterable(lists))
        if set(map(type, elements)) <= {dict}:
            self._are_records += [True] * len(elements)
            self._records.add(elements)
            return
        for place, element in enumerate(elements, start=len(self._are_records)):
            if isinstance(element, Reading):
                self._readings[place] = element.overlay
        are_records = [isinstance(element, dict) for element in elements]
        self._are_records += are_records
        invalid = sum(element is not None for element in elements) - sum(are_records)
        if invalid:
            self.reader.invalid[self.path] += invalid
        self._records.add([element for element in elements if isinstance(element, dict)])

    def column(self) -> Tables:
        offsets, places = to_offsets(np.array(self._sizes, np.int64)), None
        kept = np.array(self._are_records, np.bool_)
        readings: dict[int, Json] = {}
        if self._readings or not kept.all():
            # Paths of verdicts and alternatives count all elements of the JSON array; a reading
            # has the path of its record.
            stated = np.ones(len(kept), np.bool_)
            stated[list(self._readings)] = False
            counted = to_offsets(stated)
            places = counted[1:] - 1 - np.repeat(counted[offsets[:-1]], to_lengths(offsets))
            places, row = places[kept], np.cumsum(kept) - 1
            readings = {int(row[place]): overlay for place, overlay in self._readings.items()}
            offsets = offsets_without(~kept, offsets)
        return replace(self._records.rows(offsets, places), readings=readings)


class _Records:
    """Collects the records of one table, then makes columns of their fields."""

    def __init__(self, reader: Reader, tree: Record, path: str) -> None:
        self.reader, self.tree, self.path = reader, tree, path
        self.size = 0
        self._columns = [_column(reader, item) for item in tree.fields]
        self._keys = [_column(reader, item) for item in tree.keys]
        self._evidence: list[list[Json]] = [[] for _ in tree.evidence]

    def add(self, objects: Sequence[dict[str, Json]]) -> None:
        """Read some more records."""
        self.size += len(objects)
        columns = self._properties(objects)
        for item, column in zip(self.tree.fields, self._columns, strict=True):
            column.add(columns[item.steps])
        for item, column in zip(self.tree.keys, self._keys, strict=True):
            column.add(columns[item.steps])
        for steps, quotations in zip(self.tree.evidence, self._evidence, strict=True):
            quotations.extend(columns[steps])

    def rows(self, offsets: Ints, places: Ints | None = None) -> Tables:
        """All records so far as a table; offsets and places as of Tables."""
        columns = tuple(column.column() for column in self._columns)
        optional = np.zeros(self.size, np.bool_)
        unscored = tuple(column.column() for column in self._keys)
        keys = Tables(offsets, unscored, (), optional, places) if unscored else None
        return Tables(offsets, columns, tuple(self._evidence), optional, places, keys)

    def _properties(
        self, objects: Sequence[dict[str, Json]]
    ) -> dict[tuple[str, ...], Sequence[Json]]:
        """The values of each property, one for each record, by the steps that lead to it.

        Properties of objects in the records are included; those that the schema lacks are counted.
        """
        columns: dict[tuple[str, ...], Sequence[Json]] = {}
        for steps, names in self.tree.known.items():
            inside = objects
            if steps:
                inside = self.reader.of_type(dict, columns[steps], join(self.path, *steps), {})
            # As many properties as the schema has, and none of its missing: then there is no
            # unknown one, and the slow search for those is spared.
            complete = len(names) * len(inside) == sum(map(len, inside))
            for name in names:
                try:
                    columns[(*steps, name)] = list(map(itemgetter(name), inside))
                except KeyError:
                    complete = False
                    columns[(*steps, name)] = [record.get(name) for record in inside]
            if not complete:
                for record in inside:
                    for name in record.keys() - names:
                        self.reader.unknown[join(self.path, *steps, str(name))] += 1
        return columns


def _column(reader: Reader, item: Field) -> _Column:
    """What collects the values of a field, by its kind."""
    if isinstance(item.node, Table):
        return _Tables(reader, item)
    if isinstance(item.node, Bag):
        return _Bags(reader, item)
    by_equality = reader.interners[item.path].comparator.by_equality
    return _Interned(reader, item) if by_equality else _Graded(reader, item)


def _concatenated(parts: list[Ints]) -> Ints:
    """The parts as one array; an empty one if there are none, which NumPy refuses to join."""
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)
