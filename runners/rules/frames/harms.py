"""Harms and losses: figures of people and things, by clause (casualties, G2, G4)."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from runners.rules.lexicon import lexicon, singular, words
from runners.rules.mentions.acts import passive
from runners.rules.mentions.finder import Mentions
from runners.rules.model import Act, Figure, Harm, Layer, Loss, Party, Span, Term

PLURAL_ONLY = {"army", "military", "garrison", "barracks", "police", "militia", "special forces"}
SITES = words("places.armed_sites") | {"position", "positions"}
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
SEIZING = {"take": "seized", "recover": "seized", "loot": "seized", "retake": "seized"}
NEAR, FAR = 5, 12
VAGUE = Figure(0, 0, None, None, "vague")
ONE = Figure(0, 0, 1, 1, "exact")


class ClauseCounts:
    """Reads the counted people and things of one clause."""

    def __init__(
        self, mentions: Mentions, clause: Span, parties: tuple[Party, ...], acts: tuple[Act, ...]
    ) -> None:
        self._document, self._clause, self._acts = mentions.document, clause, acts
        self._parties, self._things = Layer.of(parties), mentions.things
        self._figures = mentions.figures.within(clause.start, clause.end)
        self._used: set[int] = set()

    def harms(self) -> tuple[Harm, ...]:
        """People killed, injured or taken, with their figures."""
        found: list[Harm] = []
        for act in self._acts:
            harm = lexicon()["harm"].get(act.kind)
            if harm:
                found.extend(self._harm(act, harm, found[-1] if found else None))
        return tuple(dict.fromkeys(found))

    def _harm(self, act: Act, harm: str, before: Harm | None) -> Iterator[Harm]:
        undergone = passive(self._document, act, self._clause.start) and act.word != "lose"
        back = act.form == "state" or (act.form not in ("noun", "ing") and undergone)
        counted = self._before(act) if back else self._after(act)
        if not counted and not back and act.form == "ed":
            counted = self._bare(act)
        if not counted and act.form in ("ed", "state", "part"):
            counted = self._bare(act)
        for figure, group in counted:
            other = not group or group[0].word == "others"
            people = before.group if before and other else group
            if act.kind == "take" and (not group or figure.bound == "vague"):
                continue
            if act.kind == "arrest":
                people = tuple(_suspect(party) for party in people)
            yield Harm(people, harm, Figure(0, 0, figure.low, figure.high, figure.bound))

    def _before(self, act: Act) -> list[tuple[Figure, tuple[Party, ...]]]:
        """The counted people that the passive verb speaks of."""
        start = max(
            [other.end for other in self._acts if other.end <= act.start and other.form != "noun"]
            + [self._clause.start]
        )
        found = self._counted(start, act.start)
        return found[-2:] if len(found) > 1 and self._listed(found) else found[:1]

    def _after(self, act: Act) -> list[tuple[Figure, tuple[Party, ...]]]:
        """The counted people that are the verb's object."""
        stop = min(
            [other.start for other in self._acts if other.start >= act.end and other.form != "noun"]
            + [self._clause.end, act.end + FAR * 2]
        )
        found = self._counted(act.end, stop, reach=FAR)
        return found if self._listed(found) else found[:1]

    def _listed(self, found: list[tuple[Figure, tuple[Party, ...]]]) -> bool:
        ends = [figure.end for figure, _ in found]
        return len(found) > 1 and all(
            "and" in self._document.norms[one:two] or "," in self._document.norms[one:two]
            for one, two in pairwise(ends)
        )

    def _bare(self, act: Act) -> list[tuple[Figure, tuple[Party, ...]]]:
        """A figure right before a participle ("and 12 wounded")."""
        for figure in self._figures:
            between = self._document.norms[figure.end : act.start]
            close = figure.end <= act.start and set(between) <= FILLERS
            if close and figure.start not in self._used:
                self._used.add(figure.start)
                return [(figure, ())]
        return []

    def _counted(
        self, start: int, stop: int, reach: int = FAR * 3
    ) -> list[tuple[Figure, tuple[Party, ...]]]:
        found: list[tuple[Figure, tuple[Party, ...]]] = []
        for figure in self._figures:
            if start <= figure.start < min(stop, start + reach) and not self._part(figure):
                group = self._group(figure, stop)
                near = figure.start - start <= 2 or self._stated(figure, stop)
                if figure.start not in self._used and (group or near):
                    self._used.add(figure.start)
                    found.append((figure, group))
        return found or self._plain(start, stop)

    def _stated(self, figure: Figure, stop: int) -> bool:
        return stop - figure.end <= 2

    def _plain(self, start: int, stop: int) -> list[tuple[Figure, tuple[Party, ...]]]:
        """People without a figure: "a soldier" is one, a bare plural vague."""
        norms = self._document.norms
        for party in self._people(start, min(stop, start + NEAR)):
            gap = norms[start : party.start]
            if party.sort == "group" or party.word in PLURAL_ONLY or set(gap) & STOPS:
                break
            article = norms[max(party.start - 2, start) : party.start]
            last = party.word.split()[-1]
            single = singular(last) == last and last not in (
                "people",
                "children",
                "men",
                "women",
                "gunmen",
                "policemen",
            )
            if single and not {"a", "an"} & set(article):
                break
            return [(ONE if single else VAGUE, (party,))]
        return []

    def _people(self, start: int, stop: int) -> tuple[Party, ...]:
        """The parties that are people and not their sites."""
        return tuple(
            party
            for party in self._parties.within(start, stop)
            if not SITES & set(party.word.split())
        )

    def _part(self, figure: Figure) -> bool:
        """Whether the figure is a part of another ("including six children")."""
        before = self._document.norms[max(figure.start - 3, 0) : figure.start]
        after = self._document.norms[figure.end : figure.end + 4]
        return bool(PARTS & set(before)) or "among" in after

    def _group(self, figure: Figure, stop: int) -> tuple[Party, ...]:
        """Who is counted: the party after the figure, and one joined to it."""
        group: list[Party] = []
        for party in self._people(figure.end, min(stop, figure.end + FAR)):
            gap = self._document.norms[(group[-1].end if group else figure.end) : party.start]
            if (STOPS | {","} | ({"a", "an"} if group else set())) & set(gap) or len(gap) > NEAR:
                break
            if any(
                other.start < party.start for other in self._figures if other.start >= figure.end
            ):
                break
            if group and "and" not in gap:
                continue
            group.append(party)
        return tuple(group)

    def losses(self) -> tuple[Loss, ...]:
        """Things seized and destroyed, each kind on its own (G4)."""
        found: list[Loss] = []
        for act in self._acts:
            outcome = "destroyed" if act.kind == "destroy" else SEIZING.get(act.kind)
            if outcome:
                found.extend(self._lost(act, outcome))
        return tuple(dict.fromkeys(found))

    def _lost(self, act: Act, outcome: str) -> Iterator[Loss]:
        back = act.form != "noun" and passive(self._document, act, self._clause.start)
        stops = [other for other in self._acts if other is not act and other.form != "noun"]
        if back:
            start = max([one.end for one in stops if one.end <= act.start] + [self._clause.start])
            stretch = Span(start, act.start)
        else:
            stop = min([one.start for one in stops if one.start >= act.end] + [self._clause.end])
            stretch = Span(act.end, stop)
        yield from self._things_in(stretch, outcome, back)

    def _things_in(self, stretch: Span, outcome: str, back: bool) -> Iterator[Loss]:
        norms = self._document.norms
        previous = stretch.start
        for thing in self._things.within(stretch.start, stretch.end):
            gap = norms[previous : thing.start]
            if len(gap) > FAR // 2 or (not back and set(gap) & (STOPS - {"in"} | {"near", "in"})):
                break
            previous = thing.end
            figure = self._figure_of(thing)
            site = outcome == "seized" and thing.word.split()[-1] in words("places.armed_sites")
            if figure is not None and not (site and figure == ONE):
                yield Loss(
                    self._named(thing), outcome, Figure(0, 0, figure.low, figure.high, figure.bound)
                )

    def _figure_of(self, thing: Term) -> Figure | None:
        """The figure of a thing; a bare plural or stuff is vague, a definite one none."""
        for figure in self._figures:
            gap = self._document.norms[figure.end : thing.start]
            if figure.end <= thing.start <= figure.end + 3 and not {"and", ",", "or"} & set(gap):
                return figure
        before = self._document.norms[max(thing.start - 3, 0) : thing.start]
        if {"a", "an"} & set(before[-2:]):
            return ONE
        plural = singular(thing.word) != thing.word or thing.word in words("things.mass")
        return VAGUE if plural else None

    def _named(self, thing: Term) -> str:
        """The thing as a singular noun, its owner kept ("rebel camp")."""
        name = thing.word if thing.word in words("things.mass") else singular(thing.word)
        owner = self._document.norms[thing.start - 1]
        return f"{singular(owner)} {name}" if singular(owner) in words("things.owners") else name


def _suspect(party: Party) -> Party:
    """People detained on suspicion are named as worded (N5)."""
    suspected = party.word.startswith(("suspected", "alleged"))
    return replace(party, name=party.word, sort="suspects") if suspected else party
