"""What gold accepts besides its values: alternatives and optional records, put on its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from benchmark.errors import DataError
from benchmark.schema.fields import Bag, Json, Leaf, Record, Table
from benchmark.schema.paths import Steps, parse
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables


class _Hop(NamedTuple):
    """One step on the way to a value: a field, by its position, and a place in its array."""

    field: int
    place: int | None


class Alternatives:
    """Finds what paths such as "events[3].place" name in the columns of gold."""

    def __init__(self, tree: Record) -> None:
        self.tree = tree
        self._hops = lru_cache(10_000)(self._read)

    def annotate(
        self,
        rows: Tables,
        document: int,
        alternatives: Mapping[str, Json],
        optional: Iterable[str],
    ) -> None:
        """Put what one document accepts on the columns of the chunk that it stands in."""
        for path in optional:
            table, row, hops = self._table(rows, document, path)
            if table is None or hops:
                raise DataError(f"'{path}': gold has no such record (optional)")
            table.optional[row] = True
        for path, others in alternatives.items():
            if not isinstance(others, list):
                raise DataError(f"alternatives of '{path}' are a list of what else is accepted")
            table, row, hops = self._table(rows, document, path)
            if table is None or len(hops) != 1:
                raise DataError(f"'{path}': gold has no such value (alternatives)")
            _accept(table.columns[hops[0].field], row, hops[0].place, others, path)

    def _table(
        self, rows: Tables, document: int, path: str
    ) -> tuple[Tables | None, int, tuple[_Hop, ...]]:
        """The table and row that a path leads to, and the hop from there to a value, if any."""
        hops, row = self._hops(path), document
        for number, (field, place) in enumerate(hops):
            column = rows.columns[field]
            if not isinstance(column, Tables):
                return rows, row, hops[number:]
            if place is None or (below := _row(column, row, place)) is None:
                return None, 0, ()
            rows, row = column, below
        return (rows, row, ()) if hops else (None, 0, ())

    def _read(self, path: str) -> tuple[_Hop, ...]:
        """The hops of a path; none, if the schema has no such path."""
        try:
            steps = parse(path)
        except ValueError:
            return ()
        record = self.tree
        hops: list[_Hop] = []
        while steps:
            hop, steps = _hop(record, steps)
            if hop is None:
                return ()
            hops.append(hop)
            node = record.fields[hop.field].node
            if isinstance(node, Table) and hop.place is not None:
                record = node.record
            elif steps or not _ends_at(node, hop.place):
                return ()
        return tuple(hops)


def _ends_at(node: Leaf | Bag | Table, place: int | None) -> bool:
    """Whether a path may end at a leaf, a bag or an element of it."""
    return isinstance(node, Bag) or (isinstance(node, Leaf) and place is None)


def _hop(record: Record, steps: Steps) -> tuple[_Hop | None, Steps]:
    """The first hop of some steps in a record, and the steps behind it."""
    for number, item in enumerate(record.fields):
        names, rest = steps[: len(item.steps)], steps[len(item.steps) :]
        if names == item.steps:
            if rest and isinstance(rest[0], int):
                return _Hop(number, rest[0]), rest[1:]
            return _Hop(number, None), rest
    return None, ()


def _row(table: Tables, parent: int, place: int) -> int | None:
    """The row of the record that stands at a place of its parent's JSON array."""
    first, last = int(table.offsets[parent]), int(table.offsets[parent + 1])
    if table.places is None:
        return first + place if first + place < last else None
    found = np.flatnonzero(table.places[first:last] == place)
    return first + int(found[0]) if len(found) else None


def _accept(
    column: Leaves | Bags | Tables, row: int, place: int | None, others: list[Json], path: str
) -> None:
    others = [None if other == [] else other for other in others]
    if isinstance(column, Leaves):
        column.others[row] = others
        checked = others
    else:
        assert isinstance(column, Bags)
        if place is not None and place >= len(column.raw[row] or ()):
            raise DataError(f"'{path}': gold has no such value (alternatives)")
        column.others.setdefault(row, {})[place] = others
        lists = others if place is None else [others]
        checked = []
        for other in lists:
            if other is not None and not isinstance(other, list):
                raise DataError(f"alternatives of '{path}': {other!r:.60} is no list")
            checked += other or []
    for other in checked:
        if other is not None and not column.interner.comparator.is_valid(other):
            kind = column.interner.comparator.leaf.kind
            raise DataError(f"alternatives of '{path}': {other!r:.60} is no {kind}")
