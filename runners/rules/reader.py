"""The reader: text to tokens, sentences and paragraphs, without site furniture (G8)."""

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

LONGEST_WORD, LONGEST_SENTENCE, WRAP = 80, 150, 100
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
DATELINE = re.compile(
    r"[ \t]*(?:[A-Z][A-Z' -]{2,30}(?:,[^\n()-]{0,40})?(?:\([^\n)]{1,30}\))?"
    r"|[A-Z][\w' ]{2,30}(?:,[^\n()-]{0,40})?\([A-Z][^\n)]{1,30}\)) *--? +"
)
BULLET = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word without case and accents, as the matchers compare it."""
    plain = unicodedata.normalize("NFKD", word.translate(PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@dataclass(frozen=True)
class Document:
    """A text read: tokens as printed and folded, their places in the text, sentences."""

    text: str
    plain: str
    doc: "Doc"
    raw: tuple[str, ...]
    norms: tuple[str, ...]
    offsets: tuple[int, ...]
    sentences: tuple[Sentence, ...]

    def token_span(self, start: int, end: int) -> Span:
        """The tokens that a stretch of characters covers."""
        first = max(bisect_right(self.offsets, start) - 1, 0)
        return Span(first, max(bisect_left(self.offsets, end), first + 1))

    def slice(self, start: int, end: int) -> str:
        """The text of these tokens, verbatim."""
        if start >= end:
            return ""
        last = end - 1
        return self.text[self.offsets[start] : self.offsets[last] + len(self.raw[last])].strip()

    def phrase(self, start: int, end: int) -> str:
        """The folded words of these tokens, with single spaces."""
        return " ".join(self.norms[start:end])


class Phrases:
    """Finds listed phrases, whatever their case and accents."""

    def __init__(self, reader: "Reader", table: Mapping[str, Iterable[str]]) -> None:
        from spacy.matcher import PhraseMatcher

        self._matcher = PhraseMatcher(reader.vocab, attr="NORM")
        self._label: dict[int, str] = {}
        for label, phrases in table.items():
            patterns = [reader.tokens(phrase) for phrase in phrases]
            self._matcher.add(label, [one for one in patterns if len(one)])
            self._label[reader.vocab.strings[label]] = label

    def find(self, document: Document) -> Iterator[tuple[str, int, int]]:
        """Label, start and end of every phrase found; finds may overlap."""
        for key, start, end in self._matcher(document.doc):
            yield self._label[key], start, end


class Reader:
    """A blank spaCy pipeline: tokenizer and sentencizer, no model."""

    def __init__(self) -> None:
        import spacy

        self._nlp = spacy.blank("en")
        self._nlp.add_pipe("sentencizer")
        self._nlp.max_length = 10**9
        self.vocab = self._nlp.vocab

    def tokens(self, text: str) -> "Doc":
        """A text as tokens with folded norms."""
        return self._folded(self._nlp.make_doc(text.translate(PLAIN)))

    def read(self, text: str) -> Document:
        """The document of a text."""
        plain = _blank_junk(text.translate(PLAIN))
        doc = self._folded(self._nlp(plain))
        raw = tuple(token.text for token in doc)
        return Document(
            text,
            plain,
            doc,
            raw,
            tuple(token.norm_ for token in doc),
            tuple(token.idx for token in doc),
            tuple(_sentences(plain, doc)),
        )

    @staticmethod
    def _folded(doc: "Doc") -> "Doc":
        for token in doc:
            token.norm_ = fold(token.text)
        return doc


def _blank_junk(text: str) -> str:
    """Blanks what no language prints and the tokenizer chokes on; offsets stay."""
    text = re.sub(r"[\ud800-\udfff\x00-\x08\x0b-\x1f]", " ", text)
    return re.sub(rf"\S{{{LONGEST_WORD},}}", lambda found: " " * len(found[0]), text)


def _sentences(plain: str, doc: "Doc") -> Iterator[Sentence]:
    """Sentences within paragraphs; headings, teasers and blank tokens are left out."""
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
    """Whether a sentence end found is the point of an abbreviation or an initial."""
    if end < 2 or doc[end - 1].text != ".":
        word = doc[end - 1].text if end else ""
        return word.endswith(".") and word[:-1].lower() in words("furniture.abbreviations")
    before = doc[end - 2].text
    return before.lower() in words("furniture.abbreviations") or (
        len(before) == 1 and before.isupper()
    )


def _paragraphs(plain: str) -> list[tuple[int, int]]:
    """Character stretches of the paragraphs that belong to the report."""
    found = _blocks(plain)
    prose = any(ENDING.search(plain[start:end]) for start, end in found)
    kept, skipping = [], False
    for start, end in found:
        line = plain[start:end]
        if furniture(line):
            skipping = line.strip().lower().startswith(tuple(lexicon()["furniture"]["lists"]))
        elif not prose or ENDING.search(line) or (BULLET.match(line) and not skipping):
            dateline = DATELINE.match(line)
            kept.append((start + (dateline.end() if dateline else 0), end))
            skipping = False
    return kept


def _blocks(plain: str) -> list[tuple[int, int]]:
    """Lines with text, joined where a line is only wrapped."""
    lines = [(hit.start(), hit.end()) for hit in re.finditer(r"[^\n]+", plain) if hit[0].strip()]
    narrow = all(end - start <= WRAP for start, end in lines)
    blocks: list[tuple[int, int]] = []
    for start, end in lines:
        before = blocks[-1] if blocks else (0, 0)
        near = plain.count("\n", before[1], start) == 1 and bool(blocks)
        open_line = near and not ENDING.search(plain[before[0] : before[1]][-WRAP:])
        full = narrow and before[1] - plain.rfind("\n", 0, before[1]) > WRAP // 2
        if open_line and (plain[start:end].lstrip()[0].islower() or full):
            blocks[-1] = (before[0], end)
        else:
            blocks.append((start, end))
    return blocks


def furniture(line: str) -> bool:
    """Whether a line is site furniture (G8)."""
    return line.strip().lower().startswith(tuple(lexicon()["furniture"]["starts"]))
