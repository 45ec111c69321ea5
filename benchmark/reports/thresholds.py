"""Rates that a score must reach: checks for a user's CI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmark.data.task import Task
from benchmark.errors import DataError, UnknownNameError
from benchmark.reports.sheet import show_rate
from benchmark.schema.fields import table_paths, value_paths
from benchmark.scoring.counts import Counts, Rates
from benchmark.scoring.scores import Score
from benchmark.statistics.rates import RATES

WHOLE = "perfect_"
"""What stands before a rate of a table that is one of whole records."""
MEAN, PERFECT, VALID = "mean_over_documents", "perfect", "valid"
SPLIT = "split."
"""What stands before the name of a split: a field may be called as it is."""


class Threshold(NamedTuple):
    """A rate and the least that it may be.

    name: `micro`, `macro`, `mean_over_documents`, `perfect` (whole records of all tables), a table,
    a field, a schema, `split.` and a split, or `valid`, the share of valid predictions, which has
    no rate. Of a table, `perfect_f1` and so on are rates of whole records.
    """

    name: str
    rate: str
    least: float

    def __str__(self) -> str:
        return f"{self.name}.{self.rate}" if self.rate else self.name


def read_threshold(text: str) -> Threshold:
    """A threshold written as NAME.RATE=LEAST, such as events.place.recall=0.9, or valid=LEAST."""
    what, equals, number = text.partition("=")
    name, dot, rate = what.strip().rpartition(".")
    if rate == VALID and not dot:
        name, dot, rate = VALID, ".", ""
    try:
        least = float(number)
    except ValueError:
        least = -1.0
    if not (equals and dot and name) or not 0 <= least <= 1:
        raise DataError(f"'{text}' is no gate: write NAME.RATE=LEAST, such as micro.f1=0.8")
    if name != VALID and rate.removeprefix(WHOLE) not in RATES:
        raise UnknownNameError("rate", rate, (*RATES, *(f"{WHOLE}{one}" for one in RATES)))
    return Threshold(name, rate, least)


def check_names(thresholds: Sequence[Threshold], task: Task) -> None:
    """Raise UnknownNameError for a threshold on what a task, with the documents that are to be
    scored, does not have: before anything is scored, or run."""
    tables = table_paths(task.tree)
    for name, rate, _ in thresholds:
        if not rate:  # the share of valid predictions, which every score has
            continue
        if rate.startswith(WHOLE):
            if name not in tables:
                raise UnknownNameError("table", name, tables)
        elif name.startswith(SPLIT):
            if name.removeprefix(SPLIT) not in task.splits:
                raise UnknownNameError("split", name.removeprefix(SPLIT), task.splits)
        elif name not in (known := _known(task)):
            raise UnknownNameError("field or table", name, known)


def _known(task: Task) -> tuple[str, ...]:
    own = (*task.by_schema, *table_paths(task.tree), *value_paths(task.tree))
    return ("micro", "macro", MEAN, PERFECT, *(SPLIT + name for name in task.splits), *own)


def failures(score: Score, thresholds: Sequence[Threshold]) -> list[str]:
    """The thresholds that a score misses, in words; a rate that is undefined misses all. Raises
    UnknownNameError for what the score does not have."""
    check_names(thresholds, score.task)
    rates = [(threshold, _rate(score, threshold)) for threshold in thresholds]
    return [
        f"{threshold} is {show_rate(rate)}, under {threshold.least:g}"
        for threshold, rate in rates
        if rate is None or rate < threshold.least
    ]


def _rate(score: Score, threshold: Threshold) -> float | None:
    name, rate, _ = threshold
    if not rate:
        return score.valid_share()
    whole = rate.startswith(WHOLE)
    rates = score.whole_records(name).strict if whole else _rates(score, name)
    value: float | None = getattr(rates, rate.removeprefix(WHOLE))
    return value


def _rates(score: Score, name: str) -> Rates:
    if name == "macro":
        return score.macro()
    if name == MEAN:
        return score.mean_over_documents()
    return _counts(score, name).strict


def _counts(score: Score, name: str) -> Counts:
    if name in score.fields:
        return score.field_counts(name)
    if name == PERFECT:
        return score.whole_records()
    if name.startswith(SPLIT):
        return score.micro_of(score.task.splits[name.removeprefix(SPLIT)])
    if name in (schemas := score.task.by_schema):
        return score.micro_of(schemas[name])
    return score.micro(None if name == "micro" else name)
