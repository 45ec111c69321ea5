"""Tallies: tolls over several events, and things seized or destroyed (G3, G4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from runners.rules.dates.periods import Days, iso
from runners.rules.mentions.finder import Mentions
from runners.rules.mentions.states import States
from runners.rules.model import GENERIC, MACRO, Figure, Frame, Harm, Party
from runners.rules.report.drafts import Draft, Namer


@dataclass(frozen=True)
class Toll:
    """A tally with its parties still to be named."""

    what: str | tuple[Party, ...]
    outcome: str
    figure: Figure
    by: tuple[Party, ...]
    drafts: tuple[Draft, ...]
    days: Days
    places: tuple[str, ...]
    country: str | None
    source: Party | None
    evidence: str


@dataclass(frozen=True)
class FrameContext:
    """A frame with the events it tells of, its days and its source."""

    frame: Frame
    drafts: Sequence[Draft]
    days: Days
    source: Party | None

    @property
    def period(self) -> Days:
        """The days of the events, or those of the frame's own figure."""
        since = self.frame.when is not None and self.frame.when.since
        return self.days if since else _period(self.drafts, self.days)

    def by(self, what: str | tuple[Party, ...]) -> tuple[Party, ...]:
        """Who did this to that."""
        kinds = {act.kind for act in self.frame.acts}
        if "repel" in kinds:
            return self.frame.targets
        if self.frame.initiators:
            return self.frame.initiators
        if not isinstance(what, str) and what[0].sort in GENERIC:
            told = self.source is not None and self.source.sort == "army"
            return (self.source,) if self.source and told else _armies(self.drafts)
        return (_armies(self.drafts) if "recover" in kinds else ()) or _actors(self.drafts)


def tolls(mentions: Mentions, scene: FrameContext, single: bool) -> Iterator[Toll]:
    """What a frame counts that is not told of one event alone."""
    frame, drafts = scene.frame, scene.drafts
    country = next((draft.country for draft in drafts), mentions.country)
    evidence = mentions.document.slice(frame.sentence.start, frame.sentence.end)

    def toll(what: str | tuple[Party, ...], outcome: str, figure: Figure) -> Toll:
        return Toll(
            what,
            outcome,
            figure,
            scene.by(what),
            tuple(drafts),
            scene.period,
            _places(mentions, frame, drafts),
            country,
            scene.source,
            evidence,
        )

    for loss in frame.losses:
        yield toll(loss.what, loss.outcome, loss.figure)
    for harm in () if single else frame.harms:
        if _tellable(harm, drafts):
            yield toll(harm.group, harm.harm, harm.figure)


def _actors(drafts: Sequence[Draft]) -> tuple[Party, ...]:
    """Who acted in these events, or claims them."""
    return tuple(
        dict.fromkeys(party for draft in drafts for party in (*draft.initiators, *draft.claimed))
    )


def _armies(drafts: Sequence[Draft]) -> tuple[Party, ...]:
    """The armies in these events: who recovers things when nobody is named."""
    return tuple(
        dict.fromkeys(
            party
            for draft in drafts
            for party in (*draft.initiators, *draft.targets)
            if party.sort == "army"
        )
    )


def _tellable(harm: Harm, drafts: Sequence[Draft]) -> bool:
    """Whether a figure without one event is firm enough for a record."""
    if not harm.group:
        return False
    return bool(drafts) or harm.figure.bound != "vague"


def _period(drafts: Sequence[Draft], days: Days) -> Days:
    firsts = [draft.days[0] for draft in drafts if draft.days[0]]
    lasts = [draft.days[1] for draft in drafts if draft.days[1]]
    return (min(firsts), max(lasts)) if firsts and lasts else days


def _places(mentions: Mentions, frame: Frame, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Places named in the sentence; failing that, those of the events behind the toll."""
    if frame.places:
        return tuple(dict.fromkeys(place.name for place in frame.places))
    named = [
        place.name
        for place in mentions.places.within(frame.sentence.start, frame.sentence.end)
        if place.level < MACRO
    ]
    return tuple(dict.fromkeys(named or [draft.place.name for draft in drafts]))


def record(toll: Toll, states: States, main: str | None) -> dict[str, Any]:
    """The tally record of a toll."""
    namer = Namer(states, toll.country or main, _actors(toll.drafts))
    what = toll.what if isinstance(toll.what, str) else " and ".join(namer.names(toll.what))
    by = [name for name in namer.names(toll.by) if name != what]
    return {
        "what": what,
        "outcome": toll.outcome,
        "low": toll.figure.low,
        "high": toll.figure.high,
        "bound": toll.figure.bound,
        "by": by,
        "start": iso(toll.days[0]),
        "end": iso(toll.days[1]),
        "places": list(toll.places),
        "source": namer.name(toll.source) if toll.source else None,
        "evidence": toll.evidence,
    }
