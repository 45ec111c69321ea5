"""Which records of a document met: each with its partner, or alone, and where both stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmark.schema.fields import Record, Table, join
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.records import Pairs


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record where it stands: `path` is "" for the document itself."""

    path: str
    rows: Tables = field(repr=False)
    row: int = field(repr=False)

    @property
    def optional(self) -> bool:
        """Whether gold does without it."""
        return bool(self.rows.optional[self.row])

    @property
    def quotations(self) -> list[str]:
        """Its evidence that is text."""
        return self.rows.quotations(self.row)


@dataclass(frozen=True, slots=True)
class RecordPair:
    """A record of gold with the predicted one it is paired with; one of them is None for a record
    that has no partner. `table` is "" for the documents themselves."""

    table: str
    tree: Record
    gold: PlacedRecord | None
    predicted: PlacedRecord | None
    below: list[RecordPair]


def document_pair(
    tree: Record, gold: Tables, predicted: Tables | None, pairs: Mapping[str, Pairs], document: int
) -> RecordPair:
    """One document of a chunk, with the meetings of its records below."""
    top = PlacedRecord("", gold, document)
    other = PlacedRecord("", predicted, document) if predicted is not None else None
    return _meet("", tree, top, other, pairs)


def _meet(
    table: str,
    tree: Record,
    gold: PlacedRecord | None,
    predicted: PlacedRecord | None,
    pairs: Mapping[str, Pairs],
) -> RecordPair:
    below = []
    for n, item in enumerate(tree.fields):
        if isinstance(item.node, Table):
            golds = dict(_records(gold, n, item.steps))
            others = dict(_records(predicted, n, item.steps))
            for g, p in _partners(golds, others, pairs.get(item.path)):
                below.append(_meet(item.path, item.node.record, g, p, pairs))
    return RecordPair(table, tree, gold, predicted, below)


def _records(
    parent: PlacedRecord | None, n: int, steps: tuple[str, ...]
) -> Iterator[tuple[int, PlacedRecord]]:
    """The records of a nested table, field `n`, by row."""
    if parent is None:
        return
    rows = parent.rows.columns[n]
    assert isinstance(rows, Tables)
    first, last = int(rows.offsets[parent.row]), int(rows.offsets[parent.row + 1])
    for row in range(first, last):
        place = row - first if rows.places is None else int(rows.places[row])
        yield row, PlacedRecord(f"{join(parent.path, steps)}[{place}]", rows, row)


def _partners(
    golds: Mapping[int, PlacedRecord], others: Mapping[int, PlacedRecord], pairs: Pairs | None
) -> Iterator[tuple[PlacedRecord | None, PlacedRecord | None]]:
    """Pairs first, then gold alone, then predictions alone."""
    alone, extra = dict(golds), dict(others)
    for row in golds:
        if pairs is None or not others:
            break
        at = int(np.searchsorted(pairs[0], row))
        if at < len(pairs[0]) and pairs[0][at] == row:
            yield alone.pop(row), extra.pop(int(pairs[1][at]))
    yield from ((g, None) for g in alone.values())
    yield from ((None, p) for p in extra.values())
