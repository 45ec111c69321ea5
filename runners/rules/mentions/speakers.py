"""People named: their rank, office and organisation as printed (the speakers table)."""

from collections.abc import Iterator

from runners.rules.lexicon import lexicon, words
from runners.rules.mentions.names import capitalised_runs, is_capital
from runners.rules.model import Layer, Party, Person, Sentence, Span, Term
from runners.rules.reader import Document, Phrases, Reader

# An office phrase before a name does not reach back over these.
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
# An apposition after a name ends at these.
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
# Prepositions between an office and its organisation.
INTO_BODY = {"at", "of", "for", "with", "from", "in"}
BODIES = ("army", "body", "group")
BASED = {"in", "based"}
REACH, NEAR = 18, 9  # longest apposition and longest office before a rank, in tokens


class People:
    """Finds persons by rank, by office, and by a verb of saying."""

    def __init__(self, reader: Reader) -> None:
        table = lexicon()["speakers"]
        self._titles = Phrases(
            reader,
            {
                # Capitals decide how some ranks are tokenised ("Gen."), so both forms are listed.
                "rank": [*table["ranks"], *map(str.title, table["ranks"])],
                "office": table["offices"],
            },
        )
        self._say = Phrases(reader, {"say": lexicon()["sources"]["say"]})

    def find(self, document: Document, parties: Layer[Party], dates: Layer[Span]) -> Layer[Person]:
        """Find the persons named in a document; `dates` are spans that no name takes in."""
        titles = Layer.of(
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in self._titles.find(document)
        )
        says = {start for _, start, _ in self._say.find(document)}
        finder = _PersonFinder(document, titles, parties, dates, says)
        return Layer.of(
            person for sentence in document.sentences for person in finder.persons(sentence)
        )


class _PersonFinder:
    """Finds the persons of one document."""

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
        self._runs = Layer.of(
            part for run in capitalised_runs(document) for part in _parts(run, titles, taken)
        )

    def persons(self, sentence: Sentence) -> Iterator[Person]:
        """Yield the persons named in a sentence."""
        for run in self._runs.within(sentence.start, sentence.end):
            rank, office, start = self._before(run, sentence)
            size = sum(is_capital(raw) for raw in self._document.raw[run.start : run.end])
            after = self._after(run, sentence) if size > 1 or rank else None
            speaks = self._speech(run, sentence)
            # A name alone may be a place or a body: it takes a rank, or two capitalised words and
            # an office or a verb of saying.
            if rank or (size > 1 and (office or after or (speaks and not self._body(run)))):
                yield self._person(run, start, rank, office, after)

    def _person(
        self, run: Span, start: int, rank: Term | None, office: Span | None, after: Span | None
    ) -> Person:
        """Build a person; an office after the name is fuller than one before it."""
        document = self._document
        role, body = self._split(after or office)
        title = document.slice(rank.start, rank.end) if rank else None
        name = document.slice(run.start, run.end).removesuffix("'s")
        return Person(
            start=start,
            end=after.end if after else run.end,
            name=name,
            title=title,
            role=role,
            organisation=body,
        )

    def _before(self, run: Span, sentence: Sentence) -> tuple[Term | None, Span | None, int]:
        """Return rank and office right before the name, and where the whole mention starts."""
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
        """Return an office and its body before a rank ("the head of X Command, General ...")."""
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
        """Return where an office phrase before a name starts ("army spokesman")."""
        document, first = self._document, start
        while first > sentence.start and start - first < 3:
            word = document.norms[first - 1]
            if word in STOPS or not word[:1].isalpha() or first - 1 in self._says:
                break
            first -= 1
        return first

    def _after(self, run: Span, sentence: Sentence) -> Span | None:
        """Return the apposition after a name, without its article, if it states an office."""
        norms = self._document.norms
        if norms[run.end : run.end + 1] != (",",):
            return None
        start = run.end + 1
        start += norms[start : start + 1] in (("the",), ("a",), ("an",))
        limit = min(sentence.end, start + REACH)
        end = next((i for i in range(start, limit) if norms[i] in CLOSERS), limit)
        has_office = any(
            i in self._begins and self._begins[i].label == "office"
            for i in range(start, min(end, start + 6))
        )
        return Span(start, end) if has_office and end > start else None

    def _split(self, office: Span | None) -> tuple[str | None, str | None]:
        """Split an office phrase into role and organisation, as printed."""
        if office is None:
            return None, None
        slice_, norms = self._document.slice, self._document.norms
        inside = [i for i in range(office.start + 1, office.end - 1) if norms[i] in INTO_BODY]
        # "At" is the surest of the prepositions: "head of research at the Peace Institute".
        for index in sorted(inside, key=lambda i: norms[i] != "at"):
            body = self._named_after(index, office.end)
            if body:
                return slice_(office.start, index), slice_(body.start, body.end)
        inner = next(iter(self._parties.within(office.start, office.end)), None)
        # Without a preposition the role keeps the body that it names ("army spokesman").
        is_body = inner is not None and inner.sort in BODIES
        body_name = slice_(inner.start, inner.end) if inner and is_body else None
        return slice_(office.start, office.end), body_name

    def _named_after(self, index: int, end: int) -> Span | None:
        """Return the organisation after a preposition, without the place where it is based."""
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
        has_org_word = bool(set(parts) & words("places.org_words")) and is_capital(
            self._document.raw[span.start]
        )
        acronym = span.end - span.start == 1 and self._document.raw[span.start].isupper()
        has_body = any(
            party.sort in BODIES and party.start <= span.start + 1
            for party in self._parties.within(span.start, span.end)
        )
        return has_org_word or acronym or has_body

    def _speech(self, run: Span, sentence: Sentence) -> bool:
        """Whether a verb of saying or "according to" stands next to the name."""
        near = range(max(run.start - 3, sentence.start), min(run.end + 2, sentence.end))
        return any(i in self._says for i in near) or (
            self._document.norms[max(run.start - 2, 0) : run.start] == ("according", "to")
        )


def _parts(run: Span, titles: Layer[Term], taken: set[int]) -> Iterator[Span]:
    """Yield a run of capitals without its titles, unless parties or dates take up a part of it."""
    for term in titles.within(run.start, run.end):
        if term.start == run.start:
            run = Span(term.end, run.end)
    if run.start < run.end and taken.isdisjoint(range(run.start, run.end)):
        yield run
