"""Comparisons of runs as tables: for a person, as data frames, CSV and LaTeX."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmark.reports.sheet import Sheet, latex_sheet, show_bounds, show_rate
from benchmark.statistics.significance import Line, Pair

if TYPE_CHECKING:
    import pandas

HEADER = ("F1", "first", "second", "difference", "95% interval", "p", "Holm p", "verdict")


def pair_sheet(pair: Pair) -> Sheet:
    """The table that a person reads (see `_rows`)."""
    title = f"{pair.second} (second) against {pair.first} (first)"
    return Sheet(title, HEADER, _rows(pair), frozenset({0}))


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
    return latex_sheet(Sheet("", header, _rows(pair)), "lrrrrrrl")


def _rows(pair: Pair) -> list[tuple[str, ...]]:
    """A row for each line. Where documents have schemas of their own, each schema is a row in place
    of its fields, which may be thousands."""
    levels = {line.level for line in pair.lines}
    short = {"mean", "all", "schema"} if "schema" in levels else levels
    return [_row(line) for line in pair.lines if line.level in short]


def _row(line: Line) -> tuple[str, ...]:
    compared = line.compared
    return (
        line.name,
        show_rate(compared.first),
        show_rate(compared.second),
        "n/a" if compared.difference is None else f"{compared.difference:+.3f}",
        show_bounds((compared.low, compared.high)),
        _show_p(compared.p),
        _show_p(line.corrected),
        line.verdict,
    )


def _show_p(p: float | None) -> str:
    return "n/a" if p is None else f"{p:.4f}"
