"""Comparisons of runs as tables: for a person, as data frames, CSV and LaTeX."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmark.reports.sheet import Sheet, latex_sheet, show_bounds, show_rate
from benchmark.schema.fields import Json
from benchmark.statistics.exchanges import number_of_exchanges
from benchmark.statistics.significance import Comparison, Line, Pair

if TYPE_CHECKING:
    import pandas

HEADER = ("F1", "first", "second", "difference, 95%", "p, Holm p", "verdict")


def pair_sheet(pair: Pair, fields: bool = True) -> Sheet:
    """The table that a person reads: all fields, tables and records, and with `fields` each field.
    Where documents have schemas of their own, each schema is a row in place of its fields, which
    may be thousands."""
    title = f"{pair.second} (second) against {pair.first} (first)"
    return Sheet(title, HEADER, _rows(pair, fields), frozenset({0}))


def to_frame(pairs: Sequence[Pair]) -> pandas.DataFrame:
    """A row for each line of each pair: first_run, second_run, level, name, the values of
    PairedDifference, corrected, reach and verdict."""
    import pandas

    return pandas.DataFrame([_figures(pair, line) for pair in pairs for line in pair.lines])


def as_dict(comparison: Comparison) -> dict[str, Json]:
    """The comparison as JSON has it."""
    return {
        "signature": comparison.signature,
        "exchanged": {"unit": comparison.unit, "number": comparison.units},
        "families": {
            level: {"tests": tests, "exchanges": number_of_exchanges(comparison.units, tests)}
            for level, tests in comparison.tests.items()
        },
        "lines": [_figures(pair, line) for pair in comparison.pairs for line in pair.lines],
    }


def _figures(pair: Pair, line: Line) -> dict[str, Json]:
    return {
        "first_run": pair.first,
        "second_run": pair.second,
        "level": line.level,
        "name": line.name,
        **line.compared._asdict(),
        "corrected": line.corrected,
        "reach": line.reach,
        "verdict": line.verdict,
    }


def as_csv(pairs: Sequence[Pair]) -> str:
    """The frame as CSV."""
    out = io.StringIO()
    to_frame(pairs).to_csv(out, index=False, lineterminator="\n")
    return out.getvalue()


def as_latex(pair: Pair) -> str:
    """One pair as a table for LaTeX's booktabs."""
    names = {"first": pair.first, "second": pair.second}
    header = [names.get(column, column) for column in HEADER]
    better = {f"{which} better": f"{name} better" for which, name in names.items()}
    rows = [(*figures, better.get(verdict, verdict)) for *figures, verdict in _rows(pair)]
    return latex_sheet(Sheet("", header, rows), "lrrrrl")


def how_tested(comparison: Comparison) -> str:
    """A line on the tests behind the tables."""
    tests = ", ".join(
        f"{TOGETHER[level]} over {number}" for level, number in comparison.tests.items()
    )
    number = f"{comparison.units:,} {comparison.unit}"
    return f"p: paired randomisation of {number}; Holm p: corrected apart, {tests or 'no p'}"


TOGETHER = {
    "all": "all fields",
    "mean": "the mean",
    "schema": "schemas",
    "table": "tables",
    "records": "perfect records",
    "field": "fields",
}
"""What the lines of a level are called together."""


def _rows(pair: Pair, fields: bool = True) -> list[tuple[str, ...]]:
    """A row for each line that is shown (see pair_sheet)."""
    levels = {line.level for line in pair.lines}
    if "schema" in levels:
        levels = {"mean", "all", "schema"}
    elif not fields and levels - {"all", "mean", "field"}:
        levels -= {"field"}
    return [_row(line) for line in pair.lines if line.level in levels]


def _row(line: Line) -> tuple[str, ...]:
    compared = line.compared
    difference = "n/a"
    if compared.difference is not None:
        bounds = show_bounds((compared.low, compared.high), compared.difference)
        difference = f"{compared.difference:+.3f} {bounds}"
    return (
        line.name,
        show_rate(compared.first),
        show_rate(compared.second),
        difference,
        f"{_show_p(compared.p)} {_show_p(line.corrected)}",
        line.verdict,
    )


def _show_p(p: float | None) -> str:
    return "n/a" if p is None else "<.0001" if p < 0.0001 else f"{p:.4f}"
