"""The chronicle: frames in reading order become events, with the context they rely on."""

from collections import defaultdict
from dataclasses import replace

from runners.rules.dates.periods import UNKNOWN, Days, narrower, overlap, shifted
from runners.rules.frames.event_kinds import EventKinds, outcomes, starts_event
from runners.rules.frames.sites import armed_site
from runners.rules.mentions.finder import Mentions
from runners.rules.model import COUNTRY, GENERIC, LOCAL, DateExpression, Frame, Party, Place
from runners.rules.reader import fold
from runners.rules.report.drafts import Draft, family
from runners.rules.report.tallies import FrameContext, Toll, tolls

WIDE = 45


class Chronicle:
    """Events and tolls of a document so far, and what the next sentence may refer to."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._telling = EventKinds(mentions)
        self._at: dict[str, list[Draft]] = defaultdict(list)
        self._focus: list[Draft] = []
        self._days: Days = UNKNOWN
        self._head: Days = UNKNOWN
        self._paragraph, self._told = -1, -1
        self._lead: tuple[Party, ...] = ()
        self._pending: list[tuple[Frame, tuple[Party, ...]]] = []
        self.drafts: list[Draft] = []
        self.tolls: list[Toll] = []

    def open(self, paragraph: int) -> None:
        """A new paragraph ends a lead-in, and the days of a long background."""
        if paragraph == self._paragraph:
            return
        self._paragraph, self._lead = paragraph, ()
        first, last = self._days
        if first and last and (last - first).days > WIDE and self.drafts:
            self._days, self._focus = self.drafts[0].days, self.drafts[:1]

    def lead(self, sources: tuple[Party, ...]) -> None:
        """A lead-in attribution holds to the end of the paragraph (N3)."""
        self._lead = sources

    def add(self, frame: Frame) -> None:
        """Takes in one frame."""
        frame = self._placed(frame)
        days = self._resolve(frame.when)
        sources = (
            frame.sources or self._lead or ((self._mentions.owner,) if self._mentions.owner else ())
        )
        drafts = self._located(frame, days, sources) if frame.places else []
        known = bool(drafts)
        if not drafts and self._refers(frame, days):
            drafts = self._focus
            self._enrich(drafts, frame, sources)
        if not drafts and not self.drafts and frame.acts and not frame.places:
            self._pending.append((frame, sources))
            return
        self._claim(frame, drafts)
        self._count(frame, drafts, days, sources)
        if known:
            self._catch_up(drafts)
            self._focus, self._days = drafts, drafts[0].days
        if frame.when is None or not frame.when.pivot:
            self._head = self._days

    def _count(
        self, frame: Frame, drafts: list[Draft], days: Days, sources: tuple[Party, ...]
    ) -> None:
        """Figures of people in one event are its casualties, all others tallies (G4)."""
        source = next(iter((*sources, *frame.claimants)), None)
        single = len(drafts) == 1 and not (frame.when and frame.when.since)
        if single:
            fresh = [(harm, source) for harm in frame.harms]
            drafts[0].harms.extend(pair for pair in fresh if pair not in drafts[0].harms)
        self.tolls.extend(tolls(self._mentions, FrameContext(frame, drafts, days, source), single))

    def _catch_up(self, drafts: list[Draft]) -> None:
        """What a lead told of the event before it named the place."""
        for frame, sources in self._pending:
            days = self._resolve(frame.when)
            if overlap(drafts[0].days, days) and not (frame.when and frame.when.since):
                self._enrich(drafts, frame, sources)
                source = sources[0] if sources else None
                if len(drafts) == 1:
                    drafts[0].harms.extend((harm, source) for harm in frame.harms)
        self._pending.clear()

    def _placed(self, frame: Frame) -> Frame:
        """ "They retook the town": the place is the one told before."""
        again = any(act.kind == "retake" for act in frame.acts) and len(self._focus) == 1
        return (
            replace(frame, places=(self._focus[0].place,))
            if again and not frame.places
            else (frame)
        )

    def _resolve(self, when: DateExpression | None) -> Days:
        """The days of a frame: its own, or shifted from the ones told before (D4)."""
        if when is None or when.since:
            return (when.first, None) if when else self._days
        if when.shift is None:
            return when.first, when.last
        return shifted(self._head if when.pivot else self._days, when.shift)

    def _located(self, frame: Frame, days: Days, sources: tuple[Party, ...]) -> list[Draft]:
        """The drafts, old or new, of the places in a frame that tells an event."""
        kinds = self._telling.kinds(frame)
        if not kinds or (frame.when and frame.when.since):
            return []
        found = []
        for place in frame.places:
            draft = self._same(place, frame, days, kinds)
            if draft is None and starts_event(frame, place, kinds):
                draft = self._new(place, frame, days)
            if draft is not None and draft not in found:
                found.append(draft)
        self._enrich(found, frame, sources)
        return found

    def _same(self, place: Place, frame: Frame, days: Days, kinds: set[str]) -> Draft | None:
        """The event told already that this is a mention of (G7)."""
        for draft in reversed(self._at[fold(place.name)]):
            told = frame.when is not None
            if "retake" in kinds and draft.taken:
                continue
            if family(kinds) == draft.family and (overlap(draft.days, days) or not told):
                return draft
        for draft in reversed(self._focus):
            if (
                place.level != draft.place.level
                and family(kinds) == draft.family
                and (self._refines(place, draft, frame, days))
            ):
                if place.level < draft.place.level:
                    draft.place = place
                    self._at[fold(place.name)].append(draft)
                return draft
        return None

    def _refines(self, place: Place, draft: Draft, frame: Frame, days: Days) -> bool:
        """Whether a wider or narrower place may be that of the event in focus."""
        other = place.country is None or draft.country is None or place.country == draft.country
        narrower = place.level < draft.place.level
        return (
            other
            and overlap(draft.days, days)
            and len(self._focus) == 1
            and (not narrower or draft.place.level > LOCAL)
            and not frame.plural
        )

    def _new(self, place: Place, frame: Frame, days: Days) -> Draft:
        evidence = self._mentions.document.slice(frame.sentence.start, frame.sentence.end)
        country = (
            place.country
            if place.level == COUNTRY
            else (
                frame.container
                or place.country
                or self._state(frame)
                or self._nearby()
                or self._mentions.country
            )
        )
        draft = Draft(place, country, days, evidence)
        draft.initiators = self._inherited(frame, days)
        self.drafts.append(draft)
        self._told = self._paragraph
        self._at[fold(place.name)].append(draft)
        return draft

    def _state(self, frame: Frame) -> str | None:
        """The state whose army is in the act."""
        return next(
            (
                self._mentions.forces[party.name]
                for party in (*frame.targets, *frame.initiators)
                if party.name in self._mentions.forces
            ),
            None,
        )

    def _nearby(self) -> str | None:
        """The country of the event told before in the same paragraph."""
        last = self.drafts[-1] if self.drafts else None
        return last.country if last and self._told == self._paragraph else None

    def _inherited(self, frame: Frame, days: Days) -> list[Party]:
        """The attacker of a series goes to each of its events (G5)."""
        if frame.initiators or not self._focus:
            return []
        last = self._focus[0]
        if frame.again and self._told == self._paragraph:
            return list(last.initiators)
        if days[0] is None:
            return []
        alike = last.family == family(self._telling.kinds(frame)) and last.days == days
        return list(last.initiators) if alike else []

    def _enrich(self, drafts: list[Draft], frame: Frame, sources: tuple[Party, ...]) -> None:
        kinds = self._telling.kinds(frame) if frame.places else outcomes(frame)
        for draft in drafts:
            told = sources if frame.places else ()
            draft.add(kinds, self._actors(frame, draft), frame.targets, frame.weapons, told)
            draft.taken |= "take" in kinds
            draft.armed_site |= armed_site(self._mentions.document, frame)
            own = frame.when is not None and frame.places
            if frame.when and frame.when.first and (own or draft.days[0] is None):
                draft.days = narrower(draft.days, self._resolve(frame.when))

    def _actors(self, frame: Frame, draft: Draft) -> tuple[Party, ...]:
        """Who acts, without "the attackers" of an event whose attacker is known."""
        if not frame.places and draft.initiators:
            return ()
        if any(act.kind == "repel" for act in frame.acts) and draft.initiators:
            return ()
        return tuple(
            party for party in frame.initiators if not (draft.initiators and party.sort in GENERIC)
        )

    def _refers(self, frame: Frame, days: Days) -> bool:
        """Whether a frame without an event of its own tells of those in focus."""
        if not self._focus or (frame.when and (frame.when.since or frame.when.pivot)):
            return False
        if frame.claimants:
            return True
        wide = any(place.level == COUNTRY for place in frame.places)
        return not wide and (
            frame.when is None or frame.when.first is None or overlap(self._focus[0].days, days)
        )

    def _claim(self, frame: Frame, drafts: list[Draft]) -> None:
        """A claim goes to the events it names, or to all of the wave."""
        if not frame.claimants:
            return
        claimed = drafts
        said = self._mentions.document.norms[frame.start : frame.end]
        if "both" in said and not frame.places:
            claimed = self.drafts[-2:]
        elif frame.plural and not frame.places and drafts:
            claimed = [one for one in self.drafts if one.days == drafts[0].days]
        for draft in claimed:
            draft.claimed.extend(one for one in frame.claimants if one not in draft.claimed)
            if not any(one.sort in ("group", "body", "army") for one in draft.initiators):
                draft.initiators = list(frame.claimants)
