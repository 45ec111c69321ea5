"""Edits of a text, and what they make of the spans and values of its gold."""

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
    """Characters [start, end) of a text are replaced by `words`."""

    start: int
    end: int
    words: str


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, Callable[[int, int], list[int]]]:
    """The edited text, and a function from spans of the old text to spans of the new.

    Edits must not overlap. A span that begins or ends within an edit grows to hold all of its
    replacement.
    """
    ordered = sorted(edits)
    starts, ends = [edit.start for edit in ordered], [edit.end for edit in ordered]
    growths = [len(edit.words) - (edit.end - edit.start) for edit in ordered]
    shifts = [0, *accumulate(growths)]  # [n]: how far the first n edits move what follows them

    def moved(start: int, end: int) -> list[int]:
        # Edits that end at or before the start, and edits that begin before the end.
        before, through = bisect_right(ends, start), bisect_left(starts, end)
        if before < len(ordered) and starts[before] < start:
            start = starts[before]
        if through and ends[through - 1] > end:
            end = ends[through - 1]
        return [start + shifts[before], end + shifts[through]]

    unedited = [text[a:b] for a, b in zip([0, *ends], [*starts, len(text)], strict=True)]
    replacements = [*(edit.words for edit in ordered), ""]
    parts = zip(unedited, replacements, strict=True)
    return "".join(part for pair in parts for part in pair), moved


def edited(document: Document, edits: Sequence[Edit]) -> Document:
    """The document with an edited text: values stay, spans move along."""
    text, moved = apply(document.text or "", edits)
    spans = {
        path: [moved(start, end) for start, end in spans] for path, spans in document.spans.items()
    }
    return replace(document, text=text, spans=spans)


def revalued(document: Document, new: Callable[[str, Json], Json]) -> Document:
    """The document with other values: `new(path, value)` is called for each scalar of gold and of
    its alternatives, which have the path of the value that they are an alternative to."""
    alternatives = {
        path: [_mapped(other, path, new) for other in accepted]
        for path, accepted in document.alternatives.items()
    }
    gold = _mapped(document.gold, "", new)
    return replace(document, gold=gold, alternatives=alternatives)


def _mapped(value: Json, path: str, new: Callable[[str, Json], Json]) -> Json:
    """A JSON value with each of its scalars replaced; `path` is its own."""
    if isinstance(value, dict):
        return {name: _mapped(child, join(path, name), new) for name, child in value.items()}
    if isinstance(value, list):
        return [_mapped(child, join(path, index), new) for index, child in enumerate(value)]
    return new(path, value)
