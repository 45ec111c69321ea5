"""Comparators: two values of one type -> accepted, partly accepted or not.

A comparator folds each value once, to the form in which values are compared, and grades pairs of
folded values. Most do no more than fold: equal folded values are accepted, others are not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from importlib.metadata import entry_points
from itertools import chain
from typing import Any

from benchmark.errors import DataError, UnknownNameError
from benchmark.schema.fields import Json

ENTRY_POINTS = "fieldmark.comparators"


class Grade(IntEnum):
    """How far a predicted value agrees with gold; the number is its credit in halves."""

    NOT = 0
    PARTLY = 1
    ACCEPTED = 2


@dataclass(frozen=True)
class Comparator:
    """How the values of a field are compared.

    fold: value -> the form in which it is compared; equal folded values are accepted.
    kinds: the kinds of leaves that it takes.
    grade: (gold, predicted, **options) -> the Grade of two folded values that are not equal;
        without it they are not accepted.
    options: each option that `x-compare` may give -> its default.
    check: options -> what is wrong with them, or "".
    by_equality: options -> whether with these only equal folded values are accepted.
    grades: (golds, predictions, **options) -> the Grade of each pair, where many at once are
        quicker; of pairs that are equal, the Grade is not used.
    """

    fold: Callable[[Any], Hashable]
    kinds: tuple[str, ...]
    grade: Callable[..., Grade] | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    check: Callable[[Mapping[str, float]], str] = lambda _options: ""
    by_equality: Callable[[Mapping[str, float]], bool] = lambda _options: False
    grades: Callable[..., Sequence[Grade]] | None = None


def exact(value: Json) -> Hashable:
    """Fold to the JSON value: True is not 1, as it is in Python, and 1.0 is the integer 1."""
    return ("boolean", value) if isinstance(value, bool) else value


LONGEST = 10_000
"""Characters beyond which a string is compared without folding: normalisation takes quadratic time
on some strings, and no value of gold is as long."""


def text(value: str) -> str:
    """Fold by Unicode NFKC and casefold, white space squeezed.

    Casefolding can undo the normalisation, which is therefore repeated (as in compatibility
    caseless matching: Unicode Standard, section 3.13, D146).
    """
    if len(value) > LONGEST:
        return value
    if value.isascii():  # NFKC changes nothing, and lower() is casefold()
        folded = value.lower()
        squeezed = folded.isprintable() and "  " not in folded and folded.strip() == folded
        return folded if squeezed else " ".join(folded.split())
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def name(value: str) -> str:
    """Fold as `text` does, without accents and apostrophes; a hyphen counts as a space.

    Combining marks of class 200 and above are accents; those below spell vowels in Indic, Hebrew
    or Thai script and stay (Unicode Standard, section 4.3). A name of nothing but such signs is
    folded as `text` does.
    """
    if len(value) > LONGEST:
        return value
    if value.isascii():  # no accents to strip
        bare = value.replace("'", "").replace("`", "").replace("-", " ")
        return text(bare) or text(value)
    decomposed = unicodedata.normalize("NFKD", text(value.translate(_NAME_SIGNS)))
    bare = "".join(c for c in decomposed if unicodedata.combining(c) < 200)
    return unicodedata.normalize("NFKC", " ".join(bare.split())) or text(value)


_NAME_SIGNS = {ord(c): "" for c in "'’‘‛ʼʻʿʾ`´′＇"} | {ord(c): " " for c in "-‐‑‒–—―−﹣－"}


def canonical_json(value: Json) -> Hashable:
    """Objects without order, lists with it, numbers by value; true is not 1."""
    if isinstance(value, dict):
        return ("object", frozenset((name, canonical_json(v)) for name, v in value.items()))
    if isinstance(value, (list, tuple)):
        return ("array", tuple(map(canonical_json, value)))
    return exact(value)


def day(value: str) -> int:
    """Fold an ISO date to its proleptic Gregorian ordinal, so that differences are in days."""
    return date.fromisoformat(value).toordinal()


def within_days(gold: int, predicted: int, *, days: float) -> Grade:
    """Partly accepted within a number of days."""
    return Grade.PARTLY if abs(gold - predicted) <= days else Grade.NOT


def within_tolerance(
    gold: float,
    predicted: float,
    *,
    abs: float,  # noqa: A002 - the name that x-compare uses
    rel: float,
) -> Grade:
    """Accepted if |gold - predicted| <= max(abs, rel * |gold|).

    In decimal, as the numbers are written: 1.1 is within 0.1 of 1, which in binary it is not.
    """
    if not abs and not rel:
        return Grade.NOT
    # By way of str, which gives the shortest decimal that reads as the same double.
    g, p = Decimal(str(gold)), Decimal(str(predicted))
    allowed = max(Decimal(str(abs)), Decimal(str(rel)) * g.copy_abs())
    return Grade.ACCEPTED if (g - p).copy_abs() <= allowed else Grade.NOT


def similar(gold: str, predicted: str, *, accept: float, partial: float) -> Grade:
    """Accepted from a similarity of `accept` on, partly from `partial` on. The similarity is
    1 - Levenshtein distance / length of the longer string."""
    return all_similar([gold], [predicted], accept=accept, partial=partial)[0]


def all_similar(
    golds: Sequence[str], predicted: Sequence[str], *, accept: float, partial: float
) -> list[Grade]:
    """The grade of each pair (see `similar`)."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    if max(map(len, chain(golds, predicted)), default=0) > LONGEST:
        # Instead of strings too long to be compared, two that have nothing in common.
        pairs = list(zip(golds, predicted, strict=True))
        pairs = [pair if max(map(len, pair)) <= LONGEST else ("", " ") for pair in pairs]
        golds, predicted = zip(*pairs, strict=True)
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


