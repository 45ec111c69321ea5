"""Values that are no plain texts -> the form in which they are compared.

A string that cannot be read as what its comparator compares is folded as a text: it is the same as
itself, and never close to another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence
from datetime import date, datetime
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cache

from benchmark.schema.comparing.texts import normalized, text
from benchmark.schema.fields import Json

FAR = 2.0**64
"""From here on a double is not taken for the integer that it is in binary, but as it is written."""


def exact(value: Json) -> Hashable:
    """Fold to the JSON value: True is not 1, as it is in Python, and 1.0 is the integer 1."""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, float) and FAR <= abs(value) < math.inf:
        return int(as_written(value))  # 1e30 is 10^30, which in binary it is not
    scalar: Hashable = value
    return scalar


def as_written(number: Decimal | float) -> Decimal:
    """A number in decimal: of a double, the shortest that reads as the same double."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def canonical(value: Json) -> Hashable:
    """Fold any JSON value: objects without order, lists with it, numbers by value.

    Flat, as a value may be nested more deeply than Python calls: each object or list is followed
    by what it holds.
    """
    parts: list[Hashable] = []
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            names = sorted(part)
            parts.append(("object", *names))
            rest += [part[name] for name in reversed(names)]
        elif isinstance(part, (list, tuple)):
            parts.append(("list", len(part)))
            rest += reversed(part)
        else:
            parts.append(exact(part))
    return tuple(parts)


Day = int | tuple[int, ...]
"""A day by its proleptic Gregorian ordinal, so that differences are in days; a month as (year,
month), a year as (year,)."""


def day(value: str) -> int:
    """Fold an ISO date, a whole one."""
    return date.fromisoformat(value).toordinal()


def day_or_less(value: str, formats: Sequence[str] = ()) -> Day | str:
    """Fold an ISO date, or one in a format of strptime, that may lack its day, or month and day.

    What is lacking may also be 00, as in 1970-01-00.
    """
    written = " ".join(value.split())
    found = _iso_day(written)
    for one in formats:
        if found is not None:
            break
        found = _formatted_day(written, one)
    return text(value) if found is None else found


_ISO_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def _iso_day(written: str) -> Day | None:
    match = _ISO_DAY.fullmatch(written)
    if match is None:
        return None
    year, month, of_month = (int(part or 0) for part in match.groups())
    if not month:
        return (year,) if year and not of_month else None
    return _day(year, month, of_month)


def _day(year: int, month: int, of_month: int) -> Day | None:
    try:
        found = date(year, month, of_month or 1)
    except ValueError:  # not in the calendar
        return None
    return found.toordinal() if of_month else (year, month)


def _formatted_day(written: str, one: str) -> Day | None:
    try:
        found = datetime.strptime(written, one)
    except ValueError:
        return None
    told = precision(one)
    if told == "day":
        return found.toordinal()
    return (found.year, found.month) if told == "month" else (found.year,)


@cache
def precision(one: str) -> str:
    """What a format of strptime tells: the day, the month or the year; "" if not even that."""
    told = set(re.findall("%(.)", one.replace("%%", "")))
    if not told & set("cxyYG"):
        return ""
    if told & set("cxdj") or ("G" in told and told & set("auAw")):
        return "day"
    return "month" if told & set("mbB") else "year"


def decimal(value: str | float, thousands: str = "", point: str = ".") -> Decimal | str:
    """Fold a number, or a string that holds one, to its decimal value.

    thousands: what groups of digits are separated by ("1,078,000"). point: what comes before the
    fraction.
    """
    if not isinstance(value, str):
        return _plain(as_written(value))
    written = normalized("NFKC", value).strip().replace("\u2212", "-")
    match = _number(thousands, point).fullmatch(written)
    if match is None:
        return text(value)
    sign, whole, fraction, exponent = (part or "" for part in match.groups())
    if thousands:
        whole = whole.replace(thousands, "")
    return _plain(Decimal(f"{sign}{whole or 0}.{fraction or 0}e{exponent or 0}"))


@cache
def _number(thousands: str, point: str) -> re.Pattern[str]:
    t, p = re.escape(normalized("NFKC", thousands)), re.escape(point)
    # Groups of three, or of two and at last three, as in 12,34,567.
    grouped = rf"\d{{1,3}}(?:{t}\d{{2,3}})*{t}\d{{3}}|" if thousands else ""
    return re.compile(rf"([+-]?)(?=\d|{p}\d)({grouped}\d*)(?:{p}(\d*))?(?:[eE]([+-]?\d{{1,6}}))?")


_WHOLE = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


def _plain(number: Decimal) -> Decimal:
    """The same number without zeros at the end, and without a sign if it is 0."""
    return number.normalize(_WHOLE) if number else Decimal(0)


Instant = Decimal | tuple[str, Decimal]
"""Seconds since the year 1, of universal time, or ("local", ...) where no offset is stated."""

_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:[.,](\d+))?)?"
    r" ?(?:([Zz])|([+-])([01]\d|2[0-3]):?([0-5]\d))?",
    re.ASCII,
)


def instant(value: str) -> Instant | str:
    """Fold a date-time of RFC 3339 to the instant that it names, whatever its offset; the offset
    may be missing, and the seconds."""
    match = _INSTANT.fullmatch(value.strip())
    day_number = _iso_day(match[1]) if match else None
    if match is None or not isinstance(day_number, int):
        return text(value)
    _, hour, minute, second, fraction, universal, sign, hours, minutes = match.groups()
    local = ((day_number * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second or 0)
    exactly = Decimal(f"0.{fraction or 0}")
    if not universal and not sign:
        return "local", _plain(_WHOLE.add(local, exactly))
    offset = (int(hours or 0) * 60 + int(minutes or 0)) * 60
    return _plain(_WHOLE.add(local - offset if sign == "+" else local + offset, exactly))
