"""Frames: the content of each clause, read from its mentions."""

from dataclasses import replace

from runners.rules.frames.clauses import Clause, split_clauses
from runners.rules.frames.harms import ClauseCounts
from runners.rules.frames.roles import RoleAssigner, Roles
from runners.rules.frames.sites import has_pronoun_subject, is_series, outside, sites
from runners.rules.lexicon import singular
from runners.rules.mentions.attribution import Attribution
from runners.rules.mentions.finder import Mentions
from runners.rules.model import GENERIC, Act, DateExpression, Frame, Harm, Loss, Party, Sentence

CLAIM_WORDS = {"claimed", "claims", "claim", "claiming", "behind"}
# These stand for people mentioned before: they are harmed, but name no party.
PRONOMINAL = {"others", "victims"}
# A date after these is that of the statement, not of the act.
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
# First words of act nouns that name the weapon too ("mortar attack").
MEANS = {"rocket", "mortar", "drone", "mine", "landmine", "bomb"}
NOBODY = {"no", "none", "nobody"}


class FrameExtractor:
    """Reads the frames of a document, sentence by sentence."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions

    def frames(self, sentence: Sentence) -> list[Frame]:
        """Return one frame per clause with an act; those without a place join a neighbour."""
        mentions = self._mentions
        clauses = split_clauses(
            mentions.document, sentence, mentions.acts, mentions.places, mentions.dates
        )
        attributions = mentions.attributions.within(sentence.start, sentence.end)
        frames = [(self._frame(clause, sentence, attributions), clause) for clause in clauses]
        return _joined([(frame, clause) for frame, clause in frames if _has_content(frame)])

    def _frame(
        self, clause: Clause, sentence: Sentence, attributions: tuple[Attribution, ...]
    ) -> Frame:
        """Fill the frame of a clause; who only tells of the act takes no part in it."""
        mentions, claimants = self._mentions, self._claimants(clause)
        acts = self._acts(clause, attributions)
        parties = outside(mentions.parties.within(clause.start, clause.end), attributions)
        actors = tuple(
            party for party in parties if party not in claimants and party.word not in PRONOMINAL
        )
        roles = RoleAssigner(mentions.document, clause, actors, acts).roles()
        sources, counts = (
            self._sources(clause, attributions),
            ClauseCounts(mentions, clause, parties, acts),
        )
        places, country = sites(mentions.document, clause, mentions.places)
        losses = counts.losses()
        return Frame(
            start=clause.start,
            end=clause.end,
            sentence=sentence,
            acts=acts,
            places=places,
            container=country,
            when=self._when(clause, attributions),
            initiators=self._actors(clause, acts, roles, sources),
            targets=self._targets(clause, acts, roles, sources),
            harms=_own(counts.harms(), acts, sources),
            losses=losses,
            weapons=self._weapons(clause, acts, losses),
            claimants=claimants,
            sources=sources,
            plural=is_series(acts),
            again=not roles.initiators and self._they(clause, acts),
        )

    def _acts(self, clause: Clause, attributions: tuple[Attribution, ...]) -> tuple[Act, ...]:
        """Return the acts of the clause without those inside attributions."""
        return tuple(
            act
            for act in self._mentions.acts.within(clause.start, clause.end)
            if not any(said.start <= act.start < said.end for said in attributions)
        )

    def _actors(
        self, clause: Clause, acts: tuple[Act, ...], roles: Roles, sources: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        """Return the initiators; "it" and "they" refer to the armed party that is the source."""
        if roles.initiators:
            return roles.initiators
        verbs = [act for act in acts if act.form in ("ed", "past")]
        armed = tuple(source for source in sources if source.sort in ("group", "army"))
        refers = verbs and armed and has_pronoun_subject(self._mentions.document, clause, verbs[0])
        # An army is "it": "the army said they attacked" is about the other side.
        plural = verbs and "they" in self._mentions.document.norms[clause.start : verbs[0].start]
        return armed if refers and not (plural and armed[0].sort == "army") else ()

    def _targets(
        self, clause: Clause, acts: tuple[Act, ...], roles: Roles, sources: tuple[Party, ...]
    ) -> tuple[Party, ...]:
        """Return the targets; a source that says it repelled an attack was its target."""
        verb = next((act for act in acts if act.kind == "repel"), None)
        if (
            verb
            and not roles.targets
            and has_pronoun_subject(self._mentions.document, clause, verb)
        ):
            return tuple(source for source in sources if source.sort in ("group", "army"))
        return roles.targets

    def _they(self, clause: Clause, acts: tuple[Act, ...]) -> bool:
        """Whether the subject is a pronoun that refers to the actor of the frame before."""
        verb = next((act for act in acts if act.form in ("ed", "past")), None)
        return verb is not None and has_pronoun_subject(self._mentions.document, clause, verb)

    def _when(self, clause: Clause, attributions: tuple[Attribution, ...]) -> DateExpression | None:
        """Return the date of the act, not of the statement: the most precise in the clause."""
        if clause.pivot:
            # "Days after X was raided on 4 May": an explicit date wins over the shift.
            own = [
                when
                for when in self._mentions.dates.within(clause.pivot.end, clause.end)
                if when.first
            ]
            return own[0] if own else clause.pivot
        dates = [
            when
            for when in self._mentions.dates.within(clause.start, clause.end)
            if not any(said.start <= when.start < said.end for said in attributions)
            and not PAPERS & set(self._mentions.document.norms[max(when.start - 3, 0) : when.start])
        ]
        dated = [when for when in dates if not when.since and not when.pivot]
        return min(dated, key=_vagueness, default=dates[0] if dates else None)

    def _sources(self, clause: Clause, attributions: tuple[Attribution, ...]) -> tuple[Party, ...]:
        """Return the sources of the clause, else those of its sentence (N3)."""
        own = [said for said in attributions if clause.start <= said.start < clause.end]
        return tuple(
            dict.fromkeys(source for said in own or attributions for source in said.sources)
        )

    def _claimants(self, clause: Clause) -> tuple[Party, ...]:
        """Return who claims the act in this clause (`claimed_by`): at most one party."""
        norms = self._mentions.document.norms[clause.start : clause.end]
        claim = next((i for i, word in enumerate(norms) if word in CLAIM_WORDS), None)
        if claim is None or NOBODY & set(norms[:claim]):
            return ()
        after = norms[claim + 1 : claim + 5]
        candidates = [
            party
            for party in self._mentions.parties.within(clause.start, clause.end)
            if party.sort in ("group", "body")
        ]
        if after[:1] == ("by",):  # "claimed by X"
            return tuple(party for party in candidates if party.start > clause.start + claim)[:1]
        if self._claims_act(clause, claim):
            return tuple(party for party in candidates if party.start < clause.start + claim)[-1:]
        return ()

    def _claims_act(self, clause: Clause, claim: int) -> bool:
        """Whether the claim word at this token of the clause claims an act as one's own."""
        norms = self._mentions.document.norms[clause.start : clause.end]
        after, word = norms[claim + 1 : claim + 5], norms[claim]
        if {"responsibility", "credit"} & set(after):
            return True
        if "responsibility" in norms[max(claim - 4, 0) : claim]:
            return True
        if word == "behind":  # "was behind the attack", but not "behind the front"
            return norms[claim - 1] in ("was", "were", "be")
        # "Claimed the attack". With "that" it is an account, of which the party is only the source.
        reach = self._mentions.acts.within(clause.start + claim, clause.start + claim + 7)
        return after[:1] != ("that",) and any(act.form == "noun" for act in reach)

    def _weapons(
        self, clause: Clause, acts: tuple[Act, ...], losses: tuple[Loss, ...]
    ) -> tuple[str, ...]:
        """Return the weapons used in the acts, without those seized or destroyed."""
        # The object of "recovered" is loot; nouns like "mortar attack" give their means below.
        objects = [act.end for act in acts if act.kind in ("recover", "destroy", "take", "loot")]
        used = []
        for term in self._mentions.weapons.within(clause.start, clause.end):
            taken = any(end <= term.start <= end + 14 for end in objects)
            in_act = any(act.start <= term.start < act.end for act in acts if act.form == "noun")
            if not taken and not in_act:
                used.append(_weapon(term.word))
        means = [act.word.split()[0] for act in acts if act.word.split()[0] in MEANS]
        return tuple(
            weapon
            for weapon in dict.fromkeys([*used, *means])
            if not any(loss.what.endswith(weapon) for loss in losses)
        )


