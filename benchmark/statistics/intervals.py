"""Confidence intervals of a score's rates, by a bootstrap over documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.schema.paths import outermost_record_path
from benchmark.scoring.arrays import Ints
from benchmark.scoring.scores import Score
from benchmark.statistics.resampling import RESAMPLES, SEED, Floats, intervals

Bounds = tuple[float | None, float | None]
"""The lower and the upper bound of a rate."""


@dataclass(frozen=True)
class Interval:
    """The 95% interval of each rate; both bounds are None where a rate is undefined, and where
    there is one unit only to resample."""

    precision: Bounds = (None, None)
    recall: Bounds = (None, None)
    f1: Bounds = (None, None)


@dataclass(frozen=True)
class Estimates:
    """The intervals of fields and tables by path, of splits by name, and of micro and macro.

    unit: what was resampled, "documents", or "records" of a single document.
    """

    unit: str
    fields: Mapping[str, Interval]
    tables: Mapping[str, Interval]
    splits: Mapping[str, Interval]
    micro: Interval
    macro: Interval


def estimates(score: Score) -> Estimates:
    """The intervals of all rates of a score (see `resampling.intervals`)."""
    counts, unit = _units(score)
    rows = counts_by_row(score, counts)
    bounds, macro = intervals(np.stack(list(rows.values()), axis=1), len(score.fields))
    by_row = {row: _interval(rates) for row, rates in zip(rows, bounds, strict=True)}
    return Estimates(
        unit=unit,
        fields={path: by_row["field", path] for path in score.fields},
        tables={table: by_row["table", table] for table in score.tables},
        splits={split: by_row["split", split] for split in _splits(score)},
        micro=by_row["all", ""],
        macro=_interval(macro),
    )


def how_made(score: Score) -> str:
    """A line for a score's tables on how their intervals were made."""
    over = "documents" if _over_documents(score) else "the records of one document"
    return f"95% of F1, bootstrap over {over}, {RESAMPLES:,} resamples, seed {SEED}"


def _over_documents(score: Score) -> bool:
    """Whether documents are the units: of a single one, its records are resampled."""
    return len(score.documents) != 1


def _splits(score: Score) -> Mapping[str, tuple[str, ...]]:
    return score.task.splits if _over_documents(score) else {}


def counts_by_row(score: Score, counts: Ints) -> dict[tuple[str, str], Ints]:
    """The counts of each unit for everything that has a rate, each of shape (units, 5).

    Keys are ("field", path), ("table", path), ("split", name) and ("all", ""). `counts` has the
    shape (units, fields, 5). Splits need documents as units: those of other splits count nothing.
    """
    column = {path: n for n, path in enumerate(score.fields)}
    rows = {("field", path): counts[:, n] for path, n in column.items()}
    for table in score.tables:
        below = [column[path] for path in score.below(table)]
        rows["table", table] = counts[:, below].sum(axis=1)
    micro = counts.sum(axis=1)
    for split, ids in _splits(score).items():
        # Zeroed, not cut out: the resamples are of all documents, the same for every row.
        inside = np.isin(score.documents, ids)
        rows["split", split] = micro * inside[:, None]
    return {**rows, ("all", ""): micro}


def _units(score: Score) -> tuple[Ints, str]:
    """The counts of the units that are resampled, shape (units, fields, 5), and their name."""
    if _over_documents(score):
        return score.counts, "documents"
    counts: dict[str, Ints] = {}
    column = {path: n for n, path in enumerate(score.fields)}
    # A slot counts one in the column of its outcome, which is its number.
    for record, path, outcome in _slots(score):
        unit = counts.setdefault(record, np.zeros(score.counts.shape[1:], np.int64))
        unit[column[path], outcome] += 1
    return np.stack(list(counts.values())) if counts else score.counts, "records"


def _slots(score: Score) -> Iterator[tuple[str, str, int]]:
    """Record, field and outcome of each slot of a single document.

    The record is the outermost one that holds the slot: gold's, or that of the prediction if it has
    no partner in gold. Paired records are one unit, as they share their true positives.
    """
    verdicts = score.verdicts(score.documents[0])
    partner = {
        pair.predicted.path: pair.gold.path
        for pair in verdicts.pairings
        if pair.gold is not None and pair.predicted is not None
    }
    for slot in verdicts.slots:
        if slot.gold is not None:
            record = outermost_record_path(slot.gold.path)
        else:
            assert slot.predicted is not None
            own = outermost_record_path(slot.predicted.path)
            record = partner.get(own, f"predicted {own}")
        yield record, slot.field, slot.outcome


def _interval(bounds: Floats) -> Interval:
    """Bounds of precision, recall and F1, shape (3, 2), NaN where undefined, as an Interval."""
    rates: list[Bounds] = [
        (None, None) if np.isnan(low) else (float(low), float(high)) for low, high in bounds
    ]
    return Interval(*rates)
