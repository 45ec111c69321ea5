"""People named: rank, office and body as printed, and which of them speak."""

from collections.abc import Iterator

from runners.rules.lexicon import lexicon, words
from runners.rules.mentions.names import is_capital, runs
from runners.rules.model import Layer, Party, Person, Sentence, Span, Term
from runners.rules.reader import Document, Phrases, Reader

STOPS = {
    "the",
    "a",
    "an",
    "and",
    "by",
    "of",
    "to",
    "that",
    "as",
    "'s",
    "from",
    "with",
    "for",
    "said",
    "told",
    "in",
    "on",
    "at",
    "but",
    "while",
    "when",
    "according",
    "its",
    "their",
}
CLOSERS = {
    ",",
    ".",
    ";",
    ":",
    '"',
    "(",
    ")",
    "said",
    "told",
    "says",
    "added",
    "who",
    "announced",
    "-",
    "explained",
    "confirmed",
    "stated",
    "warned",
}
INTO_BODY = {"at", "of", "for", "with", "from", "in"}
BODIES = ("army", "body", "group")
BASED = {"in", "based"}
REACH, NEAR = 18, 9


class People:
    """Finds persons by rank, office and what they do."""

    def __init__(self, reader: Reader) -> None:
        table = lexicon()["speakers"]
        self._titles = Phrases(
            reader,
            {
                "rank": [*table["ranks"], *map(str.title, table["ranks"])],
                "office": table["offices"],
            },
        )
        self._say = Phrases(reader, {"say": lexicon()["sources"]["say"]})

    def find(self, document: Document, parties: Layer[Party], dates: Layer[Span]) -> Layer[Person]:
        """Every person named in the document."""
        titles = Layer.of(
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in self._titles.find(document)
        )
        says = {start for _, start, _ in self._say.find(document)}
        named = _PersonFinder(document, titles, parties, dates, says)
        return Layer.of(
            person for sentence in document.sentences for person in named.persons(sentence)
        )


class _PersonFinder:
    """The persons of one document."""

    def __init__(
        self,
        document: Document,
        titles: Layer[Term],
        parties: Layer[Party],
        dates: Layer[Span],
        says: set[int],
    ) -> None:
        self._document, self._titles, self._parties, self._says = document, titles, parties, says
        taken = {
            i for layer in (parties, dates) for span in layer for i in range(span.start, span.end)
        }
        self._offices = {term.end: term for term in titles}
        self._begins = {term.start: term for term in titles}
        self._runs = Layer.of(part for run in runs(document) for part in _parts(run, titles, taken))

    def persons(self, sentence: Sentence) -> Iterator[Person]:
        for run in self._runs.within(sentence.start, sentence.end):
            rank, office, start = self._before(run, sentence)
            size = sum(is_capital(raw) for raw in self._document.raw[run.start : run.end])
            after = self._after(run, sentence) if size > 1 or rank else None
            speaks = self._speech(run, sentence)
            if rank or (size > 1 and (office or after or (speaks and not self._body(run)))):
                yield self._person(run, start, rank, office, after)

    def _person(
        self, run: Span, start: int, rank: Term | None, office: Span | None, after: Span | None
    ) -> Person:
        document = self._document
        role, body = self._split(after or office)
        title = document.slice(rank.start, rank.end) if rank else None
        name = document.slice(run.start, run.end).removesuffix("'s")
        return Person(start, after.end if after else run.end, name, title, role, body)

    def _before(self, run: Span, sentence: Sentence) -> tuple[Term | None, Span | None, int]:
        """Rank and office right before the name."""
        start, rank, office = run.start, None, None
        term = self._offices.get(start)
        if term and term.label == "rank":
            rank, start = term, term.start
        comma = start - (self._document.norms[start - 1 : start] == (",",) and rank is not None)
        term = self._offices.get(comma)
        if term and term.label == "office" and comma > sentence.start:
            first = self._office_start(term.start, sentence)
            office, start = Span(first, term.end), first
        elif rank and comma < start:
            office = self._headed(comma, sentence)
        return rank, office, office.start if office else start

    def _headed(self, end: int, sentence: Sentence) -> Span | None:
        """An office with its body before a rank ("the head of X Command, General ...")."""
        for start in range(max(end - NEAR, sentence.start), end):
            term = self._begins.get(start)
            if (
                term
                and term.label == "office"
                and not CLOSERS & set(self._document.norms[start:end])
            ):
                return Span(start, end)
        return None

    def _office_start(self, start: int, sentence: Sentence) -> int:
        """Where an office phrase before a name begins ("army spokesman")."""
        document, first = self._document, start
        while first > sentence.start and start - first < 3:
            word = document.norms[first - 1]
            if word in STOPS or not word[:1].isalpha() or first - 1 in self._says:
                break
            first -= 1
        return first

    def _after(self, run: Span, sentence: Sentence) -> Span | None:
        """The apposition after a name, if it is an office."""
        norms = self._document.norms
        if norms[run.end : run.end + 1] != (",",):
            return None
        start = run.end + 1
        start += norms[start : start + 1] in (("the",), ("a",), ("an",))
        limit = min(sentence.end, start + REACH)
        end = next((i for i in range(start, limit) if norms[i] in CLOSERS), limit)
        held = any(
            i in self._begins and self._begins[i].label == "office"
            for i in range(start, min(end, start + 6))
        )
        return Span(start, end) if held and end > start else None

    def _split(self, office: Span | None) -> tuple[str | None, str | None]:
        """An office phrase as role and organisation."""
        if office is None:
            return None, None
        slice_, norms = self._document.slice, self._document.norms
        inside = [i for i in range(office.start + 1, office.end - 1) if norms[i] in INTO_BODY]
        for index in sorted(inside, key=lambda i: norms[i] != "at"):
            body = self._named_after(index, office.end)
            if body:
                return slice_(office.start, index), slice_(body.start, body.end)
        inner = next(iter(self._parties.within(office.start, office.end)), None)
        held = inner is not None and inner.sort in BODIES
        body_name = slice_(inner.start, inner.end) if inner and held else None
        return slice_(office.start, office.end), body_name

    def _named_after(self, index: int, end: int) -> Span | None:
        """The organisation named after a preposition, without where it is based."""
        raw, norms = self._document.raw, self._document.norms
        article = norms[index + 1] == "the"
        if not article and not is_capital(raw[index + 1]):
            return None
        start = index + 1 + article
        stop = next((i for i in range(start, end) if norms[i] in BASED), end)
        body = Span(start, stop)
        return body if self._body(body) else None

    def _body(self, span: Span) -> bool:
        """Whether a stretch names an organisation."""
        parts = self._document.norms[span.start : span.end]
        named = bool(set(parts) & words("places.org_words")) and is_capital(
            self._document.raw[span.start]
        )
        acronym = span.end - span.start == 1 and self._document.raw[span.start].isupper()
        held = any(
            party.sort in BODIES and party.start <= span.start + 1
            for party in self._parties.within(span.start, span.end)
        )
        return named or acronym or held

    def _speech(self, run: Span, sentence: Sentence) -> bool:
        near = range(max(run.start - 3, sentence.start), min(run.end + 2, sentence.end))
        return any(i in self._says for i in near) or (
            self._document.norms[max(run.start - 2, 0) : run.start] == ("according", "to")
        )


def _parts(run: Span, titles: Layer[Term], taken: set[int]) -> Iterator[Span]:
    """A run of capitals without titles and what is already taken."""
    for term in titles.within(run.start, run.end):
        if term.start == run.start:
            run = Span(term.end, run.end)
    if run.start < run.end and taken.isdisjoint(range(run.start, run.end)):
        yield run
