"""All days of a document moved by whole weeks, about a year: weekdays and gaps stay."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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
"""How many times 52 weeks days are moved back: none comes to lie after the present."""
MONTHS = {
    name.lower(): (n, lang)
    for lang, names in NAMES.items()
    for n, name in enumerate(names.split(), start=1)
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = r"\d{1,2}(?:er)?"
DAYS_AND_MONTH = re.compile(
    rf"(?<![\w.,/-])(?P<days>{DAY}(?:(?:\s*(?:,|-|–|to|and|or|et|au|à|ou)\s*)+{DAY})*)"
    rf"\s+(?P<month>{MONTH})\b(?:\s+(?P<year>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
MONTH_AND_YEAR = re.compile(rf"\b(?P<month>{MONTH})\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
BARE_YEAR = re.compile(r"(?<![\w.,/-])(?P<year>(?:19|20)\d\d)(?![\w/-])")
ISO = re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
ORDINAL = (
    r"(?:(?:twenty|thirty)-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth"
    r"|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
UNREAD = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|(?<![\w.])\d{{1,2}}[/.]\d{{1,2}}(?![\w%])"
    rf"|\b(?:{MONTH})\s+\d{{1,2}}\b|\b(?:le|du|au)\s+\d{{1,2}}\b(?!\s+(?:{MONTH}|au|et|h|heures)\b)"
    rf"|\b(?:{ORDINAL})\s+of\s+(?:{MONTH}|this|the\s+(?:same\s+)?month)\b"
    rf"|\bon\s+the\s+(?:{ORDINAL})\b(?=[,.;:])|\blast\s+day\s+of\s+(?:{MONTH}|the\s+month)\b"
    r"|\b(?:months?|years?)\s+to\s+the\s+day\b"
    r"|^\d{1,2}(?:[/-]\d{1,2})?(?:,\s\w+)?\s[-–]\s",
    re.IGNORECASE | re.MULTILINE,
)
"""Days printed in a form that is not moved: a document with one is left alone."""


class Printed(NamedTuple):
    """A date as printed: where, and the words that take its place."""

    start: int
    end: int
    words: str
    month_only: bool


def moved(document: Document, context: Context, random: Random) -> Document | None:
    """The document a whole number of 52 weeks earlier; None where a day is printed in a form that
    is not read. Weekdays fit the new dates as they fitted the old; months and years named without
    a day go back by as many years."""
    text = document.text or ""
    years = random.randint(EARLIEST, LATEST)
    dates = _dates(document, context)
    if not dates or UNREAD.search(text):
        return None
    printed = list(_printed(text, years, [date.fromisoformat(one) for one in dates.values()]))
    if not printed:
        return None
    days = [one for one in printed if not one.month_only]

    def new(path: str, value: Json) -> Json:
        if field_path(path) not in _fields(context) or not is_date(value):
            return value
        whole = _spans_months(document, path, days)
        return _earlier_year(value, years) if whole else _earlier(value, years)

    made = revalued(edited(document, [Edit(*one[:3]) for one in printed]), new)
    published = document.meta.get("published")
    if isinstance(published, str) and is_date(published):
        meta = {**document.meta, "published": _earlier(published, years)}
        made = Document(**{**made.__dict__, "meta": meta})
    return made


def _fields(context: Context) -> set[str]:
    return {
        item.path
        for item in walk(context.tree)
        if isinstance(item.node, Leaf) and item.node.kind == "date"
    }


def _dates(document: Document, context: Context) -> dict[str, str]:
    fields = _fields(context)
    found = scalars(document.gold)
    return {path: value for path, value in found if field_path(path) in fields and is_date(value)}


def _spans_months(document: Document, path: str, days: list[Printed]) -> bool:
    """Whether a date is an edge of a month, of a third of one, or of a year without a day."""
    parent = object_path(path)
    record: Json = value_at(document.gold, parent) or {}
    first, last = (record.get(name) for name in ("start", "end"))
    if not is_date(first) or date.fromisoformat(first).day not in {1, 11, 21} or first == last:
        return False
    if is_date(last):
        end = date.fromisoformat(last)
        if end.day not in {10, 20, monthrange(end.year, end.month)[1]}:
            return False
    spans = [one for name in ("start", "end") for one in document.spans.get(join(parent, name), ())]
    return not any(a <= one.start and one.end <= b for a, b in spans for one in days)


def _earlier(value: str, years: int) -> str:
    return (date.fromisoformat(value) - years * YEAR).isoformat()


def _earlier_year(value: str, years: int) -> str:
    day = date.fromisoformat(value)
    last = monthrange(day.year, day.month)[1]
    year = day.year - years
    return day.replace(
        year=year, day=monthrange(year, day.month)[1] if day.day == last else day.day
    ).isoformat()


def _printed(text: str, years: int, gold: list[date]) -> Iterator[Printed]:
    """Every date of a text with what it becomes."""
    taken: list[tuple[int, int]] = []
    known = {(one.month, one.day): one.year for one in gold}
    usual = Counter(one.year for one in gold).most_common(1)[0][0]
    forms: dict[re.Pattern[str], Callable[[re.Match[str]], str]] = {
        ISO: lambda found: _iso(found, years),
        DAYS_AND_MONTH: lambda found: _days(found, years, known, usual),
        MONTH_AND_YEAR: lambda found: _year(found, years),
        BARE_YEAR: lambda found: _year(found, years),
    }
    for pattern, make in forms.items():
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            yield Printed(start, end, make(found), pattern in {MONTH_AND_YEAR, BARE_YEAR})


def _iso(found: re.Match[str], years: int) -> str:
    return _earlier(found.group(), years) if is_date(found.group()) else found.group()


def _year(found: re.Match[str], years: int) -> str:
    return found.group().replace(found["year"], str(int(found["year"]) - years))


def _days(
    found: re.Match[str], years: int, known: Mapping[tuple[int, int], int], usual: int
) -> str:
    """Days of one month, such as "3, 5 and 31 May": each moved, under its new month."""
    month, lang = MONTHS[found["month"].lower()]
    pieces = re.split(rf"({DAY})", found["days"])
    numbers = [int(re.sub(r"\D", "", one)) for one in pieces[1::2]]
    try:
        old = [
            date(int(found["year"] or known.get((month, day), usual)), month, day)
            for day in numbers
        ]
    except ValueError:
        return found.group()
    new = [one - years * YEAR for one in old]
    names, out = NAMES[lang].split(), ""
    for n, day in enumerate(new):
        first = "1er" if lang == "fr" and day.day == 1 else str(day.day)
        out += pieces[2 * n] + first
        if n + 1 == len(new) or new[n + 1].month != day.month:
            name = names[day.month - 1]
            out += " " + (name.upper() if found["month"].isupper() else name)
    return f"{out} {new[-1].year}" if found["year"] else out
