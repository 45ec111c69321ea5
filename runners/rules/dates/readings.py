"""Readings of date expressions: days by the calendar, or shifts (rules D1 to D5)."""

import re
from collections.abc import Callable
from datetime import date, datetime

from dateutil.relativedelta import MO, SU, relativedelta

from runners.rules.dates.years import Years, weekday_before
from runners.rules.figures import parse_number
from runners.rules.model import DateExpression

# From a match and the years of the document to days or a shift; the caller fills in the span.
DateRule = Callable[[re.Match[str], Years], DateExpression | None]
NULL = DateExpression(0, 0)
UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
# First and last day of the parts of a month (D2); relativedelta cuts day 31 to the month's last.
PARTS = {
    "early": (1, 10),
    "start": (1, 10),
    "beginning": (1, 10),
    "mid": (11, 20),
    "middle": (11, 20),
    "late": (21, 31),
    "end": (21, 31),
}
# From the day of publication to the first day of its week (Monday), month or year (D4).
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
    """Build the expression of a period; a span of 0, 0 stands until the match has its tokens."""
    return DateExpression(0, 0, first, last)


def read_day(match: re.Match[str], years: Years) -> DateExpression:
    """Read a stated day (D1), with or without a year (D3)."""
    day = years.day(f"{match['day']} {match['month']}", match["year"])
    return _when(day, day)


def read_days(match: re.Match[str], years: Years) -> DateExpression:
    """Read a range of days (D1): in one month, or from the month before ("31 to 2 May")."""
    end = years.day(f"{match['day2']} {match['month']}", match["year"])
    if end is None:
        return NULL
    first, month_follows = int(match["day"]), match.start("month") > match.start("day")
    # In "31 to 2 May" the first day is of the month before; in "May 31 to 2" it has the month.
    month = end - relativedelta(months=1 if month_follows and first > end.day else 0)
    return _when(month.replace(day=first), end)


def numeric_date(form: str) -> DateRule:
    """Return the rule for dates in digits of this strptime format; what is no date is no match."""

    def read(match: re.Match[str], _: Years) -> DateExpression | None:
        try:
            day = datetime.strptime(match[0], form).date()
        except ValueError:
            return None
        return _when(day, day)

    return read


def read_month(match: re.Match[str], years: Years) -> DateExpression:
    """Read a month, or its early, mid or late part (D2)."""
    part = match.groupdict().get("part")
    bounds = PARTS[part.lower()] if part else (1, 31)
    return _when(*years.month(match["month"], match["year"], bounds))


def read_year(match: re.Match[str], _: Years) -> DateExpression:
    """Read a year: 1 January to 31 December (D2)."""
    first = date(int(match["year"]), 1, 1)
    return _when(first, first + relativedelta(month=12, day=31))


def read_weekday(match: re.Match[str], years: Years) -> DateExpression:
    """Read a weekday alone: the latest up to publication, or before it after "last" (D1)."""
    day = years.weekday(match["weekday"], (match["which"] or "").lower() == "last")
    return _when(day, day)


def read_weekdays(match: re.Match[str], years: Years) -> DateExpression:
    """Read two weekdays, such as a night between them (D1)."""
    last = years.weekday(match["weekday"], False)
    return _when(weekday_before(match["before"], last), last) if last else NULL


def _count(match: re.Match[str]) -> int | None:
    """Return the number before the unit; None for "several", "a few" or no number."""
    word = (match["count"] or "").lower()
    return 1 if word in ("a", "an") else parse_number(word)


def read_ago(match: re.Match[str], years: Years) -> DateExpression:
    """Read "N days ago", counted back from publication; "several" and months give no day (D5)."""
    count, length = _count(match), UNITS.get(match["unit"].lower())
    if years.published is None or count is None or length is None:
        return NULL
    day = years.published - relativedelta(days=count * length)
    return _when(day, day)


def read_shift(match: re.Match[str], _: Years) -> DateExpression:
    """Read "N days later" as that shift (D1), "days after" as a shift of one to seven days (D4)."""
    count, length = _count(match), UNITS.get(match["unit"].lower())
    if length is None or not (count or length == 1):
        return NULL
    near, far = (count * length, count * length) if count else (1, 7)
    word = match["way"].lower()
    shift = (near, far) if word in ("later", "before") else (-far, -near)
    return DateExpression(0, 0, shift=shift, pivot=word in ("after", "before"))


def fixed_shift(days: int) -> DateRule:
    """Return the rule for an expression that always shifts by so many days ("the next day")."""
    return lambda _match, _years: DateExpression(0, 0, shift=(days, days))


def read_yesterday(_: re.Match[str], years: Years) -> DateExpression:
    """Read "yesterday": the day before publication."""
    day = years.published - relativedelta(days=1) if years.published else None
    return _when(day, day)


def read_last(match: re.Match[str], years: Years) -> DateExpression:
    """Read the calendar week, weekend, month or year of publication, or the previous (D4)."""
    day, unit = years.published, match["unit"].lower()
    if day is None:
        return NULL
    if unit == "weekend":
        sunday = day + relativedelta(weekday=SU(-1))
        return _when(sunday - relativedelta(days=1), sunday)
    first = day + STARTS[unit]
    # "This week" and "in the week" end on the day of publication.
    if match["which"].lower() in ("last", "previous"):
        return _when(first - LENGTHS[unit], first - relativedelta(days=1))
    return _when(first, day)


def read_since(match: re.Match[str], years: Years) -> DateExpression:
    """Read an open period: a first day without a last (the "since" rule of tallies)."""
    month, year = match["month"], match["year"]
    if not month:
        first: date | None = date(int(year), 1, 1)
    elif match["day"]:
        first = years.day(f"{match['day']} {month}", year)
    else:
        first, _ = years.month(month, year, (1, 31))
    return DateExpression(0, 0, first, None, since=True)
