"""Changes of a text that leave its labels as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmark.data.documents import Document
from benchmark.perturbation.config import Context
from benchmark.perturbation.edits import Edit, edited
from benchmark.schema.paths import outermost_record_path
from benchmark.text.search import occurrences

ACRONYM = re.compile(r"[A-Z]{3,6}")
TYPO_RATE = 0.02
"""Share of words with two letters exchanged."""
LONG_WORD = re.compile(r"(?<![\w'’-])[a-zà-ÿ]{6,}(?![\w'’-])")
PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
DANGLING = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|there|then|also|both|another|"
    r"a day|the day|the same|the next|hours|days|meanwhile|later|il|elle|ils|elles|ce|cette|ces|"
    r"son|sa|ses|leur|leurs|puis|ensuite|le même|la même|le lendemain|la veille)\b",
    re.IGNORECASE,
)


def other_names(document: Document, context: Context, random: Random) -> Document | None:
    """The document with acronyms of parties exchanged for others on the same line of aliases."""
    text = document.text or ""
    edits = []
    for line in context.aliases:
        acronyms = [name for name in line if ACRONYM.fullmatch(name)]
        present = [name for name in acronyms if occurrences(text, name)]
        free = [name for name in acronyms if name not in present]
        if len(present) == 1 and free:
            new = random.choice(free)
            edits += [Edit(*span, new) for span in occurrences(text, present[0])]
    return edited(document, edits) if edits else None


def typos(document: Document, context: Context, random: Random) -> Document | None:
    """The document with letters exchanged in some long words that support no value."""
    del context
    text = document.text or ""
    labelled = [
        span
        for path, places in document.spans.items()
        if not path.endswith(".evidence")
        for span in places
    ]
    words = [
        one.span()
        for one in LONG_WORD.finditer(text)
        if not any(a < one.end() and one.start() < b for a, b in labelled)
    ]
    edits = []
    for start, end in random.sample(words, min(len(words), round(TYPO_RATE * len(text.split())))):
        at = random.randrange(start + 1, end - 2)
        if text[at] != text[at + 1]:
            edits.append(Edit(at, at + 2, text[at + 1] + text[at]))
    return edited(document, edits) if edits else None


def distracted(document: Document, context: Context, random: Random) -> Document | None:
    """The document with sentences between its paragraphs that say nothing to be labelled."""
    text = document.text or ""
    language = str(document.meta.get("lang", "en")).split(",")[0]
    sentences = list(context.distractors.get(language, ()))
    places = [one.end() for one in _paragraphs(text)][:-1]
    if not sentences or not places:
        return None
    count = min(len(sentences), len(places), 3)
    chosen = zip(random.sample(places, count), random.sample(sentences, count), strict=True)
    return edited(document, [Edit(at, at, f"\n\n{words}") for at, words in chosen])


def reordered(document: Document, context: Context, random: Random) -> Document | None:
    """The document with paragraphs exchanged that stand on their own: what is labelled in one is
    all said in it, and it does not begin with a word that leans on another."""
    del context
    alone = [one for one in _paragraphs(document.text or "") if _alone(one, document)]
    if len(alone) < 2:
        return None
    order = random.sample(range(len(alone)), len(alone))
    if order == sorted(order):
        order = order[1:] + order[:1]
    return _permuted(document, [one.span() for one in alone], order)


def _paragraphs(text: str) -> list[re.Match[str]]:
    return list(PARAGRAPH.finditer(text))


def _alone(paragraph: re.Match[str], document: Document) -> bool:
    """Whether all spans of every record that a paragraph tells of stand in it, a day among them."""
    start, end = paragraph.span()
    if DANGLING.match(paragraph.group()):
        return False
    here: set[str] = set()
    elsewhere: set[str] = set()
    dated = False
    for path, places in document.spans.items():
        inside = [start <= first and last <= end for first, last in places]
        record = outermost_record_path(path) or path
        here |= {record} if any(inside) else set()
        elsewhere |= set() if all(inside) else {record}
        dated = dated or (any(inside) and path.endswith(".start"))
    return dated and not here & elsewhere


def _permuted(
    document: Document, places: Sequence[tuple[int, int]], order: Sequence[int]
) -> Document:
    """The document with the stretches at `places` in another order, and spans that follow."""
    text = document.text or ""
    parts: list[str] = []
    new_start: dict[int, int] = {}
    at = length = 0
    for (start, end), source in zip(places, order, strict=True):
        parts.append(text[at:start])
        length += start - at
        words = text[slice(*places[source])]
        new_start[source] = length
        parts.append(words)
        length += len(words)
        at = end
    parts.append(text[at:])
    grown = "".join(parts)

    def moved(start: int, end: int) -> list[int]:
        shift = 0
        for n, (first, last) in enumerate(places):
            if first <= start and end <= last:
                return [new_start[n] + start - first, new_start[n] + end - first]
            if last <= start:
                source = order[n]
                shift += (places[source][1] - places[source][0]) - (last - first)
        return [start + shift, end + shift]

    spans = {path: [moved(a, b) for a, b in stretch] for path, stretch in document.spans.items()}
    return Document(**{**document.__dict__, "text": grown, "spans": spans})
