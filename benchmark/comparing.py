"""Runs against each other: which is better at what, and how sure that is."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from benchmark.errors import DataError
from benchmark.estimates import counts_by_row
from benchmark.scoring import Score
from benchmark.statistics import Compared, compare, holm
from benchmark.tables import Sheet, latex_sheet, show_bounds, show_rate

if TYPE_CHECKING:
    import pandas

ALPHA = 0.05
HEADER = ("F1", "first", "second", "difference", "95% interval", "p", "Holm p", "verdict")


@dataclass(frozen=True)
class Line:
    """One field, table or all fields together of two runs. corrected: p after Holm, over all lines
    that are shown together."""

    name: str
    compared: Compared
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


def pair_sheet(pair: Pair) -> Sheet:
    """The table that a person reads."""
    title = f"{pair.second} (second) against {pair.first} (first)"
    rows = [_row(line) for line in pair.lines]
    return Sheet(title, HEADER, rows, frozenset({0}))


def to_frame(pairs: Sequence[Pair]) -> pandas.DataFrame:
    """A row for each line of each pair: first_run, second_run, name, the values of Compared,
    corrected and verdict."""
    import pandas

    return pandas.DataFrame(
        {
            "first_run": pair.first,
            "second_run": pair.second,
            "name": line.name,
            **line.compared._asdict(),
            "corrected": line.corrected,
            "verdict": line.verdict,
        }
        for pair in pairs
        for line in pair.lines
    )


def as_csv(pairs: Sequence[Pair]) -> str:
    """The frame as CSV."""
    out = io.StringIO()
    to_frame(pairs).to_csv(out, index=False, lineterminator="\n")
    return out.getvalue()


def as_latex(pair: Pair) -> str:
    """One pair as a table for LaTeX's booktabs."""
    names = {"first": pair.first, "second": pair.second}
    header = [names.get(column, column) for column in HEADER]
    return latex_sheet(Sheet("", header, [_row(line) for line in pair.lines]), "lrrrrrrl")


def _refuse_unlike(scores: Mapping[str, Score]) -> None:
    (first, one), *others = scores.items()
    for name, other in others:
        if other.signature != one.signature:
            parts = zip(one.signature.split("|"), other.signature.split("|"), strict=False)
            apart = "; ".join(f"{a} and {b}" for a, b in parts if a != b)
            raise DataError(f"'{first}' and '{name}' do not compare: {apart}")


def _compared(first: Score, second: Score) -> dict[str, Compared]:
    rows = [counts_by_row(one, one.counts) for one in (first, second)]
    order = sorted(
        (key for key in rows[0] if key[0] != "split"),
        key=lambda key: ("all", "table", "field").index(key[0]),
    )
    before, after = (np.stack([one[key] for key in order], axis=1) for one in rows)
    forms = {"all": "all fields", "table": "{} (all fields)", "field": "{}"}
    labels = [forms[level].format(name) for level, name in order]
    return dict(zip(labels, compare(before, after), strict=True))


def _verdict(first: str, second: str, one: Compared, corrected: float | None) -> str:
    if one.difference is None:
        return "nothing to compare"
    if corrected is None or one.least is None:
        return "one document shows no difference"
    if corrected <= ALPHA:
        return f"{second if one.difference > 0 else first} better"
    return f"no difference shown; these documents could show {one.least:.2f}"


def _row(line: Line) -> tuple[str, ...]:
    one = line.compared
    return (
        line.name,
        show_rate(one.first),
        show_rate(one.second),
        "n/a" if one.difference is None else f"{one.difference:+.3f}",
        show_bounds((one.low, one.high)),
        _show_p(one.p),
        _show_p(line.corrected),
        line.verdict,
    )


def _show_p(p: float | None) -> str:
    return "n/a" if p is None else f"{p:.4f}"
