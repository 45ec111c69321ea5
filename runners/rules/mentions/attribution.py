"""Attribution: to whom the text attributes an account, a clause or a paragraph (N3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from runners.rules.lexicon import lexicon, words
from runners.rules.model import DateExpression, Layer, Party, Person, Sentence, Span, Term
from runners.rules.reader import Document, Phrases, Reader

LEFT, RIGHT = 12, 9
PRONOUNS = {"it", "they", "he", "she", "which"}
CLAIMED = {"responsibility", "the", "lives", "an", "two", "three", "several", "attacks", "credit"}
NOT_SPOKEN = {
    "claimed": CLAIMED,
    "claims": CLAIMED,
    "claim": CLAIMED,
    "claiming": CLAIMED,
    "declared": {"a", "an", "the", "war"},
    "declares": {"a", "an"},
}
MILITARY = {
    "general",
    "gen.",
    "colonel",
    "col.",
    "major",
    "maj.",
    "captain",
    "capt.",
    "lieutenant",
    "lt.",
    "lieutenant-colonel",
    "brigadier",
    "sergeant",
}
STOPS = {";", "that", "but", "while", "after", "when"}


@dataclass(frozen=True)
class Attribution(Span):
    """A stretch that attributes, and its source; without one it relays or names nobody."""

    sources: tuple[Party, ...]
    lead_in: bool = False


class Attributions:
    """Finds attributions sentence by sentence."""

    def __init__(self, reader: Reader) -> None:
        table = lexicon()["sources"]
        self._terms = Phrases(
            reader, {"say": table["say"], "source": table["words"], "outlet": table["outlets"]}
        )
        self._communique = Phrases(reader, {"own": table["communique"]})

    def find(
        self,
        document: Document,
        parties: Layer[Party],
        people: Layer[Person],
        dates: Layer[DateExpression],
    ) -> Layer[Attribution]:
        """Every attribution of the document."""
        found = [
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in self._terms.find(document)
        ]
        says = Layer.of(term for term in found if term.label == "say")
        nouns = Layer.of(term for term in found if term.label != "say")
        return Layer.of(
            _AttributionFinder(document, parties, people, dates, nouns).attributions(says)
        )

    def owner(self, document: Document, parties: Layer[Party]) -> Party | None:
        """The party whose own communique the document is, if it is one (N3)."""
        for _, start, _ in self._communique.find(document):
            before = parties.within(max(start - LEFT, 0), start)
            if before:
                return before[-1]
        return None


class _AttributionFinder:
    """The attributions of one document, in order, so that pronouns find their source."""

    def __init__(
        self,
        document: Document,
        parties: Layer[Party],
        people: Layer[Person],
        dates: Layer[DateExpression],
        nouns: Layer[Term],
    ) -> None:
        self._document, self._parties, self._people = document, parties, people
        self._dates, self._nouns = dates, nouns
        self._last: tuple[Party, ...] = ()

    def attributions(self, says: Layer[Term]) -> Iterator[Attribution]:
        for sentence in self._document.sentences:
            for say in says.within(sentence.start, sentence.end):
                found = self._said(say, sentence)
                if found:
                    self._last = found.sources or self._last
                    yield found
            for index in range(sentence.start, sentence.end - 1):
                if self._document.norms[index : index + 2] == ("according", "to"):
                    yield self._according(index, sentence)

    def _said(self, say: Term, sentence: Sentence) -> Attribution | None:
        norms = self._document.norms
        after = norms[say.end : say.end + 1]
        if after and after[0] in NOT_SPOKEN.get(say.word, ()):
            return None
        end = self._tail(say.end, sentence)
        sources, start = self._nearest(max(sentence.start, say.start - LEFT), say.start, True)
        if not sources and norms[say.start - 1] in PRONOUNS:
            sources, start = self._last, say.start - 1
        if not sources and start == say.start:
            sources, stop = self._nearest(say.end, min(sentence.end, say.end + RIGHT), False)
            end = max(end, stop) if sources else end
        lead = bool(set(norms[say.end : say.end + 4]) & words("sources.lead_in"))
        return Attribution(start, end, sources, lead)

    def _according(self, index: int, sentence: Sentence) -> Attribution:
        limit = min(sentence.end, index + 2 + RIGHT)
        sources, stop = self._nearest(index + 2, limit, last=False)
        return Attribution(index, self._tail(max(stop, index + 2), sentence), sources)

    def _tail(self, end: int, sentence: Sentence) -> int:
        """Past a date or "in a statement" that tells when it was said."""
        for _ in range(2):
            for when in self._dates.within(end, min(end + 6, sentence.end)):
                between = self._document.norms[end : when.start]
                if set(between) <= {
                    "on",
                    "late",
                    "in",
                    "a",
                    "statement",
                    "issued",
                    "published",
                    "communique",
                    "released",
                    "early",
                }:
                    end = when.end
                    break
        return end

    def _nearest(self, start: int, end: int, last: bool) -> tuple[tuple[Party, ...], int]:
        """The sources in a stretch next to the verb, and the far end of its mention."""
        edge = end if last else start
        for index in range(end - 1, start - 1, -1) if last else range(start, end):
            if self._document.norms[index] in STOPS and index != end - 1:
                start, end = (index, end) if last else (start, index)
                break
        spans: list[Party | Person | Term] = [
            *self._people.within(start, end),
            *self._nouns.within(start, end),
            *self._parties.within(start, end),
        ]
        spans = [one for one in spans if self._close(one, edge, last)]
        if not spans:
            return (), edge
        best = max(
            spans,
            key=lambda one: (
                isinstance(one, Person),
                one.end if last else -one.start,
                not isinstance(one, Party),
            ),
        )
        joined = [one for one in spans if _beside(self._document, one, best)]
        sources = [self._source(one) for one in sorted([*joined, best], key=lambda s: s.start)]
        ends = [one.start if last else one.end for one in (*joined, best)]
        return tuple(one for one in sources if one), min(ends) if last else max(ends)

    def _close(self, span: Span, edge: int, last: bool) -> bool:
        """Whether no more than a paper, a title or a comma stands before the verb."""
        gap = (
            self._document.norms[span.end : edge]
            if last
            else (self._document.norms[edge : span.start])
        )
        return len(gap) <= 5 and not set(gap) & {"were", "was", "in", "killed"}

    def _source(self, span: "Party | Person | Term") -> Party | None:
        if isinstance(span, Term):
            if span.label == "outlet":
                return None
            return Party(span.start, span.end, span.word, "body", span.word)
        if isinstance(span, Party):
            if span.sort == "civilians":
                return Party(span.start, span.end, span.word, "body", span.word)
            return span
        return self._body_of(span)

    def _body_of(self, person: Person) -> Party | None:
        """The body that a person speaks for, else the office, else the person."""
        named = [
            party
            for party in self._parties.within(person.start - 4, person.end)
            if party.sort in ("army", "body", "group")
        ]
        if named:
            return named[0]
        if person.organisation:
            name = person.organisation
        elif person.title and person.title.split()[0].lower() in MILITARY and not person.role:
            return Party(person.start, person.end, "", "army", person.title)
        else:
            name = person.role or person.name
        return Party(person.start, person.end, name, "body", name)


def _beside(document: Document, one: Span, other: Span) -> bool:
    """Whether two mentions are joined by "and"."""
    first, second = sorted((one, other), key=lambda span: span.start)
    gap = document.norms[first.end : second.start]
    return len(gap) <= 3 and gap[:1] == ("and",)
