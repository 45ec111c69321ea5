"""Drafts: events while their mentions are merged, and their final records (N1, N2, G7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from runners.rules.dates.periods import Days, iso
from runners.rules.lexicon import words
from runners.rules.mentions.parties import FIXED
from runners.rules.mentions.states import States
from runners.rules.model import ARMED, GENERIC, Harm, Party, Place

# Acts that never belong to the same event as an attack; all others form one family.
FAMILIES = {"air": "air", "arrest": "arrest", "abduct": "abduct", "yield": "yield"}


@dataclass
class Draft:
    """An event as far as the text has been read.

    `harms` pairs each harm with its source; `taken` tells that the place changed hands,
    `armed_site` that a base, post or convoy was attacked.
    """

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
        """The family of the acts; drafts of one family at one place may be the same event."""
        return family(self.kinds)

    def add(
        self,
        kinds: Iterable[str],
        initiators: Iterable[Party],
        targets: Iterable[Party],
        weapons: Iterable[str],
        sources: Iterable[Party],
    ) -> None:
        """Merge another mention of the event (G7)."""
        self.kinds.update(kinds)
        for parties, more in (
            (self.initiators, initiators),
            (self.targets, targets),
            (self.sources, sources),
        ):
            parties.extend(party for party in more if party not in parties)
        self.weapons.extend(weapon for weapon in weapons if weapon not in self.weapons)


def family(kinds: Iterable[str]) -> str:
    """Return the family of these kinds of act: one of FAMILIES, or `attack` for all others."""
    families = {FAMILIES.get(kind, "attack") for kind in kinds}
    return next(iter(families)) if len(families) == 1 else "attack"


class Namer:
    """Names parties within one event: the army of its state (N2), the group it was by (N1)."""

    def __init__(self, states: States, country: str | None, actors: Iterable[Party]) -> None:
        self._force = states.force(country)
        self._actors = tuple(actors)

    def name(self, party: Party) -> str:
        """Return the name of a party, with general nouns resolved by who acted in the event."""
        if party.sort == "army" and not party.name:
            return self._force
        if party.sort in GENERIC:
            # "Militants" are a named group only where that group did or claimed the act (N1).
            groups = [actor for actor in self._actors if actor.sort == "group"]
            if groups:
                return groups[0].name
            if party.word in words("parties.gunmen") and any(
                actor.sort == "fighters" for actor in self._actors
            ):
                return FIXED["fighters"]
        return party.name

    def names(self, parties: Iterable[Party]) -> list[str]:
        """Return the names of parties, each once."""
        return list(dict.fromkeys(self.name(party) for party in parties))


def event_record(draft: Draft, states: States, main_country: str | None) -> dict[str, Any]:
    """Return the event record of a draft; `main_country` is the document's main country."""
    country = draft.country or draft.place.country or main_country
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
        "targets": [name for name in dict.fromkeys(targets) if name not in initiators],
        "outcome": _outcome(draft),
        "weapons": draft.weapons,
        "casualties": casualties,
        "claimed_by": namer.names(draft.claimed),
        "sources": namer.names(draft.sources),
        "evidence": draft.evidence,
    }


def _raiders(draft: Draft) -> list[Party]:
    """Return who attacked an army if nobody is named: the fighters among the casualties."""
    if not any(party.sort == "army" for party in draft.targets) or "air" in draft.kinds:
        return []
    return [party for harm, _ in draft.harms for party in harm.group if party.sort in GENERIC][:1]


def event_type(draft: Draft) -> str:
    """Return the event type of the codebook, by the acts and by who was hit."""
    kinds = draft.kinds
    ground = kinds & {"attack", "clash", "repel"} or draft.taken or "retake" in kinds
    # An assault that combines explosives or aircraft with fighters on the ground is one clash.
    if not ground:
        if "air" in kinds or ("blast" in kinds and set(draft.weapons) & words("weapons.flying")):
            return "air_strike"
        if "blast" in kinds or set(draft.weapons) & words("weapons.blasting"):
            return "explosion"
        for kind, name in (("abduct", "abduction"), ("arrest", "arrest")):
            if kind in kinds and "kill" not in kinds:
                return name
    hit = [party for harm, _ in draft.harms for party in harm.group] + draft.targets
    # Force against unarmed people, unless an armed party or its site was hit as well.
    if ground or "kill" in kinds or "injure" in kinds:
        armed = any(party.sort in ARMED for party in hit) or draft.armed_site or draft.taken
        civil = any(party.sort == "civilians" for party in hit)
        return "violence_against_civilians" if civil and not armed else "armed_clash"
    return "destruction" if kinds & {"destroy", "loot"} else "other"


def _outcome(draft: Draft) -> str | None:
    """Return the outcome; a place is `retaken` if an army takes it, `captured` if others do."""
    if "retake" in draft.kinds:
        return "retaken"
    if draft.taken:
        army = any(party.sort == "army" for party in draft.initiators)
        return "retaken" if army else "captured"
    return "repelled" if "repel" in draft.kinds else None


def _casualties(draft: Draft, namer: Namer) -> list[dict[str, Any]]:
    """Return one row per group, harm and source; a figure wins over a vague word (G7)."""
    rows: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for harm, source in draft.harms:
        group = " and ".join(namer.names(harm.group)) or _default_group(draft, namer)
        source_name = namer.name(source) if source else None
        key = (group, harm.harm, source_name)
        if key not in rows or rows[key]["bound"] == "vague":
            rows[key] = {
                "group": group,
                "harm": harm.harm,
                "low": harm.figure.low,
                "high": harm.figure.high,
                "bound": harm.figure.bound,
                "source": source_name,
            }
    return [row for row in rows.values() if not _is_redundant(row, list(rows.values()))]


def _default_group(draft: Draft, namer: Namer) -> str:
    """Return whom a figure without people counts: the group harmed already, else civilians."""
    groups = [harm.group for harm, _ in draft.harms if harm.group]
    # "The clashes left 20 dead": both sides, as one group.
    if not groups and "clash" in draft.kinds and draft.targets:
        groups = [(*draft.initiators[:1], *draft.targets[:1])]
    return " and ".join(namer.names(groups[0])) if groups else FIXED["civilians"]


def _is_redundant(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether another row has the same harm with a named group or a firmer bound (G7)."""
    for other in rows:
        if other is row or other["harm"] != row["harm"]:
            continue
        same_figure = (other["low"], other["high"]) == (row["low"], row["high"])
        firmer = other["bound"] != "vague" and row["bound"] == "vague"
        # "People" is the default: with the same figure, the row that names the group stays.
        less_specific = (
            row["group"] == "civilians" != other["group"]
            and same_figure
            and (row["bound"] != "vague")
        )
        same_group = (other["group"], other["source"]) == (row["group"], row["source"])
        if less_specific or (firmer and same_group):
            return True
    return False
