"""Runs of capitalised words: candidates for names of places, people and bodies."""

from collections.abc import Iterator

from runners.rules.lexicon import words
from runners.rules.model import Span
from runners.rules.reader import Document

LONGEST = 6  # tokens; longer runs are headlines


def is_capital(word: str) -> bool:
    """Whether a token is capitalised like a part of a name."""
    return word[:1].isupper() and (len(word) > 1 or word.isalpha())


def capitalised_runs(document: Document) -> Iterator[Span]:
    """Yield the maximal runs of capitalised words, with hyphens and particles inside."""
    from spacy.lang.en.stop_words import STOP_WORDS

    # Every sentence opens with a capital: there, a word that the text has in lower case is no name.
    common = {raw for raw in document.raw if raw.islower()} | STOP_WORDS
    for sentence in document.sentences:
        index = sentence.start
        while index < sentence.end:
            opening = index == sentence.start or not document.raw[index - 1].strip('"\n ')
            start_ok = not (opening and document.norms[index] in common)
            # "In" or "The" opens a sentence; elsewhere, capitalised, it is part of a name.
            if (
                is_capital(document.raw[index])
                and start_ok
                and (document.norms[index] not in STOP_WORDS or index > sentence.start)
            ):
                end = _run_end(document, index, sentence.end)
                yield Span(index, end)
                index = end
            else:
                index += 1


def _run_end(document: Document, start: int, limit: int) -> int:
    """Return the end of the run that starts here, at most LONGEST tokens on."""
    end = start + 1
    while end < min(limit, start + LONGEST):
        if is_capital(document.raw[end]):
            end += 1
        elif _bridge(document, end, limit):
            end += 2
        else:
            break
    return end


def _bridge(document: Document, index: int, limit: int) -> bool:
    """Whether the token here joins two parts of one name: a hyphen or a particle ("de")."""
    if index + 1 >= limit:
        return False
    after = document.raw[index + 1]
    if document.raw[index] == "-":
        return bool(after.strip()) and after[0].isalpha() and _tight(document, index)
    return document.norms[index] in words("speakers.particles") and is_capital(after)


def _tight(document: Document, index: int) -> bool:
    """Whether a hyphen stands without spaces in a name ("Tin-Essako", "Tin-es")."""
    offset = document.offsets[index]
    tight = not document.plain[offset - 1 : offset].isspace()
    after = document.raw[index + 1]
    return tight and (is_capital(after) or len(after) <= 2)
