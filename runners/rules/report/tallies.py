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
    """A tally before its parties are named.

    `what` is a thing in the singular or the parties harmed; `drafts` are the events it counts over.
    """

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
    """A frame with the events that it refers to, its days and its source."""

    frame: Frame
    drafts: Sequence[Draft]
    days: Days
    source: Party | None

    @property
    def period(self) -> Days:
        """The days that the count runs over: those of the events, but "since 2019" as printed."""
        since = self.frame.when is not None and self.frame.when.since
        return self.days if since else _period(self.drafts, self.days)

    def by(self, what: str | tuple[Party, ...]) -> tuple[Party, ...]:
        """Return who is responsible for a toll of `what`, by the acts of the frame."""
        kinds = {act.kind for act in self.frame.acts}
        if "repel" in kinds:
            # Who repels an attack is its target, and counts the losses of the attackers.
            return self.frame.targets
        if self.frame.initiators:
            return self.frame.initiators
        if not isinstance(what, str) and what[0].sort in GENERIC:
            # Militants killed, and no killer named: the army that says so, or that took part.
            from_army = self.source is not None and self.source.sort == "army"
            return (self.source,) if self.source and from_army else _armies(self.drafts)
        # Weapons recovered after a fight fell to the army; anything else is the attackers' doing.
        return (_armies(self.drafts) if "recover" in kinds else ()) or _actors(self.drafts)


def tolls(mentions: Mentions, context: FrameContext, single: bool) -> Iterator[Toll]:
    """Yield the tolls of a frame: all its losses, and its harms unless one event has them (G4).

    `single` tells that the frame belongs to one event, whose casualties the harms are.
    """
    frame, drafts = context.frame, context.drafts
    country = next((draft.country for draft in drafts), mentions.country)
    evidence = mentions.document.slice(frame.sentence.start, frame.sentence.end)

    def toll(what: str | tuple[Party, ...], outcome: str, figure: Figure) -> Toll:
        return Toll(
            what=what,
            outcome=outcome,
            figure=figure,
            by=context.by(what),
            drafts=tuple(drafts),
            days=context.period,
            places=_places(mentions, frame, drafts),
            country=country,
            source=context.source,
            evidence=evidence,
        )

    for loss in frame.losses:
        yield toll(loss.what, loss.outcome, loss.figure)
    for harm in () if single else frame.harms:
        if _is_firm(harm, drafts):
            yield toll(harm.group, harm.harm, harm.figure)


def _actors(drafts: Sequence[Draft]) -> tuple[Party, ...]:
    """Return who acted in these events, or claims them."""
    return tuple(
        dict.fromkeys(party for draft in drafts for party in (*draft.initiators, *draft.claimed))
    )


def _armies(drafts: Sequence[Draft]) -> tuple[Party, ...]:
    """Return the armies in these events, which recover things where nobody is named."""
    return tuple(
        dict.fromkeys(
            party
            for draft in drafts
            for party in (*draft.initiators, *draft.targets)
            if party.sort == "army"
        )
    )


def _is_firm(harm: Harm, drafts: Sequence[Draft]) -> bool:
    """Whether a figure that no single event has is firm enough for a record."""
    # Without events behind it, "dozens were killed" has neither period nor place.
    if not harm.group:
        return False
    return bool(drafts) or harm.figure.bound != "vague"


def _period(drafts: Sequence[Draft], days: Days) -> Days:
    """Return the first to the last day of the events, else the given days."""
    firsts = [draft.days[0] for draft in drafts if draft.days[0]]
    lasts = [draft.days[1] for draft in drafts if draft.days[1]]
    return (min(firsts), max(lasts)) if firsts and lasts else days


def _places(mentions: Mentions, frame: Frame, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Return the places that the sentence names, else those of the events (the `places` rule)."""
    # The frame has the sites; failing those, any place short of an area like the Sahel.
    if frame.places:
        return tuple(dict.fromkeys(place.name for place in frame.places))
    in_sentence = [
        place.name
        for place in mentions.places.within(frame.sentence.start, frame.sentence.end)
        if place.level < MACRO
    ]
    return tuple(dict.fromkeys(in_sentence or [draft.place.name for draft in drafts]))


def tally_record(toll: Toll, states: States, main_country: str | None) -> dict[str, Any]:
    """Return the tally record of a toll; `main_country` is the document's main country."""
    namer = Namer(states, toll.country or main_country, _actors(toll.drafts))
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
