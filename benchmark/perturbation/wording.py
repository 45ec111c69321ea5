"""Changes of a text that leave its labels as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmark.data.documents import Document
from benchmark.perturbation.config import Context
from benchmark.perturbation.edits import Edit, edited
from benchmark.schema.paths import outermost_record_path
from benchmark.text.search import occurrences

ACRONYM = re.compile(r"[A-Z]{3,6}")
TYPO_RATE = 0.02
"""Share of words with two letters exchanged."""
# In small letters, so that no name is misspelt.
LONG_WORD = re.compile(r"(?<![\w'’-])[a-zà-ÿ]{6,}(?![\w'’-])")
# Lines up to the next blank one.
PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
# The first words of a paragraph that refer to what stands before it.
DANGLING = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|there|then|also|both|another|"
    r"a day|the day|the same|the next|hours|days|meanwhile|later|il|elle|ils|elles|ce|cette|ces|"
    r"son|sa|ses|leur|leurs|puis|ensuite|le même|la même|le lendemain|la veille)\b",
    re.IGNORECASE,
)


def other_names(document: Document, context: Context, random: Random) -> Document | None:
    """The document with acronyms exchanged for other acronyms of the same alias line, where the
    text uses only one of them; None if there are none."""
    text = document.text or ""
    edits = []
    for line in context.aliases:
        acronyms = [name for name in line if ACRONYM.fullmatch(name)]
        used = [name for name in acronyms if occurrences(text, name)]
        unused = [name for name in acronyms if name not in used]
        if len(used) == 1 and unused:
            new = random.choice(unused)
            edits += [Edit(*span, new) for span in occurrences(text, used[0])]
    return edited(document, edits) if edits else None


def typos(document: Document, context: Context, random: Random) -> Document | None:
    """The document with two adjacent letters exchanged in some long words, as many as TYPO_RATE of
    all its words, outside the spans of values; None if there are none."""
    del context
    text = document.text or ""
    value_spans = [
        span
        for path, spans in document.spans.items()
        if not path.endswith(".evidence")
        for span in spans
    ]
    words = [
        word.span()
        for word in LONG_WORD.finditer(text)
        if not any(start < word.end() and word.start() < end for start, end in value_spans)
    ]
    edits = []
    for start, end in random.sample(words, min(len(words), round(TYPO_RATE * len(text.split())))):
        at = random.randrange(start + 1, end - 2)  # first and last letters stay
        if text[at] != text[at + 1]:
            edits.append(Edit(at, at + 2, text[at + 1] + text[at]))
    return edited(document, edits) if edits else None


def distracted(document: Document, context: Context, random: Random) -> Document | None:
    """The document with up to 3 distractors, sentences without anything to label, between its
    paragraphs; None if there are none in its language or it has one paragraph."""
    text = document.text or ""
    language = str(document.meta.get("lang", "en")).split(",")[0]
    sentences = list(context.distractors.get(language, ()))
    breaks = [paragraph.end() for paragraph in _paragraphs(text)][:-1]
    if not sentences or not breaks:
        return None
    count = min(len(sentences), len(breaks), 3)
    chosen = zip(random.sample(breaks, count), random.sample(sentences, count), strict=True)
    return edited(document, [Edit(at, at, f"\n\n{words}") for at, words in chosen])


def reordered(document: Document, context: Context, random: Random) -> Document | None:
    """The document with its self-contained paragraphs in another order; None if fewer than two
    are."""
    del context
    movable = [
        paragraph.span()
        for paragraph in _paragraphs(document.text or "")
        if _self_contained(paragraph, document)
    ]
    if len(movable) < 2:
        return None
    order = random.sample(range(len(movable)), len(movable))
    if order == sorted(order):
        order = order[1:] + order[:1]
    return _permuted(document, movable, order)


def _paragraphs(text: str) -> list[re.Match[str]]:
    return list(PARAGRAPH.finditer(text))


def _self_contained(paragraph: re.Match[str], document: Document) -> bool:
    """Whether a paragraph can stand anywhere: all spans of the records with a span in it are in it,
    a start day among them, and its first word does not refer back."""
    start, end = paragraph.span()
    if DANGLING.match(paragraph.group()):
        return False
    here: set[str] = set()
    elsewhere: set[str] = set()
    dated = False
    for path, spans in document.spans.items():
        inside = [start <= first and last <= end for first, last in spans]
        record = outermost_record_path(path) or path
        here |= {record} if any(inside) else set()
        elsewhere |= set() if all(inside) else {record}
        dated = dated or (any(inside) and path.endswith(".start"))
    return dated and not here & elsewhere


def _permuted(
    document: Document, places: Sequence[tuple[int, int]], order: Sequence[int]
) -> Document:
    """The document with the stretches of text at `places`, which are in ascending order, permuted:
    place n gets the stretch of place order[n]. Spans inside a stretch move with it."""
    text = document.text or ""
    parts: list[str] = []
    new_start: dict[int, int] = {}  # of each stretch, by the number of its old place
    at = length = 0  # how much of the old text is read, and how much of the new written
    for (start, end), source in zip(places, order, strict=True):
        parts.append(text[at:start])
        length += start - at
        words = text[slice(*places[source])]
        new_start[source] = length
        parts.append(words)
        length += len(words)
        at = end
    parts.append(text[at:])
    permuted = "".join(parts)

    def moved(start: int, end: int) -> list[int]:
        shift = 0
        for n, (first, last) in enumerate(places):
            if first <= start and end <= last:
                return [new_start[n] + start - first, new_start[n] + end - first]
            if last <= start:  # what place n gained or lost moves what follows it
                source = order[n]
                shift += (places[source][1] - places[source][0]) - (last - first)
        return [start + shift, end + shift]

    spans = {
        path: [moved(start, end) for start, end in spans] for path, spans in document.spans.items()
    }
    return replace(document, text=permuted, spans=spans)
