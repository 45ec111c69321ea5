"""A leaderboard in every format in which tables are published."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from benchmark.errors import harmless, harmless_json
from benchmark.reports.sheet import Sheet, code_span, latex_sheet, markdown_sheet
from benchmark.runs.board import Board
from benchmark.runs.board_sheets import SYSTEM, legend, other_gold_sheet, sheet, short_sheet
from benchmark.runs.ranking import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a cell of a spreadsheet a formula."""
TEXTUAL = ("system", "kind*", "date*", "gold")
"""The columns of a page that are sorted as text."""


def short_markdown(board: Board) -> str:
    """The few columns that a README has room for, in GitHub's Markdown."""
    return markdown_sheet(short_sheet(board), names=SYSTEM) + "\n"


def markdown(board: Board) -> str:
    """All tables in GitHub's Markdown, and what they are of."""
    parts = [markdown_sheet(sheet(board), names=SYSTEM), *map(_escaped, legend(board))]
    if board.other_gold:
        parts.append(markdown_sheet(_gold_in_code(other_gold_sheet(board)), names=SYSTEM))
    if board.left_out:
        lines = [f"- {code_span(run.name)}: {code_span(run.reason)}" for run in board.left_out]
        parts.append("\n".join(["**Not on the board**", "", *lines]))
    return "\n\n".join(parts) + "\n"


def _escaped(paragraph: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\*_`<[" else sign for sign in harmless(paragraph))


def _gold_in_code(table: Sheet) -> Sheet:
    """What names gold is of a run's making, too."""
    rows = [(code_span(gold).replace("|", "¦"), *cells) for gold, *cells in table.rows]
    return Sheet(table.title, table.header, rows)


def as_csv(board: Board) -> str:
    """All figures of the runs that fit; no cell is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    flat = [_flat(row) for row in board.rows]
    if flat:
        writer.writerow(map(_no_formula, flat[0]))
    for figures in flat:
        writer.writerow([_no_formula(value) for value in figures.values()])
    return out.getvalue()


def as_json(board: Board) -> str:
    """All that is known, with the legend in words."""
    import orjson

    content = {**asdict(board), "legend": [*legend(board)], "rows": [*map(_figures, board.rows)]}
    return harmless_json(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()) + "\n"


def as_latex(board: Board) -> str:
    """A table for LaTeX's booktabs."""
    table = sheet(board)
    return latex_sheet(table, f"rll{'r' * (len(table.header) - 3)}")


def as_html(board: Board) -> str:
    """One page that needs no network; it is sorted and filtered by a script of its own, and no
    other script can run in it."""
    from jinja2 import Environment

    folder = files("benchmark.runs")
    script = (folder / "leaderboard.js").read_text("utf-8")
    template = (folder / "leaderboard.html.jinja").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, keep_trailing_newline=True)
    page = environment.from_string(template)
    return page.render(
        board=board,
        sheet=sheet(board),
        other=other_gold_sheet(board),
        legend=[*map(harmless, legend(board))],
        textual=TEXTUAL,
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


FORMS: Mapping[str, Callable[[Board], str]] = {
    "md": markdown,
    "csv": as_csv,
    "json": as_json,
    "tex": as_latex,
    "html": as_html,
}
"""The ending of a file -> what makes its content."""


def _figures(row: Row) -> dict[str, Any]:
    """All of a row; what is stated stands apart."""
    submission = row.stated.submission
    figures = asdict(row)
    figures["stated"]["submission"] = submission and submission.model_dump()
    return figures


def _flat(row: Row) -> dict[str, object]:
    figures = _figures(row)
    stated = figures.pop("stated")
    submission = stated.pop("submission") or {}
    low, high = figures.pop("interval")
    mean_low, mean_high = figures.pop("mean_interval")
    splits, tables = figures.pop("splits"), figures.pop("tables")
    return {
        **figures,
        **{"f1_low": low, "f1_high": high, "mean_low": mean_low, "mean_high": mean_high},
        **{f"{name} f1": f1 for name, f1 in (*splits.items(), *tables.items())},
        **{f"stated {name}": value for name, value in stated.items()},
        **{f"stated {name}": submission.get(name, "") for name in ("system", "version", "link")},
    }


def _no_formula(value: object) -> object:
    text = harmless(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
