"""Harms and losses: figures of people and things, clause by clause (casualties, G2, G4)."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from runners.rules.lexicon import lexicon, singular, words
from runners.rules.mentions.acts import is_passive
from runners.rules.mentions.finder import Mentions
from runners.rules.model import Act, Figure, Harm, Layer, Loss, Party, Span, Term

# Words for bodies, not for people: a bare "the army" after "killed" gives no vague figure.
PLURAL_ONLY = {"army", "military", "garrison", "barracks", "police", "militia", "special forces"}
SITES = words("places.armed_sites") | {"position", "positions"}
# FILLERS may stand between figure and participle ("12 others were wounded"); PARTS mark a figure
# as part of another (G4); STOPS end the group that a figure counts.
FILLERS = {"others", "more", "were", "other"}
PARTS = {"including", "among", "them", "whom", "includes", "included"}
STOPS = {
    ".",
    ";",
    ":",
    "who",
    "which",
    "in",
    "on",
    "at",
    "by",
    "after",
    "before",
    "when",
    "while",
    "were",
    "was",
    "have",
    "has",
    "had",
    "from",
    "with",
}
# For things every way of taking them is the outcome "seized" (tallies).
SEIZING = {"take": "seized", "recover": "seized", "loot": "seized", "retake": "seized"}
NEAR, FAR = 5, 12  # tokens
VAGUE = Figure(0, 0, None, None, "vague")
ONE = Figure(0, 0, 1, 1, "exact")
Counted = tuple[Figure, tuple[Party, ...]]
"""A figure and the parties that it counts; empty if the text leaves them out."""


class ClauseCounts:
    """Reads the counted people and things of one clause; each figure is used once."""

    def __init__(
        self, mentions: Mentions, clause: Span, parties: tuple[Party, ...], acts: tuple[Act, ...]
    ) -> None:
        self._document, self._clause, self._acts = mentions.document, clause, acts
        self._parties, self._things = Layer.of(parties), mentions.things
        self._figures = mentions.figures.within(clause.start, clause.end)
        self._used: set[int] = set()

    def harms(self) -> tuple[Harm, ...]:
        """Return the people killed, injured or captured in the clause, with their figures."""
        harms: list[Harm] = []
        for act in self._acts:
            harm = lexicon()["harm"].get(act.kind)
            if harm:
                harms.extend(self._harm(act, harm, harms[-1] if harms else None))
        return tuple(dict.fromkeys(harms))

    def _harm(self, act: Act, harm: str, before: Harm | None) -> Iterator[Harm]:
        """Yield the harms of one act; `before` is the clause's harm so far, for "12 others"."""
        # "Lost 20 soldiers" has the subject undergo the loss, but counts its object.
        undergone = is_passive(self._document, act, self._clause.start) and act.word != "lose"
        counted_first = act.form == "state" or (act.form not in ("noun", "ing") and undergone)
        counted = self._before(act) if counted_first else self._after(act)
        if not counted and not counted_first and act.form == "ed":
            counted = self._bare(act)
        if not counted and act.form in ("ed", "state", "part"):
            counted = self._bare(act)
        for figure, group in counted:
            other = not group or group[0].word == "others"
            people = before.group if before and other else group
            # "Took the town": people are captured only where the text counts them.
            if act.kind == "take" and (not group or figure.bound == "vague"):
                continue
            if act.kind == "arrest":
                people = tuple(_suspect(party) for party in people)
            yield Harm(people, harm, Figure(0, 0, figure.low, figure.high, figure.bound))

    def _before(self, act: Act) -> list[Counted]:
        """Return the counted people before a passive verb: the first, or the last two of a list."""
        start = max(
            [other.end for other in self._acts if other.end <= act.start and other.form != "noun"]
            + [self._clause.start]
        )
        counted = self._counted(start, act.start)
        return counted[-2:] if len(counted) > 1 and self._listed(counted) else counted[:1]

    def _after(self, act: Act) -> list[Counted]:
        """Return the counted people after a verb: its object, or all items of a list."""
        stop = min(
            [other.start for other in self._acts if other.start >= act.end and other.form != "noun"]
            + [self._clause.end, act.end + FAR * 2]
        )
        counted = self._counted(act.end, stop, reach=FAR)
        return counted if self._listed(counted) else counted[:1]

    def _listed(self, counted: list[Counted]) -> bool:
        """Whether the figures are items of a list, with "and" or a comma between them."""
        ends = [figure.end for figure, _ in counted]
        return len(counted) > 1 and all(
            "and" in self._document.norms[left:right] or "," in self._document.norms[left:right]
            for left, right in pairwise(ends)
        )

    def _bare(self, act: Act) -> list[Counted]:
        """Return the figure right before a participle ("and 12 wounded")."""
        for figure in self._figures:
            between = self._document.norms[figure.end : act.start]
            close = figure.end <= act.start and set(between) <= FILLERS
            if close and figure.start not in self._used:
                self._used.add(figure.start)
                return [(figure, ())]
        return []

    def _counted(self, start: int, stop: int, reach: int = FAR * 3) -> list[Counted]:
        """Return the figures between two tokens with the people they count, else uncounted people.

        A figure without people ("killing 20") must stand at either end of the stretch.
        """
        counted: list[Counted] = []
        for figure in self._figures:
            if start <= figure.start < min(stop, start + reach) and not self._is_part(figure):
                group = self._group(figure, stop)
                near = figure.start - start <= 2 or stop - figure.end <= 2
                if figure.start not in self._used and (group or near):
                    self._used.add(figure.start)
                    counted.append((figure, group))
        return counted or self._uncounted(start, stop)

    def _uncounted(self, start: int, stop: int) -> list[Counted]:
        """Return people without a figure: "a soldier" is one, a bare plural is vague."""
        norms = self._document.norms
        for party in self._people(start, min(stop, start + NEAR)):
            gap = norms[start : party.start]
            if party.sort == "group" or party.word in PLURAL_ONLY or set(gap) & STOPS:
                break
            article = norms[max(party.start - 2, start) : party.start]
            last = party.word.split()[-1]
            # Plurals that `singular` leaves as they are.
            single = singular(last) == last and last not in (
                "people",
                "children",
                "men",
                "women",
                "gunmen",
                "policemen",
            )
            # "The soldier" was counted where he was introduced.
            if single and not {"a", "an"} & set(article):
                break
            return [(ONE if single else VAGUE, (party,))]
        return []

    def _people(self, start: int, stop: int) -> tuple[Party, ...]:
        """Return the parties of a stretch that are people, not sites ("army base")."""
        return tuple(
            party
            for party in self._parties.within(start, stop)
            if not SITES & set(party.word.split())
        )

    def _is_part(self, figure: Figure) -> bool:
        """Whether the figure is part of another (G4): "20 people, including six children"."""
        before = self._document.norms[max(figure.start - 3, 0) : figure.start]
        after = self._document.norms[figure.end : figure.end + 4]
        return bool(PARTS & set(before)) or "among" in after

    def _group(self, figure: Figure, stop: int) -> tuple[Party, ...]:
        """Return who is counted: the party after the figure, and those joined to it by "and"."""
        group: list[Party] = []
        for party in self._people(figure.end, min(stop, figure.end + FAR)):
            gap = self._document.norms[(group[-1].end if group else figure.end) : party.start]
            if (STOPS | {","} | ({"a", "an"} if group else set())) & set(gap) or len(gap) > NEAR:
                break
            if any(
                other.start < party.start for other in self._figures if other.start >= figure.end
            ):
                break
            # A second party is counted too only with "and": "16 NSF and JNIM fighters".
            if group and "and" not in gap:
                continue
            group.append(party)
        return tuple(group)

    def losses(self) -> tuple[Loss, ...]:
        """Return the things seized and destroyed, each kind on its own (G4)."""
        losses: list[Loss] = []
        for act in self._acts:
            outcome = "destroyed" if act.kind == "destroy" else SEIZING.get(act.kind)
            if outcome:
                losses.extend(self._lost(act, outcome))
        return tuple(dict.fromkeys(losses))

    def _lost(self, act: Act, outcome: str) -> Iterator[Loss]:
        """Yield the things in the stretch before a passive verb, or after any other act."""
        things_first = act.form != "noun" and is_passive(self._document, act, self._clause.start)
        stops = [other for other in self._acts if other is not act and other.form != "noun"]
        if things_first:
            start = max(
                [other.end for other in stops if other.end <= act.start] + [self._clause.start]
            )
            stretch = Span(start, act.start)
        else:
            stop = min(
                [other.start for other in stops if other.start >= act.end] + [self._clause.end]
            )
            stretch = Span(act.end, stop)
        yield from self._things_in(stretch, outcome, things_first)

    def _things_in(self, stretch: Span, outcome: str, things_first: bool) -> Iterator[Loss]:
        """Yield the things of a stretch up to a preposition or a long gap, without taken sites."""
        norms = self._document.norms
        previous = stretch.start
        for thing in self._things.within(stretch.start, stretch.end):
            gap = norms[previous : thing.start]
            if len(gap) > FAR // 2 or (
                not things_first and set(gap) & (STOPS - {"in"} | {"near", "in"})
            ):
                break
            previous = thing.end
            figure = self._figure_of(thing)
            # "Seized a base" is the capture of a place, an event; "seized two bases" is a tally.
            site = outcome == "seized" and thing.word.split()[-1] in words("places.armed_sites")
            if figure is not None and not (site and figure == ONE):
                yield Loss(
                    self._thing_name(thing),
                    outcome,
                    Figure(0, 0, figure.low, figure.high, figure.bound),
                )

    def _figure_of(self, thing: Term) -> Figure | None:
        """Return the figure of a thing: vague for a bare plural/mass noun, None for "the camp"."""
        for figure in self._figures:
            gap = self._document.norms[figure.end : thing.start]
            if figure.end <= thing.start <= figure.end + 3 and not {"and", ",", "or"} & set(gap):
                return figure
        before = self._document.norms[max(thing.start - 3, 0) : thing.start]
        if {"a", "an"} & set(before[-2:]):
            return ONE
        plural = singular(thing.word) != thing.word or thing.word in words("things.mass")
        return VAGUE if plural else None

    def _thing_name(self, thing: Term) -> str:
        """Return the thing as a singular noun, with its owner ("rebel camp")."""
        name = thing.word if thing.word in words("things.mass") else singular(thing.word)
        owner = self._document.norms[thing.start - 1]
        return f"{singular(owner)} {name}" if singular(owner) in words("things.owners") else name


def _suspect(party: Party) -> Party:
    """Return a detained party; people held on suspicion keep the text's words (N5)."""
    suspected = party.word.startswith(("suspected", "alleged"))
    return replace(party, name=party.word, sort="suspects") if suspected else party
