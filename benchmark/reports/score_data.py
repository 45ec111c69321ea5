"""A score as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from benchmark.data.predictions import Status
from benchmark.schema.fields import Json
from benchmark.scoring.counts import Counts, Rates
from benchmark.scoring.scores import Score
from benchmark.statistics.confidence import METHOD
from benchmark.statistics.intervals import Estimates, Interval, estimates
from benchmark.statistics.rates import LEVEL, RATES


def as_dict(score: Score) -> dict[str, Json]:
    """The score as JSON; a rate that is undefined is null, as is an interval that can't be made."""
    statuses, intervals = list(score.statuses.values()), estimates(score)
    return {
        "signature": score.signature,
        "documents": {status.value: statuses.count(status) for status in Status},
        "fields": {
            path: _with_interval(score.field_counts(path), intervals.fields[path])
            for path in score.fields
        },
        "tables": {table: _table(score, table, intervals) for table in score.tables},
        "micro": _with_interval(score.micro(), intervals.micro),
        "macro": {**_macro(score), "interval": _bounds(intervals.macro)},
        "mean_over_documents": {
            **asdict(score.mean_over_documents()),
            "partial": asdict(score.mean_over_documents(partial=True)),
            "interval": _bounds(intervals.mean),
        },
        "splits": _parts(score, score.task.splits, intervals.splits),
        "schemas": _parts(score, score.task.by_schema, intervals.schemas),
        "intervals": {"unit": intervals.unit, "level": LEVEL, "method": METHOD},
        "matched": {
            "fields": {path: _counts(score.field_counts(path, True)) for path in score.fields},
            "micro": _counts(score.micro(matched=True)),
            "macro": _macro(score, matched=True),
        },
        "grounding": {
            table: grounding._asdict() for table, grounding in sorted(score.grounding.items())
        },
        "reasons": dict(score.reasons),
        "invalid": dict(sorted(score.invalid.items())),
        "unknown": dict(sorted(score.unknown.items())),
        **({"gold_as_is": dict(sorted(score.as_is.items()))} if score.task.gold_as_is else {}),
    }


def _counts(counts: Counts) -> dict[str, Json]:
    return {
        "pos": counts.pos,
        "act": counts.act,
        **asdict(counts),
        **asdict(counts.strict),
        "partial": asdict(counts.partial),
    }


def _parts(
    score: Score, parts: Mapping[str, Sequence[str]], intervals: Mapping[str, Interval]
) -> dict[str, Json]:
    """All fields over some documents: those of each split, or of each schema."""
    return {
        name: _with_interval(score.micro_of(ids), intervals.get(name, Interval()))
        for name, ids in parts.items()
    }


def _with_interval(counts: Counts, interval: Interval) -> dict[str, Json]:
    return {**_counts(counts), "interval": _bounds(interval)}


def _bounds(interval: Interval) -> dict[str, Json]:
    return {rate: list(getattr(interval, rate)) for rate in RATES}


def _macro(score: Score, table: str | None = None, matched: bool = False) -> dict[str, Json]:
    strict = score.macro(table, matched)
    return {**asdict(strict), "partial": asdict(score.macro(table, matched, partial=True))}


def _table(score: Score, table: str, intervals: Estimates) -> dict[str, Json]:
    return {
        **score.record_counts(table)._asdict(),
        "records": {
            **asdict(score.whole_records(table).strict),
            "interval": _bounds(intervals.records[table]),
        },
        "micro": _with_interval(score.micro(table), intervals.tables[table]),
        "macro": _macro(score, table),
    }


def as_csv(score: Score) -> str:
    """A line a field, a table (micro over its fields), the records of a table as wholes, one for
    all, and one for the mean over documents, which has rates and no counts."""
    out = io.StringIO()
    figures = ("pos", "act", "cor", "par", "inc", "mis", "spu")
    partial = [f"partial_{rate}" for rate in RATES]
    bounds = [f"{rate}_{end}" for rate in RATES for end in ("low", "high")]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["level", "name", *figures, *RATES, *partial, *bounds])
    intervals = estimates(score)
    for level, name, counts, interval in _levels(score, intervals):
        rates = _flat(counts.strict, counts.partial, interval)
        writer.writerow([level, name, *(getattr(counts, figure) for figure in figures), *rates])
    means = score.mean_over_documents(), score.mean_over_documents(partial=True)
    blank = [""] * len(figures)
    writer.writerow(["mean", "documents", *blank, *_flat(*means, intervals.mean)])
    return out.getvalue()


def _flat(strict: Rates, partial: Rates, interval: Interval) -> list[float | None]:
    """Strict rates, rates with partial credit, and the bounds of the strict ones."""
    rates = [getattr(kind, rate) for kind in (strict, partial) for rate in RATES]
    return rates + [end for rate in RATES for end in getattr(interval, rate)]


def _levels(score: Score, intervals: Estimates) -> Iterator[tuple[str, str, Counts, Interval]]:
    for path in score.fields:
        yield "field", path, score.field_counts(path), intervals.fields[path]
    for table in score.tables:
        yield "table", table, score.micro(table), intervals.tables[table]
    for table in score.tables:
        yield "records", table, score.whole_records(table), intervals.records[table]
    yield "all", "micro", score.micro(), intervals.micro
