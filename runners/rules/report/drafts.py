"""Drafts: events while they are put together, and their final form (N1, N2, G7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from runners.rules.dates.periods import Days, iso
from runners.rules.lexicon import words
from runners.rules.mentions.parties import FIXED
from runners.rules.mentions.states import States
from runners.rules.model import ARMED, GENERIC, Harm, Party, Place

FAMILIES = {"air": "air", "arrest": "arrest", "abduct": "abduct", "yield": "yield"}


@dataclass
class Draft:
    """One event so far."""

    place: Place
    country: str | None
    days: Days
    evidence: str
    kinds: set[str] = field(default_factory=set)
    initiators: list[Party] = field(default_factory=list)
    targets: list[Party] = field(default_factory=list)
    harms: list[tuple[Harm, Party | None]] = field(default_factory=list)
    weapons: list[str] = field(default_factory=list)
    claimed: list[Party] = field(default_factory=list)
    sources: list[Party] = field(default_factory=list)
    armed_site: bool = False
    taken: bool = False

    @property
    def family(self) -> str:
        """Which drafts at one place may be the same event."""
        return family(self.kinds)

    def add(
        self,
        kinds: Iterable[str],
        initiators: Iterable[Party],
        targets: Iterable[Party],
        weapons: Iterable[str],
        sources: Iterable[Party],
    ) -> None:
        """Takes in what another mention of the event tells."""
        self.kinds.update(kinds)
        for mine, more in (
            (self.initiators, initiators),
            (self.targets, targets),
            (self.sources, sources),
        ):
            mine.extend(party for party in more if party not in mine)
        self.weapons.extend(weapon for weapon in weapons if weapon not in self.weapons)


def family(kinds: Iterable[str]) -> str:
    """The family of these acts: one of the exclusive ones, or an attack of some kind."""
    found = {FAMILIES.get(kind, "attack") for kind in kinds}
    return next(iter(found)) if len(found) == 1 else "attack"


class Namer:
    """Writes parties by their final names within one event (N1, N2)."""

    def __init__(self, states: States, country: str | None, actors: Iterable[Party]) -> None:
        self._force = states.force(country)
        self._actors = tuple(actors)

    def name(self, party: Party) -> str:
        """The name of a party: of the state's army, or of the group that "militants" means."""
        if party.sort == "army" and not party.name:
            return self._force
        if party.sort in GENERIC:
            named = [one for one in self._actors if one.sort == "group"]
            if named:
                return named[0].name
            if party.word in words("parties.gunmen") and any(
                one.sort == "fighters" for one in self._actors
            ):
                return FIXED["fighters"]
        return party.name

    def names(self, parties: Iterable[Party]) -> list[str]:
        """The names of parties, each once."""
        return list(dict.fromkeys(self.name(party) for party in parties))


def event_record(draft: Draft, states: States, main: str | None) -> dict[str, Any]:
    """The event record of a draft."""
    country = draft.country or draft.place.country or main
    namer = Namer(states, country, [*draft.initiators, *draft.claimed, *draft.targets])
    initiators = namer.names(draft.initiators or draft.claimed or _raiders(draft))
    casualties = _casualties(draft, namer)
    harmed = [name for row in casualties for name in row["group"].split(" and ")]
    targets = [*namer.names(draft.targets), *harmed]
    kind = event_type(draft)
    return {
        "event_type": kind,
        "place": draft.place.name,
        "country": country,
        "start": iso(draft.days[0]),
        "end": iso(draft.days[1]),
        "initiators": initiators,
        "targets": [one for one in dict.fromkeys(targets) if one not in initiators],
        "outcome": _outcome(draft),
        "weapons": draft.weapons,
        "casualties": casualties,
        "claimed_by": namer.names(draft.claimed),
        "sources": namer.names(draft.sources),
        "evidence": draft.evidence,
    }


def _raiders(draft: Draft) -> list[Party]:
    """Who attacked an army, if nobody is named: the fighters among the casualties."""
    if not any(party.sort == "army" for party in draft.targets) or "air" in draft.kinds:
        return []
    return [party for harm, _ in draft.harms for party in harm.group if party.sort in GENERIC][:1]


def event_type(draft: Draft) -> str:
    """The type by the acts told and by who was hit."""
    kinds = draft.kinds
    ground = kinds & {"attack", "clash", "repel"} or draft.taken or "retake" in kinds
    if not ground:
        if "air" in kinds or ("blast" in kinds and set(draft.weapons) & words("weapons.flying")):
            return "air_strike"
        if "blast" in kinds or set(draft.weapons) & words("weapons.blasting"):
            return "explosion"
        for kind, name in (("abduct", "abduction"), ("arrest", "arrest")):
            if kind in kinds and "kill" not in kinds:
                return name
    hit = [party for harm, _ in draft.harms for party in harm.group] + draft.targets
    if ground or "kill" in kinds or "injure" in kinds:
        armed = any(party.sort in ARMED for party in hit) or draft.armed_site or draft.taken
        civil = any(party.sort == "civilians" for party in hit)
        return "violence_against_civilians" if civil and not armed else "armed_clash"
    return "destruction" if kinds & {"destroy", "loot"} else "other"


def _outcome(draft: Draft) -> str | None:
    if "retake" in draft.kinds:
        return "retaken"
    if draft.taken:
        army = any(party.sort == "army" for party in draft.initiators)
        return "retaken" if army else "captured"
    return "repelled" if "repel" in draft.kinds else None


def _casualties(draft: Draft, namer: Namer) -> list[dict[str, Any]]:
    """One row per group, harm and source; a figure wins over a vague word (G7)."""
    rows: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for harm, source in draft.harms:
        group = " and ".join(namer.names(harm.group)) or _default(draft, namer)
        teller = namer.name(source) if source else None
        key = (group, harm.harm, teller)
        if key not in rows or rows[key]["bound"] == "vague":
            rows[key] = {
                "group": group,
                "harm": harm.harm,
                "low": harm.figure.low,
                "high": harm.figure.high,
                "bound": harm.figure.bound,
                "source": teller,
            }
    return [row for row in rows.values() if not _shadowed(row, list(rows.values()))]


def _default(draft: Draft, namer: Namer) -> str:
    """Who a bare figure counts: the one group hurt already, else civilians."""
    known = [harm.group for harm, _ in draft.harms if harm.group]
    if not known and "clash" in draft.kinds and draft.targets:
        known = [(*draft.initiators[:1], *draft.targets[:1])]
    return " and ".join(namer.names(known[0])) if known else FIXED["civilians"]


def _shadowed(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether another row tells the same more fully."""
    for other in rows:
        if other is row or other["harm"] != row["harm"]:
            continue
        same_figure = (other["low"], other["high"]) == (row["low"], row["high"])
        firmer = other["bound"] != "vague" and row["bound"] == "vague"
        loose = (
            row["group"] == "civilians" != other["group"]
            and same_figure
            and (row["bound"] != "vague")
        )
        alike = (other["group"], other["source"]) == (row["group"], row["source"])
        if loose or (firmer and alike):
            return True
    return False
