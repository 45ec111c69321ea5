"""What comparing gold with a prediction gives: slots with their outcomes, and pairings.

Credit is counted in half credits: 2 for a correct slot, 1 for a partly accepted one. Errors are
INC + MIS + SPU.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from benchmark.counts import Outcome
from benchmark.values import RecordValue, Value

CREDIT = {Outcome.COR: 2, Outcome.PAR: 1}


class Slot(NamedTuple):
    """One value or pair of values. `paired`: it stands in records that have found each other."""

    field: str
    outcome: Outcome
    paired: bool
    gold: Value | None
    predicted: Value | None


class Pairing(NamedTuple):
    """A record and its partner in a table; one side is None for a record without a partner.

    `perfect`: nothing but correct slots in the pair.
    """

    table: str
    gold: RecordValue | None
    predicted: RecordValue | None
    perfect: bool


@dataclass(slots=True)
class Comparison:
    """What comparing two things gave: slots, pairings below, and their sums."""

    slots: list[Slot] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)
    credit: int = 0
    errors: int = 0

    def add(self, slot: Slot) -> None:
        self.slots.append(slot)
        self.credit += CREDIT.get(slot.outcome, 0)
        self.errors += slot.outcome >= Outcome.INC

    def extend(self, other: Comparison) -> None:
        self.slots += other.slots
        self.pairings += other.pairings
        self.credit += other.credit
        self.errors += other.errors

    @property
    def perfect(self) -> bool:
        return all(slot.outcome == Outcome.COR for slot in self.slots)
