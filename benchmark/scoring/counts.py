"""The five outcomes of a slot, their counts, and the rates worked out from counts.

Outcomes, POS (slots of gold) and ACT (slots of the prediction) are those of the Fourth Message
Understanding Conference (Chinchor, 1992, "MUC-4 Evaluation Metrics").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """The outcome of one slot: correct, partial, incorrect, missing or spurious.

    The numbers are positions on the outcome axis of all arrays of counts; errors come last.
    """

    COR = 0
    PAR = 1
    INC = 2
    MIS = 3
    SPU = 4


def ratio(part: float, whole: float) -> float | None:
    """part / whole, or None where `whole` is 0: such a rate is undefined, neither 0 nor 1."""
    return part / whole if whole else None


@dataclass(frozen=True)
class Rates:
    """Precision = credit / ACT, recall = credit / POS, F1 = 2 credit / (POS + ACT).

    Each lies between 0 and 1, or is None where its denominator is 0.
    """

    precision: float | None
    recall: float | None
    f1: float | None

    @staticmethod
    def mean(rates: Sequence[Rates]) -> Rates:
        """The mean of each rate over those of `rates` that define it; None if none does."""

        def mean_defined(values: list[float | None]) -> float | None:
            defined = [value for value in values if value is not None]
            return ratio(sum(defined), len(defined))

        return Rates(
            mean_defined([rate.precision for rate in rates]),
            mean_defined([rate.recall for rate in rates]),
            mean_defined([rate.f1 for rate in rates]),
        )


@dataclass(frozen=True)
class Counts:
    """The number of slots by outcome.

    Counts add up. Rates of several documents or fields are those of the summed counts, never means
    of rounded or averaged rates.
    """

    cor: int = 0
    par: int = 0
    inc: int = 0
    mis: int = 0
    spu: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def pos(self) -> int:
        """The slots that gold fills (possible, in MUC-4)."""
        return self.cor + self.par + self.inc + self.mis

    @property
    def act(self) -> int:
        """The slots that the prediction fills (actual, in MUC-4)."""
        return self.cor + self.par + self.inc + self.spu

    @property
    def strict(self) -> Rates:
        """Strict rates: only a correct slot earns credit."""
        return self._rates(self.cor)

    @property
    def partial(self) -> Rates:
        """Partial-credit rates: a correct slot earns 1, a partly accepted one 1/2."""
        return self._rates(self.cor + self.par / 2)

    def _rates(self, credit: float) -> Rates:
        """The rates under which the slots earn `credit` in all."""
        return Rates(
            ratio(credit, self.act),
            ratio(credit, self.pos),
            ratio(2 * credit, self.pos + self.act),
        )
