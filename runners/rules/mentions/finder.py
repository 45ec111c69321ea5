"""Mention detection: all layers of mentions of a document."""

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
from runners.rules.mentions.states import States, most_mentioned
from runners.rules.model import Act, DateExpression, Figure, Layer, Party, Person, Place, Span, Term
from runners.rules.reader import Document, Phrases, Reader


@dataclass(frozen=True)
class Mentions:
    """A document with its layers of mentions.

    `country` is the main state of the document, `owner` the party whose communique it is (N3),
    `forces` the state of each armed force by the force's name.
    """

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
    """Finds all mentions in a text; `aliases` are lines of names, the canonical name first."""

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
        """Find the mentions of a text; later layers leave out what earlier ones cover."""
        document = self._reader.read(text)
        dates = find_dates(document, Years.of(document.plain, published))
        parties, acts = self._parties.find(document), self._acts.find(document)
        counts = self.states.count_mentions(document, (party.name for party in parties))
        state_counts = self.states.around(counts)
        # Order matters: "Monday" or "President Issa Maiga" is no place, a party is no person.
        spans: Layer[Span] = Layer.of(Span(when.start, when.end) for when in dates)
        people = self._people.find(document, parties, spans)
        taken: list[Span] = [*parties, *dates, *people]
        places = self._places.find(document, taken, acts, state_counts)
        figures = find_figures(document)
        # The numbers of a date ("3 to 5 March", "two days later") count neither people nor things.
        dated = {i for when in dates for i in range(when.start, when.end)}
        free = Layer.of(figure for figure in figures if figure.end - 1 not in dated)
        return Mentions(
            document=document,
            country=_main_country(state_counts, places),
            parties=parties,
            places=places,
            dates=dates,
            figures=free,
            acts=acts,
            people=people,
            attributions=self._attributions.find(document, parties, people, dates),
            things=self._terms(self._things, document),
            weapons=self._terms(self._weapons, document),
            owner=self._attributions.owner(document, parties),
            forces=self.states.forces(),
        )

    @staticmethod
    def _terms(phrases: Phrases, document: Document) -> Layer[Term]:
        """Return the matches of a table as a layer of terms."""
        return Layer.of(
            Term(start, end, label, document.phrase(start, end))
            for label, start, end in phrases.find(document)
        )


def _main_country(state_counts: Counter[str], places: Layer[Place]) -> str | None:
    """Return the main country of the document: the most mentioned, else that of most towns."""
    return most_mentioned(
        state_counts or Counter(place.country for place in places if place.country)
    )
