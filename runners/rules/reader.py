"""Reading: text to tokens, sentences and paragraphs, without site furniture (rule G8)."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from runners.rules.lexicon import lexicon, words
from runners.rules.model import Sentence, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

# In characters, tokens, and characters: longer words are junk, longer sentences are cut, and a text
# whose lines are all this short is hard-wrapped.
LONGEST_WORD, LONGEST_SENTENCE, WRAP = 80, 150, 100
# Typographic variants of one character each, so that offsets stay those of the text.
PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
ENDING = re.compile(r"[.!?…:][\"')\]]*\s*$")
# "TONDI, Mali (AP) -" in capitals, or "Tondi (AP) -" with an agency in brackets.
DATELINE = re.compile(
    r"[ \t]*(?:[A-Z][A-Z' -]{2,30}(?:,[^\n()-]{0,40})?(?:\([^\n)]{1,30}\))?"
    r"|[A-Z][\w' ]{2,30}(?:,[^\n()-]{0,40})?\([A-Z][^\n)]{1,30}\)) *--? +"
)
BULLET = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word without case and accents, the form that phrases are matched in."""
    plain = unicodedata.normalize("NFKD", word.translate(PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@dataclass(frozen=True)
class Document:
    """A tokenised text.

    `raw` are the tokens as printed, `norms` the same folded, `offsets` where they start in `text`
    (characters). `plain` has the length of `text`, with plain punctuation and junk blanked out.
    """

    text: str
    plain: str
    doc: "Doc"
    raw: tuple[str, ...]
    norms: tuple[str, ...]
    offsets: tuple[int, ...]
    sentences: tuple[Sentence, ...]

    def token_span(self, start: int, end: int) -> Span:
        """Return the tokens that the characters `start` to `end` touch, at least one."""
        first = max(bisect_right(self.offsets, start) - 1, 0)
        return Span(first, max(bisect_left(self.offsets, end), first + 1))

    def slice(self, start: int, end: int) -> str:
        """Return the text of these tokens, verbatim."""
        if start >= end:
            return ""
        last = end - 1
        return self.text[self.offsets[start] : self.offsets[last] + len(self.raw[last])].strip()

    def phrase(self, start: int, end: int) -> str:
        """Return the folded tokens, joined by single spaces."""
        return " ".join(self.norms[start:end])


class Phrases:
    """Matches phrases of a table (label to phrases), ignoring case and accents."""

    def __init__(self, reader: "Reader", table: Mapping[str, Iterable[str]]) -> None:
        from spacy.matcher import PhraseMatcher

        self._matcher = PhraseMatcher(reader.vocab, attr="NORM")
        self._label: dict[int, str] = {}
        for label, phrases in table.items():
            patterns = [reader.tokens(phrase) for phrase in phrases]
            self._matcher.add(label, [pattern for pattern in patterns if len(pattern)])
            self._label[reader.vocab.strings[label]] = label

    def find(self, document: Document) -> Iterator[tuple[str, int, int]]:
        """Yield label, first token and end of every match; matches may overlap."""
        for key, start, end in self._matcher(document.doc):
            yield self._label[key], start, end


class Reader:
    """A blank spaCy pipeline: tokenizer and sentencizer, no trained model."""

    def __init__(self) -> None:
        import spacy

        self._nlp = spacy.blank("en")
        self._nlp.add_pipe("sentencizer")
        self._nlp.max_length = 10**9
        self.vocab = self._nlp.vocab

    def tokens(self, text: str) -> "Doc":
        """Tokenise a phrase; the norms are folded."""
        return self._folded(self._nlp.make_doc(text.translate(PLAIN)))

    def read(self, text: str) -> Document:
        """Tokenise a text and split it into sentences."""
        plain = _blank_junk(text.translate(PLAIN))
        doc = self._folded(self._nlp(plain))
        raw = tuple(token.text for token in doc)
        return Document(
            text=text,
            plain=plain,
            doc=doc,
            raw=raw,
            norms=tuple(token.norm_ for token in doc),
            offsets=tuple(token.idx for token in doc),
            sentences=tuple(_sentences(plain, doc)),
        )

    @staticmethod
    def _folded(doc: "Doc") -> "Doc":
        """Set the norms of a doc to its folded tokens, in place."""
        for token in doc:
            token.norm_ = fold(token.text)
        return doc


def _blank_junk(text: str) -> str:
    """Blank out surrogates, control characters and overlong words; offsets stay the same."""
    text = re.sub(r"[\ud800-\udfff\x00-\x08\x0b-\x1f]", " ", text)
    return re.sub(rf"\S{{{LONGEST_WORD},}}", lambda match: " " * len(match[0]), text)


def _sentences(plain: str, doc: "Doc") -> Iterator[Sentence]:
    """Yield the sentences of the paragraphs, without headings, teasers and blank stretches."""
    ends = {sentence.end for sentence in doc.sents if not _abbreviated(doc, sentence.end)}
    offsets = [token.idx for token in doc]
    for number, (start, end) in enumerate(_paragraphs(plain)):
        first, last = bisect_left(offsets, start), bisect_left(offsets, end)
        begin = first
        for index in range(first, last):
            if index + 1 in ends or index + 1 == last or index + 1 - begin >= LONGEST_SENTENCE:
                if not doc[begin : index + 1].text.isspace():
                    yield Sentence(begin, index + 1, number)
                begin = index + 1


def _abbreviated(doc: "Doc", end: int) -> bool:
    """Whether spaCy's sentence end is only the full stop of an abbreviation or an initial."""
    if end < 2 or doc[end - 1].text != ".":
        # The tokenizer keeps the stop of abbreviations that it knows itself ("Gen.").
        word = doc[end - 1].text if end else ""
        return word.endswith(".") and word[:-1].lower() in words("furniture.abbreviations")
    before = doc[end - 2].text
    return before.lower() in words("furniture.abbreviations") or (
        len(before) == 1 and before.isupper()
    )


def _paragraphs(plain: str) -> list[tuple[int, int]]:
    """Return start and end (characters) of the paragraphs that belong to the report (G8)."""
    blocks = _blocks(plain)
    # Where no line ends like a sentence, that cannot tell headings from paragraphs: all are kept.
    prose = any(ENDING.search(plain[start:end]) for start, end in blocks)
    kept, skipping = [], False
    for start, end in blocks:
        line = plain[start:end]
        if is_furniture(line):
            # "Related articles" and the like: the bullets that follow are teasers too.
            skipping = line.strip().lower().startswith(tuple(lexicon()["furniture"]["lists"]))
        elif not prose or ENDING.search(line) or (BULLET.match(line) and not skipping):
            dateline = DATELINE.match(line)
            kept.append((start + (dateline.end() if dateline else 0), end))
            skipping = False
    return kept


def _blocks(plain: str) -> list[tuple[int, int]]:
    """Return start and end of the non-blank lines, hard-wrapped lines joined."""
    lines = [
        (match.start(), match.end()) for match in re.finditer(r"[^\n]+", plain) if match[0].strip()
    ]
    narrow = all(end - start <= WRAP for start, end in lines)
    blocks: list[tuple[int, int]] = []
    for start, end in lines:
        before = blocks[-1] if blocks else (0, 0)
        near = plain.count("\n", before[1], start) == 1 and bool(blocks)
        open_line = near and not ENDING.search(plain[before[0] : before[1]][-WRAP:])
        full = narrow and before[1] - plain.rfind("\n", 0, before[1]) > WRAP // 2
        # A wrapped line goes on in lower case, or after a line that is nearly full.
        if open_line and (plain[start:end].lstrip()[0].islower() or full):
            blocks[-1] = (before[0], end)
        else:
            blocks.append((start, end))
    return blocks


def is_furniture(line: str) -> bool:
    """Whether a line is site furniture (G8)."""
    return line.strip().lower().startswith(tuple(lexicon()["furniture"]["starts"]))
