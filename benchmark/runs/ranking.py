"""Runs ranked by micro F1, or, where documents have schemas of their own, by the mean over
documents: each pair by itself, so that no rank depends on who else is listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmark.runs.entries import Entry, Stated
from benchmark.runs.samples import spread
from benchmark.scoring.scores import Score
from benchmark.statistics.intervals import Bounds, estimates
from benchmark.statistics.significance import number_better


@dataclass(frozen=True)
class Row:
    """A line of the leaderboard: what was worked out from predictions, and what is `stated`.

    f1 to whole: rates; splits, tables: F1 by name. mean: of F1 over documents. whole: F1 of whole
    records. valid: the share of documents whose answers follow the schema. samples: how often each
    document was answered; all rates are of the mean over them, and spread is the standard deviation
    of F1 between them.
    """

    rank: int
    name: str
    f1: float | None
    interval: Bounds
    mean: float | None
    mean_interval: Bounds
    macro: float | None
    precision: float | None
    recall: float | None
    whole: float | None
    splits: Mapping[str, float | None]
    tables: Mapping[str, float | None]
    valid: float
    samples: int
    spread: float | None
    stated: Stated


def rank(entries: Sequence[Entry]) -> list[Row]:
    """The rows of entries that were scored on the same terms, by rank, then by F1."""
    ordered = sorted(entries, key=lambda entry: (-(_f1(entry.score) or 0), entry.name))
    better = number_better([entry.score for entry in ordered])
    rows = [_row(entry, 1 + number) for entry, number in zip(ordered, better, strict=True)]
    return sorted(rows, key=lambda row: row.rank)


def _f1(score: Score) -> float | None:
    """The F1 by which a run is ranked."""
    return score.mean_over_documents().f1 if score.task.schema_names else score.micro().strict.f1


def _row(entry: Entry, place: int) -> Row:
    score, intervals = entry.score, estimates(entry.score)
    rates = score.micro().strict
    return Row(
        rank=place,
        name=entry.name,
        f1=rates.f1,
        interval=intervals.micro.f1,
        mean=score.mean_over_documents().f1,
        mean_interval=intervals.mean.f1,
        macro=score.macro().f1,
        precision=rates.precision,
        recall=rates.recall,
        whole=score.whole_records().strict.f1,
        splits={name: score.micro_of(ids).strict.f1 for name, ids in score.task.splits.items()},
        tables={table: score.micro(table).strict.f1 for table in score.tables},
        valid=score.valid_share(),
        samples=len(entry.samples),
        spread=spread(entry.samples),
        stated=entry.stated,
    )
