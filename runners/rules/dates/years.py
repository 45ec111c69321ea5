"""Stated days, weekdays and months of a document, and the year of those that print none (D1-D3)."""

import re
from dataclasses import dataclass
from datetime import date

from dateutil.parser import parse, parserinfo
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

NAMES = parserinfo()
DAYS = (MO, TU, WE, TH, FR, SA, SU)
LEAP, SPAN_OF_YEARS = 2000, 28
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|"
    r"aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
JOIN = r"\s*(?:to|and|until|through|-)\s*(?:the\s+)?"
IN_YEAR = r",?\s+(?P<year>20\d\d)"
DATED = re.compile(
    rf"\b(?P<weekday>{WEEKDAY}),?\s+\(?(?:the\s+)?"
    rf"(?P<day>{NTH}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{NTH})(?:{IN_YEAR})?(?!\w|,?\s+\d{{4}})",
    re.IGNORECASE,
)
FULL = re.compile(
    rf"\b(?:{NTH}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{NTH}(?:{JOIN}{NTH})?){IN_YEAR}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Years:
    """Publication, and without it the year that the text fixes."""

    published: date | None
    fixed: int | None
    anchor: date | None = None

    @classmethod
    def of(cls, plain: str, published: date | None) -> "Years":
        """The years of a text: by publication, a printed weekday, or a full date (D3)."""
        if published is not None:
            return cls(published, None)
        until = date(date.today().year, 12, 31)
        for found in DATED.finditer(plain):
            day = _fitting(found, until)
            if day is not None:
                return cls(None, day.year, day)
        printed = FULL.search(plain)
        return cls(None, int(printed["year"]) if printed else None)

    def day(self, printed: str, year: str | None) -> date | None:
        """A stated day (D1); without a year the latest not after publication (D3)."""
        day = _parsed(printed, year)
        if day is None or year:
            return day
        if self.published:
            return _latest(day, self.published)
        return _in_year(day, self.fixed) if self.fixed else None

    def weekday(self, name: str, last: bool) -> date | None:
        """The latest such day on or before publication (D1), else the one nearest the anchor."""
        if self.published:
            return weekday_before(name, self.published - relativedelta(days=1 if last else 0))
        return weekday_before(name, self.anchor + relativedelta(days=3)) if self.anchor else None

    def month(
        self, name: str, year: str | None, days: tuple[int, int]
    ) -> tuple[date | None, date | None]:
        """First and last day of a month or a part of it (D2)."""
        number = NAMES.month(name.rstrip("."))
        if number is None:
            return None, None
        chosen = int(year) if year else self.fixed
        if self.published and not year:
            chosen = self.published.year - (number > self.published.month)
        if chosen is None:
            return None, None
        first = date(chosen, number, 1)
        return first + relativedelta(day=days[0]), first + relativedelta(day=days[1])


def weekday_before(name: str, day: date) -> date | None:
    """The latest day of this weekday up to and including the given one."""
    index = NAMES.weekday(name)
    return None if index is None else day + relativedelta(weekday=DAYS[index](-1))


def _parsed(printed: str, year: str | None) -> date | None:
    """A printed day such as "3rd of March", without a year in a leap year."""
    try:
        return parse(f"{printed} {year or LEAP}").date()
    except (ValueError, OverflowError):
        return None


def _in_year(day: date, year: int) -> date | None:
    """The same day of another year, if that has it."""
    moved = day + relativedelta(year=year)
    return moved if moved.day == day.day else None


def _latest(day: date, until: date, weekday: int | None = None) -> date | None:
    """The latest such day up to a limit, on this weekday if one is given (D3)."""
    for year in range(until.year, max(until.year - SPAN_OF_YEARS, 0), -1):
        one = _in_year(day, year)
        if one and one <= until and weekday in (None, one.weekday()):
            return one
    return None


def _fitting(found: re.Match[str], until: date) -> date | None:
    """The day that a weekday is printed with, in its own year or the latest that fits (D3)."""
    day, weekday = _parsed(found["day"], found["year"]), NAMES.weekday(found["weekday"])
    if day is None or weekday is None:
        return None
    if found["year"]:
        return day if day.weekday() == weekday else None
    return _latest(day, until, weekday)
