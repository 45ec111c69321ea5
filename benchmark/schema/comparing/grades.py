"""Pairs of folded values that differ -> how far they agree."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from enum import IntEnum
from itertools import chain
from typing import Any

from benchmark.schema.comparing.values import Day, Instant, as_written


class Grade(IntEnum):
    """How far a predicted value agrees with gold; the number is its credit in halves."""

    NOT = 0
    PARTLY = 1
    ACCEPTED = 2


def within_tolerance(
    gold: Decimal | float | str,
    predicted: Decimal | float | str,
    *,
    abs: float,  # noqa: A002 - the name that x-compare uses
    rel: float,
    **_other: Any,
) -> Grade:
    """Accepted if |gold - predicted| <= max(abs, rel * |gold|).

    In decimal, as the numbers are written: 1.1 is within 0.1 of 1, which in binary it is not. A
    string is no number, and near none.
    """
    if (not abs and not rel) or isinstance(gold, str) or isinstance(predicted, str):
        return Grade.NOT
    g, p = as_written(gold), as_written(predicted)
    allowed = max(as_written(abs), _EXACTLY.multiply(as_written(rel), g.copy_abs()))
    off = _EXACTLY.subtract(g, p).copy_abs()
    return Grade.ACCEPTED if off <= allowed else Grade.NOT


_EXACTLY = Context(prec=10_000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
"""More digits than a number may have: nothing is rounded unless it is farther off than these."""


def within_days(gold: Day | str, predicted: Day | str, *, days: float, **_other: Any) -> Grade:
    """Partly accepted within a number of days; and where one or both lack the day, or the month
    too, if they agree in what both state."""
    if isinstance(gold, int) and isinstance(predicted, int):
        return Grade.PARTLY if abs(gold - predicted) <= days else Grade.NOT
    if isinstance(gold, str) or isinstance(predicted, str):
        return Grade.NOT
    agree = all(g == p for g, p in zip(_stated(gold), _stated(predicted), strict=False))
    return Grade.PARTLY if agree else Grade.NOT


def _stated(day: Day) -> tuple[int, ...]:
    """The year, month and day that a folded date states."""
    if not isinstance(day, int):
        return day
    whole = date.fromordinal(day)
    return whole.year, whole.month, whole.day


def within_seconds(gold: Instant | str, predicted: Instant | str, *, seconds: float) -> Grade:
    """Partly accepted within a number of seconds; never where only one states its offset."""
    if isinstance(gold, tuple) and isinstance(predicted, tuple):
        (_, gold), (_, predicted) = gold, predicted
    if not isinstance(gold, Decimal) or not isinstance(predicted, Decimal):
        return Grade.NOT
    off = _EXACTLY.subtract(gold, predicted).copy_abs()
    return Grade.PARTLY if off <= as_written(seconds) else Grade.NOT


def overlapping(
    gold: Sequence[Hashable], predicted: Sequence[Hashable], *, accept: float, partial: float
) -> Grade:
    """Accepted from an F1 of `accept` on, partly from `partial` on; F1 is twice the number of
    words in common over the number of words in both. No word stands twice (see `words`)."""
    return all_overlapping([gold], [predicted], accept=accept, partial=partial)[0]


def all_overlapping(
    golds: Sequence[Sequence[Hashable]],
    predicted: Sequence[Sequence[Hashable]],
    *,
    accept: float,
    partial: float,
) -> list[Grade]:
    """The grade of each pair (see `overlapping`)."""
    # One text stands in many pairs: a set is made of it once. Told apart by identity, as to hash
    # its words again takes longer than to compare them.
    each = {id(words): words for words in chain(golds, predicted)}
    sets = {key: frozenset(words) for key, words in each.items()}
    found = []
    for gold, other in zip(golds, predicted, strict=True):
        f1 = 2 * len(sets[id(gold)] & sets[id(other)]) / (len(gold) + len(other))
        grade = Grade.PARTLY if f1 >= partial else Grade.NOT
        found.append(Grade.ACCEPTED if f1 >= accept else grade)
    return found


def similar(gold: str, predicted: str, *, accept: float, partial: float, **_other: Any) -> Grade:
    """Accepted from a similarity of `accept` on, partly from `partial` on. The similarity is
    1 - Levenshtein distance / length of the longer string."""
    return all_similar([gold], [predicted], accept=accept, partial=partial)[0]


def all_similar(
    golds: Sequence[str], predicted: Sequence[str], *, accept: float, partial: float, **_other: Any
) -> list[Grade]:
    """The grade of each pair (see `similar`)."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    similarities = cpdist(
        golds,
        predicted,
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=partial,  # below it, 0 is returned: bounded distances are quicker
        dtype=np.float64,
    )
    partly = Grade.PARTLY * (similarities >= partial)
    grades = np.where(similarities >= accept, Grade.ACCEPTED, partly)
    return [_GRADES[grade] for grade in grades.tolist()]


_GRADES = tuple(Grade)  # by number: looked up quicker than Grade(number)
