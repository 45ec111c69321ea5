"""Clauses: splitting a sentence where it turns from one act to another."""

from collections.abc import Iterator
from dataclasses import dataclass

from runners.rules.model import Act, DateExpression, Layer, Place, Sentence, Span
from runners.rules.reader import Document

# Conjunctions that always open a clause.
BREAKS = {
    ";",
    "while",
    "whereas",
    "but",
    "after",
    "before",
    "following",
    "when",
    "where",
    "although",
    "though",
}
VERBAL = {"past", "ed", "part"}
REACH = 5  # tokens after a comma or "and" in which the verb of a new clause stands


@dataclass(frozen=True)
class Clause(Span):
    """A stretch of a sentence, with the word that opens it, empty for the sentence's first.

    `pivot` is a shift that opens it ("days after"), relative to the date of the clause before.
    """

    link: str
    pivot: DateExpression | None = None


def split_clauses(
    document: Document,
    sentence: Sentence,
    acts: Layer[Act],
    places: Layer[Place],
    dates: Layer[DateExpression],
) -> list[Clause]:
    """Split a sentence into clauses; together they cover all of its tokens."""
    pivots = {
        when.end - 1: when for when in dates.within(sentence.start, sentence.end) if when.pivot
    }
    cuts = list(_cuts(document, sentence, acts, places, dates))
    starts: list[tuple[int, str, DateExpression | None]] = [(sentence.start, "", None)]
    for index in cuts:
        pivot = pivots.get(index)
        start = pivot.start if pivot else index
        if start <= starts[-1][0]:
            # A break at the very start gives the first clause its link, and no clause before it.
            starts[-1] = (starts[-1][0], document.norms[index], pivot)
        else:
            starts.append((start, document.norms[index], pivot))
    starts = _open_main(document, sentence, starts)
    ends = [start for start, _, _ in starts[1:]] + [sentence.end]
    return [
        Clause(start, end, link, pivot)
        for (start, link, pivot), end in zip(starts, ends, strict=True)
    ]


def _cuts(
    document: Document,
    sentence: Sentence,
    acts: Layer[Act],
    places: Layer[Place],
    dates: Layer[DateExpression],
) -> Iterator[int]:
    """Yield the tokens that open a clause.

    A comma or "and" does so only where an act and a place stand on both sides: lists of places
    or parties use the same words.
    """
    begin = sentence.start
    for index in range(sentence.start, sentence.end):
        word = document.norms[index]
        after = Span(index + 1, sentence.end)
        if word in BREAKS or (
            word in (",", "and")
            and acts.within(begin, index)
            and places.within(begin, index)
            and _turns(document, after, acts, places, dates)
        ):
            begin = index
            yield index


def _turns(
    document: Document,
    after: Span,
    acts: Layer[Act],
    places: Layer[Place],
    dates: Layer[DateExpression],
) -> bool:
    """Whether another act at another place follows a comma or "and"."""
    # "..., and on 4 May they attacked Sirba": a date may stand before the verb.
    opening = next(iter(dates.within(after.start, after.start + 3)), None)
    first = opening.end if opening else after.start
    verb = next((act for act in acts.within(first, first + REACH) if act.form in VERBAL), None)
    if verb is None:
        return False
    stop = next((i for i in range(verb.end, after.end) if document.norms[i] in BREAKS), after.end)
    return bool(places.within(verb.end, min(stop, verb.end + 3 * REACH)))


def _open_main(
    document: Document, sentence: Sentence, starts: list[tuple[int, str, DateExpression | None]]
) -> list[tuple[int, str, DateExpression | None]]:
    """Cut a subordinate clause that opens the sentence from the main one, at its first comma."""
    if not starts[0][1]:
        return starts
    limit = starts[1][0] if len(starts) > 1 else sentence.end
    comma = next((i for i in range(starts[0][0] + 2, limit) if document.norms[i] == ","), None)
    if comma is None:
        return starts
    return [starts[0], (comma, ",", None), *starts[1:]]
