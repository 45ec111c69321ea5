"""A score as data: JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict

from benchmark.counts import Counts
from benchmark.predictions import Status
from benchmark.scoring import Score
from benchmark.tree import Json

RATES = ("precision", "recall", "f1")


def as_dict(score: Score) -> dict[str, Json]:
    """The score as JSON; a rate that is undefined is null, as are intervals, not made yet."""
    statuses = list(score.statuses.values())
    return {
        "signature": score.signature,
        "documents": {status.value: statuses.count(status) for status in Status},
        "fields": {path: _counts(score.field_counts(path)) for path in score.fields},
        "tables": {table: _table(score, table) for table in score.tables},
        "micro": _counts(score.micro()),
        "macro": _macro(score),
        "splits": {n: _counts(score.micro_of(ids)) for n, ids in score.task.splits.items()},
        "matched": {
            "fields": {path: _counts(score.field_counts(path, True)) for path in score.fields},
            "micro": _counts(score.micro(matched=True)),
            "macro": _macro(score, matched=True),
        },
        "grounding": {table: one._asdict() for table, one in sorted(score.grounding.items())},
        "reasons": dict(score.reasons),
        "invalid": dict(sorted(score.invalid.items())),
        "unknown": dict(sorted(score.unknown.items())),
    }


def _counts(counts: Counts) -> dict[str, Json]:
    return {
        "pos": counts.pos,
        "act": counts.act,
        **asdict(counts),
        **asdict(counts.strict),
        "partial": asdict(counts.partial),
        "interval": {rate: [None, None] for rate in RATES},
    }


def _macro(score: Score, table: str | None = None, matched: bool = False) -> dict[str, Json]:
    strict = score.macro(table, matched)
    return {**asdict(strict), "partial": asdict(score.macro(table, matched, partial=True))}


def _table(score: Score, table: str) -> dict[str, Json]:
    return {
        **score.record_counts(table)._asdict(),
        "micro": _counts(score.micro(table)),
        "macro": _macro(score, table),
    }


def as_csv(score: Score) -> str:
    """A line a field, a table (micro over its fields) and one for all."""
    out = io.StringIO()
    counts = ("pos", "act", "cor", "par", "inc", "mis", "spu")
    partial = [f"partial_{rate}" for rate in RATES]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["level", "name", *counts, *RATES, *partial])
    for level, name, one in _levels(score):
        rates = [getattr(one.strict, rate) for rate in RATES]
        rates += [getattr(one.partial, rate) for rate in RATES]
        writer.writerow([level, name, *(getattr(one, count) for count in counts), *rates])
    return out.getvalue()


def _levels(score: Score) -> Iterator[tuple[str, str, Counts]]:
    for path in score.fields:
        yield "field", path, score.field_counts(path)
    for table in score.tables:
        yield "table", table, score.micro(table)
    yield "all", "micro", score.micro()
