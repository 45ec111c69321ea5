"""Composing the four lists of a report from the mentions."""

from typing import Any

from runners.rules.frames.frames import FrameExtractor
from runners.rules.mentions.attribution import Attribution
from runners.rules.mentions.finder import Mentions
from runners.rules.mentions.states import States
from runners.rules.model import Person, Sentence
from runners.rules.report.chronicle import Chronicle
from runners.rules.report.drafts import event_record
from runners.rules.report.measures import Measures
from runners.rules.report.tallies import tally_record


def report(mentions: Mentions, states: States) -> dict[str, Any]:
    """Compose the report of a document, an instance of the sitrep schema."""
    chronicle, framer = Chronicle(mentions), FrameExtractor(mentions)
    for sentence in mentions.document.sentences:
        chronicle.start_paragraph(sentence.paragraph)
        for frame in framer.frames(sentence):
            chronicle.add(frame)
        # After the frames: a lead-in holds from the next sentence on, its own has it already.
        for attribution in mentions.attributions.within(sentence.start, sentence.end):
            if attribution.lead_in and attribution.sources:
                chronicle.lead_in(attribution.sources)
    main_country = mentions.country
    return {
        "events": _unique(
            [event_record(draft, states, main_country) for draft in chronicle.drafts],
            ("place", "start", "event_type"),
        ),
        "tallies": _unique(
            [tally_record(toll, states, main_country) for toll in chronicle.tolls],
            ("what", "outcome", "start", "low", "high"),
        ),
        "measures": Measures(mentions).records(),
        "speakers": _speakers(mentions),
    }


def _unique(records: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the records, of those with equal `keys` only the first (G7)."""
    # Two drafts may get the same key late, when a date or an actor was filled in.
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in records:
        first.setdefault(tuple(row[key] for key in keys), row)
    return list(first.values())


def _speakers(mentions: Mentions) -> list[dict[str, Any]]:
    """Return the persons quoted or paraphrased by name, each once."""
    speakers: dict[str, dict[str, Any]] = {}
    for sentence in mentions.document.sentences:
        attributions = mentions.attributions.within(sentence.start, sentence.end)
        for person in mentions.people.within(sentence.start, sentence.end):
            if attributions and _speaks(person, attributions):
                _merge(speakers, person, sentence, mentions)
    return list(speakers.values())


def _speaks(person: Person, attributions: tuple[Attribution, ...]) -> bool:
    """Whether an attribution overlaps the person's mention or stands next to it."""
    return any(
        attribution.start <= person.end + 1 and person.start <= attribution.end + 1
        for attribution in attributions
    )


def _merge(
    speakers: dict[str, dict[str, Any]], person: Person, sentence: Sentence, mentions: Mentions
) -> None:
    """Add a speaker, or complete the record with the same surname.

    Reports print the full name, rank and office once, and the surname alone after that.
    """
    surname = person.name.split()[-1]
    record = next((row for name, row in speakers.items() if name.split()[-1] == surname), None)
    if record is None:
        speakers[person.name] = {
            "name": person.name,
            "title": person.title,
            "role": person.role,
            "organisation": person.organisation,
            "evidence": mentions.document.slice(sentence.start, sentence.end),
        }
        return
    for field in ("title", "role", "organisation"):
        record[field] = record[field] or getattr(person, field)
