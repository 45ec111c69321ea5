"""Places: countries, regions and towns, by gazetteer and by context (rule N4)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from runners.rules.lexicon import words
from runners.rules.mentions.gazetteer import countries, country_of, load
from runners.rules.mentions.names import capitalised_runs
from runners.rules.mentions.states import States
from runners.rules.model import COUNTRY, LOCAL, MACRO, REGION, Act, Layer, Place, Span
from runners.rules.reader import Document, Phrases, Reader, fold

# What joins the items of a list.
LISTED = ((",",), ("and",), ("or",), (",", "and"), ("as", "well", "as"), ("&",), ("/",))
VERBAL = frozenset({"past", "part", "ed", "ing", "base"})
NEAR, FAR = 5, 12  # tokens
# Verbs whose object may be a place ("attacked Tondi").
OBJECT_OF = frozenset({"attack", "take", "retake", "blast", "loot", "destroy"})


class Places:
    """Finds the places of a document."""

    def __init__(self, reader: Reader, states: States) -> None:
        load()
        self._countries = Phrases(
            reader,
            {
                code: [name for name, state in states.by_name.items() if state == code]
                for code in set(states.by_name.values())
            },
        )

    def find(
        self,
        document: Document,
        taken: Iterable[Span],
        acts: Layer[Act],
        state_counts: Counter[str],
    ) -> Layer[Place]:
        """Find the places of a document outside the spans `taken`.

        A name that its context shows to be a place in one mention is a place in all of them; then
        lists add their other items. `state_counts` has the mentions of each state.
        """
        used = {i for span in taken for i in range(span.start, span.end)}
        countries = list(self._find_countries(document, used))
        used |= {i for span in countries for i in range(span.start, span.end)}
        free = [
            span
            for span in capitalised_runs(document)
            if used.isdisjoint(range(span.start, span.end))
        ]
        evidence = _Evidence(document, acts, state_counts)
        levels: dict[str, int] = {}
        for span in free:
            level = evidence.level(span)
            if level is not None:
                levels.setdefault(_name(document, span), level)
        places = [*countries, *_located(document, free, levels, state_counts)]
        return Layer.of([*places, *_listed(document, free, places, state_counts)])

    def _find_countries(self, document: Document, used: set[int]) -> Iterator[Place]:
        """Yield the countries named; Lake Chad is none."""
        for code, start, end in self._countries.find(document):
            lake = start > 0 and document.norms[start - 1] == "lake"
            if (
                document.raw[start][:1].isupper()
                and not lake
                and (used.isdisjoint(range(start, end)))
            ):
                yield Place(start, end, document.slice(start, end), COUNTRY, code)


def _name(document: Document, span: Span) -> str:
    """Return the folded text of a span, the key of a name."""
    return fold(document.slice(span.start, span.end))


def _place(document: Document, span: Span, level: int, state_counts: Counter[str]) -> Place:
    """Build a place; areas larger than a country (Sahel) override the level."""
    name = document.slice(span.start, span.end)
    if fold(name) in words("places.macro"):
        level = MACRO
    return Place(span.start, span.end, name, level, country_of(name, state_counts))


def _located(
    document: Document, free: list[Span], levels: dict[str, int], state_counts: Counter[str]
) -> Iterator[Place]:
    """Yield every mention of the names that have a level; "Tondi region" is a region even so."""
    for span in free:
        level = levels.get(_name(document, span))
        if level is not None:
            here = REGION if _followed(document, span, "places.region_after") else level
            yield _place(document, span, here, state_counts)


def _listed(
    document: Document, free: list[Span], places: list[Place], state_counts: Counter[str]
) -> Iterator[Place]:
    """Yield the names listed next to places ("Tondi, Sirba and Kolo")."""
    starts = {place.start for place in places}
    ends = {place.end: place for place in places if place.level == LOCAL}
    begins = {place.start: place for place in places if place.level == LOCAL}
    # Once in each direction: the known place may be the first item of the list or the last.
    order = [*enumerate(free), *reversed(list(enumerate(free)))]
    for index, span in order:
        if span.start in starts or not _possible(document, span):
            continue
        before = free[index - 1] if index else None
        after = free[index + 1] if index + 1 < len(free) else None
        linked = (before and before.end in ends and _joins(document, before.end, span.start)) or (
            after and after.start in begins and _joins(document, span.end, after.start)
        )
        if linked:
            place = _place(document, span, LOCAL, state_counts)
            starts.add(place.start)
            ends[place.end], begins[place.start] = place, place
            yield place


def _joins(document: Document, start: int, end: int) -> bool:
    """Whether these tokens join two items of a list."""
    return document.norms[start:end] in LISTED


def _followed(document: Document, span: Span, table: str) -> bool:
    """Whether a word of the table stands right after the name or its possessive."""
    after = document.norms[span.end : span.end + 2]
    after = after[1:] if after[:1] in (("'s",), ("'",)) else after
    return bool(after) and after[0] in words(table)


def _possible(document: Document, span: Span) -> bool:
    """Whether a run may be a place at all: no thing, month, language, body or acronym."""
    parts = document.norms[span.start : span.end]
    raw = document.slice(span.start, span.end)
    if parts[-1] in words("things.words") or parts[0] in words("places.not_places"):
        return False
    if set(parts) & words("places.org_words"):
        return False
    return not (raw.isupper() and len(raw) <= 5) and any(c.islower() for c in raw)


class _Evidence:
    """Decides by the words around a name whether it is a place."""

    def __init__(self, document: Document, acts: Layer[Act], state_counts: Counter[str]) -> None:
        self._document = document
        self._state_counts = state_counts
        self._objects = {act.end for act in acts if act.kind in OBJECT_OF and act.form in VERBAL}
        self._nouns = {act.end for act in acts if act.form == "noun"}
        self._subjects = {act.start for act in acts if act.form in ("part", "ed")}

    def level(self, span: Span) -> int | None:
        """Return the level of the place that a name denotes, or None if it is no place."""
        if not _possible(self._document, span):
            return None
        if _followed(self._document, span, "places.region_after"):
            return REGION
        if self._preceded(span, "places.region_of", 2):
            return REGION
        has_site = self._preceded(span, "places.site_of", 3)
        if has_site or _followed(self._document, span, "places.sites"):
            return LOCAL
        in_gazetteer = self._in_gazetteer(span)
        return LOCAL if self._located(span, in_gazetteer) or in_gazetteer else None

    def _in_gazetteer(self, span: Span) -> bool:
        """Whether the gazetteer has the name in a country that the document mentions."""
        return any(code in self._state_counts for code in countries(_name(self._document, span)))

    def _located(self, span: Span, in_gazetteer: bool) -> bool:
        """Whether the name is the object or site of an act, or follows a locative preposition."""
        before = self._document.norms[max(span.start - 2, 0) : span.start]
        if not before:
            return False
        if span.start in self._objects or (before[-1] == "the" and span.start - 1 in self._objects):
            return True
        attack = not self._nouns.isdisjoint(range(span.start - NEAR, span.start))
        if attack and before[-1] in ("on", "against", "of"):
            return True
        nearby = self._document.norms[max(span.start - FAR, 0) : span.start]
        if before[-1] in ("including", "as") and words("places.several") & set(nearby):
            return True
        # "From", "to" and "against" take persons and bodies too; for long names that is likelier.
        strong = before[-1] in words("places.locative") - words("places.weak")
        weak = before[-1] in words("places.weak")
        return (
            strong
            or (weak and (in_gazetteer or span.end - span.start <= 3))
            or self._attacked(span)
        )

    def _attacked(self, span: Span) -> bool:
        """Whether the name is the subject of a passive ("Tondi was attacked")."""
        after = self._document.norms[span.end : span.end + 1]
        return (
            bool(after)
            and after[0] in words("voice.be")
            and any(index in self._subjects for index in range(span.end + 1, span.end + 4))
        )

    def _preceded(self, span: Span, table: str, reach: int) -> bool:
        """Whether a phrase of the table, of two to `reach` words, stands right before the name."""
        listed = words(table)
        start = span.start - (self._document.norms[span.start - 1 : span.start] == ("the",))
        return any(
            " ".join(self._document.norms[max(start - n, 0) : start]) in listed
            for n in range(2, reach + 1)
        )
