"""Event coreference: frames, in reading order, become new events or join earlier ones."""

from collections import defaultdict
from dataclasses import replace

from runners.rules.dates.periods import UNKNOWN, Days, narrower, overlap, shifted
from runners.rules.frames.event_kinds import EventKinds, outcome_kinds, starts_event
from runners.rules.frames.sites import names_armed_site
from runners.rules.mentions.finder import Mentions
from runners.rules.model import COUNTRY, GENERIC, LOCAL, DateExpression, Frame, Party, Place
from runners.rules.reader import fold
from runners.rules.report.drafts import Draft, family
from runners.rules.report.tallies import FrameContext, Toll, tolls

WIDE = 45  # days; a longer period is background, and dates no act of the next paragraph


class Chronicle:
    """Events and tolls of a document so far, and the context that later frames refer to.

    The focus is the events of the last frame that had any: what a frame without a place is about.
    """

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._event_kinds = EventKinds(mentions)
        self._by_place: dict[str, list[Draft]] = defaultdict(list)
        self._focus: list[Draft] = []
        self._context_days: Days = UNKNOWN
        self._main_clause_days: Days = UNKNOWN
        self._paragraph, self._draft_paragraph = -1, -1
        self._lead_in_sources: tuple[Party, ...] = ()
        self._pending: list[tuple[Frame, tuple[Party, ...]]] = []
        self.drafts: list[Draft] = []
        self.tolls: list[Toll] = []

    def start_paragraph(self, paragraph: int) -> None:
        """End a lead-in with its paragraph (N3), and return from a long background period.

        After such a period the focus is the first event again, what the report is about.
        """
        if paragraph == self._paragraph:
            return
        self._paragraph, self._lead_in_sources = paragraph, ()
        first, last = self._context_days
        if first and last and (last - first).days > WIDE and self.drafts:
            self._context_days, self._focus = self.drafts[0].days, self.drafts[:1]

    def lead_in(self, sources: tuple[Party, ...]) -> None:
        """Set the sources that hold to the end of the paragraph (N3)."""
        self._lead_in_sources = sources

    def add(self, frame: Frame) -> None:
        """Take in the next frame: find or create its events, or let it refer to those in focus."""
        frame = self._placed(frame)
        days = self._resolve(frame.when)
        sources = (
            frame.sources
            or self._lead_in_sources
            or ((self._mentions.owner,) if self._mentions.owner else ())
        )
        drafts = self._located(frame, days, sources) if frame.places else []
        has_events = bool(drafts)
        # Figures, losses and claims often stand in a clause without place: it is about the focus.
        if not drafts and self._refers(frame, days):
            drafts = self._focus
            self._enrich(drafts, frame, sources)
        if not drafts and not self.drafts and frame.acts and not frame.places:
            # A lead tells of the event before the place is named.
            self._pending.append((frame, sources))
            return
        self._claim(frame, drafts)
        self._count(frame, drafts, days, sources)
        if has_events:
            self._catch_up(drafts)
            self._focus, self._context_days = drafts, drafts[0].days
        if frame.when is None or not frame.when.pivot:
            self._main_clause_days = self._context_days

    def _count(
        self, frame: Frame, drafts: list[Draft], days: Days, sources: tuple[Party, ...]
    ) -> None:
        """Add figures of people in one event to its casualties, all others to the tallies (G4)."""
        source = next(iter((*sources, *frame.claimants)), None)
        single = len(drafts) == 1 and not (frame.when and frame.when.since)
        if single:
            fresh = [(harm, source) for harm in frame.harms]
            drafts[0].harms.extend(pair for pair in fresh if pair not in drafts[0].harms)
        self.tolls.extend(tolls(self._mentions, FrameContext(frame, drafts, days, source), single))

    def _catch_up(self, drafts: list[Draft]) -> None:
        """Add to the first events what the lead reported before it named the place."""
        for frame, sources in self._pending:
            days = self._resolve(frame.when)
            if overlap(drafts[0].days, days) and not (frame.when and frame.when.since):
                self._enrich(drafts, frame, sources)
                source = sources[0] if sources else None
                if len(drafts) == 1:
                    drafts[0].harms.extend((harm, source) for harm in frame.harms)
        self._pending.clear()

    def _placed(self, frame: Frame) -> Frame:
        """Fill in the place of "they retook the town": that of the single event in focus."""
        again = any(act.kind == "retake" for act in frame.acts) and len(self._focus) == 1
        if again and not frame.places:
            return replace(frame, places=(self._focus[0].place,))
        return frame

    def _resolve(self, when: DateExpression | None) -> Days:
        """Return the days of a frame: its own, or shifted from those of the context (D1, D4).

        A pivot counts from the clause that it depends on, any other shift from the last event.
        """
        if when is None or when.since:
            return (when.first, None) if when else self._context_days
        if when.shift is None:
            return when.first, when.last
        return shifted(self._main_clause_days if when.pivot else self._context_days, when.shift)

    def _located(self, frame: Frame, days: Days, sources: tuple[Party, ...]) -> list[Draft]:
        """Return the drafts, old or new, for the places of a frame that makes an event (G3)."""
        kinds = self._event_kinds.kinds(frame)
        if not kinds or (frame.when and frame.when.since):
            return []
        drafts: list[Draft] = []
        for place in frame.places:
            draft = self._same(place, frame, days, kinds)
            if draft is None and starts_event(frame, place, kinds):
                draft = self._new(place, frame, days)
            if draft is not None and draft not in drafts:
                drafts.append(draft)
        self._enrich(drafts, frame, sources)
        return drafts

    def _same(self, place: Place, frame: Frame, days: Days, kinds: set[str]) -> Draft | None:
        """Return the earlier event that this frame mentions again, or None (G7)."""
        for draft in reversed(self._by_place[fold(place.name)]):
            is_dated = frame.when is not None
            # Losing a place and retaking it are two events at one place.
            if "retake" in kinds and draft.taken:
                continue
            if family(kinds) == draft.family and (overlap(draft.days, days) or not is_dated):
                return draft
        for draft in reversed(self._focus):
            if (
                place.level != draft.place.level
                and family(kinds) == draft.family
                and (self._refines(place, draft, frame, days))
            ):
                # The more specific place is kept.
                if place.level < draft.place.level:
                    draft.place = place
                    self._by_place[fold(place.name)].append(draft)
                return draft
        return None

    def _refines(self, place: Place, draft: Draft, frame: Frame, days: Days) -> bool:
        """Whether a wider or narrower place may be that of the single event in focus."""
        same_country = (
            place.country is None or draft.country is None or place.country == draft.country
        )
        narrower = place.level < draft.place.level
        return (
            same_country
            and overlap(draft.days, days)
            and len(self._focus) == 1
            and (not narrower or draft.place.level > LOCAL)
            and not frame.plural
        )

    def _new(self, place: Place, frame: Frame, days: Days) -> Draft:
        """Create a draft; its country comes from the clause, the gazetteer, or the context."""
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
        self._draft_paragraph = self._paragraph
        self._by_place[fold(place.name)].append(draft)
        return draft

    def _state(self, frame: Frame) -> str | None:
        """Return the state whose army takes part, or None."""
        return next(
            (
                self._mentions.forces[party.name]
                for party in (*frame.targets, *frame.initiators)
                if party.name in self._mentions.forces
            ),
            None,
        )

    def _nearby(self) -> str | None:
        """Return the country of the previous event of the paragraph, or None."""
        last = self.drafts[-1] if self.drafts else None
        return last.country if last and self._draft_paragraph == self._paragraph else None

    def _inherited(self, frame: Frame, days: Days) -> list[Party]:
        """Return the attacker of the event in focus, if this one is of the same series (G5)."""
        if frame.initiators or not self._focus:
            return []
        last = self._focus[0]
        if frame.again and self._draft_paragraph == self._paragraph:
            return list(last.initiators)
        if days[0] is None:
            return []
        # A series: acts of one family on the same days.
        in_series = last.family == family(self._event_kinds.kinds(frame)) and last.days == days
        return list(last.initiators) if in_series else []

    def _enrich(self, drafts: list[Draft], frame: Frame, sources: tuple[Party, ...]) -> None:
        """Merge a frame into its events; without a place it adds neither sources nor new acts."""
        kinds = self._event_kinds.kinds(frame) if frame.places else outcome_kinds(frame)
        for draft in drafts:
            own_sources = sources if frame.places else ()
            draft.add(kinds, self._actors(frame, draft), frame.targets, frame.weapons, own_sources)
            draft.taken |= "take" in kinds
            draft.armed_site |= names_armed_site(self._mentions.document, frame)
            own = frame.when is not None and frame.places
            if frame.when and frame.when.first and (own or draft.days[0] is None):
                draft.days = narrower(draft.days, self._resolve(frame.when))

    def _actors(self, frame: Frame, draft: Draft) -> tuple[Party, ...]:
        """Return who acts, without "the attackers" where the event has an initiator already."""
        if not frame.places and draft.initiators:
            return ()
        if any(act.kind == "repel" for act in frame.acts) and draft.initiators:
            return ()
        return tuple(
            party for party in frame.initiators if not (draft.initiators and party.sort in GENERIC)
        )

    def _refers(self, frame: Frame, days: Days) -> bool:
        """Whether a frame without an event of its own is about those in focus."""
        # An open period or a pivot is another time, a country is more than one event.
        if not self._focus or (frame.when and (frame.when.since or frame.when.pivot)):
            return False
        if frame.claimants:
            return True
        wide = any(place.level == COUNTRY for place in frame.places)
        return not wide and (
            frame.when is None or frame.when.first is None or overlap(self._focus[0].days, days)
        )

    def _claim(self, frame: Frame, drafts: list[Draft]) -> None:
        """Add claimants to the events that a claim names, or to the whole series (G5, G6)."""
        if not frame.claimants:
            return
        claimed = drafts
        norms = self._mentions.document.norms[frame.start : frame.end]
        if "both" in norms and not frame.places:
            claimed = self.drafts[-2:]
        elif frame.plural and not frame.places and drafts:
            claimed = [draft for draft in self.drafts if draft.days == drafts[0].days]
        for draft in claimed:
            draft.claimed.extend(party for party in frame.claimants if party not in draft.claimed)
            # Whoever claims an act is its initiator, unless the text names someone else (G6).
            if not any(party.sort in ("group", "body", "army") for party in draft.initiators):
                draft.initiators = list(frame.claimants)
