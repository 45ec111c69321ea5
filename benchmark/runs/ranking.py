"""Runs ranked by micro F1, or, where documents have schemas of their own, by the mean over
documents; what these documents cannot tell apart shares a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmark.data.predictions import Status
from benchmark.errors import DataError
from benchmark.runs.entries import Entry
from benchmark.scoring.counts import ratio
from benchmark.statistics.intervals import Bounds, estimates
from benchmark.statistics.significance import number_better


@dataclass(frozen=True)
class Row:
    """A line of the leaderboard. Ranks are shared by runs that these documents can't tell apart
    from the best of them. valid: the share of documents with an answer that follows the schema;
    perfect: the share of gold records that are found without a fault. mean, mean_interval: of F1
    over documents, where they have schemas of their own; None elsewhere."""

    rank: int
    name: str
    kind: str
    f1: float | None
    interval: Bounds
    macro: float | None
    precision: float | None
    recall: float | None
    tables: Mapping[str, float | None]
    valid: float
    perfect: float | None
    seconds: float | None
    cost: float | None
    day: str
    signature: str
    mean: float | None = None
    mean_interval: Bounds | None = None


def rank(entries: Sequence[Entry]) -> list[Row]:
    """The leaderboard, the best first. Raises DataError for runs whose signatures differ."""
    for entry in entries[1:]:
        if entry.score.signature != entries[0].score.signature:
            raise DataError(
                f"'{entries[0].name}' and '{entry.name}' were scored over different gold"
            )
    ordered = sorted(entries, key=lambda entry: (-(_f1(entry) or 0), entry.name))
    better = number_better([entry.score for entry in ordered])
    return [_row(entry, 1 + number) for entry, number in zip(ordered, better, strict=True)]


def _row(entry: Entry, place: int) -> Row:
    score, intervals = entry.score, estimates(entry.score)
    rates, statuses = score.micro().strict, list(score.statuses.values())
    records = [score.record_counts(table) for table in score.tables]
    gold = sum(counts.gold for counts in records)
    return Row(
        rank=place,
        name=entry.name,
        kind=entry.kind,
        f1=rates.f1,
        interval=intervals.micro.f1,
        macro=score.macro().f1,
        precision=rates.precision,
        recall=rates.recall,
        tables={table: score.micro(table).strict.f1 for table in score.tables},
        valid=statuses.count(Status.OK) / len(statuses),
        perfect=ratio(sum(counts.perfect for counts in records), gold),
        seconds=entry.seconds,
        cost=entry.cost,
        day=entry.day.isoformat() if entry.day else "",
        signature=score.signature,
        mean=score.mean_over_documents().f1 if score.task.schema_names else None,
        mean_interval=intervals.mean.f1 if score.task.schema_names else None,
    )


def _f1(entry: Entry) -> float | None:
    """The F1 by which an entry is ranked."""
    score = entry.score
    return score.mean_over_documents().f1 if score.task.schema_names else score.micro().strict.f1
