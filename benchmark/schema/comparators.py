"""Two values of one type -> accepted, partly accepted or not.

A comparator folds each value once (what "as compared" means) and says how far two folded values
agree. Most need no more than the folding: equal folded values are accepted, nothing else is.
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
    """How far a predicted value agrees with gold, in half credits."""

    NOT = 0
    PARTLY = 1
    ACCEPTED = 2


@dataclass(frozen=True)
class Comparator:
    """`fold(value)` is what gets compared; `grade(gold, predicted, **options)` grades two folded
    values that are not equal (None: they are not accepted).

    `kinds` are the leaf kinds it takes. `options` maps each option that `x-compare` may give to
    its default; `check(options)` returns what is wrong with them, or "", and
    `by_equality(options)` says that with these only equal folded values are accepted.
    `grades(golds, predictions, **options)` grades many pairs at once, where that is quicker; equal
    ones among them are accepted whatever it says.
    """

    fold: Callable[[Any], Hashable]
    kinds: tuple[str, ...]
    grade: Callable[..., Grade] | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    check: Callable[[Mapping[str, float]], str] = lambda _options: ""
    by_equality: Callable[[Mapping[str, float]], bool] = lambda _options: False
    grades: Callable[..., Sequence[Grade]] | None = None


def exact(value: Json) -> Hashable:
    """Equal and of the same JSON type: Python's True == 1 is kept apart, 1.0 is the integer 1."""
    return ("boolean", value) if isinstance(value, bool) else value


LONGEST = 10_000
"""Characters beyond which a string is compared as it stands: normalising takes quadratic time on
some, and no value that gold holds is as long."""


def text(value: str) -> str:
    """Unicode NFKC, casefold, white space squeezed."""
    if len(value) > LONGEST:
        return value
    if value.isascii():  # nothing to normalise
        folded = value.lower()
        squeezed = folded.isprintable() and "  " not in folded and folded.strip() == folded
        return folded if squeezed else " ".join(folded.split())
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def name(value: str) -> str:
    """As `text`, and without accents and apostrophes; a hyphen counts as a space.

    Combining marks of class 200 and above are accents; those below spell vowels in Indic, Hebrew
    or Thai script and stay (Unicode Standard, section 4.3). A name of nothing but such signs stays
    as `text` has it.
    """
    if len(value) > LONGEST:
        return value
    if value.isascii():
        bare = value.replace("'", "").replace("`", "").replace("-", " ")
        return text(bare) or text(value)
    decomposed = unicodedata.normalize("NFKD", text(value.translate(_NAME_SIGNS)))
    bare = "".join(c for c in decomposed if unicodedata.combining(c) < 200)
    return unicodedata.normalize("NFKC", " ".join(bare.split())) or text(value)


_NAME_SIGNS = {ord(c): "" for c in "'’‘‛ʼʻʿʾ`´′＇"} | {ord(c): " " for c in "-‐‑‒–—―−﹣－"}


def day(value: str) -> int:
    """The day's ordinal."""
    return date.fromisoformat(value).toordinal()


def within_days(gold: int, predicted: int, *, days: float) -> Grade:
    return Grade.PARTLY if abs(gold - predicted) <= days else Grade.NOT


def within_tolerance(
    gold: float,
    predicted: float,
    *,
    abs: float,  # noqa: A002 - the name that x-compare uses
    rel: float,
) -> Grade:
    """|gold - predicted| <= max(abs, rel * |gold|), in decimal, so that 1.1 is within 0.1 of 1."""
    if not abs and not rel:
        return Grade.NOT
    g, p = Decimal(str(gold)), Decimal(str(predicted))
    allowed = max(Decimal(str(abs)), Decimal(str(rel)) * g.copy_abs())
    return Grade.ACCEPTED if (g - p).copy_abs() <= allowed else Grade.NOT


def similar(gold: str, predicted: str, *, accept: float, partial: float) -> Grade:
    """1 - Levenshtein distance / length of the longer, against the two thresholds."""
    return all_similar([gold], [predicted], accept=accept, partial=partial)[0]


def all_similar(
    golds: Sequence[str], predicted: Sequence[str], *, accept: float, partial: float
) -> list[Grade]:
    """As similar, for each pair."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    if max(map(len, chain(golds, predicted)), default=0) > LONGEST:
        # What is too long to be compared gets a pair of strings that have nothing in common.
        pairs = list(zip(golds, predicted, strict=True))
        pairs = [pair if max(map(len, pair)) <= LONGEST else ("", " ") for pair in pairs]
        golds, predicted = zip(*pairs, strict=True)
    found = cpdist(
        golds,
        predicted,
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=partial,
        dtype=np.float64,
    )
    grades = np.where(found >= accept, Grade.ACCEPTED, Grade.PARTLY * (found >= partial))
    return [_GRADES[grade] for grade in grades.tolist()]


_GRADES = tuple(Grade)


def _not_negative(options: Mapping[str, float]) -> str:
    return "" if min(options.values()) >= 0 else "a tolerance is 0 or more"


def _zero(options: Mapping[str, float]) -> bool:
    """No tolerance at all."""
    return not any(options.values())


def _all_of_it(options: Mapping[str, float]) -> bool:
    """No difference is similar enough."""
    return options["partial"] == 1


def _thresholds(options: Mapping[str, float]) -> str:
    ordered = 0 < options["partial"] <= options["accept"] <= 1
    return "" if ordered else "thresholds go 0 < partial <= accept <= 1"


COMPARATORS: dict[str, Comparator] = {
    "exact": Comparator(exact, ("enum", "boolean", "integer", "number", "string", "date")),
    "number": Comparator(
        exact, ("number", "integer"), within_tolerance, {"abs": 0, "rel": 0}, _not_negative, _zero
    ),
    "text": Comparator(text, ("string",)),
    "name": Comparator(name, ("string",)),
    "date": Comparator(day, ("date",), within_days, {"days": 0}, _not_negative, _zero),
    "fuzzy": Comparator(
        text,
        ("string",),
        similar,
        {"accept": 1.0, "partial": 1.0},
        _thresholds,
        _all_of_it,
        all_similar,
    ),
}


def find(name: str) -> Comparator:
    """A comparator by name: ours, or one that an installed package registers."""
    if name in COMPARATORS:
        return COMPARATORS[name]
    registered = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in registered:
        raise UnknownNameError("comparator", name, [*COMPARATORS, *registered])
    try:
        found = registered[name].load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(f"comparator '{name}' ({registered[name].value}): {reason}") from error
    if not isinstance(found, Comparator):
        raise DataError(
            f"comparator '{name}' is no benchmark.Comparator but {type(found).__name__}"
        )
    return found
