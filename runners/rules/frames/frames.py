"""Frames: what each clause tells, read from its mentions."""

from dataclasses import replace

from runners.rules.frames.clauses import Clause, split
from runners.rules.frames.harms import ClauseCounts
from runners.rules.frames.roles import RoleAssigner, Roles
from runners.rules.frames.sites import outside, pronoun, series, sites
from runners.rules.lexicon import singular
from runners.rules.mentions.attribution import Attribution
from runners.rules.mentions.finder import Mentions
from runners.rules.model import GENERIC, Act, DateExpression, Frame, Harm, Loss, Party, Sentence

CLAIM_WORDS = {"claimed", "claims", "claim", "claiming", "behind"}
PRONOMINAL = {"others", "victims"}
PAPERS = {
    "statement",
    "communique",
    "interview",
    "conference",
    "address",
    "briefing",
    "video",
    "release",
    "telephone",
    "post",
}
MEANS = {"rocket", "mortar", "drone", "mine", "landmine", "bomb"}
NOBODY = {"no", "none", "nobody"}


class FrameExtractor:
    """Reads the frames of a document's sentences."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions

    def frames(self, sentence: Sentence) -> list[Frame]:
        """One frame per clause that tells an act; those without a place join a neighbour."""
        m = self._mentions
        clauses = split(m.document, sentence, m.acts, m.places, m.dates)
        given = m.attributions.within(sentence.start, sentence.end)
        frames = [(self._frame(clause, sentence, given), clause) for clause in clauses]
        return _joined([(frame, clause) for frame, clause in frames if _tells(frame)])

    def _frame(self, clause: Clause, sentence: Sentence, given: tuple[Attribution, ...]) -> Frame:
        m, claimants = self._mentions, self._claimants(clause)
        acts = self._acts(clause, given)
        parties = outside(m.parties.within(clause.start, clause.end), given)
        actors = tuple(p for p in parties if p not in claimants and p.word not in PRONOMINAL)
        roles = RoleAssigner(m.document, clause, actors, acts).roles()
        sources, count = self._sources(clause, given), ClauseCounts(m, clause, parties, acts)
        places, country = sites(m.document, clause, m.places)
        losses = count.losses()
        return Frame(
            clause.start,
            clause.end,
            sentence,
            acts,
            places,
            container=country,
            when=self._when(clause, given),
            initiators=self._actors(clause, acts, roles, sources),
            targets=self._targets(clause, acts, roles, sources),
            harms=_own(count.harms(), acts, sources),
            losses=losses,
            weapons=self._weapons(clause, acts, losses),
            claimants=claimants,
            sources=sources,
            plural=series(acts),
            again=not roles.initiators and self._they(clause, acts),
        )

    def _acts(self, clause: Clause, given: tuple[Attribution, ...]) -> tuple[Act, ...]:
        """The acts of the clause without the verbs that attribute it."""
        return tuple(
            act
            for act in self._mentions.acts.within(clause.start, clause.end)
            if not any(one.start <= act.start < one.end for one in given)
        )

    def _actors(
        self, clause: Clause, acts: tuple[Act, ...], roles: Roles, sources: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        """The initiators; "it" and "they" stand for the armed party that tells."""
        if roles.initiators:
            return roles.initiators
        verbs = [act for act in acts if act.form in ("ed", "past")]
        armed = tuple(one for one in sources if one.sort in ("group", "army"))
        told = verbs and armed and pronoun(self._mentions.document, clause, verbs[0])
        plural = verbs and "they" in self._mentions.document.norms[clause.start : verbs[0].start]
        return armed if told and not (plural and armed[0].sort == "army") else ()

    def _targets(
        self, clause: Clause, acts: tuple[Act, ...], roles: Roles, sources: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        """The targets; who says it repelled an attack was its target."""
        verb = next((act for act in acts if act.kind == "repel"), None)
        if verb and not roles.targets and pronoun(self._mentions.document, clause, verb):
            return tuple(one for one in sources if one.sort in ("group", "army"))
        return roles.targets

    def _they(self, clause: Clause, acts: tuple[Act, ...]) -> bool:
        """Whether the subject is a pronoun for who acted before."""
        verb = next((act for act in acts if act.form in ("ed", "past")), None)
        return verb is not None and pronoun(self._mentions.document, clause, verb)

    def _when(self, clause: Clause, given: tuple[Attribution, ...]) -> DateExpression | None:
        if clause.pivot:
            own = [
                when
                for when in self._mentions.dates.within(clause.pivot.end, clause.end)
                if when.first
            ]
            return own[0] if own else clause.pivot
        told = [
            when
            for when in self._mentions.dates.within(clause.start, clause.end)
            if not any(one.start <= when.start < one.end for one in given)
            and not PAPERS & set(self._mentions.document.norms[max(when.start - 3, 0) : when.start])
        ]
        dated = [when for when in told if not when.since and not when.pivot]
        return min(dated, key=_vagueness, default=told[0] if told else None)

    def _sources(self, clause: Clause, given: tuple[Attribution, ...]) -> tuple[Party, ...]:
        """The clause's own sources, else those of the sentence."""
        own = [one for one in given if clause.start <= one.start < clause.end]
        return tuple(dict.fromkeys(source for one in own or given for source in one.sources))

    def _claimants(self, clause: Clause) -> tuple[Party, ...]:
        """Who claims responsibility in this clause."""
        norms = self._mentions.document.norms[clause.start : clause.end]
        claim = next((i for i, word in enumerate(norms) if word in CLAIM_WORDS), None)
        if claim is None or NOBODY & set(norms[:claim]):
            return ()
        after = norms[claim + 1 : claim + 5]
        named = [
            p
            for p in self._mentions.parties.within(clause.start, clause.end)
            if p.sort in ("group", "body")
        ]
        if after[:1] == ("by",):
            return tuple(p for p in named if p.start > clause.start + claim)[:1]
        claims = (
            "responsibility" in after
            or "credit" in after
            or "responsibility" in norms[max(claim - 4, 0) : claim]
        )
        acts = any(
            act.form == "noun"
            for act in self._mentions.acts.within(clause.start + claim, clause.start + claim + 7)
        )
        if (
            claims
            or (acts and norms[claim] != "behind" and "that" not in after[:1])
            or (norms[claim] == "behind" and norms[claim - 1] in ("was", "were", "be"))
        ):
            return tuple(p for p in named if p.start < clause.start + claim)[-1:]
        return ()

    def _weapons(
        self, clause: Clause, acts: tuple[Act, ...], losses: tuple[Loss, ...]
    ) -> tuple[str, ...]:
        """Means named, unless they are things seized or destroyed."""
        objects = [act.end for act in acts if act.kind in ("recover", "destroy", "take", "loot")]
        found = []
        for term in self._mentions.weapons.within(clause.start, clause.end):
            taken = any(end <= term.start <= end + 14 for end in objects)
            in_act = any(act.start <= term.start < act.end for act in acts if act.form == "noun")
            if not taken and not in_act:
                found.append(_weapon(term.word))
        means = [act.word.split()[0] for act in acts if act.word.split()[0] in MEANS]
        return tuple(
            weapon
            for weapon in dict.fromkeys([*found, *means])
            if not any(loss.what.endswith(weapon) for loss in losses)
        )


