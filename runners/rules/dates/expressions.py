"""Date expressions: the patterns of days, months and shifts in a text (rules D1 to D5)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from runners.rules.dates.readings import (
    NULL,
    DateRule,
    fixed_shift,
    numeric_date,
    read_ago,
    read_day,
    read_days,
    read_last,
    read_month,
    read_shift,
    read_since,
    read_weekday,
    read_weekdays,
    read_year,
    read_yesterday,
)
from runners.rules.dates.years import JOIN, MONTH, WEEKDAY, Years
from runners.rules.model import DateExpression, Layer
from runners.rules.reader import Document

IN_MONTH = rf"(?P<month>{MONTH})"
ON = rf"(?P<weekday>{WEEKDAY})"
IN_YEAR = r"(?P<year>(?:19|20)\d\d)"
YEAR = rf"(?:,?\s+{IN_YEAR})?(?!\d)"
TH = r"(?:st|nd|rd|th)?"
DAY = rf"(?P<day>[0-3]?\d){TH}(?!\d)"
DAY2 = rf"(?P<day2>[0-3]?\d){TH}(?!\d)"
HEAD = rf"(?:{ON},?\s+\(?(?:the\s+)?)?"
COUNT = (
    r"(?P<count>an?|\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|several|a few)"
)
UNIT = r"(?P<unit>days?|weeks?|months?|years?|hours?)"
# Each pattern with its reading. Matches may overlap: Layer.of keeps the longest, and of equally
# long ones the earlier in this list.
EXPRESSIONS: tuple[tuple[str, DateRule], ...] = (
    (
        rf"since\s+(?:the\s+)?(?:{DAY}\s+)?(?:(?:early|mid|late)[-\s])?(?:{IN_MONTH})?\s*{IN_YEAR}",
        read_since,
    ),
    (rf"since\s+(?:{DAY}\s+)?{IN_MONTH}{YEAR}", read_since),
    (
        rf"(?:(?:from|between)\s+)?(?:the\s+)?{DAY}{JOIN}{DAY2}\s+(?:of\s+)?{IN_MONTH}{YEAR}",
        read_days,
    ),
    (rf"(?:(?:from|between)\s+)?{IN_MONTH}\s+{DAY}{JOIN}{DAY2}{YEAR}", read_days),
    (rf"{HEAD}{DAY}\s+(?:of\s+)?{IN_MONTH}{YEAR}", read_day),
    (rf"{HEAD}{IN_MONTH}\s+{DAY}{YEAR}", read_day),
    (r"20\d\d-\d\d-\d\d", numeric_date("%Y-%m-%d")),
    (r"[0-3]?\d/[01]?\d/20\d\d", numeric_date("%d/%m/%Y")),
    (
        r"(?:the\s+)?(?P<part>early|mid|late|start|beginning|end|middle)(?:\s+|-)"
        rf"(?:of\s+)?(?:in\s+)?{IN_MONTH}{YEAR}",
        read_month,
    ),
    (rf"(?:in|during|throughout|of|until|by)\s+{IN_MONTH}(?:\s+of)?{YEAR}", read_month),
    (rf"{IN_MONTH}\s+(?P<year>20\d\d)", read_month),
    (rf"(?:in|during|throughout|of|early|late)\s+{IN_YEAR}", read_year),
    (rf"(?P<before>{WEEKDAY}){JOIN}{ON}", read_weekdays),
    (rf"(?:(?P<which>last|this|next)\s+)?{ON}", read_weekday),
    (rf"{COUNT}\s+{UNIT}\s+ago", read_ago),
    (
        rf"(?:(?:just|only|barely)\s+)?(?:{COUNT}\s+)?{UNIT}\s+"
        r"(?P<way>later|earlier|after|before)",
        read_shift,
    ),
    (
        r"(?:on\s+)?(?:the|that)\s+same\s+(?:day|night|morning|evening|afternoon)"
        r"|on\s+that\s+day|that\s+(?:night|morning|evening)|hours\s+later|today",
        fixed_shift(0),
    ),
    (r"the\s+(?:next|following)\s+(?:day|morning|night|evening)", fixed_shift(1)),
    (r"(?:on\s+)?the\s+(?:previous\s+(?:day|night)|day\s+before)", fixed_shift(-1)),
    (r"yesterday", read_yesterday),
    (r"(?:over\s+|at\s+)?(?P<which>the|last|this|previous)\s+(?P<unit>weekend)", read_last),
    (
        r"(?:earlier\s+)?(?P<which>last|this|previous|in\s+the)\s+(?P<unit>week|month|year)",
        read_last,
    ),
)
PATTERNS = tuple(
    (re.compile(rf"(?<!\w)(?:{expression})(?!\w)", re.IGNORECASE), read)
    for expression, read in EXPRESSIONS
)


def find_dates(document: Document, years: Years) -> Layer[DateExpression]:
    """Find the date expressions of a document; days are None where rule D5 leaves them open."""
    return Layer.of(_expressions(document, years))


def _expressions(document: Document, years: Years) -> Iterator[DateExpression]:
    """Yield the matches of all patterns, each read by its rule."""
    for pattern, read in PATTERNS:
        for match in pattern.finditer(document.plain):
            try:
                when = read(match, years)
            except (ValueError, OverflowError):  # a day that no calendar has is null (D5)
                when = NULL
            if when is not None:
                span = document.token_span(match.start(), match.end())
                yield replace(when, start=span.start, end=span.end)
