"""A leaderboard in every format in which tables are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files

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
    """The leaderboard as text, a row a run."""
    tables = list(rows[0].tables) if rows else []
    header = (
        *("rank", "system", "kind", "F1", "95% of F1", "macro F1", "P", "R"),
        *(f"{table} F1" for table in tables),
        *("valid", "perfect", "s/doc", "$/doc", "date"),
    )
    cells = [
        (
            str(row.rank),
            harmless(row.name),
            row.kind,
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
    header = ("rank", "system", "kind", "F1, 95% interval", "P", "R", "$/doc")
    cells = [
        (
            str(row.rank),
            harmless(row.name),
            row.kind,
            f"{show_rate(row.f1)} {show_bounds(row.interval)}",
            show_rate(row.precision),
            show_rate(row.recall),
            _show_cost(row),
        )
        for row in rows
    ]
    return markdown_sheet(Sheet("", header, cells), names=1) + "\n"


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

    return orjson.dumps([asdict(row) for row in rows], option=orjson.OPT_INDENT_2).decode() + "\n"


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
    figures = asdict(row)
    low, high = figures.pop("interval")
    tables = {f"{table} f1": f1 for table, f1 in figures.pop("tables").items()}
    return {**figures, "f1_low": low, "f1_high": high, **tables}


def _no_formula(value: object) -> object:
    text = harmless(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
