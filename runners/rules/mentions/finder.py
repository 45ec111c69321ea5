"""Everything found in a document before it is put together: the mention layers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from runners.rules.dates.expressions import find_dates
from runners.rules.dates.years import Years
from runners.rules.figures import find_figures
from runners.rules.lexicon import lexicon
from runners.rules.mentions.acts import Acts
from runners.rules.mentions.attribution import Attribution, Attributions
from runners.rules.mentions.parties import Parties
from runners.rules.mentions.places import Places
from runners.rules.mentions.speakers import People
from runners.rules.mentions.states import States, main
from runners.rules.model import Act, DateExpression, Figure, Layer, Party, Person, Place, Span, Term
from runners.rules.reader import Document, Phrases, Reader


@dataclass(frozen=True)
class Mentions:
    """A document and its layers of mentions."""

    document: Document
    country: str | None
    parties: Layer[Party]
    places: Layer[Place]
    dates: Layer[DateExpression]
    figures: Layer[Figure]
    acts: Layer[Act]
    people: Layer[Person]
    attributions: Layer[Attribution]
    things: Layer[Term]
    weapons: Layer[Term]
    owner: Party | None
    forces: dict[str, str]


class Finder:
    """Finds all mentions in a text."""

    def __init__(self, aliases: Iterable[Sequence[str]]) -> None:
        lines = list(aliases)
        reader = Reader()
        self.states = States(lines)
        self._reader = reader
        self._parties = Parties(reader, lines, self.states)
        self._places = Places(reader, self.states)
        self._acts, self._people = Acts(reader), People(reader)
        self._attributions = Attributions(reader)
        self._things = Phrases(reader, {"thing": lexicon()["things"]["words"]})
        self._weapons = Phrases(reader, {"weapon": lexicon()["weapons"]["words"]})

    def find(self, text: str, published: date | None) -> Mentions:
        """The mentions of a text."""
        document = self._reader.read(text)
        dates = find_dates(document, Years.of(document.plain, published))
        parties, acts = self._parties.find(document), self._acts.find(document)
        named = self.states.named(document, (one.name for one in parties))
        near = self.states.around(named)
        spans: Layer[Span] = Layer.of(Span(one.start, one.end) for one in dates)
        people = self._people.find(document, parties, spans)
        taken: list[Span] = [*parties, *dates, *people]
        places = self._places.find(document, taken, acts, near)
        figures = find_figures(document)
        dated = {i for when in dates for i in range(when.start, when.end)}
        free = Layer.of(figure for figure in figures if figure.end - 1 not in dated)
        return Mentions(
            document,
            _main(near, places),
            parties,
            places,
            dates,
            free,
            acts,
            people,
            self._attributions.find(document, parties, people, dates),
            self._terms(self._things, document),
            self._terms(self._weapons, document),
            self._attributions.owner(document, parties),
            self.states.forces(),
        )

    @staticmethod
    def _terms(phrases: Phrases, document: Document) -> Layer[Term]:
        return Layer.of(
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in phrases.find(document)
        )


def _main(near: Counter[str], places: Layer[Place]) -> str | None:
    """The country that the document is about: the one named most, else its towns' one."""
    return main(near or Counter(place.country for place in places if place.country))
