"""The effect of each kind of perturbation on a score: twins against their originals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmark.reports.sheet import Sheet, show_rate
from benchmark.scoring.scores import Score
from benchmark.statistics.differences import paired_differences


class Difference(NamedTuple):
    """Micro F1 over the documents with a twin of one kind (`f1`) and over these twins (`twins`).

    `difference` is `twins` less `f1`; `low` and `high` bound its 95% interval, paired over
    the documents. Bounds are None for a single pair, rates where the denominator is 0.
    """

    kind: str
    documents: int
    f1: float | None
    twins: float | None
    difference: float | None
    low: float | None
    high: float | None


def differences(score: Score, twins: Score) -> list[Difference]:
    """The paired difference for each kind of perturbation, in the order of the twins.

    `score` is over the originals, `twins` over a task that `perturb` made.
    """
    pairs: dict[str, list[tuple[str, str]]] = {}
    for document in twins.task.documents:
        origin = document.meta["twin"]
        pairs.setdefault(origin["kind"], []).append((origin["of"], document.id))
    return [_difference(kind, score, twins, ids) for kind, ids in pairs.items()]


def _difference(
    kind: str, score: Score, twins: Score, pairs: Sequence[tuple[str, str]]
) -> Difference:
    """The paired difference over (original, twin) ids."""
    before, after = (  # shape (pairs, 1, 5): the fields summed, as micro F1 is over all of them
        side_score.counts_of([pair[side] for pair in pairs]).sum(axis=1, keepdims=True)
        for side, side_score in enumerate((score, twins))
    )
    (paired,) = paired_differences(before, after)
    return Difference(
        kind=kind,
        documents=len(pairs),
        f1=paired.first,
        twins=paired.second,
        difference=paired.difference,
        low=paired.low,
        high=paired.high,
    )


def difference_sheet(differences: Sequence[Difference]) -> Sheet:
    """The table of the differences, a row a kind."""
    rows = [
        (
            row.kind,
            str(row.documents),
            show_rate(row.f1),
            show_rate(row.twins),
            _signed(row.difference),
            "n/a" if row.low is None else f"[{_signed(row.low)}, {_signed(row.high)}]",
        )
        for row in differences
    ]
    header = ("change", "documents", "F1", "F1 of twins", "difference", "95% interval")
    return Sheet("Documents changed on purpose, against themselves", header, rows)


def _signed(value: float | None) -> str:
    return "n/a" if value is None else f"{value:+.3f}"
