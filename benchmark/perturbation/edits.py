"""Changes of a text, and what becomes of the spans and values of its gold."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from benchmark.data.documents import Document
from benchmark.schema.fields import Json
from benchmark.schema.paths import join


class Edit(NamedTuple):
    """Characters [start, end) of a text become `words`."""

    start: int
    end: int
    words: str


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, Callable[[int, int], list[int]]]:
    """The changed text, and what tells where a stretch of the old one stands in it.

    Edits do not overlap. A stretch that ends within an edit takes in all that it became.
    """
    ordered = sorted(edits)
    starts, ends = [edit.start for edit in ordered], [edit.end for edit in ordered]
    grown = [len(edit.words) - (edit.end - edit.start) for edit in ordered]
    shifts = [0, *accumulate(grown)]

    def moved(start: int, end: int) -> list[int]:
        before, within = bisect_right(ends, start), bisect_left(starts, end)
        if before < len(ordered) and starts[before] < start:
            start = starts[before]
        if within and ends[within - 1] > end:
            end = ends[within - 1]
        return [start + shifts[before], end + shifts[within]]

    kept = [text[a:b] for a, b in zip([0, *ends], [*starts, len(text)], strict=True)]
    words = [*(edit.words for edit in ordered), ""]
    return "".join(part for pair in zip(kept, words, strict=True) for part in pair), moved


def edited(document: Document, edits: Sequence[Edit]) -> Document:
    """The document with a changed text; its values stay, its spans move along."""
    text, moved = apply(document.text or "", edits)
    spans = {
        path: [moved(start, end) for start, end in places]
        for path, places in document.spans.items()
    }
    return replace(document, text=text, spans=spans)


def revalued(document: Document, new: Callable[[str, Json], Json]) -> Document:
    """The document with other values: `new` takes a path with indexes and a scalar, of gold or of
    what else it accepts there."""
    alternatives = {
        path: [_walked(other, path, new) for other in others]
        for path, others in document.alternatives.items()
    }
    gold = _walked(document.gold, "", new)
    return replace(document, gold=gold, alternatives=alternatives)


def _walked(value: Json, path: str, new: Callable[[str, Json], Json]) -> Json:
    if isinstance(value, dict):
        return {name: _walked(child, join(path, name), new) for name, child in value.items()}
    if isinstance(value, list):
        return [_walked(child, join(path, n), new) for n, child in enumerate(value)]
    return new(path, value)
