"""A ship's manifest, three tables deep, as a model that says nothing of scoring."""

from datetime import date

from pydantic import BaseModel


class Box(BaseModel):
    sku: str
    count: int


class Pallet(BaseModel):
    label: str | None = None
    weight_kg: float
    boxes: list[Box]


class Container(BaseModel):
    number: str
    seal: str | None = None
    pallets: list[Pallet]


class Manifest(BaseModel):
    vessel: str
    arrival: date
    containers: list[Container]


SCHEMA = Manifest
