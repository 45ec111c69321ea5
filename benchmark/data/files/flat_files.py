"""CSV and parquet: columns and rows, before anything is known of what they mean."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmark.data.files.stores import read_bytes
from benchmark.errors import DataError
from benchmark.schema.fields import Json

DELIMITED = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
PARQUET = ".parquet"
DELIMITERS = ",;\t|"


class Row(NamedTuple):
    """The cells of a row, None where one is empty, and where it stands, for errors."""

    where: str
    cells: Sequence[Json]


class FlatFile(NamedTuple):
    """The names of the columns, and the rows. typed: whether cells are values, not text."""

    columns: Sequence[str]
    rows: Sequence[Row]
    typed: bool


def is_flat(source: str | Path) -> bool:
    """Whether a path or URL is that of a flat file, by its ending."""
    return str(source).lower().endswith((*DELIMITED, PARQUET))


def read_flat(source: str | Path) -> FlatFile:
    """All that a flat file holds.

    Text is UTF-8, or UTF-16 with a byte order mark; the delimiter is the one that makes most
    columns of the first line. Raises DataError for what is neither, and for rows with more or fewer
    cells than there are columns; UnreadableError for the file.
    """
    raw = read_bytes(source)
    return _parquet(raw, source) if str(source).lower().endswith(PARQUET) else _csv(raw, source)


def _csv(raw: bytes, source: str | Path) -> FlatFile:
    # Lines end as CSV has it: other signs that end lines of Unicode stand in cells.
    lines = list(io.StringIO(_decoded(raw, source), newline=""))
    told = bool(lines) and lines[0].lower().startswith("sep=")  # as spreadsheets do
    delimiter = lines[0].rstrip("\r\n")[len("sep=") :] if told else ""
    if len(delimiter) != 1:
        delimiter = _delimiter("".join(lines[told : told + 1]))
    rows = list(_rows(lines[told:], delimiter, source, int(told)))
    if not rows:
        raise DataError(f"{source}: it is empty; the first line names the columns")
    columns = [str(name or "").strip() for name in rows[0].cells]
    for row in rows[1:]:
        if len(row.cells) != len(columns):
            raise DataError(
                f"{row.where}: {len(row.cells)} cells where there are {len(columns)} columns; a "
                f"cell with {delimiter!r} or a quotation mark in it stands between quotation marks"
            )
    return FlatFile(columns, rows[1:], typed=False)


def _decoded(raw: bytes, source: str | Path) -> str:
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source}:{line}: byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8 "
            f"(spreadsheets call it CSV UTF-8)"
        ) from None


def _delimiter(header: str) -> str:
    """The sign that makes most columns of a header; a comma if none makes more than one."""
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([header], delimiter=sign), [])))


def _rows(lines: Sequence[str], delimiter: str, source: str | Path, skipped: int) -> Iterator[Row]:
    """The rows that are not blank, with the line on which each ends."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                where = f"{source}:{reader.line_num + skipped}"
                yield Row(where, [cell if cell.strip() else None for cell in cells])
    except csv.Error as error:
        raise DataError(f"{source}:{reader.line_num + skipped}: no CSV: {error}") from None


def _parquet(raw: bytes, source: str | Path) -> FlatFile:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(io.BytesIO(raw))
        columns = [column.to_pylist() for column in table.columns]
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{source}: no parquet file: {reason:.200}") from None
    rows = [
        Row(f"{source}: row {n}", cells) for n, cells in enumerate(zip(*columns, strict=True), 1)
    ]
    return FlatFile(table.column_names, rows, typed=True)
