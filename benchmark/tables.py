"""A score as tables that a person reads: on a terminal, in a pipe, in Markdown.

Names may come from a submission; they are shown so that no terminal or page obeys them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.counts import Counts, Rates
from benchmark.errors import harmless
from benchmark.estimates import Bounds, Estimates, estimates, how_made
from benchmark.predictions import Status
from benchmark.reading import WHOLE
from benchmark.scoring import Score

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

REASONS = 5
"""Documents whose prediction is not ok that are named, with the reason, under the tables."""
WIDE = 10_000
"""Columns of what is no terminal: no line is cut there."""


@dataclass(frozen=True)
class Sheet:
    """A table to be shown: rows of text under a header; `strong` rows are totals."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: frozenset[int] = frozenset()


def sheets(score: Score) -> list[Sheet]:
    """The tables that a person reads: fields, records, splits and grounding where there are any."""
    spread = estimates(score)
    found = [_field_sheet(score, spread)]
    if score.tables:
        found += [_record_sheet(score, spread), _matched_sheet(score)]
    if len(score.task.splits) > 1:
        found.append(_split_sheet(score, spread))
    if score.grounding:
        rows = [(table, *map(str, one)) for table, one in sorted(score.grounding.items())]
        header = ("evidence", "predicted", "verbatim", "of paired", "overlap gold")
        found.append(Sheet("Quotations in the text (not part of any rate)", header, rows))
    return found


def _field_sheet(score: Score, spread: Estimates) -> Sheet:
    rows = [
        (*_field_row(path, score.field_counts(path)), show_bounds(spread.fields[path].f1))
        for path in score.fields
    ]
    rows.append((*_field_row("micro", score.micro()), show_bounds(spread.micro.f1)))
    macro = map(show_rate, _in_order(score.macro()))
    rows.append(("macro", "", "", "", *macro, show_bounds(spread.macro.f1)))
    header = ("field", "gold", "predicted", "correct", "P", "R", "F1", "95% of F1")
    return Sheet(
        "Precision and recall by field", header, rows, frozenset({len(rows) - 2, len(rows) - 1})
    )


def _field_row(name: str, counts: Counts) -> tuple[str, ...]:
    rates = map(show_rate, _in_order(counts.strict))
    return (name, str(counts.pos), str(counts.act), str(counts.cor), *rates)


def _record_sheet(score: Score, spread: Estimates) -> Sheet:
    rows = [
        (
            table,
            *map(str, score.record_counts(table)),
            *map(show_rate, _in_order(score.micro(table).strict)),
            show_bounds(spread.tables[table].f1),
        )
        for table in score.tables
    ]
    header = ("records", "gold", "predicted", "paired", "perfect", "P", "R", "F1", "95% of F1")
    return Sheet("Records, and the rates of all their fields", header, rows)


def _split_sheet(score: Score, spread: Estimates) -> Sheet:
    rows = [
        (*_field_row(name, score.micro_of(ids)), show_bounds(spread.splits[name].f1))
        for name, ids in score.task.splits.items()
    ]
    header = ("split", "gold", "predicted", "correct", "P", "R", "F1", "95% of F1")
    return Sheet("All fields, by split", header, rows)


def _matched_sheet(score: Score) -> Sheet:
    names = (*((table, table) for table in score.tables), ("micro", None))
    rows = [_field_row(name, score.micro(table, matched=True)) for name, table in names]
    header = ("matched-only", "gold", "predicted", "correct", "P", "R", "F1")
    title = "The same over paired records alone: never a score by itself"
    return Sheet(title, header, rows, frozenset({len(rows) - 1}))


def _in_order(rates: Rates) -> tuple[float | None, ...]:
    return (rates.precision, rates.recall, rates.f1)


def show_rate(rate: float | None) -> str:
    """A rate to three decimals; one that is undefined as n/a."""
    return "n/a" if rate is None else f"{rate:.3f}"


