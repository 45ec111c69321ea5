"""A table that a person reads: on a terminal, in a pipe, in Markdown, in LaTeX.

Names may come from a submission; they are shown so that no terminal or page obeys them.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.errors import harmless
from benchmark.statistics.intervals import Bounds

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

WIDE = 10_000
"""Columns of what is no terminal: no line is cut there."""
ACCENTS = "\u0300\u0301\u0302\u0303\u0308"
"""Grave, acute, circumflex, tilde, diaeresis."""


@dataclass(frozen=True)
class Sheet:
    """A table to be shown: rows of text under a header; `strong` rows are totals."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: frozenset[int] = frozenset()


def show_rate(rate: float | None) -> str:
    """A rate to three decimals; one that is undefined as n/a."""
    return "n/a" if rate is None else f"{rate:.3f}"


def show_count(count: float) -> str:
    """A number of slots or records; one that is a mean over samples to one decimal."""
    return str(count) if isinstance(count, int) else f"{count:.1f}"


def show_bounds(bounds: Bounds, rate: float | None = None) -> str:
    """An interval to two decimals: a third would claim too much of it. A `rate` without one is of
    too few documents."""
    low, high = bounds
    if low is None or high is None:
        return "n/a" if rate is None else "too few"
    return "[{:.2f}, {:.2f}]".format(*(round(end, 2) + 0.0 for end in (low, high)))  # no -0.00


def markdown_sheet(sheet: Sheet, names: int = 0) -> str:
    """One table in GitHub's Markdown; the column at `names` holds names, of anyone's making."""
    align = ["---:" if n != names else "---" for n in range(len(sheet.header))]
    rows = [
        [f"**{cell}**" if cell else "" for cell in row]
        if n in sheet.strong
        else [code_span(c).replace("|", "¦") if k == names else c for k, c in enumerate(row)]
        for n, row in enumerate(sheet.rows)
    ]
    lines = [f"| {' | '.join(row)} |" for row in (sheet.header, align, *rows)]
    title = (f"**{sheet.title}**", "") if sheet.title else ()
    return "\n".join((*title, *lines))


def latex_sheet(sheet: Sheet, columns: str) -> str:
    """One table for LaTeX's booktabs, in which no cell is a command."""
    import pandas

    frame = pandas.DataFrame(list(sheet.rows), columns=list(sheet.header))
    escaped = frame.rename(columns=_latex).map(_latex)
    return str(escaped.to_latex(index=False, escape=False, column_format=columns))


def _latex(text: str) -> str:
    """Text that LaTeX prints as it stands; letters that pdflatex has no glyph for are escaped."""
    special = {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "†": r"\dag{}",
    }
    in_ascii = "".join(sign if _in_latex(sign) else _escaped(sign) for sign in harmless(text))
    return "".join(
        special.get(sign, f"\\{sign}" if sign in "&%$#_{}" else sign) for sign in in_ascii
    )


def _in_latex(sign: str) -> bool:
    """Whether pdflatex prints a sign in any encoding of fonts: ASCII, and western letters that are
    an ASCII letter with one of the accents that TeX can put on all of them."""
    if sign == "†":
        return True
    first, *accents = list(unicodedata.normalize("NFD", sign))
    return first.isascii() and (not accents or (sign < "\u0180" and accents[0] in ACCENTS))


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def code_span(text: str) -> str:
    """Text as a code span, in which Markdown obeys nothing."""
    return f"`{harmless(text).replace('`', chr(39))}`"


def print_sheet(console: Console, sheet: Sheet) -> None:
    """A table on a rich console, which names are folded to fit; no figure is cut, however narrow
    it is."""
    from rich.measure import Measurement

    table = _rich_sheet(sheet)
    least = Measurement.get(console, console.options.update(width=WIDE), table).minimum
    if least > console.width:
        table.width = least
    console.print(table, crop=False)


def _rich_sheet(sheet: Sheet) -> RichTable:
    """Names to the left and figures to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=sheet.title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column(sheet.header[0], overflow="fold", min_width=12)
    for n, name in enumerate(sheet.header[1:], start=1):  # a figure is never cut
        width = max(map(len, (name, *(row[n] for row in sheet.rows))))
        table.add_column(name, justify="right", no_wrap=True, min_width=width)
    for n, row in enumerate(sheet.rows):
        if n in sheet.strong and n - 1 not in sheet.strong:
            table.add_section()
        cells = (Text(harmless(cell)) for cell in row)
        table.add_row(*cells, style="bold" if n in sheet.strong else None)
    return table


def plain_sheet(sheet: Sheet) -> str:
    """One table as plain text."""
    return plain_text(lambda console: print_sheet(console, sheet))


def plain_text(show: Callable[[Console], None]) -> str:
    from rich.console import Console

    text = io.StringIO()
    show(Console(file=text, width=WIDE, color_system=None, highlight=False, emoji=False))
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())
