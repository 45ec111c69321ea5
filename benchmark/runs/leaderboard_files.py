"""A leaderboard in every format in which tables are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from benchmark.errors import harmless
from benchmark.reports.sheet import Sheet, latex_sheet, markdown_sheet, show_bounds, show_rate
from benchmark.runs.ranking import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a cell of a spreadsheet a formula."""
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ sheet.title }}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 2rem auto; padding: 0 1rem; max-width: 75rem; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: .3rem .7rem; border-bottom: 1px solid #8886; text-align: right; }
  th:nth-child(2), td:nth-child(2), th:nth-child(3), td:nth-child(3) { text-align: left; }
  td:nth-child(2) { font-weight: 600; overflow-wrap: anywhere; }
</style>
<h1>{{ sheet.title }}</h1>
<div class="wide" tabindex="0">
<table>
<thead><tr>{% for name in sheet.header %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in sheet.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>
</div>
<p>{{ note }}</p>
</html>
"""
NOTE = (
    "Runs that these documents cannot tell apart from the best of them share its rank: paired "
    "randomisation over documents, Holm's correction over all pairs, 5%."
)


def sheet(rows: Sequence[Row]) -> Sheet:
    """The leaderboard as text, a row a run."""
    tables = list(rows[0].tables) if rows else []
    header = ("rank", "system", "kind", "F1", "95% of F1", "macro F1", "P", "R")
    more = ("valid", "perfect", "s/doc", "$/doc", "date")
    shown = [
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
            "" if row.cost is None else f"{row.cost:.4f}",
            row.day,
        )
        for row in rows
    ]
    return Sheet("Leaderboard", (*header, *(f"{one} F1" for one in tables), *more), shown)


def markdown(rows: Sequence[Row]) -> str:
    """A table in GitHub's Markdown, and what it is of."""
    return f"{markdown_sheet(sheet(rows), names=1)}\n\n{_below(rows)}\n"


def as_csv(rows: Sequence[Row]) -> str:
    """All figures; no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    found = [_flat(row) for row in rows]
    if found:
        writer.writerow(found[0])
    for row in found:
        writer.writerow([_no_formula(value) for value in row.values()])
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

    page = Environment(autoescape=True).from_string(PAGE)
    return page.render(sheet=sheet(rows), note=_below(rows)) + "\n"


FORMS: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "md": markdown,
    "csv": as_csv,
    "json": as_json,
    "tex": as_latex,
    "html": as_html,
}
"""The ending of a file -> what makes its content."""


def _below(rows: Sequence[Row]) -> str:
    return f"{NOTE} Signature: {harmless(rows[0].signature)}" if rows else NOTE


def _flat(row: Row) -> dict[str, object]:
    found = asdict(row)
    low, high = found.pop("interval")
    tables = found.pop("tables")
    return {**found, "f1_low": low, "f1_high": high, **{f"{t} f1": f1 for t, f1 in tables.items()}}


def _no_formula(value: object) -> object:
    text = harmless(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
