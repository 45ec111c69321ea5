"""All dates of a document moved back by years of 52 weeks: weekdays and gaps stay."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from benchmark.data.documents import Document
from benchmark.perturbation.config import Context
from benchmark.perturbation.edits import Edit, edited, revalued
from benchmark.schema.fields import Json, Leaf, walk
from benchmark.schema.kinds import is_date
from benchmark.schema.paths import field_path, join, object_path, scalars, value_at
from benchmark.text.surface_forms import MONTHS as NAMES

YEAR = timedelta(weeks=52)
EARLIEST, LATEST = 1, 3
"""By how many times 52 weeks dates are moved: back, so that none comes to lie in the future."""
MONTHS = {
    name.lower(): (n, lang)
    for lang, names in NAMES.items()
    for n, name in enumerate(names.split(), start=1)
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = r"\d{1,2}(?:er)?"
# "3 May", "3, 5 and 31 May 2025", "1er et 2 mai"
DAYS_AND_MONTH = re.compile(
    rf"(?<![\w.,/-])(?P<days>{DAY}(?:(?:\s*(?:,|-|–|to|and|or|et|au|à|ou)\s*)+{DAY})*)"
    rf"\s+(?P<month>{MONTH})\b(?:\s+(?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
# "May 2025", then "2025" by itself and not as a part of a date or a range.
MONTH_AND_YEAR = re.compile(rf"\b(?P<month>{MONTH})\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
BARE_YEAR = re.compile(r"(?<![\w.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-])")
ISO = re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
ORDINAL = (
    r"(?:(?:twenty|thirty)-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth"
    r"|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
UNREAD_FORMS = (
    r"\b\d{1,2}(?:st|nd|rd|th)\b",  # 3rd
    r"(?<![\w.])\d{1,2}[/.]\d{1,2}(?![\w%])",  # 3/5, 3.5
    rf"\b(?:{MONTH})\s+\d{{1,2}}\b",  # May 3
    rf"\b(?:le|du|au)\s+\d{{1,2}}\b(?!\s+(?:{MONTH}|au|et|h|heures)\b)",  # le 3
    rf"\b(?:{ORDINAL})\s+of\s+(?:{MONTH}|this|the\s+(?:same\s+)?month)\b",  # third of May
    rf"\bon\s+the\s+(?:{ORDINAL})\b(?=[,.;:])",  # on the third,
    rf"\blast\s+day\s+of\s+(?:{MONTH}|the\s+month)\b",
    r"\b(?:months?|years?)\s+to\s+the\s+day\b",  # three months to the day
    r"^\d{1,2}(?:[/-]\d{1,2})?(?:,\s\w+)?\s[-–]\s",  # 3/5, Kayes - (at the start of a line)
)
UNREAD = re.compile("|".join(UNREAD_FORMS), re.IGNORECASE | re.MULTILINE)
"""Dates printed in forms that are not moved: a document with one has no twin of this kind."""


class Printed(NamedTuple):
    """A date in a text, at [start, end), with the words that replace it. `month_only`: it is a
    month or a year without a day."""

    start: int
    end: int
    words: str
    month_only: bool


def moved(document: Document, context: Context, random: Random) -> Document | None:
    """The document with its dates moved back by 52 weeks, once or several times: days keep their
    weekdays. Months and years without a day go back by as many years.

    None for a document without dates, in gold or in the text, or with one in a form that is not
    read.
    """
    text = document.text or ""
    years = random.randint(EARLIEST, LATEST)
    dates = _dates(document, context)
    if not dates or UNREAD.search(text):
        return None
    printed = list(_printed(text, years, [date.fromisoformat(day) for day in dates.values()]))
    if not printed:
        return None
    days = [words for words in printed if not words.month_only]

    def new(path: str, value: Json) -> Json:
        if field_path(path) not in _date_fields(context) or not is_date(value):
            return value
        whole = _is_edge_of_period(document, path, days)
        return _years_earlier(value, years) if whole else _weeks_earlier(value, years)

    edits = [Edit(words.start, words.end, words.words) for words in printed]
    twin = revalued(edited(document, edits), new)
    published = document.meta.get("published")
    if isinstance(published, str) and is_date(published):
        meta = {**document.meta, "published": _weeks_earlier(published, years)}
        twin = replace(twin, meta=meta)
    return twin


def _date_fields(context: Context) -> set[str]:
    return {
        item.path
        for item in walk(context.tree)
        if isinstance(item.node, Leaf) and item.node.kind == "date"
    }


def _dates(document: Document, context: Context) -> dict[str, str]:
    """The dates of gold, by path."""
    fields = _date_fields(context)
    return {
        path: value
        for path, value in scalars(document.gold)
        if field_path(path) in fields and is_date(value)
    }


def _is_edge_of_period(document: Document, path: str, days: list[Printed]) -> bool:
    """Whether a date is the start or the end of a month, of a third of one ("early May") or of a
    year, and no day is printed for it: its period is moved by years, to be whole again."""
    parent = object_path(path)
    record: Json = value_at(document.gold, parent) or {}
    first, last = (record.get(name) for name in ("start", "end"))
    if not is_date(first) or date.fromisoformat(first).day not in {1, 11, 21} or first == last:
        return False
    if is_date(last):  # without an end, the period is open, as in "since May"
        end = date.fromisoformat(last)
        if end.day not in {10, 20, monthrange(end.year, end.month)[1]}:
            return False
    spans = [
        span for name in ("start", "end") for span in document.spans.get(join(parent, name), ())
    ]
    return not any(start <= day.start and day.end <= end for start, end in spans for day in days)


def _weeks_earlier(value: str, years: int) -> str:
    """An ISO date moved back by years of 52 weeks."""
    return (date.fromisoformat(value) - years * YEAR).isoformat()


def _years_earlier(value: str, years: int) -> str:
    """The same day of an earlier year; the last of a month stays the last."""
    day = date.fromisoformat(value)
    year, is_last = day.year - years, day.day == monthrange(day.year, day.month)[1]
    new_day = monthrange(year, day.month)[1] if is_last else day.day
    return day.replace(year=year, day=new_day).isoformat()


def _printed(text: str, years: int, gold: list[date]) -> Iterator[Printed]:
    """Every date of a text with its replacement. `gold` dates tell the year of a day printed
    without one; where they do not have the day, it is taken to be of their commonest year."""
    taken: list[tuple[int, int]] = []
    gold_years = {(day.month, day.day): day.year for day in gold}
    commonest = Counter(day.year for day in gold).most_common(1)[0][0]
    # Longer forms come first: 2025 in "3 May 2025" is no bare year.
    forms: dict[re.Pattern[str], Callable[[re.Match[str]], str]] = {
        ISO: lambda match: _moved_iso(match, years),
        DAYS_AND_MONTH: lambda match: _moved_days(match, years, gold_years, commonest),
        MONTH_AND_YEAR: lambda match: _moved_year(match, years),
        BARE_YEAR: lambda match: _moved_year(match, years),
    }
    for pattern, move in forms.items():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(first < end and start < last for first, last in taken):
                continue
            taken.append((start, end))
            yield Printed(start, end, move(match), pattern in {MONTH_AND_YEAR, BARE_YEAR})


def _moved_iso(match: re.Match[str], years: int) -> str:
    return _weeks_earlier(match.group(), years) if is_date(match.group()) else match.group()


def _moved_year(match: re.Match[str], years: int) -> str:
    return match.group().replace(match["year"], str(int(match["year"]) - years))


def _moved_days(
    match: re.Match[str], years: int, gold_years: Mapping[tuple[int, int], int], commonest: int
) -> str:
    """Days of one month, such as "3, 5 and 31 May": each moved, under its new month.

    What is no day of the calendar, such as 31 June, stays as it is printed.
    """
    month, lang = MONTHS[match["month"].lower()]
    pieces = re.split(rf"({DAY})", match["days"])  # separators at even positions, days at odd
    numbers = [int(re.sub(r"\D", "", piece)) for piece in pieces[1::2]]
    try:
        old = [
            date(int(match["year"] or gold_years.get((month, number), commonest)), month, number)
            for number in numbers
        ]
    except ValueError:
        return match.group()
    new = [day - years * YEAR for day in old]
    names, words = NAMES[lang].split(), ""
    for n, day in enumerate(new):
        number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
        words += pieces[2 * n] + number
        # 52 weeks are a day or two short of a year: days around the first change their month.
        if n + 1 == len(new) or new[n + 1].month != day.month:
            name = names[day.month - 1]
            words += " " + (name.upper() if match["month"].isupper() else name)
    return f"{words} {new[-1].year}" if match["year"] else words
