"""A town's programme of events."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel

from benchmark import compare

Name = Annotated[str, compare(by="name")]
Day = Annotated[date, compare(days=1)]


class Event(BaseModel):
    title: Annotated[str, compare(by="fuzzy", accept=0.85, key=True)]
    start: Annotated[Day, compare(key=True)]
    end: Day | None = None
    kind: Literal["concert", "market", "talk"]
    venue: Name | None = None
    performers: Annotated[list[Name] | None, compare(as_set=True)] = None
    free: bool


class Programme(BaseModel):
    city: Name
    events: list[Event]


SCHEMA = Programme
