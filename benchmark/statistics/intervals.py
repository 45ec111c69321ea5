"""The intervals of a score's rates: how far they would go apart on other documents like these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.schema.paths import outermost_record_path
from benchmark.scoring.arrays import Ints
from benchmark.scoring.scores import Score
from benchmark.statistics.resampling import RESAMPLES, SEED, Floats, intervals

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True)
class Interval:
    """The 95% interval of each rate; both bounds are None where a rate is undefined, and for
    what can't be resampled."""

    precision: Bounds = (None, None)
    recall: Bounds = (None, None)
    f1: Bounds = (None, None)


@dataclass(frozen=True)
class Estimates:
    """The intervals of fields, tables and splits by name, of micro and of macro; `unit` is what
    was resampled: documents, or the records of a single one."""

    unit: str
    fields: Mapping[str, Interval]
    tables: Mapping[str, Interval]
    splits: Mapping[str, Interval]
    micro: Interval
    macro: Interval


def estimates(score: Score) -> Estimates:
    """The intervals of all rates of a score."""
    counts, unit = _units(score)
    rows = counts_by_row(score, counts)
    bounds, macro = intervals(np.stack(list(rows.values()), axis=1), len(score.fields))
    found = {name: _interval(one) for name, one in zip(rows, bounds, strict=True)}
    return Estimates(
        unit,
        {path: found["field", path] for path in score.fields},
        {table: found["table", table] for table in score.tables},
        {split: found["split", split] for split in _splits(score)},
        found["all", ""],
        _interval(macro),
    )


def how_made(score: Score) -> str:
    """What the intervals of a score's tables are."""
    over = "documents" if _many(score) else "the records of one document"
    return f"95% of F1, bootstrap over {over}, {RESAMPLES:,} resamples, seed {SEED}"


def _many(score: Score) -> bool:
    return len(score.documents) != 1


def _splits(score: Score) -> Mapping[str, tuple[str, ...]]:
    return score.task.splits if _many(score) else {}


def counts_by_row(score: Score, counts: Ints) -> dict[tuple[str, str], Ints]:
    """The counts of each unit, for everything that has a rate."""
    column = {path: n for n, path in enumerate(score.fields)}
    rows = {("field", path): counts[:, n] for path, n in column.items()}
    for table in score.tables:
        below = [column[path] for path in score.below(table)]
        rows["table", table] = counts[:, below].sum(axis=1)
    whole = counts.sum(axis=1)
    for split, ids in _splits(score).items():
        inside = np.isin(score.documents, ids)
        rows["split", split] = whole * inside[:, None]
    return {**rows, ("all", ""): whole}


def _units(score: Score) -> tuple[Ints, str]:
    """What is resampled, shape (units, fields, 5), and its name."""
    if _many(score):
        return score.counts, "documents"
    found: dict[str, Ints] = {}
    column = {path: n for n, path in enumerate(score.fields)}
    for record, path, outcome in _slots(score):
        unit = found.setdefault(record, np.zeros(score.counts.shape[1:], np.int64))
        unit[column[path], outcome] += 1
    return np.stack(list(found.values())) if found else score.counts, "records"


def _slots(score: Score) -> Iterator[tuple[str, str, int]]:
    """The slots of a single document with the outermost record that each belongs to, be it gold's
    or, where that has none, the prediction's."""
    told = score.verdicts(score.documents[0])
    partner = {
        pair.predicted.path: pair.gold.path
        for pair in told.pairings
        if pair.gold is not None and pair.predicted is not None
    }
    for slot in told.slots:
        if slot.gold is not None:
            record = outermost_record_path(slot.gold.path)
        else:
            assert slot.predicted is not None
            own = outermost_record_path(slot.predicted.path)
            record = partner.get(own, f"predicted {own}")
        yield record, slot.field, slot.outcome


def _interval(bounds: Floats) -> Interval:
    ends = [(None, None) if np.isnan(low) else (float(low), float(high)) for low, high in bounds]
    return Interval(*ends)
