"""Date expressions as days or shifts (rules D1 to D5)."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from .figures import number
from .model import Layer, When
from .pipeline import Document
from .years import WEEKDAYS, Years

MONTH = (r"(?P<month>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|"
         r"aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)")
WEEKDAY = r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?(?!\d)"
TH = r"(?:st|nd|rd|th)?"
DAY = rf"(?P<day>[0-3]?\d){TH}(?!\d)"
DAY2 = rf"(?P<day2>[0-3]?\d){TH}(?!\d)"
JOIN = r"\s*(?:to|and|until|through|-)\s*(?:the\s+)?"
HEAD = rf"(?:{WEEKDAY},?\s+\(?(?:the\s+)?)?"
COUNT = (r"(?P<count>an?|\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
         r"|several|a few)")
UNIT = r"(?P<unit>days?|weeks?|months?|years?|hours?)"
UNITS = {"day": 1, "week": 7}
PARTS = {"early": (1, 10), "start": (1, 10), "beginning": (1, 10), "mid": (11, 20),
         "middle": (11, 20), "late": (21, 31), "end": (21, 31)}
Reader = Callable[[re.Match[str], Years], When | None]


def find_dates(document: Document, years: Years) -> Layer[When]:
    """Every date expression of the document."""
    return Layer.of(_finds(document, years))


def _finds(document: Document, years: Years) -> Iterator[When]:
    for pattern, read in PATTERNS:
        for found in pattern.finditer(document.plain):
            when = read(found, years)
            if when is not None:
                span = document.token_span(found.start(), found.end())
                yield When(span.start, span.end, when.first, when.last, when.shift,
                           when.since, when.pivot)


def _when(first: date | None, last: date | None) -> When:
    return When(0, 0, first, last)


def _day(found: re.Match[str], years: Years) -> When | None:
    day = years.day(int(found["day"]), found["month"], found["year"])
    return _when(day, day)


def _days(found: re.Match[str], years: Years) -> When | None:
    """Two days of one month: a range (D1)."""
    last = years.day(int(found["day2"]), found["month"], found["year"])
    try:
        first = last.replace(day=int(found["day"])) if last else None
    except ValueError:
        return None
    return _when(first, last)


def _iso(found: re.Match[str], _: Years) -> When | None:
    try:
        day = date(int(found["year"]), int(found["m"]), int(found["day"]))
    except ValueError:
        return None
    return _when(day, day)


def _month(found: re.Match[str], years: Years) -> When | None:
    part = found.groupdict().get("part")
    bounds = PARTS[part.lower()] if part else (1, 31)
    return _when(*years.month(found["month"], found["year"], bounds))


def _year(found: re.Match[str], _: Years) -> When | None:
    year = int(found["year"])
    return _when(date(year, 1, 1), date(year, 12, 31))


def _weekday(found: re.Match[str], years: Years) -> When | None:
    day = years.weekday(found["weekday"], (found["which"] or "").lower() == "last")
    return _when(day, day)


def _weekdays(found: re.Match[str], years: Years) -> When | None:
    """From one weekday to another, as in a night between two days."""
    last = _weekday(found, years)
    if last is None or last.last is None:
        return _when(None, None)
    wanted = WEEKDAYS.index(found["before"][:3].lower())
    return _when(last.last - timedelta(days=(last.last.weekday() - wanted) % 7), last.last)


def _ago(found: re.Match[str], years: Years) -> When | None:
    count, unit = number(found["count"].replace("an", "a").replace("a ", "")), found["unit"]
    count = 1 if found["count"].lower() in ("a", "an") else count
    days = UNITS.get(unit.rstrip("s").lower())
    if years.published is None or count is None or days is None:
        return _when(None, None)
    day = years.published - timedelta(days=count * days)
    return _when(day, day)


def _shift(found: re.Match[str], _: Years) -> When | None:
    """N days before or after the date told before (D1, D4)."""
    days = UNITS.get(found["unit"].rstrip("s").lower())
    if days is None:
        return _when(None, None)
    count = 1 if (found["count"] or "").lower() in ("a", "an") else number(found["count"] or "")
    near, far = (count * days, count * days) if count else (1, 7) if days == 1 else (None, None)
    if near is None or far is None:
        return _when(None, None)
    word = found["way"].lower()
    shift = (near, far) if word in ("later", "before") else (-far, -near)
    return When(0, 0, shift=shift, pivot=word in ("after", "before"))


def _fixed(low: int, high: int) -> Reader:
    return lambda _found, _years: When(0, 0, shift=(low, high))


def _published(low: int, high: int) -> Reader:
    def read(_: re.Match[str], years: Years) -> When:
        if years.published is None:
            return _when(None, None)
        day = years.published
        return _when(day + timedelta(days=low), day + timedelta(days=high))

    return read


def _last(found: re.Match[str], years: Years) -> When | None:
    """Last week is Monday to Sunday of the week before publication (D4); so with its kin."""
    day = years.published
    if day is None:
        return _when(None, None)
    past, unit = found["which"].lower() in ("last", "previous"), found["unit"].lower()
    if unit == "weekend":
        sunday = day - timedelta(days=(day.weekday() + 1) % 7)
        return _when(sunday - timedelta(days=1), sunday)
    first = {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1),
             "year": day.replace(month=1, day=1)}[unit]
    if not past:
        return _when(first, day)
    last = first - timedelta(days=1)
    before = {"week": last - timedelta(days=6), "month": last.replace(day=1),
              "year": last.replace(month=1, day=1)}
    return _when(before[unit], last)


def _since(found: re.Match[str], years: Years) -> When | None:
    """An open period: its first day, and null."""
    if found["month"]:
        first, _ = years.month(found["month"], found["year"], (int(found["day"] or 1), 31))
    else:
        first = date(int(found["year"]), 1, 1)
    return When(0, 0, first, None, since=True)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_compile(rf"since\s+(?:the\s+)?(?:{DAY}\s+)?(?:(?:early|mid|late)[-\s])?(?:{MONTH})?"
              rf"(?:\s*(?P<year>(?:19|20)\d\d))"), _since),
    (_compile(rf"since\s+(?:{DAY}\s+)?{MONTH}{YEAR}"), _since),
    (_compile(rf"(?:(?:from|between)\s+)?(?:the\s+)?{DAY}{JOIN}{DAY2}\s+(?:of\s+)?{MONTH}{YEAR}"),
     _days),
    (_compile(rf"(?:(?:from|between)\s+)?{MONTH}\s+{DAY}{JOIN}{DAY2}{YEAR}"), _days),
    (_compile(rf"{HEAD}{DAY}\s+(?:of\s+)?{MONTH}{YEAR}"), _day),
    (_compile(rf"{HEAD}{MONTH}\s+{DAY}{YEAR}"), _day),
    (_compile(r"(?P<year>20\d\d)-(?P<m>\d\d)-(?P<day>\d\d)"), _iso),
    (_compile(r"(?P<day>[0-3]?\d)/(?P<m>[01]?\d)/(?P<year>20\d\d)"), _iso),
    (_compile(rf"(?:the\s+)?(?P<part>early|mid|late|start|beginning|end|middle)(?:\s+|-)"
              rf"(?:of\s+)?(?:in\s+)?{MONTH}{YEAR}"), _month),
    (_compile(rf"(?:in|during|throughout|of|until|by)\s+{MONTH}(?:\s+of)?{YEAR}"), _month),
    (_compile(rf"{MONTH}\s+(?P<year>20\d\d)"), _month),
    (_compile(r"(?:in|during|throughout|of|early|late)\s+(?P<year>(?:19|20)\d\d)"), _year),
    (_compile(rf"(?P<before>\w{{3,6}}day)(?P<which>){JOIN}{WEEKDAY}"), _weekdays),
    (_compile(rf"(?:(?P<which>last|this|next)\s+)?{WEEKDAY}"), _weekday),
    (_compile(rf"{COUNT}\s+{UNIT}\s+ago"), _ago),
    (_compile(rf"(?:(?:just|only|barely)\s+)?(?:{COUNT}\s+)?{UNIT}\s+"
              rf"(?P<way>later|earlier|after|before)"), _shift),
    (_compile(r"(?:on\s+)?(?:the|that)\s+same\s+(?:day|night|morning|evening|afternoon)"
              r"|on\s+that\s+day|that\s+(?:night|morning|evening)|hours\s+later"), _fixed(0, 0)),
    (_compile(r"the\s+(?:next|following)\s+(?:day|morning|night|evening)"), _fixed(1, 1)),
    (_compile(r"(?:on\s+)?the\s+(?:previous\s+(?:day|night)|day\s+before)"), _fixed(-1, -1)),
    (_compile(r"today"), _fixed(0, 0)),
    (_compile(r"yesterday"), _published(-1, -1)),
    (_compile(r"(?:over\s+|at\s+)?(?P<which>the|last|this|previous)\s+(?P<unit>weekend)"), _last),
    (_compile(r"(?:earlier\s+)?(?P<which>last|this|previous|in\s+the)\s+"
              r"(?P<unit>week|month|year)"), _last),
)
