"""Stated days, weekdays and months, and the year of those printed without one (rules D1-D3)."""

import re
from dataclasses import dataclass
from datetime import date

from dateutil.parser import parse, parserinfo
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

NAMES = parserinfo()
DAYS = (MO, TU, WE, TH, FR, SA, SU)
# 29 February parses in a leap year only. The calendar repeats after 28 years (save around 1900 and
# 2100), so that a date and weekday that fit none of 28 years fit no year.
LEAP, SPAN_OF_YEARS = 2000, 28
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|"
    r"aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
JOIN = r"\s*(?:to|and|until|through|-)\s*(?:the\s+)?"
IN_YEAR = r",?\s+(?P<year>20\d\d)"
# A day with its weekday ("Sunday 29 February"), and a day with its year: both fix the year (D3).
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
    """What years of a document follow from: its publication, or the year that the text fixes (D3).

    `anchor` is the day printed with a weekday that fixed the year.
    """

    published: date | None
    fixed: int | None
    anchor: date | None = None

    @classmethod
    def of(cls, plain: str, published: date | None) -> "Years":
        """Determine the year of a text by publication, a printed weekday, or a full date (D3)."""
        if published is not None:
            return cls(published, None)
        # The end of this year, not today: the answer must not change from day to day.
        until = date(date.today().year, 12, 31)
        for match in DATED.finditer(plain):
            day = _fitting(match, until)
            if day is not None:
                return cls(None, day.year, day)
        printed = FULL.search(plain)
        return cls(None, int(printed["year"]) if printed else None)

    def day(self, printed: str, year: str | None) -> date | None:
        """Return a stated day (D1); without a year, the latest not after publication (D3)."""
        day = _parsed(printed, year)
        if day is None or year:
            return day
        if self.published:
            return _latest(day, self.published)
        return _in_year(day, self.fixed) if self.fixed else None

    def weekday(self, name: str, last: bool) -> date | None:
        """Return the latest such weekday up to publication (D1), else that nearest the anchor.

        `last` ("last Friday") excludes the day of publication itself.
        """
        if self.published:
            # A weekday alone may be the day of publication itself.
            return weekday_before(name, self.published - relativedelta(days=1 if last else 0))
        # The seven days around the anchor: three before it to three after.
        return weekday_before(name, self.anchor + relativedelta(days=3)) if self.anchor else None

    def month(
        self, name: str, year: str | None, days: tuple[int, int]
    ) -> tuple[date | None, date | None]:
        """Return the days of a month, from and to `days` of it (D2); 31 is the last day."""
        number = NAMES.month(name.rstrip("."))
        if number is None:
            return None, None
        in_year = int(year) if year else self.fixed
        if self.published and not year:
            # A month later in the year than publication is last year's.
            in_year = self.published.year - (number > self.published.month)
        if in_year is None:
            return None, None
        first = date(in_year, number, 1)
        return first + relativedelta(day=days[0]), first + relativedelta(day=days[1])


def weekday_before(name: str, day: date) -> date | None:
    """Return the latest day with this weekday up to and including `day`."""
    index = NAMES.weekday(name)
    return None if index is None else day + relativedelta(weekday=DAYS[index](-1))


def _parsed(printed: str, year: str | None) -> date | None:
    """Parse a printed day such as "3rd of March"; without a year, in a leap year."""
    try:
        return parse(f"{printed} {year or LEAP}").date()
    except (ValueError, OverflowError):
        return None


def _in_year(day: date, year: int) -> date | None:
    """Return the same day of another year; None for 29 February of a common year."""
    moved = day + relativedelta(year=year)
    return moved if moved.day == day.day else None


def _latest(day: date, until: date, weekday: int | None = None) -> date | None:
    """Return the latest such day up to a limit, on a weekday (0 is Monday) if one is given (D3)."""
    for year in range(until.year, max(until.year - SPAN_OF_YEARS, 0), -1):
        candidate = _in_year(day, year)
        if candidate and candidate <= until and weekday in (None, candidate.weekday()):
            return candidate
    return None


def _fitting(match: re.Match[str], until: date) -> date | None:
    """Return the day printed with a weekday, in its printed year or the latest that fits (D3)."""
    day, weekday = _parsed(match["day"], match["year"]), NAMES.weekday(match["weekday"])
    if day is None or weekday is None:
        return None
    if match["year"]:
        return day if day.weekday() == weekday else None
    return _latest(day, until, weekday)
