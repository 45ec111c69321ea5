"""Confidence intervals of all rates of a score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.data.own_schemas import path_in
from benchmark.schema.paths import join, outermost_record_path
from benchmark.scoring.arrays import Floats, Ints, Numbers
from benchmark.scoring.columns.values import Value
from benchmark.scoring.counting import RecordCounts, as_slots
from benchmark.scoring.document_rates import documents_as_slots
from benchmark.scoring.scores import Score
from benchmark.scoring.verdicts.record_pairs import PlacedRecord
from benchmark.scoring.verdicts.verdicts import Pairing, Verdicts
from benchmark.statistics.confidence import intervals
from benchmark.statistics.rates import FEWEST, RATES

Bounds = tuple[float | None, float | None]
"""The lower and the upper bound of a rate."""
Row = tuple[str, str]
"""The level of what has a rate, and its path or name."""
Placed = Value | PlacedRecord
"""What stands somewhere in a document."""


@dataclass(frozen=True)
class Interval:
    """The 95% interval of each rate; both bounds are None where a rate is undefined, and where
    fewer than five documents bear on it."""

    precision: Bounds = (None, None)
    recall: Bounds = (None, None)
    f1: Bounds = (None, None)


@dataclass(frozen=True)
class Estimates:
    """The intervals of fields and tables by path, of splits and schemas by name, of micro and
    macro, and of the mean over documents.

    unit: what they are made of, "documents", "groups" of documents, or "records" of a single
    document. records: of the rates of whole records, by table.
    """

    unit: str
    fields: Mapping[str, Interval]
    tables: Mapping[str, Interval]
    records: Mapping[str, Interval]
    splits: Mapping[str, Interval]
    schemas: Mapping[str, Interval]
    micro: Interval
    macro: Interval
    mean: Interval


def estimates(score: Score) -> Estimates:
    """The intervals of all rates of a score (see `confidence.intervals`)."""
    rows, unit = _rows_of_intervals(score)
    bounds, macro = intervals(np.stack(list(rows.values()), axis=1), len(score.fields))
    by_row = {row: _interval(rates) for row, rates in zip(rows, bounds, strict=True)}
    return Estimates(
        unit=unit,
        fields={path: by_row["field", path] for path in score.fields},
        tables={table: by_row["table", table] for table in score.tables},
        records={table: by_row["records", table] for table in score.tables},
        splits={split: by_row["split", split] for split in _parts(score, score.task.splits)},
        schemas={name: by_row["schema", name] for name in _parts(score, score.task.by_schema)},
        micro=by_row["all", ""],
        macro=_interval(macro),
        mean=Interval(*(getattr(by_row["mean", rate], rate) for rate in RATES)),
    )


def how_made(score: Score) -> str:
    """A line for a score's tables on how their intervals were made."""
    units = [f"{len(score.documents):,} documents"]
    if score.groups:
        units.append(f"{len(set(score.groups)):,} groups")
    over = units[-1] if _over_documents(score) else "the records of one document"
    return f"95% of F1, Student's t over {over}; too few: under {FEWEST} bear on the rate"


def _over_documents(score: Score) -> bool:
    """Whether documents are the units: of a single one, its records are, unless its counts are the
    mean over samples, in which records are not the same ones."""
    return len(score.documents) != 1 or score.counts.dtype.kind == "f"


def rows_of(score: Score) -> tuple[dict[Row, Numbers], str]:
    """The counts of each unit for everything that has a rate (see counts_by_row), and what the
    units are called: documents, or groups of documents that belong together."""
    rows = counts_by_row(score, score.counts, score.records)
    if not score.groups:
        return rows, "documents"
    names, group = np.unique(score.groups, return_inverse=True)
    grouped: dict[Row, Numbers] = {}
    for row, numbers in rows.items():
        grouped[row] = np.zeros((len(names), 5), numbers.dtype)
        np.add.at(grouped[row], group, numbers)
    return grouped, "groups"


def _rows_of_intervals(score: Score) -> tuple[dict[Row, Numbers], str]:
    """As rows_of; of a single document, by its records."""
    if _over_documents(score):
        return rows_of(score)
    counts, records, unit = units_of(score)
    return counts_by_row(score, counts, records), unit


