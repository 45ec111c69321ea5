"""Rates that a score must reach: checks for a user's CI."""

from __future__ import annotations

from typing import NamedTuple

from benchmark.errors import DataError, UnknownNameError
from benchmark.reports.sheet import show_rate
from benchmark.scoring.counts import Rates
from benchmark.scoring.scores import Score
from benchmark.statistics.rates import RATES

PERFECT = "perfect_"
"""What stands before a rate that is one of whole records."""

MEAN = "mean_over_documents"


class Threshold(NamedTuple):
    """A rate of `micro`, `macro`, `mean_over_documents`, a table, a field or a schema, and the
    least that it may be. Of a table, `perfect_f1` and so on are rates of whole records."""

    name: str
    rate: str
    least: float


def read_threshold(text: str) -> Threshold:
    """A threshold written as NAME.RATE=LEAST, such as events.place.recall=0.9."""
    what, equals, number = text.partition("=")
    name, dot, rate = what.strip().rpartition(".")
    try:
        least = float(number)
    except ValueError:
        least = -1.0
    if not (equals and dot and name) or not 0 <= least <= 1:
        raise DataError(f"'{text}' is no gate: write NAME.RATE=LEAST, such as micro.f1=0.8")
    if rate.removeprefix(PERFECT) not in RATES:
        raise UnknownNameError("rate", rate, (*RATES, *(f"{PERFECT}{one}" for one in RATES)))
    return Threshold(name, rate, least)


def failures(score: Score, thresholds: list[Threshold]) -> list[str]:
    """The thresholds that a score misses, in words; a rate that is undefined misses all."""
    rates = [(threshold, _rate(score, threshold.name, threshold.rate)) for threshold in thresholds]
    return [
        f"{threshold.name}.{threshold.rate} is {show_rate(rate)}, under {threshold.least:g}"
        for threshold, rate in rates
        if rate is None or rate < threshold.least
    ]


def _rate(score: Score, name: str, rate: str) -> float | None:
    whole = rate.startswith(PERFECT)
    rates = _whole_records(score, name) if whole else _rates(score, name)
    value: float | None = getattr(rates, rate.removeprefix(PERFECT))
    return value


def _whole_records(score: Score, table: str) -> Rates:
    if table not in score.tables:
        raise UnknownNameError("table", table, score.tables)
    return score.whole_records(table).strict


def _rates(score: Score, name: str) -> Rates:
    if name == "macro":
        return score.macro()
    if name == MEAN:
        return score.mean_over_documents()
    if name in score.fields:
        return score.field_counts(name).strict
    if name == "micro" or name in score.tables:
        return score.micro(None if name == "micro" else name).strict
    if name in (schemas := score.task.by_schema):
        return score.micro_of(schemas[name]).strict
    known = ("micro", "macro", MEAN, *schemas, *score.tables, *score.fields)
    raise UnknownNameError("field or table", name, known)
