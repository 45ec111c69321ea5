"""MUC-4's rules of full and partial credit as four comparators of Fieldmark's plug-in kind.

They stand beside an entry point (muc4_comparators-0.dist-info), as an installed package would
have them, and so need no change of the scorer. The rules are those of the scorer's manual (3.2)
and the scoring guidelines (v7) that a program can apply; what people decided is not in them.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from benchmark import Comparator, Grade

Words = tuple[str, ...]
Tagged = tuple[str, Words]
Days = tuple[date | str | None, date | str | None]

ABOVE = {
    "ATTACK": {"ARSON", "BOMBING", "FORCED WORK STOPPAGE", "HIJACKING", "KIDNAPPING", "ROBBERY"},
    "GUN": {"MACHINE GUN", "HANDGUN"},
    "EXPLOSIVE": {"BOMB", "DYNAMITE", "VEHICLE BOMB"},
    "BOMB": {"DYNAMITE", "VEHICLE BOMB"},
    "SUSPECTED OR ACCUSED": {"SUSPECTED OR ACCUSED BY AUTHORITIES"},
    "DESTROYED": {"SOME DAMAGE"},
    "POLITICAL FIGURE": {"GOVERNMENT OFFICIAL"},
}
"""A set value and those below it: to answer with the upper one earns half a credit. The lists of
values are not at hand; beneath ATTACK, these are what the official scorer gave half a credit for
without asking anybody."""

FILLERS = {"A", "AN", "AND", "AT", "BY", "FOR", "FROM", "IN", "OF", "ON", "OR", "THE", "TO", "WITH"}
"""Words that two strings may share without speaking of one thing."""


def words(value: str) -> Words:
    """The words of a string without those that say nothing."""
    return tuple(word for word in re.findall(r"[A-Z0-9]+", value.upper()) if word not in FILLERS)


def share_a_word(gold: Words, predicted: Words) -> Grade:
    """A string that is not the key's may be an incomplete form of it if they share a word."""
    return Grade.PARTLY if set(gold) & set(predicted) else Grade.NOT


def tagged(fill: str) -> Tagged:
    """`CIVILIAN: "JESUIT PRIESTS"` -> the value, and the words of its tag."""
    value, _, tag = fill.partition(":")
    return re.sub(r" *- *", "-", " ".join(value.split())), words(tag)


def grade_fill(gold: Tagged, predicted: Tagged) -> Grade:
    """A right value with the wrong tag is partly right, a wrong value is wrong whatever its tag."""
    (value, tag), (answer, answered_tag) = gold, predicted
    if value == answer:
        right = tag == answered_tag or set(tag) & set(answered_tag)
        return Grade.ACCEPTED if right else Grade.PARTLY
    if value in ABOVE.get(answer, ()) or _ends_of_a_number(value, answer):
        return Grade.PARTLY
    return Grade.NOT


def _ends_of_a_number(value: str, answer: str) -> bool:
    """An end of the key's range (`6 -`), or its approximate number (`~7`) given as exact."""
    return answer.isdigit() and answer in re.findall(r"\d+", value)


def place(location: str) -> Words:
    """`PERU: LIMA (CITY): SAN ISIDRO (NEIGHBORHOOD)` -> its parts, the country first."""
    return tuple(" ".join(part.split()) for part in location.split(":"))


def same_country(gold: Words, predicted: Words) -> Grade:
    """The right country is half right, be the place in it missing or another one."""
    return Grade.PARTLY if gold[0] == predicted[0] and len(gold) > 1 else Grade.NOT


def period(given: str) -> Days:
    """`02 NOV 89`, `- 02 NOV 89` or `01 NOV 89 - 02 NOV 89` -> first and last day, if given."""
    first, dash, last = (part.strip() for part in given.partition("-"))
    return (_day(first), _day(last) if dash else _day(first))


def _day(given: str) -> date | str | None:
    for form in ("%d %b %y", "%d %B %y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(given, form).date()
        except ValueError:
            continue
    return given or None


def meet(gold: Days, predicted: Days) -> Grade:
    """An end that both have, or one day inside the key's range."""
    (first, last), (begin, end) = gold, predicted
    common = (begin and first == begin) or (end and last == end)
    days = [day for day in (first, begin, last) if isinstance(day, date)]
    inside = begin == end and len(days) == 3 and days == sorted(days)
    return Grade.PARTLY if common or inside else Grade.NOT


STRING = Comparator(words, ("string",), share_a_word)
FILL = Comparator(tagged, ("string",), grade_fill)
PLACE = Comparator(place, ("string",), same_country)
DATE = Comparator(period, ("string",), meet)