def _parts(score: Score, parts: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Splits, or schemas, with their documents; none where documents are not the units."""
    return parts if _over_documents(score) else {}


def counts_by_row(score: Score, counts: Ints, records: Ints) -> dict[Row, Numbers]:
    """The counts of each unit for everything that has a rate, each of shape (units, 5).

    Keys are ("field", path), ("table", path), ("records", table), ("split", name), ("schema",
    name), ("all", "") and, for means over documents, ("mean", rate), in which only that rate is
    meant. `counts` has the shape (units, fields, 5), `records` the shape (units, tables, 4). Splits
    and schemas need documents as units: those of others count nothing. The mean over a single
    document is what its records sum up to.
    """
    column = {path: n for n, path in enumerate(score.fields)}
    rows: dict[Row, Numbers] = {("field", path): counts[:, n] for path, n in column.items()}
    for table in score.tables:
        below = [column[path] for path in score.below(table)]
        rows["table", table] = counts[:, below].sum(axis=1)
    whole = as_slots(records)
    rows |= {("records", table): whole[:, n] for n, table in enumerate(score.tables)}
    micro = counts.sum(axis=1)
    parts = {"split": score.task.splits, "schema": score.task.by_schema}
    for level, by_name in parts.items():
        for name, ids in _parts(score, by_name).items():
            # Zeroed, not cut out: the exchanges are of all documents, the same for every row.
            inside = np.isin(score.documents, ids)
            rows[level, name] = micro * inside[:, None]
    means = documents_as_slots(micro) if _over_documents(score) else np.stack([micro] * 3, axis=1)
    rows |= {("mean", rate): means[:, n] for n, rate in enumerate(RATES)}
    return {**rows, ("all", ""): micro}


def units_of(score: Score) -> tuple[Ints, Ints, str]:
    """The units that rates are made of: their counts, shape (units, fields, 5), the numbers of
    their records, shape (units, tables, 4), and what they are called."""
    if _over_documents(score):
        return score.counts, score.records, "documents"
    column = {path: n for n, path in enumerate(score.fields)}
    table = {path: n for n, path in enumerate(score.tables)}
    units: defaultdict[str, tuple[Ints, Ints]] = defaultdict(
        lambda: (np.zeros_like(score.counts[0]), np.zeros_like(score.records[0]))
    )
    schema = score.schema_of(score.documents[0])
    verdicts = score.verdicts(score.documents[0])
    partners = _partners(verdicts)
    # A slot counts one in the column of its outcome, which is its number.
    for slot in verdicts.slots:
        unit = _unit(slot.gold, slot.predicted, partners)
        units[unit][0][column[path_in(schema, slot.field)], slot.outcome] += 1
    for pair in verdicts.pairings:
        if any(numbers := _numbers(pair)):
            unit = _unit(pair.gold, pair.predicted, partners)
            units[unit][1][table[path_in(schema, pair.table)]] += numbers
    if not units:
        return score.counts, score.records, "records"
    counts, records = zip(*units.values(), strict=True)
    return np.stack(counts), np.stack(records), "records"


def _partners(verdicts: Verdicts) -> dict[str, str]:
    """The path of each predicted record that has a partner -> that of the partner."""
    return {
        pair.predicted.path: pair.gold.path
        for pair in verdicts.pairings
        if pair.gold is not None and pair.predicted is not None
    }


def _unit(gold: Placed | None, predicted: Placed | None, partners: Mapping[str, str]) -> str:
    """The unit of a single document that a value or a record belongs to.

    The unit is the outermost record that holds it: gold's, or that of the prediction if it has no
    partner in gold. Paired records are one unit, as they share their true positives.
    """
    if gold is not None:
        return _outermost(gold)
    assert predicted is not None
    own = _outermost(predicted)
    return partners.get(own, f"predicted {own}")


def _outermost(placed: Placed) -> str:
    # A record is in the record that a property of it, of whatever name, is in.
    is_record = isinstance(placed, PlacedRecord)
    return outermost_record_path(join(placed.path, "") if is_record else placed.path)


def _numbers(pair: Pairing) -> RecordCounts:
    """What a pairing adds to the numbers of records of its table."""
    predicted = pair.predicted is not None
    paired = predicted and pair.gold is not None
    optional = pair.gold is not None and pair.gold.optional
    gold = paired or (pair.gold is not None and not optional)
    return RecordCounts(gold, predicted, paired, pair.perfect)


def _interval(bounds: Floats) -> Interval:
    """Bounds of precision, recall and F1, shape (3, 2), NaN where undefined, as an Interval."""
    rates: list[Bounds] = [
        (None, None) if np.isnan(low) else (float(low), float(high)) for low, high in bounds
    ]
    return Interval(*rates)
