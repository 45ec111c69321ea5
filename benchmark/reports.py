"""A score as JSON, CSV, Markdown and tables for the terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmark.counts import Counts, Rates
from benchmark.predictions import Status
from benchmark.schema import Json
from benchmark.scoring import Score

if TYPE_CHECKING:
    from rich.console import RenderableType

RATES = ("precision", "recall", "f1")
UNDEFINED = "n/a"


def as_dict(score: Score) -> dict[str, Json]:
    """The score as JSON; a rate that is undefined is null, as are intervals, not made yet."""
    statuses = list(score.statuses.values())
    return {
        "signature": score.signature,
        "documents": {status.value: statuses.count(status) for status in Status},
        "fields": {path: _counts(score.field_counts(path)) for path in score.fields},
        "tables": {table: _table(score, table) for table in score.tables},
        "micro": _counts(score.micro()),
        "macro": _macro(score),
        "matched": {
            "fields": {path: _counts(score.field_counts(path, True)) for path in score.fields},
            "micro": _counts(score.micro(matched=True)),
            "macro": _macro(score, matched=True),
        },
        "grounding": {table: one._asdict() for table, one in sorted(score.grounding.items())},
        "invalid": dict(sorted(score.invalid.items())),
        "unknown": dict(sorted(score.unknown.items())),
    }


def _counts(counts: Counts) -> dict[str, Json]:
    return {
        "pos": counts.pos,
        "act": counts.act,
        **asdict(counts),
        **asdict(counts.strict),
        "partial": asdict(counts.partial),
        "interval": {rate: [None, None] for rate in RATES},
    }


def _macro(score: Score, table: str | None = None, matched: bool = False) -> dict[str, Json]:
    strict = score.macro(table, matched)
    return {**asdict(strict), "partial": asdict(score.macro(table, matched, partial=True))}


def _table(score: Score, table: str) -> dict[str, Json]:
    return {
        **score.record_counts(table)._asdict(),
        "micro": _counts(score.micro(table)),
        "macro": _macro(score, table),
    }


def as_csv(score: Score) -> str:
    """A line a field, a table (micro over its fields) and one for all."""
    out = io.StringIO()
    counts = ("pos", "act", "cor", "par", "inc", "mis", "spu")
    partial = [f"partial_{rate}" for rate in RATES]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["level", "name", *counts, *RATES, *partial])
    for level, name, one in _levels(score):
        rates = [getattr(one.strict, rate) for rate in RATES]
        rates += [getattr(one.partial, rate) for rate in RATES]
        writer.writerow([level, name, *(getattr(one, count) for count in counts), *rates])
    return out.getvalue()


def _levels(score: Score) -> Iterator[tuple[str, str, Counts]]:
    for path in score.fields:
        yield "field", path, score.field_counts(path)
    for table in score.tables:
        yield "table", table, score.micro(table)
    yield "all", "micro", score.micro()


@dataclass(frozen=True)
class Sheet:
    """A table to be shown: rows of text under a header; `strong` rows are totals."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: frozenset[int] = frozenset()


def sheets(score: Score) -> list[Sheet]:
    """The tables that a person reads: fields, records, and grounding where there is any."""
    found = [_field_sheet(score)]
    if score.tables:
        found.append(_record_sheet(score))
    if score.grounding:
        rows = [(table, *map(str, one)) for table, one in sorted(score.grounding.items())]
        header = ("evidence", "predicted", "verbatim", "of paired", "overlap gold")
        found.append(Sheet("Quotations in the text (not part of any rate)", header, rows))
    return found


def _field_sheet(score: Score) -> Sheet:
    rows = [_field_row(path, score.field_counts(path)) for path in score.fields]
    rows.append(_field_row("micro", score.micro()))
    rows.append(("macro", "", "", "", *map(_show, _in_order(score.macro()))))
    header = ("field", "gold", "predicted", "correct", "P", "R", "F1")
    return Sheet(
        "Precision and recall by field", header, rows, frozenset({len(rows) - 2, len(rows) - 1})
    )


def _field_row(name: str, counts: Counts) -> tuple[str, ...]:
    rates = map(_show, _in_order(counts.strict))
    return (name, str(counts.pos), str(counts.act), str(counts.cor), *rates)


def _record_sheet(score: Score) -> Sheet:
    rows = [
        (
            table,
            *map(str, score.record_counts(table)),
            _show(score.micro(table).strict.f1),
            *map(_show, _in_order(score.micro(table, matched=True).strict)),
        )
        for table in score.tables
    ]
    header = ("records", "gold", "predicted", "paired", "perfect", "F1")
    matched = ("matched-only P", "R", "F1")
    return Sheet("Records, and rates over paired records alone", (*header, *matched), rows)


def _in_order(rates: Rates) -> tuple[float | None, ...]:
    return (rates.precision, rates.recall, rates.f1)


def _show(rate: float | None) -> str:
    return UNDEFINED if rate is None else f"{rate:.3f}"


def notes(score: Score) -> list[str]:
    """What stands under the tables: documents by status, what broke the schema, the signature."""
    statuses = list(score.statuses.values())
    counted = [f"{statuses.count(s)} {s.value}" for s in Status if s in statuses]
    lines = [f"documents: {', '.join(counted)}"]
    for word, counter in (("invalid", score.invalid), ("unknown", score.unknown)):
        if counter:
            most = ", ".join(f"{path} {n}" for path, n in counter.most_common(5))
            lines.append(f"{word} predicted values: {counter.total()} ({most})")
    return [*lines, f"signature: {score.signature}"]


def as_markdown(score: Score) -> str:
    """The tables in GitHub's Markdown."""
    parts = []
    for sheet in sheets(score):
        rows = [
            [f"**{cell}**" if n in sheet.strong and cell else cell for cell in row]
            for n, row in enumerate(sheet.rows)
        ]
        align = ["---"] + ["---:"] * (len(sheet.header) - 1)
        parts.append("\n".join(_markdown_row(row) for row in (sheet.header, align, *rows)))
    return "\n\n".join([*parts, "\n".join(f"- {_cell(line)}" for line in notes(score))]) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """Text that can't end its cell, start a line or open a tag."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def rich_sheet(sheet: Sheet) -> RenderableType:
    """A table for rich, names to the left and figures to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=sheet.title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    for n, name in enumerate(sheet.header):
        table.add_column(name, justify="right" if n else "left", no_wrap=True)
    for n, row in enumerate(sheet.rows):
        if n in sheet.strong and n - 1 not in sheet.strong:
            table.add_section()
        table.add_row(*map(Text, row), style="bold" if n in sheet.strong else None)
    return table


def as_table(score: Score) -> str:
    """The tables as plain text."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=200, color_system=None, highlight=False)
    print_tables(console, score)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def print_tables(console: Any, score: Score) -> None:
    """The tables and notes on a rich console."""
    for sheet in sheets(score):
        console.print(rich_sheet(sheet))
    for line in notes(score):
        console.print(line, markup=False, soft_wrap=True)
