"""Flat files as documents: a row for each record of the one table, or for each document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.data.files.cells import Node, read_cell, typed_cell
from benchmark.data.files.flat_files import FlatFile, Row, read_flat
from benchmark.data.json_text import check_size
from benchmark.errors import DataError
from benchmark.schema.fields import Json, Record, Table
from benchmark.schema.paths import is_inside, join, parse
from benchmark.schema.tree.shapes import SPECIAL, TOP

ID_COLUMNS = ("doc_id", "document_id", "document", "id")
"""The column with the document's id: the first of these that is there."""


@dataclass(frozen=True)
class _Column:
    """A column: its name, the steps from the record to its values, and their field."""

    name: str
    steps: tuple[str, ...]
    node: Node


@dataclass(frozen=True)
class _Form:
    """What a row is: a record of the table at some steps of the document; with none, the document
    itself. path: the table's."""

    record: Record
    steps: tuple[str, ...] = ()
    path: str = ""


def read_flat_documents(source: str | Path, tree: Record) -> dict[str, tuple[str, Json]]:
    """Document id -> where it first stands, and its JSON, from a file of CSV or parquet.

    Columns are paths of fields in the record; one that the schema lacks is a property that it
    lacks. A row with nothing but an id is a document without records. Raises DataError for a schema
    that has more than one table, for a file without ids or without any field, and for what cannot
    be read (see `read_flat`).
    """
    try:
        form = _form(tree)
        file = read_flat(source)
        at_id, columns = _columns(file.columns, form)
    except DataError as error:
        start = "" if str(error).startswith(str(source)) else f"{source}: "
        raise DataError(f"{start}{error}") from None
    documents: dict[str, tuple[str, Json]] = {}
    rows: dict[str, list[Json]] = {}
    for row in file.rows:
        name = _id(row, at_id)
        first, records = documents.get(name, (row.where, None))[0], rows.setdefault(name, [])
        if name in documents and not form.steps:
            raise DataError(f"{row.where}: a second row of '{name}'; without a table, one is all")
        documents[name] = first, None
        if (record := _record(row, at_id, columns, file)) or not form.steps:
            records.append(record)
    for name, (where, _) in documents.items():
        document = _document(rows[name], form)
        check_size(document, where)
        documents[name] = where, document
    return documents


def _form(tree: Record) -> _Form:
    """What a row stands for under a schema."""
    tables = [item for item in tree.fields if isinstance(item.node, Table)]
    if not tables and TOP not in tree.known[()]:
        form = _Form(tree)
    elif len(tree.fields) == 1 and tables:
        table = tables[0]
        assert isinstance(table.node, Table)
        form = _Form(table.node.record, table.steps, table.path)
    else:
        fields = ", ".join(item.path for item in tree.fields[:5])
        raise DataError(
            f"rows are the records of one table, and the schema has more ({fields}); JSON Lines "
            f"hold documents of any schema"
        )
    names = {name for steps, below in form.record.known.items() for name in (*steps, *below)}
    if SPECIAL & (names | set(form.steps) - {TOP}):
        raise DataError("rows hold objects with named properties; write JSON Lines instead")
    return form


def _columns(names: Sequence[str], form: _Form) -> tuple[int, list[_Column]]:
    """At which place the id stands, and what all columns are."""
    at_id = next((names.index(name) for name in ID_COLUMNS if name in names), None)
    if at_id is None:
        raise DataError(f"no column has the document's id; call it {' or '.join(ID_COLUMNS)}")
    nodes = {item.steps: item.node for item in form.record.fields}
    columns = []
    for name in names:
        steps = _steps(name, form)
        columns.append(_Column(name, steps, nodes.get(steps)))
    others = [column for n, column in enumerate(columns) if n != at_id]
    _check_apart(others)
    if others and not any(_is_known(column.steps, form.record) for column in others):
        fields = ", ".join(join("", *steps) for steps in list(nodes)[:5])
        raise DataError(f"no column is a field; they are called by their paths: {fields}")
    return at_id, columns


def _steps(name: str, form: _Form) -> tuple[str, ...]:
    """The steps from the record to the values of a column, whose name is a path: from the record,
    or from the document."""
    for text in (name, name.removeprefix(f"{form.path}.")):
        try:
            steps = tuple(map(str, parse(text)))
        except ValueError:
            steps = ()
        for candidate in (steps, (text,)):
            if _is_known(candidate, form.record):
                return candidate
    return (name,)


def _is_known(steps: tuple[str, ...], record: Record) -> bool:
    return bool(steps) and steps[-1] in record.known.get(steps[:-1], ())


def _check_apart(columns: Sequence[_Column]) -> None:
    """No two columns may hold the same value, or one a part of the other's."""
    by_path = {join("", *column.steps): column for column in columns}
    for column in columns:
        path = join("", *column.steps)
        other = by_path[path]
        if other is column:
            other = next((o for p, o in by_path.items() if is_inside(p, path)), column)
        if other is not column:
            raise DataError(
                f"the columns {column.name!r} and {other.name!r} hold the same; drop one"
            )


def _id(row: Row, at: int) -> str:
    value = row.cells[at]
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int)):
        raise DataError(f"{row.where}: it has no id")
    return str(value)


def _record(row: Row, at_id: int, columns: Sequence[_Column], file: FlatFile) -> dict[str, Json]:
    """The record of a row, without what is empty."""
    record: dict[str, Json] = {}
    for n, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        if n == at_id or cell is None:
            continue
        try:
            value = typed_cell(cell, column.node) if file.typed else read_cell(cell, column.node)
        except DataError as error:
            raise DataError(f"{row.where}, {column.name}: {error}") from None
        if value is not None:
            _put(record, column.steps, value)
    return record


def _put(record: dict[str, Json], steps: tuple[str, ...], value: Json) -> None:
    for step in steps[:-1]:
        record = record.setdefault(step, {})
    record[steps[-1]] = value


def _document(records: list[Json], form: _Form) -> Json:
    if not form.steps:
        return records[0]
    if form.steps == (TOP,):
        return records
    document: dict[str, Json] = {}
    _put(document, form.steps, records)
    return document
