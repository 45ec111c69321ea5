"""Runs against each other: which is better at what, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from benchmark.errors import DataError
from benchmark.scoring.scores import Score
from benchmark.statistics.intervals import counts_by_row
from benchmark.statistics.resampling import PairedDifference, holm, paired_differences

if TYPE_CHECKING:
    pass

ALPHA = 0.05


@dataclass(frozen=True)
class Line:
    """One field, table or all fields together of two runs. corrected: p after Holm, over all lines
    that are shown together."""

    name: str
    compared: PairedDifference
    corrected: float | None
    verdict: str


@dataclass(frozen=True)
class Pair:
    """Two runs by name, line by line: all fields together first, then tables, then fields."""

    first: str
    second: str
    lines: Sequence[Line]


def compare_scores(scores: Mapping[str, Score], all_pairs: bool = False) -> list[Pair]:
    """Each run against the first, or every two of them, on F1.

    Raises DataError for scores whose signatures differ: they are of different documents, gold,
    schemas or versions of the scorer, and do not compare.
    """
    names = list(scores)
    if len(names) < 2:
        raise DataError("two runs are needed to compare")
    _refuse_unlike(scores)
    pairs = list(combinations(names, 2)) if all_pairs else [(names[0], n) for n in names[1:]]
    found = [_compared(scores[first], scores[second]) for first, second in pairs]
    shown = [one for lines in found for one in lines.values()]
    corrected = iter(holm([one.p for one in shown if one.p is not None]))
    made = []
    for (first, second), lines in zip(pairs, found, strict=True):
        rows = []
        for name, one in lines.items():
            p = next(corrected) if one.p is not None else None
            rows.append(Line(name, one, p, _verdict(first, second, one, p)))
        made.append(Pair(first, second, rows))
    return made


def _refuse_unlike(scores: Mapping[str, Score]) -> None:
    (first, one), *others = scores.items()
    for name, other in others:
        if other.signature != one.signature:
            parts = zip(one.signature.split("|"), other.signature.split("|"), strict=False)
            apart = "; ".join(f"{a} and {b}" for a, b in parts if a != b)
            raise DataError(f"'{first}' and '{name}' do not compare: {apart}")


def _compared(first: Score, second: Score) -> dict[str, PairedDifference]:
    rows = [counts_by_row(one, one.counts) for one in (first, second)]
    order = sorted(
        (key for key in rows[0] if key[0] != "split"),
        key=lambda key: ("all", "table", "field").index(key[0]),
    )
    before, after = (np.stack([one[key] for key in order], axis=1) for one in rows)
    forms = {"all": "all fields", "table": "{} (all fields)", "field": "{}"}
    labels = [forms[level].format(name) for level, name in order]
    return dict(zip(labels, paired_differences(before, after), strict=True))


def _verdict(first: str, second: str, one: PairedDifference, corrected: float | None) -> str:
    if one.difference is None:
        return "nothing to compare"
    if corrected is None or one.least is None:
        return "one document shows no difference"
    if corrected <= ALPHA:
        return f"{second if one.difference > 0 else first} better"
    return f"no difference shown; these documents could show {one.least:.2f}"
