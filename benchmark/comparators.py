"""Two values of one type -> accepted, partly accepted or not.

A comparator folds each value once (what "as compared" means) and says how far two folded values
agree. Most need no more than the folding: equal folded values are accepted, nothing else is.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from benchmark.aliases import Aliases
from benchmark.errors import DataError, SchemaError, UnknownNameError
from benchmark.schema import Json, Leaf

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
    its default; `check(options)` returns what is wrong with them, or "".
    """

    fold: Callable[[Any], Hashable]
    kinds: tuple[str, ...]
    grade: Callable[..., Grade] | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    check: Callable[[Mapping[str, float]], str] = lambda _options: ""


def exact(value: Json) -> Hashable:
    """Equal and of the same JSON type: Python's True == 1 is kept apart, 1.0 is the integer 1."""
    return ("boolean", value) if isinstance(value, bool) else value


def text(value: str) -> str:
    """Unicode NFKC, casefold, white space squeezed."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def name(value: str) -> str:
    """As `text`, with diacritics and apostrophes dropped and hyphens as spaces.

    Combining marks of class 200 and above are accents; those below spell vowels in Indic, Hebrew
    or Thai script and stay (Unicode Standard, section 4.3). A name of nothing but such signs stays
    as `text` has it.
    """
    decomposed = unicodedata.normalize("NFKD", text(value))
    bare = "".join(c for c in decomposed if unicodedata.combining(c) < 200)
    squeezed = " ".join(bare.translate(_NAME_SIGNS).split())
    return unicodedata.normalize("NFKC", squeezed) or text(value)


_NAME_SIGNS = {ord(c): "" for c in "'’‘‛ʼʻʿʾ`´′＇"} | {ord(c): " " for c in "-‐‑‒–—―−"}


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
    from rapidfuzz.distance import Levenshtein

    lowest = min(accept, partial)
    similarity = Levenshtein.normalized_similarity(gold, predicted, score_cutoff=lowest)
    if similarity >= accept:
        return Grade.ACCEPTED
    return Grade.PARTLY if similarity >= partial else Grade.NOT


def _not_negative(options: Mapping[str, float]) -> str:
    return "" if min(options.values()) >= 0 else "a tolerance is 0 or more"


def _thresholds(options: Mapping[str, float]) -> str:
    ordered = 0 < options["partial"] <= options["accept"] <= 1
    return "" if ordered else "thresholds go 0 < partial <= accept <= 1"


COMPARATORS: dict[str, Comparator] = {
    "exact": Comparator(exact, ("enum", "boolean", "integer", "number", "string", "date")),
    "number": Comparator(
        exact, ("number", "integer"), within_tolerance, {"abs": 0, "rel": 0}, _not_negative
    ),
    "text": Comparator(text, ("string", "enum")),
    "name": Comparator(name, ("string", "enum")),
    "date": Comparator(day, ("date",), within_days, {"days": 0}, _not_negative),
    "fuzzy": Comparator(text, ("string",), similar, {"accept": 1.0, "partial": 1.0}, _thresholds),
}

DEFAULTS = {
    "enum": "exact",
    "boolean": "exact",
    "integer": "exact",
    "number": "number",
    "string": "text",
    "date": "date",
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
        raise DataError(f"comparator '{name}' ({registered[name].value}): {error}") from error
    if not isinstance(found, Comparator):
        raise DataError(
            f"comparator '{name}' is no benchmark.Comparator but {type(found).__name__}"
        )
    return found


@dataclass(frozen=True)
class Bound:
    """A leaf's comparator with its options and aliases: what values of one field go through."""

    leaf: Leaf
    name: str
    comparator: Comparator
    options: Mapping[str, float]
    groups: Mapping[Hashable, Hashable]

    def is_valid(self, value: Json) -> bool:
        """Whether a value (not null) is of the leaf's JSON type. Nothing is coerced."""
        if self.leaf.kind == "enum":
            folded = exact(value) if isinstance(value, (str, int, float)) else None
            return folded is not None and folded in map(exact, self.leaf.values)
        return _CHECKS[self.leaf.kind](value)

    def fold(self, value: Json) -> Hashable:
        """A valid value as compared; a name of the alias list as its line's first name."""
        try:
            folded = self.comparator.fold(value)
            return self.groups.get(folded, folded)
        except Exception as error:
            raise self._broken(error, value) from error

    def grade(self, gold: Hashable, predicted: Hashable) -> Grade:
        """How far two folded values agree."""
        if gold == predicted:
            return Grade.ACCEPTED
        if self.comparator.grade is None:
            return Grade.NOT
        try:
            return Grade(self.comparator.grade(gold, predicted, **self.options))
        except Exception as error:
            raise self._broken(error, gold, predicted) from error

    def _broken(self, error: Exception, *values: Any) -> DataError:
        on = " and ".join(f"{value!r:.80}" for value in values)
        return DataError(f"comparator '{self.name}' broke on {on}: {type(error).__name__}: {error}")


def bind(path: str, leaf: Leaf, aliases: Aliases) -> Bound:
    """The comparator of a field, or SchemaError for one that does not fit its type or options."""
    name = leaf.by or DEFAULTS[leaf.kind]
    try:
        comparator = find(name)
    except UnknownNameError as error:
        raise SchemaError(path, str(error)) from None
    if leaf.kind not in comparator.kinds:
        raise SchemaError(
            path, f"'{name}' compares {', '.join(comparator.kinds)}; this field is {leaf.kind}"
        )
    options = {**comparator.options, **leaf.options}
    if "accept" in leaf.options and "partial" not in leaf.options:
        options["partial"] = options["accept"]
    if unknown := sorted(set(options) - set(comparator.options)):
        raise SchemaError(path, f"x-compare: '{name}' has no option {', '.join(unknown)}")
    for option, value in options.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            raise SchemaError(path, f"x-compare: `{option}` is a number")
    if wrong := comparator.check(options):
        raise SchemaError(path, f"x-compare: {wrong}")
    return Bound(leaf, name, comparator, options, _groups(aliases) if name == "name" else {})


@cache
def _groups(aliases: Aliases) -> Mapping[Hashable, Hashable]:
    """Folded name -> the folded first name of its line; a name in two lines is an error."""
    groups: dict[Hashable, Hashable] = {}
    lines: dict[str, tuple[str, ...]] = {}
    for line in aliases:
        for alias in line:
            if lines.setdefault(name(alias), line) is not line:
                raise DataError(
                    f"alias list: '{alias}' stands in the lines of '{lines[name(alias)][0]}' and "
                    f"of '{line[0]}'; keep it in one"
                )
            groups[name(alias)] = name(line[0])
    return groups


def _is_string(value: Json) -> bool:
    return isinstance(value, str)


def _is_boolean(value: Json) -> bool:
    return isinstance(value, bool)


def _is_number(value: Json) -> bool:
    """A finite JSON number; NaN, infinity and integers past the range of a double are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _is_integer(value: Json) -> bool:
    return _is_number(value) and float(value).is_integer()


def _is_date(value: Json) -> bool:
    """A full-date of RFC 3339, a day that exists."""
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[Json], bool]] = {
    "string": _is_string,
    "boolean": _is_boolean,
    "number": _is_number,
    "integer": _is_integer,
    "date": _is_date,
}