def _own(
    harms: tuple[Harm, ...], acts: tuple[Act, ...], sources: tuple[Party, ...]
) -> tuple[Harm, ...]:
    """Return the harms; "the group said it lost 20 fighters" counts the group's own."""
    groups = tuple(source for source in sources if source.sort == "group")
    if not groups or not any(act.word == "lose" for act in acts):
        return harms
    lost = [harm for harm in harms if harm.group and harm.group[0].sort in GENERIC][:1]
    return tuple(replace(harm, group=groups) if harm in lost else harm for harm in harms)


def _weapon(word: str) -> str:
    """Return a weapon in the singular."""
    name = singular(word)
    return name.upper() if name == "ied" else name


def _vagueness(when: DateExpression) -> int:
    """Return the length of a date in days: 0 for a shift, a large number if it is unknown."""
    if when.first and when.last:
        return (when.last - when.first).days
    return 0 if when.shift else 10**6


def _has_content(frame: Frame) -> bool:
    """Whether the clause reports anything that a later stage can use."""
    return bool(frame.acts or frame.weapons or frame.claimants)


def _joined(frames: list[tuple[Frame, Clause]]) -> list[Frame]:
    """Join each frame without a place to a neighbour that has one.

    It joins the next frame if that opens with "when" and the like, else the one before. A clause
    with a pivot stays apart: it has a date of its own.
    """
    joined: list[Frame] = []
    waiting: Frame | None = None
    # `waiting` is a frame without place that goes to the next frame.
    for index, (own, clause) in enumerate(frames):
        after = frames[index + 1][1] if index + 1 < len(frames) else None
        frame, waiting = (_join(own, waiting) if waiting else own), None
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
        elif not frame.places and joined and joined[-1].places and clause.pivot is None:
            joined[-1] = _join(joined[-1], frame)
        else:
            joined.append(frame)
    return joined + ([waiting] if waiting else [])


def _join(placed: Frame, other: Frame) -> Frame:
    """Merge two frames; where only one value fits, that of the frame with the place wins."""
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
