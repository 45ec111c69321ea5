"""The schema of a situation report: what codebook.md says, as pydantic models.

`x-compare` tells the scorer how a field is compared and which fields tell records apart.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

KEY: dict[str, Any] = {"x-compare": {"key": True}}
NAME: dict[str, Any] = {"x-compare": {"by": "name"}}
NAME_KEY: dict[str, Any] = {"x-compare": {"by": "name", "key": True}}
EXACT: dict[str, Any] = {"x-compare": {"by": "exact"}}
EVIDENCE: dict[str, Any] = {"x-compare": {"score": False, "evidence": True}}

NameKey = Annotated[str, Field(json_schema_extra=NAME_KEY)]
Names = Annotated[list[str], Field(json_schema_extra=NAME)]
OptionalName = Annotated[str | None, Field(json_schema_extra=NAME)]
Country = Annotated[
    Annotated[str, Field(pattern="^[A-Z]{3}$")] | None, Field(json_schema_extra=EXACT)
]
Count = Annotated[int, Field(ge=0)] | None
Evidence = Annotated[str, Field(json_schema_extra=EVIDENCE)]
Bound = Literal["exact", "at_least", "more_than", "about", "at_most", "between", "vague"]


class Model(BaseModel):
    """An object with exactly these properties: each is stated, if only as null."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Casualties(Model):
    """People harmed in an event: one record a group, harm and source."""

    group: NameKey
    harm: Annotated[Literal["killed", "injured", "captured"], Field(json_schema_extra=KEY)]
    low: Count = None
    high: Count = None
    bound: Bound
    source: OptionalName = None


class Event(Model):
    """An act of force, an arrest or an abduction: one place, one run of days."""

    event_type: Literal[
        "armed_clash",
        "explosion",
        "air_strike",
        "violence_against_civilians",
        "abduction",
        "arrest",
        "destruction",
        "other",
    ]
    place: NameKey
    country: Country = None
    start: Annotated[date | None, Field(json_schema_extra=KEY)] = None
    end: date | None = None
    initiators: Names
    targets: Names
    outcome: Literal["repelled", "captured", "retaken"] | None = None
    weapons: Names
    casualties: list[Casualties]
    claimed_by: Names
    sources: Names
    evidence: Evidence


class Tally(Model):
    """A figure or a kind of thing that is counted over more than one place or day."""

    what: NameKey
    outcome: Literal["killed", "injured", "captured", "seized", "destroyed"]
    low: Annotated[Count, Field(json_schema_extra=KEY)] = None
    high: Annotated[Count, Field(json_schema_extra=KEY)] = None
    bound: Bound
    by: Names
    start: date | None = None
    end: date | None = None
    places: Names
    source: OptionalName = None
    evidence: Evidence


class Measure(Model):
    """A restriction that an authority puts on a place."""

    kind: Literal["curfew", "closure", "ban", "state_of_emergency", "other"]
    place: NameKey
    country: Country = None
    start: date | None = None
    duration_days: Count = None
    night_only: bool | None = None
    imposed_by: OptionalName = None
    evidence: Evidence


class Speaker(Model):
    """A named person whose words the report gives."""

    name: NameKey
    title: OptionalName = None
    role: OptionalName = None
    organisation: OptionalName = None
    evidence: Evidence


class Report(Model):
    """What one situation report says."""

    events: list[Event]
    tallies: list[Tally]
    measures: list[Measure]
    speakers: list[Speaker]


SCHEMA = Report