def _not_negative(options: Mapping[str, float]) -> str:
    return "" if min(options.values()) >= 0 else "a tolerance is 0 or more"


def _no_tolerance(options: Mapping[str, float]) -> bool:
    return not any(options.values())


def _only_identical(options: Mapping[str, float]) -> bool:
    return options["partial"] == 1  # a similarity of 1 is that of equal strings


def _ordered_thresholds(options: Mapping[str, float]) -> str:
    ordered = 0 < options["partial"] <= options["accept"] <= 1
    return "" if ordered else "thresholds go 0 < partial <= accept <= 1"


COMPARATORS: dict[str, Comparator] = {
    "exact": Comparator(exact, ("enum", "boolean", "integer", "number", "string", "date")),
    "number": Comparator(
        fold=exact,
        kinds=("number", "integer"),
        grade=within_tolerance,
        options={"abs": 0, "rel": 0},
        check=_not_negative,
        by_equality=_no_tolerance,
    ),
    "text": Comparator(text, ("string",)),
    "json": Comparator(canonical_json, ("json",)),
    "name": Comparator(name, ("string",)),
    "date": Comparator(
        fold=day,
        kinds=("date",),
        grade=within_days,
        options={"days": 0},
        check=_not_negative,
        by_equality=_no_tolerance,
    ),
    "fuzzy": Comparator(
        fold=text,
        kinds=("string",),
        grade=similar,
        options={"accept": 1.0, "partial": 1.0},
        check=_ordered_thresholds,
        by_equality=_only_identical,
        grades=all_similar,
    ),
}


def find(name: str) -> Comparator:
    """A comparator by name: ours, or one that an installed package registers as an entry point.

    Raises UnknownNameError for another name, DataError for a plugin that does not load.
    """
    if name in COMPARATORS:  # a plugin cannot change what the name of one of ours means
        return COMPARATORS[name]
    registered = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in registered:
        raise UnknownNameError("comparator", name, [*COMPARATORS, *registered])
    try:
        comparator = registered[name].load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(f"comparator '{name}' ({registered[name].value}): {reason}") from error
    if not isinstance(comparator, Comparator):
        raise DataError(
            f"comparator '{name}' is no benchmark.Comparator but {type(comparator).__name__}"
        )
    return comparator
