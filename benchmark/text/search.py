"""Search a text for quoted words, whatever its white space."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from benchmark.errors import DataError

Span = tuple[int, int]
"""Character offsets [start, end) in a text."""


def find(text: str, quote: str, near: Span | None = None) -> Span:
    """The span of quoted words; any white space in them matches any other.

    Square brackets mark the words that are meant among others that only identify the place:
    "held [Niono] since" is the span of Niono. Of several spans, the first inside `near` is taken,
    or else the nearest to it. Raises DataError for words that the text lacks and, without `near`,
    for those that it has more than once.
    """
    spans = _marked_spans(text, quote)
    if not spans:
        raise DataError(f"the text has no {quote!r}")
    if near is None:
        if len(spans) > 1:
            raise DataError(
                f"{quote!r} stands in the text {len(spans)} times; quote more words and put [ ] "
                f"around those that are meant"
            )
        return spans[0]
    return min(spans, key=lambda span: _distance(span, near))


def occurrences(text: str, words: str) -> list[Span]:
    """The spans of words wherever they stand whole, not as parts of longer words."""
    inner = r"\s+".join(map(re.escape, words.split()))
    if not inner:
        return []
    # Only what begins or ends with a letter or digit can be part of a longer word there.
    before = r"(?<!\w)" if words.lstrip()[0].isalnum() else ""
    after = r"(?!\w)" if words.rstrip()[-1].isalnum() else ""
    return [match.span() for match in re.finditer(before + inner + after, text)]


def _marked_spans(text: str, quote: str) -> list[Span]:
    """The spans of the words in square brackets, or of the whole quote."""
    whole = occurrences(text, quote)
    parts = re.fullmatch(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)", quote, re.DOTALL)
    if whole or not parts:  # a text may have brackets of its own
        return whole
    lead, words, rest = ("\\s+".join(map(re.escape, part.split())) for part in parts.groups())
    gaps = [r"\s+" if re.search(r"\s$", parts[1]) else "", r"\s+" if parts[3][:1].isspace() else ""]
    pattern = f"(?<!\\w){lead}{gaps[0]}({words}){gaps[1]}{rest}(?!\\w)"
    return [match.span(1) for match in re.finditer(pattern, text)]


def _distance(span: Span, near: Span) -> tuple[int, int]:
    """A sort key: spans inside `near` first, then by the gap in characters; ties by their start."""
    inside = near[0] <= span[0] and span[1] <= near[1]
    gap = 0 if inside else max(1, near[0] - span[1], span[0] - near[1])
    return gap, span[0]


class Squeezed:
    """A text with each run of white space squeezed into one space, searched with offsets of the
    original text."""

    def __init__(self, text: str) -> None:
        # Of a run of white space, the first character: text[-1:0] is empty, which is no space.
        offsets = [
            n for n, c in enumerate(text) if not c.isspace() or not text[n - 1 : n].isspace()
        ]
        self.text = "".join(" " if text[n].isspace() else text[n] for n in offsets)
        self._offsets = offsets  # ascending; [n] is where character n of self.text came from

    def holds(self, quotation: str) -> bool:
        """Whether the text contains a quotation. An empty one it does not."""
        squeezed = _squeeze(quotation)
        return bool(squeezed) and squeezed in self.text

    def overlaps(self, quotation: str, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether the text contains a quotation that shares a character with one of the spans."""
        squeezed = _squeeze(quotation)
        reach = len(squeezed) - 1  # an overlap may begin so far before a span, or end so far after
        return bool(squeezed) and any(
            self.text.find(
                squeezed,
                max(0, bisect_left(self._offsets, start) - reach),
                bisect_left(self._offsets, end) + reach,
            )
            >= 0
            for start, end in spans
        )


def _squeeze(text: str) -> str:
    return " ".join(text.split())
