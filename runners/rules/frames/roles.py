"""Semantic roles: who acts on whom, by voice and preposition."""

from dataclasses import dataclass

from runners.rules.lexicon import words
from runners.rules.mentions.acts import is_passive
from runners.rules.model import ARMED, Act, Layer, Party, Span
from runners.rules.reader import Document

# JOINERS coordinate parties; AGAINST introduce the target of a noun; OBJECT_STOPS end
# the object of a verb.
JOINERS = {"and", ",", "of", "from", "or"}
AGAINST = {"on", "against", "targeting", "at"}
OBJECT_STOPS = {"by", "with", "from", "near", "as", "including", "in"}
TAKING = {"abduct", "arrest"}
NEAR, FAR = 7, 14  # tokens from an act to its preposition, and to its object


@dataclass(frozen=True)
class Roles:
    """The parties of a clause by role: agents (`initiators`) and patients (`targets`)."""

    initiators: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()

    def __add__(self, other: "Roles") -> "Roles":
        return Roles(_union(self.initiators, other.initiators), _union(self.targets, other.targets))


def _union(first: tuple[Party, ...], second: tuple[Party, ...]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys((*first, *second)))


class RoleAssigner:
    """Assigns the parties of one clause to the roles of its acts."""

    def __init__(
        self, document: Document, clause: Span, parties: tuple[Party, ...], acts: tuple[Act, ...]
    ) -> None:
        self._document, self._clause = document, clause
        self._parties, self._acts = Layer.of(parties), acts
        self._shared: tuple[Party, ...] | None = None

    def roles(self) -> Roles:
        """Return initiators and targets of all acts of the clause; no initiator is a target."""
        total = Roles()
        for act in self._acts:
            total = total + self._act_roles(act)
        actors = {(party.name, party.sort) for party in total.initiators}
        targets = tuple(party for party in total.targets if (party.name, party.sort) not in actors)
        return Roles(total.initiators, targets)

    def _act_roles(self, act: Act) -> Roles:
        """Return the roles of one act; the subject of "repelled" is the target of the attack."""
        if act.form == "noun":
            return self._noun(act)
        if act.form == "state":
            return Roles(targets=self._preceding(self._clause.start, act.start))
        if is_passive(self._document, act, self._clause.start):
            return self._passive(act)
        subject = self._subject(act)
        self._shared = subject
        objects = self._following(act.end, self._stop(act))
        if act.kind == "clash":
            # "Clashed with": here "with" opens the object instead of ending it.
            objects = self._following(act.end, self._stop(act), stops=OBJECT_STOPS - {"with"})
        if act.kind == "repel":
            return Roles(objects, subject)
        if act.kind == "yield":
            return Roles(_armed(subject))
        return Roles(_armed(subject), objects)

    def _passive(self, act: Act) -> Roles:
        """Return the roles of a passive: its agent after "by", or "to"/"of" in "fell to"."""
        start = self._after("by", act) or (
            self._after("of", act)
            if act.word.startswith("fall into")
            else act.end
            if act.word == "fall to"
            else None
        )
        agents = self._following(start, self._stop(act), stops=set()) if start else ()
        patients = self._preceding(self._clause.start, act.start)
        if act.kind == "repel":
            return Roles(patients, agents)
        return Roles(_armed(agents), patients)

    def _noun(self, act: Act) -> Roles:
        """Return the roles of a noun: "X's attack", "attack by X", "attack on Y"."""
        stop = self._stop(act)
        norms = self._document.norms
        agents: tuple[Party, ...] = ()
        by = self._after("by", act)
        if by is not None:
            agents = self._following(by, min(stop, by + NEAR), stops=set())
        possessor = self._parties.within(max(act.start - 5, self._clause.start), act.start)
        gap = norms[possessor[-1].end : act.start] if possessor else ("-",)
        if set(gap) <= {"'s", "'", "major", "deadly", "large"}:
            agents = (*agents, *possessor[-1:])
        if act.kind == "clash":
            # "Clashes between X and Y": no side attacked the other; the first is the initiator.
            between = self._following(act.end, stop, stops=set())
            return Roles(between[:1], between[1:])
        if act.kind in ("kill", "take", "retake", "destroy", "loot", *TAKING):
            return Roles(_armed(agents), self._following(act.end, stop))
        return Roles(_armed(agents), self._against(act, stop))

    def _against(self, act: Act, stop: int) -> tuple[Party, ...]:
        """Return the parties after "on", "against" and the like, close to the noun."""
        norms = self._document.norms
        start = next(
            (i for i in range(act.end, min(act.end + NEAR, stop)) if norms[i] in AGAINST), None
        )
        return self._following(start + 1, stop) if start is not None else ()

    def _subject(self, act: Act) -> tuple[Party, ...]:
        """Return the subject of an active verb, shared by coordinated verbs."""
        if act.form == "ing" and act.start > self._clause.start:
            return ()
        # "X attacked Y and burned Z": the nearest party before "burned" is Y, the object.
        joined = self._document.norms[act.start - 1] in ("and", ",", "then")
        if self._shared is not None and joined:
            return self._shared
        return self._preceding(self._clause.start, act.start)

    def _stop(self, act: Act) -> int:
        """Return where the next act begins, and so the reach of this one's object ends."""
        after = [other.start for other in self._acts if other.start >= act.end]
        return min([*after, self._clause.end])

    def _after(self, word: str, act: Act) -> int | None:
        """Return the token after this preposition, if it stands close to the act."""
        stop = min(act.end + NEAR, self._clause.end)
        norms = self._document.norms
        return next((i + 1 for i in range(act.end, stop) if norms[i] == word), None)

    def _following(
        self, start: int, stop: int, stops: set[str] | frozenset[str] = frozenset(OBJECT_STOPS)
    ) -> tuple[Party, ...]:
        """Return the first party after a verb, and those coordinated with it.

        Words of `stops` before the party show that it is no object.
        """
        chain: list[Party] = []
        for party in self._parties.within(start, min(stop, start + FAR)):
            gap = self._document.norms[(chain[-1].end if chain else start) : party.start]
            if chain and not _joined(gap):
                break
            if not chain and stops & set(gap):
                break
            chain.append(party)
        return tuple(chain)

    def _preceding(self, start: int, stop: int) -> tuple[Party, ...]:
        """Return the party nearest before a verb, and those coordinated with it, in text order."""
        chain: list[Party] = []
        for party in reversed(self._parties.within(start, stop)):
            before = self._document.norms[max(party.start - 2, 0) : party.start]
            if chain and not _joined(self._document.norms[party.end : chain[-1].start]):
                break
            if not (AGAINST & set(before)):
                chain.append(party)
        return tuple(reversed(chain))


def _armed(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Return the parties that can use force."""
    return tuple(party for party in parties if party.sort in ARMED)


def _joined(gap: tuple[str, ...]) -> bool:
    """Whether the words between two parties coordinate them, without a predicate ("were")."""
    return len(gap) <= 5 and bool(JOINERS & set(gap)) and not set(gap) & words("voice.be")
