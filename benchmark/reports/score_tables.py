"""A score as tables that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from benchmark.data.predictions import Status
from benchmark.errors import harmless
from benchmark.reports.sheet import (
    Sheet,
    code_span,
    markdown_sheet,
    plain_text,
    print_sheet,
    show_bounds,
    show_count,
    show_rate,
)
from benchmark.schema.fields import Table
from benchmark.scoring.columns.reading import WHOLE
from benchmark.scoring.counts import Counts, Rates
from benchmark.scoring.scores import Score
from benchmark.statistics.intervals import Estimates, Interval, estimates, how_made

if TYPE_CHECKING:
    from rich.console import Console

ALL_FIELDS = "{} (all fields)"
"""What a row is called that sums over the fields of a table."""
MEAN = "mean over documents"
"""What the row is called of the mean of the documents' own rates."""
Parts = Mapping[str, Sequence[str]]
"""The documents of each split, or of each schema, by name."""
REASONS = 5
"""Documents whose prediction is not ok that are named, with the reason, under the tables."""


def sheets(score: Score, fields: bool = True) -> list[Sheet]:
    """The tables that a person reads.

    Without `fields`: a row for each property at the top of the schema (where documents have schemas
    of their own, a row for each schema), totals, and the splits if there are several. With them: a
    row for each field, all fields of each table, the same over paired records alone, records as
    wholes, and what is known of quotations.
    """
    intervals = estimates(score)
    task = score.task
    splits = (
        [_part_sheet("split", score, task.splits, intervals.splits)] if len(task.splits) > 1 else []
    )
    if not fields:
        return [_short_sheet(score, intervals), *splits]
    if task.by_schema:
        splits.append(_part_sheet("schema", score, task.by_schema, intervals.schemas))
    tables = (
        [_table_sheet(score, intervals), _matched_sheet(score), _record_sheet(score, intervals)]
        if score.tables
        else []
    )
    quotations = [_quotation_sheet(score)] if score.grounding else []
    return [_field_sheet(score, intervals), *tables, *splits, *quotations]


def _short_sheet(score: Score, intervals: Estimates) -> Sheet:
    """What stands at the top of the schema: a table with all its fields as one row. Of several
    schemas, each is a row."""
    if schemas := score.task.by_schema:
        parts = _part_rows(score, schemas, intervals.schemas)
        return _with_totals("Precision and recall by schema", parts, score, intervals, "schema")
    rows = []
    for item in score.task.tree.fields:
        if isinstance(item.node, Table):
            name, counts = ALL_FIELDS.format(item.path), score.micro(item.path)
            interval = intervals.tables[item.path]
        else:
            name, counts = item.path, score.field_counts(item.path)
            interval = intervals.fields[item.path]
        rows.append(_row(name, counts, interval))
    return _with_totals("Precision and recall", rows, score, intervals)


def _field_sheet(score: Score, intervals: Estimates) -> Sheet:
    rows = [_row(path, score.field_counts(path), intervals.fields[path]) for path in score.fields]
    return _with_totals("Precision and recall by field", rows, score, intervals)


def _with_totals(
    title: str,
    rows: list[tuple[str, ...]],
    score: Score,
    intervals: Estimates,
    unit: str = "field",
) -> Sheet:
    totals = [
        _row("micro", score.micro(), intervals.micro),
        _mean_row("macro", score.macro(), intervals.macro),
        _mean_row(MEAN, score.mean_over_documents(), intervals.mean),
    ]
    if score.task.schema_names:  # fields of unlike documents: the mean leads
        totals.insert(0, totals.pop())
    header = (unit, "gold", "predicted", "correct", "P", "R", "F1", "95% of F1")
    strong = frozenset(range(len(rows), len(rows) + len(totals)))
    return Sheet(title, header, [*rows, *totals], strong)


def _mean_row(name: str, rates: Rates, interval: Interval) -> tuple[str, ...]:
    shown = show_bounds(interval.f1, rates.f1)
    return (name, "", "", "", *map(show_rate, _in_order(rates)), shown)


def _quotation_sheet(score: Score) -> Sheet:
    rows = [(table, *map(str, counts)) for table, counts in sorted(score.grounding.items())]
    header = ("evidence", "predicted", "verbatim", "of paired", "overlap gold")
    return Sheet("Quotations in the text (not part of any rate)", header, rows)


