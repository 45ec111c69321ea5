"""The five outcomes of a slot, their counts, and the rates made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """What became of one slot (MUC-4's scoring categories)."""

    COR = 0
    PAR = 1
    INC = 2
    MIS = 3
    SPU = 4


def ratio(part: float, whole: float) -> float | None:
    """part / whole; undefined (None), neither 0 nor 1, where the denominator is 0."""
    return part / whole if whole else None


@dataclass(frozen=True)
class Rates:
    """Precision = credit / ACT, recall = credit / POS, F1 = 2 credit / (POS + ACT)."""

    precision: float | None
    recall: float | None
    f1: float | None

    @staticmethod
    def mean(rates: Sequence[Rates]) -> Rates:
        """Each rate's mean over those where it is defined; None where it nowhere is."""

        def over(values: list[float | None]) -> float | None:
            defined = [value for value in values if value is not None]
            return ratio(sum(defined), len(defined))

        return Rates(
            over([rate.precision for rate in rates]),
            over([rate.recall for rate in rates]),
            over([rate.f1 for rate in rates]),
        )


@dataclass(frozen=True)
class Counts:
    """Slots by outcome. They add; rates are always made from the summed counts."""

    cor: int = 0
    par: int = 0
    inc: int = 0
    mis: int = 0
    spu: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def pos(self) -> int:
        """Slots that gold fills."""
        return self.cor + self.par + self.inc + self.mis

    @property
    def act(self) -> int:
        """Slots that the prediction fills."""
        return self.cor + self.par + self.inc + self.spu

    @property
    def strict(self) -> Rates:
        """A slot earns credit if it is correct."""
        return self._rates(self.cor)

    @property
    def partial(self) -> Rates:
        """As strict, and half a credit for a slot that is partly accepted."""
        return self._rates(self.cor + self.par / 2)

    def _rates(self, credit: float) -> Rates:
        return Rates(
            ratio(credit, self.act),
            ratio(credit, self.pos),
            ratio(2 * credit, self.pos + self.act),
        )
