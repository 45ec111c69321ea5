"""Attribution: the sources to which the text attributes a clause or a paragraph (N3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from runners.rules.lexicon import lexicon, words
from runners.rules.model import DateExpression, Layer, Party, Person, Sentence, Span, Term
from runners.rules.reader import Document, Phrases, Reader

LEFT, RIGHT = 12, 9  # tokens before and after a verb of saying in which its source stands
PRONOUNS = {"it", "they", "he", "she", "which"}
# "Claimed responsibility", "claimed ten lives", "declared war": before these the verb reports
# a claim, a toll or an act, and attributes nothing.
CLAIMED = {"responsibility", "the", "lives", "an", "two", "three", "several", "attacks", "credit"}
NOT_SPOKEN = {
    "claimed": CLAIMED,
    "claims": CLAIMED,
    "claim": CLAIMED,
    "claiming": CLAIMED,
    "declared": {"a", "an", "the", "war"},
    "declares": {"a", "an"},
}
# A speaker of these ranks without an office speaks for the army (N2, N3).
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
# May stand between a verb of saying and the date of the statement.
BEFORE_DATE = {
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
}
# The source is not sought across these.
STOPS = {";", "that", "but", "while", "after", "when"}


@dataclass(frozen=True)
class Attribution(Span):
    """The words that attribute, with their sources.

    `sources` is empty for an outlet that passes an account on and for "reportedly" (N3). `lead_in`
    marks an attribution that holds to the end of its paragraph.
    """

    sources: tuple[Party, ...]
    lead_in: bool = False


class Attributions:
    """Finds attributions by verbs of saying and "according to"."""

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
        """Find the attributions of a document."""
        terms = [
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in self._terms.find(document)
        ]
        says = Layer.of(term for term in terms if term.label == "say")
        nouns = Layer.of(term for term in terms if term.label != "say")
        return Layer.of(
            _AttributionFinder(document, parties, people, dates, nouns).attributions(says)
        )

    def owner(self, document: Document, parties: Layer[Party]) -> Party | None:
        """Return the party whose own communique the document is, or None if it is none (N3)."""
        for _, start, _ in self._communique.find(document):
            before = parties.within(max(start - LEFT, 0), start)
            if before:
                return before[-1]
        return None


class _AttributionFinder:
    """Finds the attributions of one document in reading order, to resolve pronouns."""

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
        self._last_sources: tuple[Party, ...] = ()

    def attributions(self, says: Layer[Term]) -> Iterator[Attribution]:
        """Yield the attributions of each sentence; overlaps are left to the layer."""
        for sentence in self._document.sentences:
            for say in says.within(sentence.start, sentence.end):
                attribution = self._said(say, sentence)
                if attribution:
                    self._last_sources = attribution.sources or self._last_sources
                    yield attribution
            for index in range(sentence.start, sentence.end - 1):
                if self._document.norms[index : index + 2] == ("according", "to"):
                    yield self._according(index, sentence)

    def _said(self, say: Term, sentence: Sentence) -> Attribution | None:
        """Read a verb of saying with its source, or None where it attributes nothing."""
        norms = self._document.norms
        after = norms[say.end : say.end + 1]
        if after and after[0] in NOT_SPOKEN.get(say.word, ()):
            return None
        end = self._tail(say.end, sentence)
        sources, start = self._nearest(max(sentence.start, say.start - LEFT), say.start, True)
        # "It said" has the source of the attribution before; "..., said the mayor" is inverted.
        if not sources and norms[say.start - 1] in PRONOUNS:
            sources, start = self._last_sources, say.start - 1
        if not sources and start == say.start:
            sources, stop = self._nearest(say.end, min(sentence.end, say.end + RIGHT), False)
            end = max(end, stop) if sources else end
        lead = bool(set(norms[say.end : say.end + 4]) & words("sources.lead_in"))
        return Attribution(start, end, sources, lead)

    def _according(self, index: int, sentence: Sentence) -> Attribution:
        """Read "according to" and the source after it."""
        limit = min(sentence.end, index + 2 + RIGHT)
        sources, stop = self._nearest(index + 2, limit, before_verb=False)
        return Attribution(index, self._tail(max(stop, index + 2), sentence), sources)

    def _tail(self, end: int, sentence: Sentence) -> int:
        """Return the end of the attribution, past the date of the statement if one follows."""
        # That is the date of the statement, not of the act; a weekday and a date may both follow.
        for _ in range(2):
            for when in self._dates.within(end, min(end + 6, sentence.end)):
                if set(self._document.norms[end : when.start]) <= BEFORE_DATE:
                    end = when.end
                    break
        return end

    def _nearest(self, start: int, end: int, before_verb: bool) -> tuple[tuple[Party, ...], int]:
        """Return the sources in a stretch next to the verb, and the far end of their mention.

        `before_verb` tells whether the stretch stands before the verb.
        """
        edge = end if before_verb else start
        spans = self._candidates(start, end, before_verb)
        if not spans:
            return (), edge
        # A person's mention holds the body that they speak for; else the nearest to the verb is it.
        best = max(
            spans,
            key=lambda span: (
                isinstance(span, Person),
                span.end if before_verb else -span.start,
                not isinstance(span, Party),
            ),
        )
        joined = [span for span in spans if _beside(self._document, span, best)]
        sources = [self._source(span) for span in sorted([*joined, best], key=lambda s: s.start)]
        mention = (*joined, best)
        far = min(s.start for s in mention) if before_verb else max(s.end for s in mention)
        return tuple(source for source in sources if source), far

    def _candidates(self, start: int, end: int, before_verb: bool) -> "list[Party | Person | Term]":
        """Return the mentions in a stretch next to the verb that may be its source."""
        edge = end if before_verb else start
        for index in range(end - 1, start - 1, -1) if before_verb else range(start, end):
            if self._document.norms[index] in STOPS and index != end - 1:
                start, end = (index, end) if before_verb else (start, index)
                break
        spans: list[Party | Person | Term] = [
            *self._people.within(start, end),
            *self._nouns.within(start, end),
            *self._parties.within(start, end),
        ]
        return [span for span in spans if self._close(span, edge, before_verb)]

    def _close(self, span: Span, edge: int, before_verb: bool) -> bool:
        """Whether the gap to the verb is at most five tokens, without another verb or "in"."""
        gap = (
            self._document.norms[span.end : edge]
            if before_verb
            else self._document.norms[edge : span.start]
        )
        return len(gap) <= 5 and not set(gap) & {"were", "was", "in", "killed"}

    def _source(self, span: "Party | Person | Term") -> Party | None:
        """Return a mention as a source; outlets are none, and people keep the text's word (N3)."""
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
        """Return the body that a person speaks for, else the office, else the person (N3)."""
        bodies = [
            party
            for party in self._parties.within(person.start - 4, person.end)
            if party.sort in ("army", "body", "group")
        ]
        if bodies:
            return bodies[0]
        if person.organisation:
            name = person.organisation
        elif person.title and person.title.split()[0].lower() in MILITARY and not person.role:
            return Party(person.start, person.end, "", "army", person.title)
        else:
            name = person.role or person.name
        return Party(person.start, person.end, name, "body", name)


def _beside(document: Document, span: Span, other: Span) -> bool:
    """Whether two mentions are joined by "and"."""
    first, second = sorted((span, other), key=lambda part: part.start)
    gap = document.norms[first.end : second.start]
    return len(gap) <= 3 and gap[:1] == ("and",)
