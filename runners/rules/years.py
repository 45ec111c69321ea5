"""The year of a date that prints none (rule D3), and the lengths of months (D2)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN_OF_YEARS = 28
DATED = re.compile(
    r"\b(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day,?\s+\(?(?:the\s+)?"
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>[a-z]{3,9})"
    r"|(?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?)(?!\d)(?!,?\s+\d{4})", re.I)
FULL = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}|[a-z]{3,9}\s+\d{1,2}(?:st|nd|rd|th)?,?)"
    r"\s+(?P<year>20\d\d)\b", re.I)


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
        for found in DATED.finditer(plain):
            day = _fitting(found)
            if day is not None:
                return cls(None, day.year, day)
        printed = FULL.search(plain)
        return cls(None, int(printed["year"]) if printed else None)

    def day(self, day: int, month: str, year: str | None) -> date | None:
        """A stated day (D1); without a year the latest not after publication."""
        number = MONTHS.index(month[:3].lower()) + 1
        if year:
            return _safe(int(year), number, day)
        if self.published is None:
            return _safe(self.fixed, number, day) if self.fixed else None
        this = _safe(self.published.year, number, day)
        if this and this <= self.published:
            return this
        return _safe(self.published.year - 1, number, day)

    def weekday(self, name: str, last: bool) -> date | None:
        """The latest such day on or before publication (D1), else the one nearest the anchor."""
        wanted = WEEKDAYS.index(name[:3].lower())
        if self.published is None:
            if self.anchor is None:
                return None
            ahead = (wanted - self.anchor.weekday()) % 7
            return self.anchor + timedelta(days=ahead if ahead <= 3 else ahead - 7)
        back = (self.published.weekday() - wanted) % 7
        return self.published - timedelta(days=7 if last and back == 0 else back)

    def month(self, month: str, year: str | None, days: tuple[int, int]
              ) -> tuple[date | None, date | None]:
        """First and last day of a month or a part of it (D2)."""
        number = MONTHS.index(month[:3].lower()) + 1
        if year:
            chosen = int(year)
        elif self.published:
            chosen = self.published.year - (number > self.published.month)
        elif self.fixed:
            chosen = self.fixed
        else:
            return None, None
        length = monthrange(chosen, number)[1]
        return _safe(chosen, number, min(days[0], length)), _safe(
            chosen, number, min(days[1], length))


def _fitting(found: re.Match[str]) -> date | None:
    """The day in the latest year, not after the current one, in which the weekday fits the day."""
    month = (found["m1"] or found["m2"])[:3].lower()
    if month not in MONTHS:
        return None
    day, wanted = int(found["d1"] or found["d2"]), found["weekday"][:3].lower()
    today = date.today()
    for year in range(today.year, today.year - SPAN_OF_YEARS, -1):
        one = _safe(year, MONTHS.index(month) + 1, day)
        if one and one <= today and WEEKDAYS[one.weekday()] == wanted:
            return one
    return None


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