def show_bounds(bounds: Bounds) -> str:
    """An interval to two decimals: a third would claim too much of it."""
    low, high = bounds
    if low is None or high is None:
        return "n/a"
    return "[{:.2f}, {:.2f}]".format(*(round(end, 2) + 0.0 for end in (low, high)))  # no -0.00


def notes(score: Score) -> list[tuple[str, str]]:
    """What stands under the tables: documents by status and why, what broke the schema, the
    signature."""
    statuses = list(score.statuses.values())
    counted = [f"{statuses.count(s)} {s.value}" for s in Status if s in statuses]
    found = [("documents", ", ".join(counted))]
    for name, reason in list(score.reasons.items())[:REASONS]:
        found.append((score.statuses[name].value, f"{harmless(name):.80}: {harmless(reason):.200}"))
    for word, counter in (("invalid", score.invalid), ("unknown", score.unknown)):
        if counter:
            most = ", ".join(
                f"{'whole prediction' if path == WHOLE else harmless(path):.80} {n}"
                for path, n in counter.most_common(5)
            )
            found.append((f"{word} predicted values", f"{counter.total()} ({most})"))
    return [*found, ("intervals", how_made(score)), ("signature", score.signature)]


def as_markdown(score: Score) -> str:
    """The tables in GitHub's Markdown."""
    below = [f"- {label}: {_code(note)}" for label, note in notes(score)]
    return "\n\n".join([*map(markdown_sheet, sheets(score)), "\n".join(below)]) + "\n"


def markdown_sheet(sheet: Sheet, names: int = 0) -> str:
    """One table in GitHub's Markdown; the column at `names` holds names, of anyone's making."""
    align = ["---:" if n != names else "---" for n in range(len(sheet.header))]
    rows = [
        [f"**{cell}**" if cell else "" for cell in row]
        if n in sheet.strong
        else [_code(c).replace("|", "¦") if k == names else c for k, c in enumerate(row)]
        for n, row in enumerate(sheet.rows)
    ]
    lines = [f"| {' | '.join(row)} |" for row in (sheet.header, align, *rows)]
    return "\n".join((f"**{sheet.title}**", "", *lines))


def latex_sheet(sheet: Sheet, columns: str) -> str:
    """One table for LaTeX's booktabs, in which no cell is a command."""
    import pandas

    frame = pandas.DataFrame(list(sheet.rows), columns=list(sheet.header))
    escaped = frame.rename(columns=_latex).map(_latex)
    return str(escaped.to_latex(index=False, escape=False, column_format=columns))


def _latex(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(
        special.get(sign, f"\\{sign}" if sign in "&%$#_{}" else sign) for sign in harmless(text)
    )


def _code(text: str) -> str:
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
        width = max(len(name), *(len(row[n]) for row in sheet.rows))
        table.add_column(name, justify="right", no_wrap=True, min_width=width)
    for n, row in enumerate(sheet.rows):
        if n in sheet.strong and n - 1 not in sheet.strong:
            table.add_section()
        cells = (Text(harmless(cell)) for cell in row)
        table.add_row(*cells, style="bold" if n in sheet.strong else None)
    return table


def as_table(score: Score) -> str:
    """The tables as plain text."""
    return _plain(lambda console: print_tables(console, score))


def plain_sheet(sheet: Sheet) -> str:
    """One table as plain text."""
    return _plain(lambda console: print_sheet(console, sheet))


def _plain(show: Callable[[Console], None]) -> str:
    from rich.console import Console

    text = io.StringIO()
    show(Console(file=text, width=WIDE, color_system=None, highlight=False, emoji=False))
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def print_tables(console: Console, score: Score) -> None:
    """The tables and notes on a rich console."""
    for sheet in sheets(score):
        print_sheet(console, sheet)
    for label, note in notes(score):
        console.print(f"{label}: {note}", markup=False, soft_wrap=True)
