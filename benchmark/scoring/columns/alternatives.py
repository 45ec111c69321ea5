"""Alternatives and optional records of gold documents, put on the columns of a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from benchmark.errors import DataError
from benchmark.schema.fields import Bag, Json, Leaf, Record, Table
from benchmark.schema.paths import Steps, parse
from benchmark.schema.tree.shapes import Positions, Shape, shape_at
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.readings import states, unknown_names
from benchmark.scoring.columns.tables import Tables

NO_OVERLAY: Mapping[str, Json] = {}


class _Hop(NamedTuple):
    """A part of a path in one record: a field, by its number in the record, and for a bag or table
    the index of an element in its JSON array. steps: those of the field in its record."""

    field: int
    element: int | None
    steps: tuple[str, ...]


class Alternatives:
    """Puts what gold accepts at paths such as "events[3].place" on the rows of its columns."""

    def __init__(self, tree: Record) -> None:
        self.tree = tree
        # Many documents have the same paths: parsed once, each is then only followed.
        self._hops = lru_cache(10_000)(self._resolve)

    def annotate(
        self,
        rows: Tables,
        document: int,
        alternatives: Mapping[str, Json],
        optional: Iterable[str],
    ) -> None:
        """Put the alternatives and optional records of one gold document on its rows.

        rows: the columns of gold's chunk, where the document is row `document`; changed in place.
        Raises DataError for a path that the document lacks and for an alternative of another type.
        """
        for path in optional:
            table, places, rest = self._follow(rows, document, path)
            if not places or rest:  # a path that goes on leads to a value
                raise DataError(f"'{path}': gold has no such record (optional)")
            table.optional[places] = True
        for path, accepted in alternatives.items():
            if not isinstance(accepted, list):
                raise DataError(f"alternatives of '{path}' are a list of what else is accepted")
            table, places, rest = self._follow(rows, document, path)
            if not places:
                raise DataError(f"'{path}': gold has no such value (alternatives)")
            for row in places if rest else ():  # those of records have been read with them
                _accept(table.field(rest[0].field), row, rest[0].element, accepted, path)

    def of_records(
        self, alternatives: Mapping[str, Json]
    ) -> dict[Steps, Sequence[Mapping[str, Json]]]:
        """The alternatives of whole records: by the steps to a record, what is laid over it.

        Raises DataError for what is no list of objects with fields of the record.
        """
        of_records: dict[Steps, Sequence[Mapping[str, Json]]] = {}
        for path, accepted in alternatives.items():
            record = self._hops(path) and self._record_at(path)
            if record:
                steps = parse(path)
                shape = shape_at(self.tree.shape, steps)
                of_records[steps] = _overlays(record, shape, path, accepted)
        return of_records

    def _record_at(self, path: str) -> Record | None:
        """The fields of the record that a path leads to; None if it leads to a value."""
        record = self.tree
        for hop in self._hops(path):
            node = (*record.fields, *record.keys)[hop.field].node
            if not isinstance(node, Table):
                return None
            record = node.record
        return record

    def _follow(
        self, rows: Tables, document: int, path: str
    ) -> tuple[Tables, list[int], tuple[_Hop, ...]]:
        """The table and the rows of the record that a path leads to or into, and the hop from there
        to a leaf or bag, if the path goes on to one. No rows, if the document has no such record;
        several, if it has other readings, but not those that say otherwise about what the path goes
        on to.
        """
        hops, at = self._hops(path), [document]
        for number, hop in enumerate(hops):
            at = [row for row in at if not states(rows.readings.get(row, NO_OVERLAY), hop.steps)]
            column = rows.field(hop.field)
            if not isinstance(column, Tables):
                return rows, at, hops[number:]
            if hop.element is None:
                return rows, [], ()
            at = [below for row in at for below in _rows(column, row, hop.element)]
            rows = column
        return rows, at if hops else [], ()

    def _resolve(self, path: str) -> tuple[_Hop, ...]:
        """The hops of a path; none, if the schema has no such record or value."""
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
            node = (*record.fields, *record.keys)[hop.field].node
            if isinstance(node, Table) and hop.element is not None:
                record = node.record
            elif steps or not _can_end_at(node, hop.element):
                return ()
        return tuple(hops)


def _can_end_at(node: Leaf | Bag | Table, index: int | None) -> bool:
    """Whether there can be alternatives at a node: at a leaf, a bag, or an element of a bag."""
    return isinstance(node, Bag) or (isinstance(node, Leaf) and index is None)


def _hop(record: Record, steps: Steps) -> tuple[_Hop | None, Steps]:
    """The hop that some steps in a record begin with, and the steps that follow it."""
    for number, item in enumerate((*record.fields, *record.keys)):
        # No field's steps begin another's, as objects are no fields: the first match is the only.
        names, rest = steps[: len(item.steps)], steps[len(item.steps) :]
        if names == item.steps:
            if rest and isinstance(rest[0], int):
                return _Hop(number, rest[0], item.steps), rest[1:]
            return _Hop(number, None, item.steps), rest
    return None, ()


def _rows(table: Tables, parent: int, index: int) -> list[int]:
    """The rows of the record at an index of its parent's JSON array: one, or several if it has
    other readings; empty if there is none."""
    first, last = int(table.offsets[parent]), int(table.offsets[parent + 1])
    if table.places is None:
        return [first + index] if first + index < last else []
    # Elements of the array that are no objects have no rows: places hold the indexes of the rest.
    rows: list[int] = (first + np.flatnonzero(table.places[first:last] == index)).tolist()
    return rows


def _overlays(
    record: Record, shape: Shape | None, path: str, accepted: Json
) -> list[Mapping[str, Json]]:
    """Alternatives of a record as the field tree takes them. Raises DataError for what cannot be
    laid over it."""
    # What is laid over a tuple names its places: a list could not leave any of them as it is.
    shape = None if isinstance(shape, Positions) else shape
    overlays = []
    for stated in accepted if isinstance(accepted, list) else [None]:
        overlay = shape.canonical(stated) if shape else stated
        if not isinstance(overlay, Mapping) or not overlay:
            raise DataError(
                f"alternatives of '{path}' are a list of objects with fields of the record"
            )
        if names := unknown_names(record, overlay):
            raise DataError(f"alternatives of '{path}': the record has no {', '.join(names)}")
        overlays.append(overlay)
    return overlays


def _accept(
    column: Leaves | Bags | Tables, row: int, index: int | None, accepted: list[Json], path: str
) -> None:
    """Put alternatives on a row of a leaf's column or of a bag's: there, with an index, on one
    element, and without one on the whole, for which each alternative is a list."""
    accepted = [None if other == [] else other for other in accepted]  # an empty bag is null
    if isinstance(column, Leaves):
        column.others[row] = accepted = list(column.interner.comparator.stated(accepted))
        scalars = accepted
    else:
        assert isinstance(column, Bags)
        stated = column.interner.comparator.stated
        if index is None:
            accepted = [stated(other) if isinstance(other, list) else other for other in accepted]
        else:
            accepted = list(stated(accepted))
        if index is not None and index >= len(column.raw[row] or ()):
            raise DataError(f"'{path}': gold has no such value (alternatives)")
        column.others.setdefault(row, {})[index] = accepted
        scalars = []
        for other in accepted if index is None else [accepted]:
            if other is not None and not isinstance(other, list):
                raise DataError(f"alternatives of '{path}': {other!r:.60} is no list")
            scalars += other or []
    for scalar in scalars:
        if scalar is not None and not column.interner.comparator.is_valid(scalar):
            kind = column.interner.comparator.leaf.kind
            raise DataError(f"alternatives of '{path}': {scalar!r:.60} is no {kind}")
