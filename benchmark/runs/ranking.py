"""Runs ranked by micro F1, or, where documents have schemas of their own, by the mean over
documents; what these documents cannot tell apart shares a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from benchmark.data.predictions import Status
from benchmark.errors import DataError
from benchmark.runs.entries import Entry
from benchmark.scoring.arrays import Numbers
from benchmark.scoring.counts import ratio
from benchmark.scoring.scores import Score
from benchmark.statistics.intervals import Bounds, counts_by_row, estimates
from benchmark.statistics.resampling import holm, paired_differences
from benchmark.statistics.significance import ALPHA


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
    return [_row(entry, place) for entry, place in zip(ordered, _ranks(ordered), strict=True)]


def _ranks(entries: Sequence[Entry]) -> list[int]:
    """A run shares the rank of the first run above that is not shown to be better than it."""
    pairs = list(combinations(range(len(entries)), 2))
    counts = [_ranked_by(entry.score)[:, None] for entry in entries]
    ps = [paired_differences(counts[a], counts[b])[0].p for a, b in pairs]
    corrected = holm([1.0 if p is None else p for p in ps])
    apart = {pair for pair, p in zip(pairs, corrected, strict=True) if p <= ALPHA}
    ranks: list[int] = []
    leader = 0
    for n in range(len(entries)):
        if (leader, n) in apart:
            leader = n
        ranks.append(leader + 1)
    return ranks


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


def _ranked_by(score: Score) -> Numbers:
    """The counts of each document that make this F1, shape (documents, 5)."""
    row = ("mean", "f1") if score.task.schema_names else ("all", "")
    return counts_by_row(score, score.counts, score.records)[row]
