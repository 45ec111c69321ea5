"""Readings of date expressions: days by the calendar, or shifts (rules D1 to D5)."""

import re
from collections.abc import Callable
from datetime import date, datetime

from dateutil.relativedelta import MO, SU, relativedelta

from runners.rules.dates.years import Years, weekday_before
from runners.rules.figures import number
from runners.rules.model import DateExpression

Reader = Callable[[re.Match[str], Years], DateExpression | None]
NULL = DateExpression(0, 0)
UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
PARTS = {
    "early": (1, 10),
    "start": (1, 10),
    "beginning": (1, 10),
    "mid": (11, 20),
    "middle": (11, 20),
    "late": (21, 31),
    "end": (21, 31),
}
STARTS = {
    "week": relativedelta(weekday=MO(-1)),
    "month": relativedelta(day=1),
    "year": relativedelta(month=1, day=1),
}
LENGTHS = {
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


def _when(first: date | None, last: date | None) -> DateExpression:
    return DateExpression(0, 0, first, last)


def day(found: re.Match[str], years: Years) -> DateExpression:
    day = years.day(f"{found['day']} {found['month']}", found["year"])
    return _when(day, day)


def days(found: re.Match[str], years: Years) -> DateExpression:
    """Two days of one month, or of it and the month before ("31 to 2 May"): a range (D1)."""
    end = years.day(f"{found['day2']} {found['month']}", found["year"])
    if end is None:
        return NULL
    first, turns = int(found["day"]), found.start("month") > found.start("day")
    month = end - relativedelta(months=1 if turns and first > end.day else 0)
    return _when(month.replace(day=first), end)


def numeric(form: str) -> Reader:
    def read(found: re.Match[str], _: Years) -> DateExpression | None:
        try:
            day = datetime.strptime(found[0], form).date()
        except ValueError:
            return None
        return _when(day, day)

    return read


def month(found: re.Match[str], years: Years) -> DateExpression:
    part = found.groupdict().get("part")
    bounds = PARTS[part.lower()] if part else (1, 31)
    return _when(*years.month(found["month"], found["year"], bounds))


def year(found: re.Match[str], _: Years) -> DateExpression:
    first = date(int(found["year"]), 1, 1)
    return _when(first, first + relativedelta(month=12, day=31))


def weekday(found: re.Match[str], years: Years) -> DateExpression:
    day = years.weekday(found["weekday"], (found["which"] or "").lower() == "last")
    return _when(day, day)


def weekdays(found: re.Match[str], years: Years) -> DateExpression:
    """From one weekday to another, as in a night between two days."""
    last = years.weekday(found["weekday"], False)
    return _when(weekday_before(found["before"], last), last) if last else NULL


def _count(found: re.Match[str]) -> int | None:
    word = (found["count"] or "").lower()
    return 1 if word in ("a", "an") else number(word)


def ago(found: re.Match[str], years: Years) -> DateExpression:
    count, length = _count(found), UNITS.get(found["unit"].lower())
    if years.published is None or count is None or length is None:
        return NULL
    day = years.published - relativedelta(days=count * length)
    return _when(day, day)


def shift(found: re.Match[str], _: Years) -> DateExpression:
    """N days before or after the date told before (D1, D4); "days later" is up to seven."""
    count, length = _count(found), UNITS.get(found["unit"].lower())
    if length is None or not (count or length == 1):
        return NULL
    near, far = (count * length, count * length) if count else (1, 7)
    word = found["way"].lower()
    shift = (near, far) if word in ("later", "before") else (-far, -near)
    return DateExpression(0, 0, shift=shift, pivot=word in ("after", "before"))


def fixed(days: int) -> Reader:
    return lambda _found, _years: DateExpression(0, 0, shift=(days, days))


def yesterday(_: re.Match[str], years: Years) -> DateExpression:
    day = years.published - relativedelta(days=1) if years.published else None
    return _when(day, day)


def last(found: re.Match[str], years: Years) -> DateExpression:
    """The calendar week, weekend, month or year before that of publication (D4)."""
    day, unit = years.published, found["unit"].lower()
    if day is None:
        return NULL
    if unit == "weekend":
        sunday = day + relativedelta(weekday=SU(-1))
        return _when(sunday - relativedelta(days=1), sunday)
    first = day + STARTS[unit]
    if found["which"].lower() in ("last", "previous"):
        return _when(first - LENGTHS[unit], first - relativedelta(days=1))
    return _when(first, day)


def since(found: re.Match[str], years: Years) -> DateExpression:
    """An open period: its first day, and null."""
    month, year = found["month"], found["year"]
    if not month:
        first: date | None = date(int(year), 1, 1)
    elif found["day"]:
        first = years.day(f"{found['day']} {month}", year)
    else:
        first, _ = years.month(month, year, (1, 31))
    return DateExpression(0, 0, first, None, since=True)
