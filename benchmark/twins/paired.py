"""What each kind of change does to a score: twins against the documents they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.scoring import Score
from benchmark.tables import Sheet, show_rate

RESAMPLES, SEED, LEVEL = 10_000, 0, 0.95


class Difference(NamedTuple):
    """Micro F1 over the documents that have a twin of one kind, over the twins, and the second
    less the first with its interval at 95%: a percentile bootstrap over pairs, 10,000 resamples,
    seed 0. Bounds are None for a single pair, rates where there is nothing to divide by."""

    kind: str
    documents: int
    f1: float | None
    twins: float | None
    difference: float | None
    low: float | None
    high: float | None


def differences(score: Score, twins: Score) -> list[Difference]:
    """The paired difference for each kind of change, in the order of the twins."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for document in twins.task.documents:
        origin = document.meta["twin"]
        pairs.setdefault(origin["kind"], []).append((origin["of"], document.id))
    return [
        _difference(kind, _sums(score, [a for a, _ in found]), _sums(twins, [b for _, b in found]))
        for kind, found in pairs.items()
    ]


def difference_sheet(found: Sequence[Difference]) -> Sheet:
    """The table that a person reads."""
    rows = [
        (
            one.kind,
            str(one.documents),
            show_rate(one.f1),
            show_rate(one.twins),
            _signed(one.difference),
            "n/a" if one.low is None else f"[{_signed(one.low)}, {_signed(one.high)}]",
        )
        for one in found
    ]
    header = ("change", "documents", "F1", "F1 of twins", "difference", "95% interval")
    return Sheet("Documents changed on purpose, against themselves", header, rows)


def _signed(value: float | None) -> str:
    return "n/a" if value is None else f"{value:+.3f}"


def _sums(score: Score, documents: Sequence[str]) -> NDArray[np.float64]:
    """Twice the correct slots, and gold and predicted ones together, of each document."""
    counts = [score.micro_of([name]) for name in documents]
    return np.array([(2 * one.cor, one.pos + one.act) for one in counts], float)


def _difference(kind: str, before: NDArray[np.float64], after: NDArray[np.float64]) -> Difference:
    first, second = _f1(before.sum(axis=0)), _f1(after.sum(axis=0))
    n = len(before)
    if first is None or second is None:
        return Difference(kind, n, first, second, None, None, None)
    low = high = None
    if n > 1:
        weights = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), RESAMPLES)
        with np.errstate(invalid="ignore", divide="ignore"):
            rates = [part[:, 0] / part[:, 1] for part in (weights @ before, weights @ after)]
        tail = (1 - LEVEL) / 2 * 100
        low, high = np.nanpercentile(rates[1] - rates[0], [tail, 100 - tail]).tolist()
    return Difference(kind, n, first, second, second - first, low, high)


def _f1(sums: NDArray[np.float64]) -> float | None:
    return float(sums[0] / sums[1]) if sums[1] else None
