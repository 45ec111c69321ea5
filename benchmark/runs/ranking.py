"""Runs ranked by micro F1; what these documents cannot tell apart shares a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmark.data.predictions import Status
from benchmark.errors import DataError
from benchmark.runs.entries import Entry
from benchmark.statistics.intervals import Bounds, estimates
from benchmark.statistics.resampling import holm, paired_differences

ALPHA = 0.05


@dataclass(frozen=True)
class Row:
    """A line of the leaderboard. Ranks are shared by runs that these documents can't tell apart
    from the best of them. valid: the share of documents with an answer that follows the schema;
    perfect: the share of gold records that are found without a fault."""

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


def rank(entries: Sequence[Entry]) -> list[Row]:
    """The leaderboard, best micro F1 first. Raises DataError for runs whose signatures differ."""
    for one in entries[1:]:
        if one.score.signature != entries[0].score.signature:
            raise DataError(f"'{entries[0].name}' and '{one.name}' were scored over different gold")
    ordered = sorted(entries, key=lambda one: (-(_f1(one) or 0), one.name))
    ranks = _ranks(ordered)
    return [_row(one, place) for one, place in zip(ordered, ranks, strict=True)]


def _ranks(entries: Sequence[Entry]) -> list[int]:
    """A run shares the rank of the first run above that is not shown to be better than it."""
    pairs = list(combinations(range(len(entries)), 2))
    counts = [one.score.counts.sum(axis=1, keepdims=True) for one in entries]
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
    result, spread = entry.score, estimates(entry.score)
    rates, statuses = result.micro().strict, list(result.statuses.values())
    records = np.array([tuple(result.record_counts(table)) for table in result.tables], np.int64)
    gold = int(records[:, 0].sum()) if len(records) else 0
    return Row(
        place,
        entry.name,
        entry.kind,
        rates.f1,
        spread.micro.f1,
        result.macro().f1,
        rates.precision,
        rates.recall,
        {table: result.micro(table).strict.f1 for table in result.tables},
        statuses.count(Status.OK) / len(statuses),
        int(records[:, 3].sum()) / gold if gold else None,
        entry.seconds,
        entry.cost,
        entry.day.isoformat() if entry.day else "",
        result.signature,
    )


def _f1(entry: Entry) -> float | None:
    return entry.score.micro().strict.f1
