"""What a paper's tables say of materials: samples, their phases, measured properties."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel

from benchmark import compare


class Phase(StrEnum):
    ALPHA = "alpha"
    BETA = "beta"
    GAMMA = "gamma"


class Quantity(BaseModel):
    """A number with its unit. Numbers are not converted: a unit slip is two errors or one."""

    value: Annotated[float, compare(rel=0.01)]
    unit: Literal["MPa", "GPa", "K", "W/(m K)"]
    uncertainty: Annotated[float | None, compare(rel=0.05)] = None


class Measurement(BaseModel):
    quantity: Annotated[
        Literal["yield_strength", "elastic_modulus", "thermal_conductivity"], compare(key=True)
    ]
    result: Quantity
    temperature: Quantity | None = None


class Sample(BaseModel):
    # Exact, as case tells elements apart: Co is cobalt, CO is carbon monoxide.
    composition: Annotated[str, compare(by="exact", key=True)]
    phases: Annotated[list[Phase], compare(as_set=True)] = []
    measurements: list[Measurement]


class Paper(BaseModel):
    doi: Annotated[str, compare(by="exact")]
    samples: list[Sample]


SCHEMA = Paper
