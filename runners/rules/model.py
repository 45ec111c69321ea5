"""Data passed between the stages: mentions in the document, and the frames of its clauses."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, TypeVar

Sort = Literal["group", "army", "body", "fighters", "gunmen", "civilians", "suspects"]
# Sorts whose parties can use force, and those whose words name no particular group (rule N1).
ARMED: frozenset[Sort] = frozenset({"group", "army", "body", "fighters", "gunmen"})
GENERIC: frozenset[Sort] = frozenset({"fighters", "gunmen"})
# Levels of places, the most specific first, so that min() picks it.
LOCAL, REGION, COUNTRY, MACRO = range(4)


@dataclass(frozen=True)
class Span:
    """A stretch of tokens, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Sentence(Span):
    """A sentence, with the index of its paragraph."""

    paragraph: int


@dataclass(frozen=True)
class Party(Span):
    """A mention of a party.

    `name` is canonical, or empty for the army of a state not yet resolved; `word` is the folded
    text of the mention.
    """

    name: str
    sort: Sort
    word: str = ""


@dataclass(frozen=True)
class Place(Span):
    """A mention of a place: its spelling, its level and its country (ISO 3166-1 alpha-3).

    `country` is None where the gazetteer does not decide it.
    """

    name: str
    level: int
    country: str | None


@dataclass(frozen=True)
class DateExpression(Span):
    """A date expression: first and last day, or a shift in days from an earlier date (D1-D5).

    `shift` is the nearest and farthest offset, negative for earlier days. `since` marks an open
    period; `pivot` a shift that opens a clause ("days after the raid").
    """

    first: date | None = None
    last: date | None = None
    shift: tuple[int, int] | None = None
    since: bool = False
    pivot: bool = False


@dataclass(frozen=True)
class Figure(Span):
    """A count of people or things: the codebook's `low`, `high` and `bound`."""

    low: int | None
    high: int | None
    bound: str


@dataclass(frozen=True)
class Act(Span):
    """A word for an act.

    `kind` is its table in the lexicon; `form` a verb form (`base`, `past`, `part`, `ing`, or `ed`
    where past and participle are the same), `noun`, or `state` ("20 dead"); `word` the verb's base
    form or the noun.
    """

    kind: str
    form: str
    word: str


@dataclass(frozen=True)
class Term(Span):
    """Any other phrase of the lexicon, with the `label` of its list."""

    label: str
    word: str


@dataclass(frozen=True)
class Person(Span):
    """A mention of a person by name, with rank (`title`), office (`role`) and organisation."""

    name: str
    title: str | None
    role: str | None
    organisation: str | None


@dataclass(frozen=True)
class Harm:
    """A figure of people killed, injured or captured; `group` is empty if the clause names none."""

    group: tuple[Party, ...]
    harm: str
    figure: Figure
    by: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Loss:
    """A figure of things seized or destroyed; `what` is in the singular."""

    what: str
    outcome: str
    figure: Figure


@dataclass(frozen=True)
class Frame(Span):
    """The content of one clause: acts, where, when, by whom, to whom and with what result.

    `container` is the country that the clause names around its places. `plural` marks a series of
    acts ("attacks"), `again` a pronoun subject that refers to the previous actor.
    """

    sentence: Sentence
    acts: tuple[Act, ...] = ()
    places: tuple[Place, ...] = ()
    container: str | None = None
    when: DateExpression | None = None
    initiators: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()
    harms: tuple[Harm, ...] = ()
    losses: tuple[Loss, ...] = ()
    weapons: tuple[str, ...] = ()
    claimants: tuple[Party, ...] = ()
    sources: tuple[Party, ...] = ()
    plural: bool = False
    again: bool = False


S = TypeVar("S", bound=Span)


@dataclass(frozen=True)
class Layer(Generic[S]):
    """The mentions of one kind in a document, in order and without overlap."""

    spans: tuple[S, ...]
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, spans: Iterable[S]) -> "Layer[S]":
        """Build a layer; of overlapping mentions the longest is kept, of equals the first."""
        # Longest match, as in dictionary tagging: "car bomb attack" hides "bomb" and "attack".
        kept: list[S] = []
        taken: set[int] = set()
        for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
            if taken.isdisjoint(range(span.start, span.end)):
                kept.append(span)
                taken.update(range(span.start, span.end))
        kept.sort(key=lambda span: span.start)
        return cls(tuple(kept), tuple(span.start for span in kept))

    def within(self, start: int, end: int) -> tuple[S, ...]:
        """Return the mentions that start in tokens `start` to `end`, the latter excluded."""
        return self.spans[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def __iter__(self) -> Iterator[S]:
        return iter(self.spans)
