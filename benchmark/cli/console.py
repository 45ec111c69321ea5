"""What all verbs print with: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmark.data.json_text import dump
from benchmark.errors import harmless, harmless_json
from benchmark.schema.fields import Json

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.reports.sheet import Sheet
    from benchmark.scoring.scores import Score

MESSAGE_LENGTH = 1000
RULE = "\u2500"
"""What the rules of a table are drawn with."""


class Format(StrEnum):
    """How a score is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def say(message: str) -> None:
    """A line on standard error."""
    print(_short(harmless(message)), file=sys.stderr)  # noqa: T201


def complain(message: str) -> None:
    """An error: red on a terminal."""
    red, plain = ("\033[31m", "\033[0m") if sys.stderr.isatty() else ("", "")
    print(f"{red}error:{plain} {_short(harmless(message))}", file=sys.stderr)  # noqa: T201


def _short(message: str) -> str:
    return message if len(message) <= MESSAGE_LENGTH else message[:MESSAGE_LENGTH] + "..."


def write(text: str) -> None:
    """A result on standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def write_json(value: Json) -> None:
    import orjson

    write(harmless_json(dump(value, orjson.OPT_INDENT_2).decode()))


def stdout() -> Console:
    """Colour and the terminal's width on a terminal; neither in a pipe, where no line is cut."""
    from rich.console import Console

    from benchmark.reports.sheet import WIDE

    piped = not sys.stdout.isatty()
    return Console(width=WIDE if piped else None, highlight=False, emoji=False)


def print_score(score: Score, form: Format, fields: bool = False) -> None:
    """A score in one of the formats; as a table, with a row for every field if `fields`."""
    from benchmark.reports import score_data, score_tables

    if form is Format.JSON:
        write_json(score_data.as_dict(score))
    elif form is Format.CSV:
        write(score_data.as_csv(score))
    elif form is Format.MD:
        write(score_tables.as_markdown(score))
    elif sys.stdout.isatty():
        score_tables.print_tables(stdout(), score, fields)
    else:
        write(_drawable(score_tables.as_table(score, fields)))


def print_sheet(sheet: Sheet, form: Format) -> None:
    """A table in Markdown, or as a person reads it."""
    from benchmark.reports import sheet as sheets

    if form is Format.MD:
        write("\n" + sheets.markdown_sheet(sheet))
    elif sys.stdout.isatty():
        sheets.print_sheet(stdout(), sheet)
    else:
        write(_drawable(sheets.plain_sheet(sheet)))


def _drawable(table: str) -> str:
    """A table whose rules are hyphens where the encoding of the output has no lines, as those of
    Windows that files are written in."""
    try:
        RULE.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return table.replace(RULE, "-")
    return table
