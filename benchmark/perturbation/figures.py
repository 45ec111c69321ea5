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
"""0 and 1 are left: they go with other words than more do."""
MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|"
    "décembre|decembre|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
DIGITS = re.compile(
    r"(?<![\w.,:/-])(?:\d{1,3}(?P<gap>[,.\u0020\u00a0\u202f])\d{3}(?:(?P=gap)\d{3})*|\d+)(?![\w:/])"
)
DATED = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|er)?(?:(?:\s*(?:,|-|–|/|to|and|or|et|au|à|ou)\s*)+\d{{1,2}}(?:er)?)*"
    rf"\s+(?:of\s+)?(?:{MONTHS})\b(?:\s+\d{{4}})?|\b(?:{MONTHS})\.?\s+\d{{1,4}}(?:\s*,\s*\d{{4}})?"
    r"|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number as it stands in a text."""

    start: int
    end: int
    value: int
    words: bool


def swapped(document: Document, context: Context, random: Random) -> Document | None:
    """The document with other figures, in their order: what was more stays more. A figure that the
    text states where gold has no span for it is kept, as are 0, 1 and what stands in dates."""
    numbers = _numbers(document)
    held = _held(document, context, numbers)
    labelled = {number for found in held.values() for number in found}
    fixed = {number.value for number in numbers if number not in labelled}
    new = _larger({number.value for number in labelled}, fixed, random)
    edits = {number: new[number.value] for number in labelled if number.value in new}
    if not edits:
        return None
    lang = _language(document)
    text = document.text or ""
    changes = [
        Edit(one.start, one.end, _written(text[one.start : one.end], value, one.words, lang))
        for one, value in edits.items()
    ]
    values = {path: new[found[0].value] for path, found in held.items() if found[0] in edits}
    values |= _siblings(document, context, values)
    return revalued(edited(document, changes), values.get)


def written_out(document: Document, context: Context, random: Random) -> Document | None:
    """The document with labelled digits written out: its labels stay."""
    del random  # all that can be are written out
    lang, text = _language(document), document.text or ""
    found = {
        number
        for numbers in _held(document, context, _numbers(document)).values()
        for number in numbers
        if SMALLEST <= number.value <= MOST_IN_WORDS and not number.words
    }
    edits = [
        Edit(one.start, one.end, _capital(text[: one.start], in_words(one.value, lang)))
        for one in found
        if text[one.end : one.end + 1] not in {"-", "%", "°"}
    ]
    return edited(document, edits) if edits else None


def _held(document: Document, context: Context, numbers: list[Number]) -> dict[str, list[Number]]:
    """The numbers that stand where gold says that a value stands, by the value's path: every path
    whose spans hold its value and nothing else that is a number."""
    integers = _integers(context)
    held = {}
    for path, value in scalars(document.gold):
        if field_path(path) in integers and isinstance(value, int) and value >= SMALLEST:
            inside = [
                [n for n in numbers if start <= n.start and n.end <= end and n.value == value]
                for start, end in document.spans.get(path, ())
            ]
            if inside and all(len(one) == 1 for one in inside):
                held[path] = [one[0] for one in inside]
    return held


def _siblings(document: Document, context: Context, values: Mapping[str, int]) -> dict[str, int]:
    """What else of the same records is the same figure, such as both ends of an exact one."""
    old = dict(scalars(document.gold))
    records = {(object_path(path), old[path]): value for path, value in values.items()}
    return {
        path: records[object_path(path), old[path]]
        for path in old
        if field_path(path) in _integers(context) and (object_path(path), old[path]) in records
    }


def _integers(context: Context) -> set[str]:
    return {
        item.path
        for item in walk(context.tree)
        if isinstance(item.node, Leaf) and item.node.kind == "integer"
    }


def _numbers(document: Document) -> list[Number]:
    """The numbers of a text that are no part of a date, by where they stand."""
    text = document.text or ""
    dates = [found.span() for found in DATED.finditer(text)]
    found = [
        Number(*one.span(), int(re.sub(r"\D", "", one.group())), False)
        for one in DIGITS.finditer(text)
    ]
    known = _known(_language(document))
    pattern = (
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))})(?![\w])"
    )
    found += [
        Number(*one.span(), known[one.group().lower()], True)
        for one in re.finditer(pattern, text, re.IGNORECASE)
    ]
    return sorted(
        one for one in found if not any(a <= one.start and one.end <= b for a, b in dates)
    )


def _larger(swapped_: set[int], fixed: set[int], random: Random) -> dict[int, int]:
    """Other values for figures, larger ones; every order is kept, also to those that are fixed."""
    factor = random.uniform(1.2, 1.9)
    new: dict[int, int] = {}
    least = SMALLEST
    for value in sorted(swapped_ - fixed):
        above = min((one for one in fixed if one > value), default=None)
        wanted = max(round(value * factor), value + 1, least)
        if above is not None:
            wanted = min(wanted, above - 1)
        if wanted > value and wanted >= least:
            new[value] = wanted
            least = wanted + 1
        else:
            least = max(least, value + 1)
    return new


def _written(old: str, value: int, words: bool, lang: str) -> str:
    """A number in the form of another."""
    if words and value <= MOST_IN_WORDS:
        made = in_words(value, lang)
        return made.capitalize() if old[0].isupper() else made
    gap = next((c for c in old if not c.isalnum()), "") if not words else ""
    return f"{value:,}".replace(",", gap or ("," if lang == "en" and value > 9999 else ""))


def _capital(before: str, words: str) -> str:
    start = not before.strip() or before.rstrip()[-1] in ".!?•" or before.endswith("\n")
    return words.capitalize() if start else words


@cache
def _known(lang: str) -> Mapping[str, int]:
    """Number words up to MOST_IN_WORDS; one is as often a pronoun."""
    return {
        form: value
        for value in range(SMALLEST, MOST_IN_WORDS + 1)
        for form in {in_words(value, lang), in_words(value, lang).replace("-", " ")}
    }


def _language(document: Document) -> str:
    """The first language of a document; English where it names none."""
    return languages(document.meta.get("lang"))[0]
