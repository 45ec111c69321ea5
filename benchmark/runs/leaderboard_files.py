"""A leaderboard in every format in which tables are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from benchmark.errors import harmless
from benchmark.reports.sheet import Sheet, latex_sheet, markdown_sheet, show_bounds, show_rate
from benchmark.runs.ranking import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a cell of a spreadsheet a formula."""
NOTE = (
    "Runs that these documents cannot tell apart from the best of them share its rank: paired "
    "randomisation over documents, Holm's correction over all pairs, 5%."
)


def sheet(rows: Sequence[Row]) -> Sheet:
    """The leaderboard as text, a row a run. Where documents have schemas of their own, the mean
    over documents stands first, and tables, which may be hundreds, are left to CSV and JSON."""
    own = bool(rows) and rows[0].mean_interval is not None
    tables = list(rows[0].tables) if rows and not own else []
    header = (
        *("rank", "system", "kind", *(("mean F1", "95% of mean F1") if own else ())),
        *("F1", "95% of F1", "macro F1", "P", "R"),
        *(f"{table} F1" for table in tables),
        *("valid", "perfect", "s/doc", "$/doc", "date"),
    )
    cells = [
        (
            str(row.rank),
            harmless(row.name),
            row.kind,
            *((show_rate(row.mean), show_bounds(row.mean_interval)) if row.mean_interval else ()),
            show_rate(row.f1),
            show_bounds(row.interval),
            *map(show_rate, (row.macro, row.precision, row.recall)),
            *(show_rate(row.tables[table]) for table in tables),
            show_rate(row.valid),
            show_rate(row.perfect),
            "" if row.seconds is None else f"{row.seconds:.2f}",
            _show_cost(row),
            row.day,
        )
        for row in rows
    ]
    return Sheet("Leaderboard", header, cells)


def short_markdown(rows: Sequence[Row]) -> str:
    """The few columns that a README has room for, in GitHub's Markdown."""
    own = bool(rows) and rows[0].mean_interval is not None
    f1 = "mean F1, 95% interval" if own else "F1, 95% interval"
    header = ("rank", "system", "kind", f1, "P", "R", "$/doc")
    cells = [
        (
            str(row.rank),
            harmless(row.name),
            row.kind,
            _show_leading(row),
            show_rate(row.precision),
            show_rate(row.recall),
            _show_cost(row),
        )
        for row in rows
    ]
    return markdown_sheet(Sheet("", header, cells), names=1) + "\n"


def _show_leading(row: Row) -> str:
    if row.mean_interval is not None:
        return f"{show_rate(row.mean)} {show_bounds(row.mean_interval)}"
    return f"{show_rate(row.f1)} {show_bounds(row.interval)}"


def _show_cost(row: Row) -> str:
    return "" if row.cost is None else f"{row.cost:.4f}"


def markdown(rows: Sequence[Row]) -> str:
    """A table in GitHub's Markdown, and what it is of."""
    return f"{markdown_sheet(sheet(rows), names=1)}\n\n{_note(rows)}\n"


def as_csv(rows: Sequence[Row]) -> str:
    """All figures; no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    flat = [_flat(row) for row in rows]
    if flat:
        writer.writerow(flat[0])
    for figures in flat:
        writer.writerow([_no_formula(value) for value in figures.values()])
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> str:
    """All figures."""
    import orjson

    return orjson.dumps([*map(_figures, rows)], option=orjson.OPT_INDENT_2).decode() + "\n"


def as_latex(rows: Sequence[Row]) -> str:
    """A table for LaTeX's booktabs."""
    return latex_sheet(sheet(rows), f"rll{'r' * (len(sheet(rows).header) - 3)}")


def as_html(rows: Sequence[Row]) -> str:
    """One page that needs no network."""
    from jinja2 import Environment

    template = (files("benchmark.runs") / "leaderboard.html.jinja").read_text("utf-8")
    page = Environment(autoescape=True).from_string(template)
    return page.render(sheet=sheet(rows), note=_note(rows)) + "\n"


FORMS: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "md": markdown,
    "csv": as_csv,
    "json": as_json,
    "tex": as_latex,
    "html": as_html,
}
"""The ending of a file -> what makes its content."""


def _note(rows: Sequence[Row]) -> str:
    return f"{NOTE} Signature: {harmless(rows[0].signature)}" if rows else NOTE


def _flat(row: Row) -> dict[str, object]:
    figures = _figures(row)
    low, high = figures.pop("interval")
    tables = {f"{table} f1": f1 for table, f1 in figures.pop("tables").items()}
    mean_low, mean_high = figures.pop("mean_interval", (None, None))
    mean = {"mean_low": mean_low, "mean_high": mean_high} if "mean" in figures else {}
    return {**figures, "f1_low": low, "f1_high": high, **mean, **tables}


def _figures(row: Row) -> dict[str, Any]:
    """All of a row; the mean over documents only where it leads."""
    figures = asdict(row)
    if row.mean_interval is None:
        del figures["mean"], figures["mean_interval"]
    return figures


def _no_formula(value: object) -> object:
    text = harmless(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
