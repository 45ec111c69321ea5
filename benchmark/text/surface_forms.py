"""How values are printed in English and French: numbers in digits or words, days by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
MOST_IN_WORDS = 100
"""Larger numbers have no surface form in words."""
GAPS = (",", " ", "\u00a0", "\u202f", ".")
"""What may stand between thousands."""


def number_forms(value: int, langs: Sequence[str]) -> Iterator[str]:
    """The surface forms of a whole number: digits and, up to MOST_IN_WORDS, words of `langs`."""
    yield str(value)
    if value > 999:
        yield from (f"{value:,}".replace(",", gap) for gap in GAPS)
    for lang in langs if 0 < value <= MOST_IN_WORDS else ():
        words = in_words(value, lang)  # "twenty-one", "Twenty-one", "twenty one"
        yield from (words, words.capitalize(), words.replace("-", " "))


def day_forms(value: str) -> Iterator[str]:
    """The surface forms of an ISO date: itself, and its day and month without the year."""
    day = date.fromisoformat(value)
    yield value
    for lang, names in MONTHS.items():
        month = names.split()[day.month - 1]
        yield f"{day.day} {month}"
        if lang == "en":  # "3 May" and "May 3"
            yield f"{month} {day.day}"
        elif day.day == 1:
            yield f"1er {month}"


@cache
def in_words(value: int, lang: str) -> str:
    """A whole number written out, in English without "and"."""
    from num2words import num2words

    return str(num2words(value, lang=lang)).replace(" and ", " ")


def languages(meta_lang: object) -> list[str]:
    """The languages in a document's metadata, such as "fr, en", that have surface forms here;
    English if there are none."""
    codes = [code.strip()[:2] for code in str(meta_lang or "en").split(",")]
    return [code for code in codes if code in MONTHS] or ["en"]