def _field_row(name: str, counts: Counts) -> tuple[str, ...]:
    rates = map(show_rate, _in_order(counts.strict))
    return (name, *map(show_count, (counts.pos, counts.act, counts.cor)), *rates)


def _row(name: str, counts: Counts, interval: Interval) -> tuple[str, ...]:
    return (*_field_row(name, counts), show_bounds(interval.f1, counts.strict.f1))


def _table_sheet(score: Score, intervals: Estimates) -> Sheet:
    rows = [_row(table, score.micro(table), intervals.tables[table]) for table in score.tables]
    header = ("table", "gold", "predicted", "correct", "P", "R", "F1", "95% of F1")
    return Sheet("All fields, by table", header, rows)


def _matched_sheet(score: Score) -> Sheet:
    names = (*((table, table) for table in score.tables), ("micro", None))
    rows = [_field_row(name, score.micro(table, matched=True)) for name, table in names]
    header = ("matched-only", "gold", "predicted", "correct", "P", "R", "F1")
    title = "The same over paired records alone: never a score by itself"
    return Sheet(title, header, rows, frozenset({len(rows) - 1}))


def _record_sheet(score: Score, intervals: Estimates) -> Sheet:
    """Records as wholes: their rates are made of the numbers that stand beside them."""
    rows = [
        (
            table,
            *map(show_count, score.record_counts(table)),
            *map(show_rate, _in_order(score.whole_records(table).strict)),
            show_bounds(intervals.records[table].f1, score.whole_records(table).strict.f1),
        )
        for table in score.tables
    ]
    header = ("records", "gold", "predicted", "paired", "perfect", "P", "R", "F1", "95% of F1")
    return Sheet("Whole records: P, R and F1 of perfect ones", header, rows)


def _part_sheet(unit: str, score: Score, parts: Parts, intervals: Mapping[str, Interval]) -> Sheet:
    """The documents of each split, or of each schema."""
    header = (unit, "gold", "predicted", "correct", "P", "R", "F1", "95% of F1")
    return Sheet(f"All fields, by {unit}", header, _part_rows(score, parts, intervals))


def _part_rows(
    score: Score, parts: Parts, intervals: Mapping[str, Interval]
) -> list[tuple[str, ...]]:
    return [
        _row(name, score.micro_of(ids), intervals.get(name, Interval()))
        for name, ids in parts.items()
    ]


def _in_order(rates: Rates) -> tuple[float | None, ...]:
    return (rates.precision, rates.recall, rates.f1)


def notes(score: Score) -> list[tuple[str, str]]:
    """What stands under the tables: documents by status and why, what broke the schema, the
    signature."""
    statuses = list(score.statuses.values())
    counted = [f"{statuses.count(s)} {s.value}" for s in Status if s in statuses]
    lines = [("documents", ", ".join(counted))]
    for name, reason in list(score.reasons.items())[:REASONS]:
        lines.append((score.statuses[name].value, f"{harmless(name):.80}: {harmless(reason):.200}"))
    for words, counter in (
        ("invalid predicted values", score.invalid),
        ("unknown predicted values", score.unknown),
        ("gold values taken as they are", score.as_is),
    ):
        if counter:
            most = ", ".join(
                f"{'whole prediction' if path == WHOLE else harmless(path):.80} {n}"
                for path, n in counter.most_common(5)
            )
            lines.append((words, f"{counter.total()} ({most})"))
    return [*lines, ("intervals", how_made(score)), ("signature", score.signature)]


def as_markdown(score: Score) -> str:
    """The tables in GitHub's Markdown."""
    below = [f"- {label}: {code_span(note)}" for label, note in notes(score)]
    return "\n\n".join([*map(markdown_sheet, sheets(score)), "\n".join(below)]) + "\n"


def as_table(score: Score, fields: bool = False) -> str:
    """The tables as plain text: short, or with a row for every field (see `sheets`)."""
    return plain_text(lambda console: print_tables(console, score, fields))


def print_tables(console: Console, score: Score, fields: bool = False) -> None:
    """The tables and notes on a rich console."""
    for sheet in sheets(score, fields):
        print_sheet(console, sheet)
    for label, note in notes(score):
        console.print(f"{label}: {note}", markup=False, soft_wrap=True)
