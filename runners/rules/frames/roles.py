"""Roles: who acts and on whom, by voice and preposition."""

from dataclasses import dataclass

from runners.rules.lexicon import words
from runners.rules.mentions.acts import passive
from runners.rules.model import ARMED, Act, Layer, Party, Span
from runners.rules.reader import Document

JOINERS = {"and", ",", "of", "from", "or"}
AGAINST = {"on", "against", "targeting", "at"}
OUT = {"by", "with", "from", "near", "as", "including", "in"}
TAKING = {"abduct", "arrest"}
NEAR, FAR = 7, 14


@dataclass(frozen=True)
class Roles:
    """The parties of a clause by what they do in it."""

    initiators: tuple[Party, ...] = ()
    targets: tuple[Party, ...] = ()

    def __add__(self, other: "Roles") -> "Roles":
        return Roles(_union(self.initiators, other.initiators), _union(self.targets, other.targets))


def _union(one: tuple[Party, ...], two: tuple[Party, ...]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys((*one, *two)))


class RoleAssigner:
    """Assigns roles within one clause."""

    def __init__(
        self, document: Document, clause: Span, parties: tuple[Party, ...], acts: tuple[Act, ...]
    ) -> None:
        self._document, self._clause = document, clause
        self._parties, self._acts = Layer.of(parties), acts
        self._shared: tuple[Party, ...] | None = None

    def roles(self) -> Roles:
        """Initiators and targets over all acts of the clause; an initiator is no target."""
        total = Roles()
        for act in self._acts:
            total = total + self._of(act)
        actors = {(party.name, party.sort) for party in total.initiators}
        targets = tuple(one for one in total.targets if (one.name, one.sort) not in actors)
        return Roles(total.initiators, targets)

    def _of(self, act: Act) -> Roles:
        if act.form == "noun":
            return self._noun(act)
        if act.form == "state":
            return Roles(targets=self._last(self._clause.start, act.start))
        if passive(self._document, act, self._clause.start):
            return self._passive(act)
        subject = self._subject(act)
        self._shared = subject
        objects = self._first(act.end, self._stop(act))
        if act.kind == "clash":
            objects = self._first(act.end, self._stop(act), out=OUT - {"with"})
        if act.kind == "repel":
            return Roles(objects, subject)
        if act.kind == "yield":
            return Roles(_armed(subject))
        return Roles(_armed(subject), objects)

    def _passive(self, act: Act) -> Roles:
        start = self._after("by", act) or (
            self._after("of", act)
            if act.word.startswith("fall into")
            else act.end
            if act.word == "fall to"
            else None
        )
        agents = self._first(start, self._stop(act), out=set()) if start else ()
        patients = self._last(self._clause.start, act.start)
        if act.kind == "repel":
            return Roles(patients, agents)
        return Roles(_armed(agents), patients)

    def _noun(self, act: Act) -> Roles:
        stop = self._stop(act)
        norms = self._document.norms
        agents: tuple[Party, ...] = ()
        by = self._after("by", act)
        if by is not None:
            agents = self._first(by, min(stop, by + NEAR), out=set())
        possessor = self._parties.within(max(act.start - 5, self._clause.start), act.start)
        gap = norms[possessor[-1].end : act.start] if possessor else ("-",)
        if set(gap) <= {"'s", "'", "major", "deadly", "large"}:
            agents = (*agents, *possessor[-1:])
        if act.kind == "clash":
            between = self._first(act.end, stop, out=set())
            return Roles(between[:1], between[1:])
        if act.kind in ("kill", "take", "retake", "destroy", "loot", *TAKING):
            return Roles(_armed(agents), self._first(act.end, stop))
        return Roles(_armed(agents), self._against(act, stop))

    def _against(self, act: Act, stop: int) -> tuple[Party, ...]:
        norms = self._document.norms
        start = next(
            (i for i in range(act.end, min(act.end + NEAR, stop)) if norms[i] in AGAINST), None
        )
        return self._first(start + 1, stop) if start is not None else ()

    def _subject(self, act: Act) -> tuple[Party, ...]:
        if act.form == "ing" and act.start > self._clause.start:
            return ()
        joined = self._document.norms[act.start - 1] in ("and", ",", "then")
        if self._shared is not None and joined:
            return self._shared
        return self._last(self._clause.start, act.start)

    def _stop(self, act: Act) -> int:
        """Where the next act, and with it another object, begins."""
        after = [other.start for other in self._acts if other.start >= act.end]
        return min([*after, self._clause.end])

    def _after(self, word: str, act: Act) -> int | None:
        stop = min(act.end + NEAR, self._clause.end)
        norms = self._document.norms
        return next((i + 1 for i in range(act.end, stop) if norms[i] == word), None)

    def _first(
        self, start: int, stop: int, out: set[str] | frozenset[str] = frozenset(OUT)
    ) -> tuple[Party, ...]:
        """The first party, and those joined to it, after a verb."""
        chain: list[Party] = []
        for party in self._parties.within(start, min(stop, start + FAR)):
            gap = self._document.norms[(chain[-1].end if chain else start) : party.start]
            if chain and not _joined(gap):
                break
            if not chain and out & set(gap):
                break
            chain.append(party)
        return tuple(chain)

    def _last(self, start: int, stop: int) -> tuple[Party, ...]:
        """The party nearest before a verb, and those joined to it."""
        chain: list[Party] = []
        for party in reversed(self._parties.within(start, stop)):
            before = self._document.norms[max(party.start - 2, 0) : party.start]
            if chain and not _joined(self._document.norms[party.end : chain[-1].start]):
                break
            if not (AGAINST & set(before)):
                chain.append(party)
        return tuple(reversed(chain))


def _armed(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Those of the parties that can act with force."""
    return tuple(party for party in parties if party.sort in ARMED)


def _joined(gap: tuple[str, ...]) -> bool:
    return len(gap) <= 5 and bool(JOINERS & set(gap)) and not set(gap) & words("voice.be")
