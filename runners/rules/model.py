"""What the stages hand on: the document, mentions in it, and the frames of its clauses."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, TypeVar

Sort = Literal["group", "army", "body", "fighters", "gunmen", "civilians", "suspects"]
ARMED: frozenset[Sort] = frozenset({"group", "army", "body", "fighters", "gunmen"})
GENERIC: frozenset[Sort] = frozenset({"fighters", "gunmen"})
LOCAL, REGION, COUNTRY, MACRO = range(4)


@dataclass(frozen=True)
class Span:
    """A stretch of tokens, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Sentence(Span):
    """A sentence, and the number of its paragraph."""

    paragraph: int


@dataclass(frozen=True)
class Party(Span):
    """A party named: `name` is canonical, or empty for the army of a state still to be found."""

    name: str
    sort: Sort
    word: str = ""


@dataclass(frozen=True)
class Place(Span):
    """A place named: its spelling, its level and the country if the gazetteer knows it."""

    name: str
    level: int
    country: str | None


@dataclass(frozen=True)
class DateExpression(Span):
    """A date expression: days, or a shift in days from the date told before it (D1-D5)."""

    first: date | None = None
    last: date | None = None
    shift: tuple[int, int] | None = None
    since: bool = False
    pivot: bool = False


@dataclass(frozen=True)
class Figure(Span):
    """A number with its bound."""

    low: int | None
    high: int | None
    bound: str


@dataclass(frozen=True)
class Act(Span):
    """A word for an act: `kind` is a table of the lexicon, `form` a tense, `noun` or `state`."""

    kind: str
    form: str
    word: str


@dataclass(frozen=True)
class Term(Span):
    """Any other word of the lexicon: `label` says of which list."""

    label: str
    word: str


@dataclass(frozen=True)
class Person(Span):
    """A person by name, with rank, office and organisation as printed."""

    name: str
    title: str | None
    role: str | None
    organisation: str | None


@dataclass(frozen=True)
class Harm:
    """A figure of people harmed."""

    group: tuple[Party, ...]
    harm: str
    figure: Figure
    by: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Loss:
    """A figure of things seized or destroyed."""

    what: str
    outcome: str
    figure: Figure


@dataclass(frozen=True)
class Frame(Span):
    """What one clause tells: acts, where, when, by whom, to whom and with what result."""

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
    """Mentions of one kind over the document, in order and without overlap."""

    spans: tuple[S, ...]
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, spans: Iterable[S]) -> "Layer[S]":
        """The layer of these mentions; of two that overlap the longer stays."""
        kept: list[S] = []
        taken: set[int] = set()
        for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
            if taken.isdisjoint(range(span.start, span.end)):
                kept.append(span)
                taken.update(range(span.start, span.end))
        kept.sort(key=lambda one: one.start)
        return cls(tuple(kept), tuple(span.start for span in kept))

    def within(self, start: int, end: int) -> tuple[S, ...]:
        """The mentions that begin in this stretch of tokens."""
        return self.spans[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def __iter__(self) -> Iterator[S]:
        return iter(self.spans)
