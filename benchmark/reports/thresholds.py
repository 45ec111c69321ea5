"""Rates that a score must reach: checks for a user's CI."""

from __future__ import annotations

from typing import NamedTuple

from benchmark.errors import DataError, UnknownNameError
from benchmark.reports.sheet import show_rate
from benchmark.scoring.counts import Rates
from benchmark.scoring.scores import Score
from benchmark.statistics.resampling import RATES


class Threshold(NamedTuple):
    """A rate of `micro`, `macro`, a table or a field, and the least that it may be."""

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
    if rate not in RATES:
        raise UnknownNameError("rate", rate, RATES)
    return Threshold(name, rate, least)


def failures(score: Score, thresholds: list[Threshold]) -> list[str]:
    """The thresholds that a score misses, in words; a rate that is undefined misses all."""
    rates = [
        (threshold, getattr(_rates(score, threshold.name), threshold.rate))
        for threshold in thresholds
    ]
    return [
        f"{threshold.name}.{threshold.rate} is {show_rate(rate)}, under {threshold.least:g}"
        for threshold, rate in rates
        if rate is None or rate < threshold.least
    ]


def _rates(score: Score, name: str) -> Rates:
    if name == "macro":
        return score.macro()
    if name in score.fields:
        return score.field_counts(name).strict
    if name == "micro" or name in score.tables:
        return score.micro(None if name == "micro" else name).strict
    raise UnknownNameError("field or table", name, ("micro", "macro", *score.tables, *score.fields))
