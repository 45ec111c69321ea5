"""What each kind of change does to a score: twins against the documents they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmark.reports.sheet import Sheet, show_rate
from benchmark.scoring.scores import Score
from benchmark.statistics.resampling import paired_differences


class Difference(NamedTuple):
    """Micro F1 over the documents that have a twin of one kind, over the twins, and the second
    less the first with its 95% interval, a bootstrap over pairs. Bounds are None for a single
    pair, rates where there is nothing to divide by."""

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
    return [_difference(kind, score, twins, found) for kind, found in pairs.items()]


def _difference(
    kind: str, score: Score, twins: Score, pairs: Sequence[tuple[str, str]]
) -> Difference:
    before, after = (
        one.counts_of([pair[side] for pair in pairs]).sum(axis=1, keepdims=True)
        for side, one in enumerate((score, twins))
    )
    (found,) = paired_differences(before, after)
    return Difference(kind, len(pairs), *found[:5])


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
