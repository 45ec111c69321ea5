"""Composing: mentions to the four lists of a report."""

from typing import Any

from runners.rules.frames.frames import FrameExtractor
from runners.rules.mentions.attribution import Attribution
from runners.rules.mentions.finder import Mentions
from runners.rules.mentions.states import States
from runners.rules.model import Person, Sentence
from runners.rules.report.chronicle import Chronicle
from runners.rules.report.drafts import event_record
from runners.rules.report.measures import Measures
from runners.rules.report.tallies import record


def report(mentions: Mentions, states: States) -> dict[str, Any]:
    """The report of a document."""
    chronicle, framer = Chronicle(mentions), FrameExtractor(mentions)
    for sentence in mentions.document.sentences:
        chronicle.open(sentence.paragraph)
        for frame in framer.frames(sentence):
            chronicle.add(frame)
        for given in mentions.attributions.within(sentence.start, sentence.end):
            if given.lead_in and given.sources:
                chronicle.lead(given.sources)
    main = mentions.country
    return {
        "events": _unique(
            [event_record(draft, states, main) for draft in chronicle.drafts],
            ("place", "start", "event_type"),
        ),
        "tallies": _unique(
            [record(toll, states, main) for toll in chronicle.tolls],
            ("what", "outcome", "start", "low", "high"),
        ),
        "measures": Measures(mentions).records(),
        "speakers": _speakers(mentions),
    }


def _unique(records: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Records without those that repeat the key of one before (G7)."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in records:
        first.setdefault(tuple(one[key] for key in keys), one)
    return list(first.values())


def _speakers(mentions: Mentions) -> list[dict[str, Any]]:
    """Everyone quoted or paraphrased by name, once."""
    found: dict[str, dict[str, Any]] = {}
    for sentence in mentions.document.sentences:
        given = mentions.attributions.within(sentence.start, sentence.end)
        for person in mentions.people.within(sentence.start, sentence.end):
            if given and _speaks(person, given):
                _merge(found, person, sentence, mentions)
    return list(found.values())


def _speaks(person: Person, given: tuple[Attribution, ...]) -> bool:
    """Whether an attribution takes in the person or stands next to them."""
    return any(one.start <= person.end + 1 and person.start <= one.end + 1 for one in given)


def _merge(
    found: dict[str, dict[str, Any]], person: Person, sentence: Sentence, mentions: Mentions
) -> None:
    """Adds a speaker, or completes the one of the same surname."""
    surname = person.name.split()[-1]
    known = next((one for name, one in found.items() if name.split()[-1] == surname), None)
    if known is None:
        found[person.name] = {
            "name": person.name,
            "title": person.title,
            "role": person.role,
            "organisation": person.organisation,
            "evidence": mentions.document.slice(sentence.start, sentence.end),
        }
        return
    for field in ("title", "role", "organisation"):
        known[field] = known[field] or getattr(person, field)
