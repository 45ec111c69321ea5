"""Quoted words -> where in the text they stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from benchmark.errors import DataError

Span = tuple[int, int]
"""Character offsets in a text, end excluded."""


def find(text: str, quote: str, near: Span | None = None) -> Span:
    """Where quoted words stand; white space in them stands for any other.

    Square brackets mark which of the words are meant where they need others to be told apart:
    "held [Niono] since". Of several places, the first one inside `near` is taken, or else the
    nearest to it. Raises DataError for words that the text lacks, or that stand in it more than
    once with nothing near to tell which.
    """
    found = _meant(text, quote)
    if not found:
        raise DataError(f"the text has no {quote!r}")
    if near is None:
        if len(found) > 1:
            raise DataError(
                f"{quote!r} stands in the text {len(found)} times; quote more words and put [ ] "
                f"around those that are meant"
            )
        return found[0]
    return min(found, key=lambda span: _distance(span, near))


def occurrences(text: str, words: str) -> list[Span]:
    """All places where words stand, not as parts of longer ones."""
    inner = r"\s+".join(map(re.escape, words.split()))
    if not inner:
        return []
    before = r"(?<!\w)" if words.lstrip()[0].isalnum() else ""
    after = r"(?!\w)" if words.rstrip()[-1].isalnum() else ""
    return [found.span() for found in re.finditer(before + inner + after, text)]


def _meant(text: str, quote: str) -> list[Span]:
    whole = occurrences(text, quote)
    parts = re.fullmatch(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)", quote, re.DOTALL)
    if whole or not parts:  # a text may have brackets of its own
        return whole
    lead, words, rest = ("\\s+".join(map(re.escape, one.split())) for one in parts.groups())
    gaps = [r"\s+" if re.search(r"\s$", parts[1]) else "", r"\s+" if parts[3][:1].isspace() else ""]
    pattern = f"(?<!\\w){lead}{gaps[0]}({words}){gaps[1]}{rest}(?!\\w)"
    return [found.span(1) for found in re.finditer(pattern, text)]


def _distance(span: Span, near: Span) -> tuple[int, int]:
    """How far apart two stretches are: 0 inside, then by the gap; the earlier one first."""
    inside = near[0] <= span[0] and span[1] <= near[1]
    gap = 0 if inside else max(1, near[0] - span[1], span[0] - near[1])
    return gap, span[0]


class Squeezed:
    """A text with its white space squeezed, that knows where each character came from."""

    def __init__(self, text: str) -> None:
        kept = [n for n, c in enumerate(text) if not c.isspace() or not text[n - 1 : n].isspace()]
        self.text = "".join(" " if text[n].isspace() else text[n] for n in kept)
        self._offsets = kept

    def holds(self, quotation: str) -> bool:
        """Whether a quotation stands in the text."""
        wanted = _squeeze(quotation)
        return bool(wanted) and wanted in self.text

    def overlaps(self, quotation: str, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether a quotation stands where it shares a character with one of the spans."""
        wanted = _squeeze(quotation)
        return bool(wanted) and any(
            self.text.find(
                wanted,
                max(0, bisect_left(self._offsets, start) - len(wanted) + 1),
                bisect_left(self._offsets, end) + len(wanted) - 1,
            )
            >= 0
            for start, end in spans
        )


def _squeeze(text: str) -> str:
    return " ".join(text.split())
