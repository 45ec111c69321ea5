"""Measures: curfews, closures, bans and emergencies that an authority imposes (G6)."""

import re
from collections.abc import Iterator
from typing import Any

from runners.rules.figures import parse_number
from runners.rules.lexicon import lexicon, words
from runners.rules.mentions.finder import Mentions
from runners.rules.model import COUNTRY, LOCAL, MACRO, DateExpression, Place, Sentence

DURATION = re.compile(
    r"\b(?P<count>an?|one|two|three|four|five|six|seven|ten|fifteen|thirty|sixty"
    r"|ninety|\d{1,3})[\s-](?P<unit>day|week|month|year)s?\b",
    re.I,
)
CLOCK = re.compile(
    r"(?:from|between)\s+(?P<begin>[\w:.]+\s?[ap]\.?m\.?|\d{1,2}(?::|h)?\d{0,2}|dusk)"
    r"\s*(?:to|and|until|till|-)\s*"
    r"(?P<end>[\w:.]+\s?[ap]\.?m\.?|\d{1,2}(?::|h)?\d{0,2}|dawn)",
    re.I,
)
# In days; a month counts as 30 (the `duration_days` rule).
LENGTHS = {"day": 1, "week": 7, "month": 30, "year": 365}
REACH = 10  # tokens after "closed" or "banned" in which its object stands; half that before it


class Measures:
    """Reads the measures of a document; place and date may come from earlier sentences."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._place: Place | None = None
        self._when: DateExpression | None = None
        self._paragraph = -1
        self._records: dict[tuple[str, str], dict[str, Any]] = {}

    def records(self) -> list[dict[str, Any]]:
        """Return the measure records, one per kind and place."""
        for sentence in self._mentions.document.sentences:
            self._note(sentence)
            for kind in self._kinds(sentence):
                self._add(kind, sentence)
        return list(self._records.values())

    def _note(self, sentence: Sentence) -> None:
        """Remember the most specific place so far, and the last single day of the paragraph."""
        if sentence.paragraph != self._paragraph:
            self._paragraph, self._when = sentence.paragraph, None
        places = [
            place
            for place in self._mentions.places.within(sentence.start, sentence.end)
            if place.level != MACRO
        ]
        if places:
            level = min(place.level for place in places)
            self._place = next(place for place in places if place.level == level)
        dates = [
            when
            for when in self._mentions.dates.within(sentence.start, sentence.end)
            if when.first and when.first == when.last
        ]
        self._when = dates[0] if dates else self._when

    def _kinds(self, sentence: Sentence) -> Iterator[str]:
        """Yield the kinds of measure that a sentence imposes, not those lifted or planned (G6)."""
        parts = self._mentions.document.norms[sentence.start : sentence.end]
        if words("measures.lifted") & set(parts):
            return
        text = " ".join(parts)
        imposed = bool(words("measures.imposing") & set(parts))
        for kind in ("curfew", "state_of_emergency"):
            if imposed and any(phrase in text for phrase in lexicon()["measures"][kind]):
                yield kind
        for kind, objects in (("ban", "measures.bannable"), ("closure", "measures.closable")):
            if _governed(parts, words(f"measures.{kind}"), words(objects)):
                yield kind

    def _add(self, kind: str, sentence: Sentence) -> None:
        """Add a measure, or fill the gaps of its record (G7); without a place it gets none."""
        place = self._place
        if place is None:
            return
        text = self._mentions.document.slice(sentence.start, sentence.end)
        days = _duration(text)
        record = {
            "kind": kind,
            "place": place.name,
            "country": place.country or self._mentions.country,
            "start": self._start(sentence),
            "duration_days": days,
            "night_only": _night(text) if kind == "curfew" else None,
            "imposed_by": self._authority(sentence, place),
            "evidence": text,
        }
        first = self._records.setdefault((kind, place.name), record)
        for field in ("start", "duration_days", "night_only"):
            if first[field] is None:
                first[field] = record[field]

    def _start(self, sentence: Sentence) -> str | None:
        """Return the first day by the sentence, else by the paragraph so far."""
        own = [
            when for when in self._mentions.dates.within(sentence.start, sentence.end) if when.first
        ]
        when = own[0] if own else self._when
        return when.first.isoformat() if when and when.first else None

    def _authority(self, sentence: Sentence, place: Place) -> str | None:
        """Return who imposes the measure; an unnamed local authority by its place (N5)."""
        parts = self._mentions.document.norms[sentence.start : sentence.end]
        group = next(
            (
                party
                for party in self._mentions.parties.within(sentence.start, sentence.end)
                if party.sort == "group"
            ),
            None,
        )
        authorities = words("measures.authority") & set(parts)
        if not authorities:
            # An armed group may impose a rule as well; a named authority comes first.
            return group.name if group else f"authorities in {place.name}"
        if authorities == {"government"} and place.level == COUNTRY:
            return "government"
        where = place.name if place.level >= LOCAL else ""
        return f"authorities in {where}"


def _governed(parts: tuple[str, ...], verbs: frozenset[str], objects: frozenset[str]) -> bool:
    """Whether a word for closing or banning stands near a thing that can be closed or banned."""
    at = [i for i, word in enumerate(parts) if word in verbs]
    return any(objects & set(parts[max(i - REACH // 2, 0) : i + REACH]) for i in at)


def _duration(text: str) -> int | None:
    """Return the duration stated in a sentence in days, or None."""
    for match in DURATION.finditer(text):
        before = text[max(match.start() - 12, 0) : match.start()].lower()
        after = text[match.end() : match.end() + 8].lower()
        # "Two days later" is a date. A duration has "for" or "of" before it, or is an adjective
        # ("30-day curfew").
        if re.match(r"\s*(?:later|ago|after|before|earlier)", after):
            continue
        unit, count = match["unit"].lower(), match["count"].lower()
        hyphened = text[match.start("unit") - 1] == "-"
        if "for" in before or "of" in before or hyphened or "renewable" in after:
            quantity = 1 if count in ("a", "an") else parse_number(count)
            return quantity * LENGTHS[unit] if quantity else None
    return None


def _night(text: str) -> bool | None:
    """Whether a curfew is limited to the night; None if the text does not say."""
    plain = text.lower()
    if any(word in plain for word in lexicon()["measures"]["all_day"]):
        return False
    clock = CLOCK.search(plain)
    if clock:
        first, second = _hour(clock["begin"]), _hour(clock["end"])
        # Over midnight the hours run backwards: from 21 to 6.
        return None if first is None or second is None else first > second
    night_word = any(
        word in plain.split() or f"{word} curfew" in plain
        for word in lexicon()["measures"]["night"]
    )
    return True if night_word or "dusk" in plain else None


def _hour(text: str) -> int | None:
    """Return the hour (0 to 23) of a clock time such as "9 p.m.", "18:00" or "dusk"."""
    if text in ("dusk", "dawn"):
        return 19 if text == "dusk" else 6
    digits = re.match(r"\d{1,2}", text)
    if digits is None:
        return None  # an hour in words
    hour = int(digits[0]) % 12 if "m" in text else int(digits[0])
    return hour + 12 if "p" in text else hour
