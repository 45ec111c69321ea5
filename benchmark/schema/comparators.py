"""Comparators: two values of one type -> accepted, partly accepted or not.

A comparator folds each value once, to the form in which values are compared, and grades pairs of
folded values. Most do no more than fold: equal folded values are accepted, others are not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points
from typing import Any

from benchmark.errors import DataError, UnknownNameError
from benchmark.schema.comparing import grades, texts, values
from benchmark.schema.comparing.grades import Grade

ENTRY_POINTS = "fieldmark.comparators"

Option = float | str | Sequence[str]
"""What `x-compare` gives a comparator: a number, a string or a list of strings."""
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Comparator:
    """How the values of a field are compared.

    fold: value -> the form in which it is compared; equal folded values are accepted.
    kinds: the kinds of leaves that it takes.
    grade: (gold, predicted, **options) -> the Grade of two folded values that are not equal;
        without it they are not accepted.
    options: each option that `x-compare` may give -> its default, which has its type: a number, a
        string or a tuple of strings.
    check: options -> what is wrong with them, or "".
    by_equality: options -> whether with these only equal folded values are accepted.
    grades: (golds, predictions, **options) -> the Grade of each pair, where many at once are
        quicker; of pairs that are equal, the Grade is not used.
    is_valid: whether a value is one of the field's, where those of its kind are not meant.
    adapt: (kind, options) -> the parts that are others for such a field, by name.
    """

    fold: Callable[[Any], Hashable]
    kinds: tuple[str, ...]
    grade: Callable[..., Grade] | None = None
    options: Mapping[str, Option] = field(default_factory=dict)
    check: Callable[[Options], str] = lambda _options: ""
    by_equality: Callable[[Options], bool] = lambda _options: False
    grades: Callable[..., Sequence[Grade]] | None = None
    is_valid: Callable[[Any], bool] | None = None
    adapt: Callable[[str, Options], Mapping[str, Any]] = lambda _kind, _options: {}


def _not_negative(options: Options) -> str:
    tolerances = [value for value in options.values() if isinstance(value, (int, float))]
    return "" if min(tolerances) >= 0 else "a tolerance is 0 or more"


def _no_tolerance(options: Options) -> bool:
    return not any(value for value in options.values() if isinstance(value, (int, float)))


def _only_identical(options: Options) -> bool:
    return bool(options["partial"] == 1)  # a similarity of 1 is that of equal strings


def _ordered_thresholds(options: Options) -> str:
    ordered = 0 < options["partial"] <= options["accept"] <= 1
    return "" if ordered else "thresholds go 0 < partial <= accept <= 1"


def _known_folds(options: Options) -> str:
    return "" if set(options["fold"]) <= {"punctuation"} else '`fold` is ["punctuation"]'


def _fuzzy_options(options: Options) -> str:
    return _known_folds(options) or _ordered_thresholds(options)


def _folding(
    plain: Callable[[str], str], letters: Callable[[str], str]
) -> Callable[[str, Options], Mapping[str, Any]]:
    """For `adapt`: fold to letters and digits alone where punctuation is to go."""
    return lambda _kind, options: {"fold": letters if options["fold"] else plain}


def _date_options(options: Options) -> str:
    for one in options["formats"]:
        try:
            datetime.strptime(datetime(2001, 2, 3).strftime(one), one)
        except ValueError as error:
            return f"`formats`: {one!r}: {error}"
        if not values.precision(one):
            return f"`formats`: {one!r} states no year"
    return _not_negative(options)


def _dates(kind: str, options: Options) -> Mapping[str, Any]:
    """For `adapt`: whole ISO dates are all there is only where the schema says so."""
    if kind == "date" and not options["formats"]:
        return {}
    fold = partial(values.day_or_less, formats=tuple(options["formats"]))
    parts = {"fold": fold, "by_equality": lambda _options: False}
    return parts if kind != "date" else {**parts, "is_valid": partial(_is_folded, fold)}


def _is_folded(fold: Callable[[str], Hashable], value: Any) -> bool:
    """Whether a value is a string that is read as more than a text."""
    return isinstance(value, str) and not isinstance(fold(value), str)


def _decimal_options(options: Options) -> str:
    thousands, point = options["thousands"], options["point"]
    signs = [point, thousands] if thousands else [point]
    if any(len(sign) != 1 or sign.isalnum() or sign in "+-" for sign in signs):
        return "`thousands` and `point` are a sign each"
    if thousands == point:
        return "`thousands` and `point` are two signs"
    return _not_negative(options)


def _decimals(_kind: str, options: Options) -> Mapping[str, Any]:
    signs = {name: options[name] for name in ("thousands", "point")}
    return {"fold": partial(values.decimal, **signs)}


COMPARATORS: dict[str, Comparator] = {
    "exact": Comparator(
        values.exact,
        ("enum", "boolean", "integer", "number", "string", "date", "date-time", "decimal"),
    ),
    "number": Comparator(
        fold=values.exact,
        kinds=("number", "integer"),
        grade=grades.within_tolerance,
        options={"abs": 0, "rel": 0},
        check=_not_negative,
        by_equality=_no_tolerance,
    ),
    "decimal": Comparator(
        fold=values.decimal,
        kinds=("decimal", "string", "number", "integer"),
        grade=grades.within_tolerance,
        options={"abs": 0, "rel": 0, "thousands": "", "point": "."},
        check=_decimal_options,
        by_equality=_no_tolerance,
        adapt=_decimals,
    ),
    "text": Comparator(
        fold=texts.text,
        kinds=("string",),
        options={"fold": ()},
        check=_known_folds,
        adapt=_folding(texts.text, texts.text_letters),
    ),
    "name": Comparator(
        fold=texts.name,
        kinds=("string",),
        options={"fold": ()},
        check=_known_folds,
        adapt=_folding(texts.name, texts.name_letters),
    ),
    "date": Comparator(
        fold=values.day,
        kinds=("date", "string"),
        grade=grades.within_days,
        options={"days": 0, "formats": ()},
        check=_date_options,
        by_equality=_no_tolerance,
        adapt=_dates,
    ),
    "instant": Comparator(
        fold=values.instant,
        kinds=("date-time", "string"),
        grade=grades.within_seconds,
        options={"seconds": 0},
        check=_not_negative,
        by_equality=_no_tolerance,
    ),
    "fuzzy": Comparator(
        fold=texts.text,
        kinds=("string",),
        grade=grades.similar,
        options={"accept": 1.0, "partial": 1.0, "fold": ()},
        check=_fuzzy_options,
        by_equality=_only_identical,
        grades=grades.all_similar,
        adapt=_folding(texts.text, texts.text_letters),
    ),
    "tokens": Comparator(
        fold=texts.words,
        kinds=("string",),
        grade=grades.overlapping,
        options={"accept": 1.0, "partial": 1.0},
        check=_ordered_thresholds,
        by_equality=_only_identical,
        grades=grades.all_overlapping,
    ),
    "json": Comparator(values.canonical, ("json",)),
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
