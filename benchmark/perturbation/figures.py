"""Figures swapped for others, and digits written out, as they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import NamedTuple

from benchmark.data.documents import Document
from benchmark.perturbation.config import Context
from benchmark.perturbation.edits import Edit, edited, revalued
from benchmark.schema.fields import Leaf, walk
from benchmark.schema.paths import field_path, object_path, scalars
from benchmark.text.surface_forms import MOST_IN_WORDS, in_words, languages

SMALLEST = 2
"""0 and 1 are left alone: nouns and verbs agree with them otherwise than with larger figures."""
MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|"
    "décembre|decembre|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
# "1,200", "1 200", "7": with one separator throughout, and no part of a time, date or decimal.
DIGITS = re.compile(
    r"(?<![\w.,:/-])(?:\d{1,3}(?P<gap>[,.\u0020\u00a0\u202f])\d{3}(?:(?P=gap)\d{3})*|\d+)(?![\w:/])"
)
# The numbers of dates: "3, 5 and 31 May 2025", "3rd of May", "May 3, 2025", "2025".
DATED = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|er)?(?:(?:\s*(?:,|-|–|/|to|and|or|et|au|à|ou)\s*)+\d{{1,2}}(?:er)?)*"
    rf"\s+(?:of\s+)?(?:{MONTHS})\b(?:\s+\d{{4}})?|\b(?:{MONTHS})\.?\s+\d{{1,4}}(?:\s*,\s*\d{{4}})?"
    r"|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number at [start, end) of a text, in words or in digits."""

    start: int
    end: int
    value: int
    words: bool


def swapped(document: Document, context: Context, random: Random) -> Document | None:
    """The document with its labelled figures replaced by larger ones, in the same order; None if
    there are none.

    Figures that stand in the text outside the spans of gold keep their value, as do 0, 1 and the
    numbers of dates.
    """
    numbers = _numbers(document)
    by_path = _labelled_numbers(document, context, numbers)
    labelled = {number for path_numbers in by_path.values() for number in path_numbers}
    # A value that also stands unlabelled may be the same figure again: it is fixed everywhere.
    fixed = {number.value for number in numbers if number not in labelled}
    new = _larger({number.value for number in labelled}, fixed, random)
    replacements = {number: new[number.value] for number in labelled if number.value in new}
    if not replacements:
        return None
    lang, text = _language(document), document.text or ""
    edits = [
        Edit(
            number.start,
            number.end,
            _written_like(text[number.start : number.end], value, number.words, lang),
        )
        for number, value in replacements.items()
    ]
    values = {
        path: new[path_numbers[0].value]
        for path, path_numbers in by_path.items()
        if path_numbers[0] in replacements
    }
    values |= _equal_siblings(document, context, values)
    return revalued(edited(document, edits), values.get)


def written_out(document: Document, context: Context, random: Random) -> Document | None:
    """The document with labelled digits written out: its labels stay. None if there are none."""
    del random  # all that can be are written out
    lang, text = _language(document), document.text or ""
    by_path = _labelled_numbers(document, context, _numbers(document))
    digits = {
        number
        for numbers in by_path.values()
        for number in numbers
        if SMALLEST <= number.value <= MOST_IN_WORDS and not number.words
    }
    edits = [
        Edit(
            number.start,
            number.end,
            _capitalised(in_words(number.value, lang), text[: number.start]),
        )
        for number in digits
        if text[number.end : number.end + 1] not in {"-", "%", "°"}
    ]
    return edited(document, edits) if edits else None


def _labelled_numbers(
    document: Document, context: Context, numbers: list[Number]
) -> dict[str, list[Number]]:
    """The numbers in the spans of each integer of gold, by its path: one a span, equal to it.

    An integer with a span that holds its value never or more than once is left out.
    """
    integers = _integer_fields(context)
    by_path = {}
    for path, value in scalars(document.gold):
        if field_path(path) in integers and isinstance(value, int) and value >= SMALLEST:
            in_spans = [
                [n for n in numbers if start <= n.start and n.end <= end and n.value == value]
                for start, end in document.spans.get(path, ())
            ]
            if in_spans and all(len(in_span) == 1 for in_span in in_spans):
                by_path[path] = [in_span[0] for in_span in in_spans]
    return by_path


def _equal_siblings(
    document: Document, context: Context, values: Mapping[str, int]
) -> dict[str, int]:
    """New values for the integers that equal, and stand beside, one with a new value: both ends of
    an exact figure, of which the text states one. `values` are the new values by path."""
    old, integers = dict(scalars(document.gold)), _integer_fields(context)
    new = {(object_path(path), old[path]): value for path, value in values.items()}
    keys = {path: (object_path(path), old[path]) for path in old if field_path(path) in integers}
    return {path: new[key] for path, key in keys.items() if key in new}


def _integer_fields(context: Context) -> set[str]:
    return {
        item.path
        for item in walk(context.tree)
        if isinstance(item.node, Leaf) and item.node.kind == "integer"
    }


def _numbers(document: Document) -> list[Number]:
    """The numbers of a text that are no part of a date, in the order of the text."""
    text = document.text or ""
    dates = [match.span() for match in DATED.finditer(text)]
    numbers = [
        Number(*match.span(), int(re.sub(r"\D", "", match.group())), False)
        for match in DIGITS.finditer(text)
    ]
    values = _word_values(_language(document))
    # Longer words first: "twenty" must not take the place of "twenty-one".
    words = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    numbers += [
        Number(*match.span(), values[match.group().lower()], True)
        for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w])", text, re.IGNORECASE)
    ]
    return sorted(
        number
        for number in numbers
        if not any(start <= number.start and number.end <= end for start, end in dates)
    )


def _larger(values: set[int], fixed: set[int], random: Random) -> dict[int, int]:
    """A larger value for each that has room for one, so that the order of all values, the fixed
    ones among them, stays strictly the same."""
    factor = random.uniform(1.2, 1.9)
    new: dict[int, int] = {}
    least = SMALLEST  # the next value must be at least this: above all that came before
    for value in sorted(values - fixed):
        above = min((other for other in fixed if other > value), default=None)
        larger = max(round(value * factor), value + 1, least)
        if above is not None:
            larger = min(larger, above - 1)
        if larger > value and larger >= least:
            new[value] = larger
            least = larger + 1
        else:  # no room below the next fixed one: this value stays
            least = max(least, value + 1)
    return new


def _written_like(old: str, value: int, words: bool, lang: str) -> str:
    """A number printed as `old` is: in words or digits, with its capital or its separator."""
    if words and value <= MOST_IN_WORDS:
        form = in_words(value, lang)
        return form.capitalize() if old[0].isupper() else form
    separator = next((c for c in old if not c.isalnum()), "") if not words else ""
    # Four digits are printed without a separator, five and more with one, in English at least.
    default = "," if lang == "en" and value > 9999 else ""
    return f"{value:,}".replace(",", separator or default)


def _capitalised(words: str, before: str) -> str:
    """Words with a capital if what stands before them ends a sentence or a line."""
    starts = not before.strip() or before.rstrip()[-1] in ".!?•" or before.endswith("\n")
    return words.capitalize() if starts else words


@cache
def _word_values(lang: str) -> Mapping[str, int]:
    """Number words from SMALLEST to MOST_IN_WORDS with their values, with and without hyphens."""
    return {
        form: value
        for value in range(SMALLEST, MOST_IN_WORDS + 1)
        for form in {in_words(value, lang), in_words(value, lang).replace("-", " ")}
    }


def _language(document: Document) -> str:
    """The first language of a document; English where it names none."""
    return languages(document.meta.get("lang"))[0]