def _own(
    harms: tuple[Harm, ...], acts: tuple[Act, ...], sources: tuple[Party, ...]
) -> tuple[Harm, ...]:
    """Losses that a group tells of its own fighters."""
    told = tuple(one for one in sources if one.sort == "group")
    if not told or not any(act.word == "lose" for act in acts):
        return harms
    lost = [one for one in harms if one.group and one.group[0].sort in GENERIC][:1]
    return tuple(replace(one, group=told) if one in lost else one for one in harms)


def _weapon(word: str) -> str:
    name = singular(word)
    return name.upper() if name == "ied" else name


def _vagueness(when: DateExpression) -> int:
    if when.first and when.last:
        return (when.last - when.first).days
    return 0 if when.shift else 10**6


def _tells(frame: Frame) -> bool:
    return bool(frame.acts or frame.weapons or frame.claimants)


def _joined(frames: list[tuple[Frame, Clause]]) -> list[Frame]:
    """Frames without a place joined to the next one after "when", else to the one before."""
    found: list[Frame] = []
    waiting: Frame | None = None
    for index, (told, clause) in enumerate(frames):
        after = frames[index + 1][1] if index + 1 < len(frames) else None
        frame, waiting = (_join(told, waiting) if waiting else told), None
        opens = (
            after is not None
            and after.pivot is None
            and clause.pivot is None
            and (frames[index + 1][0].places)
        )
        if (
            not frame.places
            and opens
            and after
            and after.link in ("when", "where", "after", "following", ",")
        ):
            waiting = frame
        elif not frame.places and found and found[-1].places and clause.pivot is None:
            found[-1] = _join(found[-1], frame)
        else:
            found.append(frame)
    return found + ([waiting] if waiting else [])


def _join(placed: Frame, other: Frame) -> Frame:
    return replace(
        placed,
        acts=placed.acts + other.acts,
        when=placed.when or other.when,
        initiators=placed.initiators or other.initiators,
        targets=tuple(dict.fromkeys(placed.targets + other.targets)),
        harms=tuple(dict.fromkeys(placed.harms + other.harms)),
        losses=tuple(dict.fromkeys(placed.losses + other.losses)),
        weapons=tuple(dict.fromkeys(placed.weapons + other.weapons)),
        claimants=placed.claimants or other.claimants,
        sources=tuple(dict.fromkeys(placed.sources + other.sources)),
        container=placed.container or other.container,
    )
