"""An invoice: parties, lines, tax by rate, totals."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from benchmark import compare

Money = Annotated[float, compare(abs=0.01)]
Code = Annotated[str, compare(by="exact")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Party(Strict):
    """Who sells or buys."""

    name: Annotated[str, compare(by="name")]
    vat_id: Code | None = None


class Line(Strict):
    description: Annotated[str, compare(by="fuzzy", accept=0.9, partial=0.6, key=True)]
    quantity: Annotated[float, Field(gt=0)]
    unit_price: Money
    tax_rate: Annotated[float, Field(ge=0, le=100, examples=[19, 7.5])] = 0
    amount: Money


class Tax(Strict):
    rate: Annotated[float, compare(key=True)]
    base: Money
    tax: Money


class Invoice(Strict):
    """One invoice, credit notes aside."""

    invoice_number: Code
    issue_date: date
    due_date: date | None = Field(None, description="Only if the invoice states it.")
    currency: Literal["EUR", "GBP", "USD"]
    seller: Party
    buyer: Party
    lines: list[Line]
    taxes: list[Tax] = []
    total_net: Money
    total_tax: Money
    total_gross: Money
    notes: Annotated[str | None, compare(score=False)] = None


SCHEMA = Invoice
