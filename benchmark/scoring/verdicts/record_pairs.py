"""The records of one document in pairs: each with its partner, or alone, and where both stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmark.schema.fields import Json, Record, Table
from benchmark.schema.paths import join
from benchmark.scoring.arrays import Ints
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.records import Pairs

NO_PAIRS: Pairs = (np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record and where it stands.

    path: with indexes, as in "events[3]"; "" for the document itself. rows, row: the table that
    holds it, and its row there.
    """

    path: str
    rows: Tables = field(repr=False)
    row: int = field(repr=False)

    @property
    def optional(self) -> bool:
        """Whether gold lists the record as optional: left out, it counts nothing."""
        return bool(self.rows.optional[self.row])

    @property
    def reading(self) -> Json:
        """What gold lays over the record in the reading that counts; None if it is as it stands."""
        return self.rows.readings.get(self.row)

    @property
    def quotations(self) -> list[str]:
        """The quotations in its evidence properties; what is no text there is left out."""
        return self.rows.quotations(self.row)


@dataclass(frozen=True, slots=True)
class RecordPair:
    """A gold record and the predicted one it is paired with, and the pairs of records below them.

    gold, predicted: one of them is None for a record without a partner. table: the path of the
    table they are in, "" for the documents themselves. tree: the fields of its records.
    """

    table: str
    tree: Record
    gold: PlacedRecord | None
    predicted: PlacedRecord | None
    below: list[RecordPair]


def document_pair(
    tree: Record, gold: Tables, predicted: Tables | None, pairs: Mapping[str, Pairs], document: int
) -> RecordPair:
    """Build the pair of one document and its prediction, with all pairs of records below.

    gold, predicted: the documents of a chunk; `predicted` is None where this one has no prediction.
    pairs: those of the chunk, by table. document: its row.
    """
    top = PlacedRecord("", gold, document)
    prediction = PlacedRecord("", predicted, document) if predicted is not None else None
    return _record_pair("", tree, top, prediction, pairs)


def _record_pair(
    table: str,
    tree: Record,
    gold: PlacedRecord | None,
    predicted: PlacedRecord | None,
    pairs: Mapping[str, Pairs],
) -> RecordPair:
    """Build a pair, or a record without a partner, with all that is below."""
    below = []
    for n, item in enumerate(tree.fields):
        if isinstance(item.node, Table):
            paired = pairs.get(item.path, NO_PAIRS)
            gold_records = dict(_records(gold, n, item.steps, paired[0]))
            predicted_records = dict(_records(predicted, n, item.steps))
            for g, p in _partners(gold_records, predicted_records, paired):
                below.append(_record_pair(item.path, item.node.record, g, p, pairs))
    return RecordPair(table, tree, gold, predicted, below)


def _records(
    parent: PlacedRecord | None, n: int, steps: tuple[str, ...], paired: Ints = NO_PAIRS[0]
) -> Iterator[tuple[int, PlacedRecord]]:
    """The records of a nested table, field `n`, with their rows; of gold with several readings, the
    one that counts where some rows are paired."""
    if parent is None:
        return
    rows = parent.rows.columns[n]
    assert isinstance(rows, Tables)
    first, last = int(rows.offsets[parent.row]), int(rows.offsets[parent.row + 1])
    counted = rows.chosen(paired) if rows.readings else None
    for row in range(first, last):
        if counted is not None and not counted[row]:
            continue
        # `places` is set where the JSON array holds more than records: their indexes have gaps.
        place = row - first if rows.places is None else int(rows.places[row])
        yield row, PlacedRecord(join(parent.path, *steps, place), rows, row)


def _partners(
    gold: Mapping[int, PlacedRecord], predicted: Mapping[int, PlacedRecord], pairs: Pairs
) -> Iterator[tuple[PlacedRecord | None, PlacedRecord | None]]:
    """Pair the records of one table, by row: pairs first, then gold alone, then predictions alone.

    `pairs` are those of the whole table in the chunk, sorted by gold row.
    """
    alone, extra = dict(gold), dict(predicted)
    for row in gold:
        if not predicted:
            break
        at = int(np.searchsorted(pairs[0], row))
        if at < len(pairs[0]) and pairs[0][at] == row:
            yield alone.pop(row), extra.pop(int(pairs[1][at]))
    yield from ((g, None) for g in alone.values())
    yield from ((None, p) for p in extra.values())
