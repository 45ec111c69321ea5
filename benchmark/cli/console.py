"""What all verbs print with: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmark.errors import harmless
from benchmark.tree import Json

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.scoring import Score
    from benchmark.tables import Sheet

MESSAGE_LENGTH = 1000

LONG = 3000
"""Documents from which scoring takes so long that one wants to see how it gets on."""


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

    write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def stdout() -> Console:
    """Colour and the terminal's width on a terminal; neither in a pipe, where no line is cut."""
    from rich.console import Console

    from benchmark.tables import WIDE

    piped = not sys.stdout.isatty()
    return Console(width=WIDE if piped else None, highlight=False, emoji=False)


@contextmanager
def progress(documents: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal while many documents are worked on; gives what to call with how many
    more are done."""
    if documents < LONG or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("documents", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("documents", total=documents)
        yield lambda done: bar.advance(task, done)


def print_score(score: Score, form: Format) -> None:
    """A score in one of the formats."""
    from benchmark import reports, tables

    if form is Format.JSON:
        write_json(reports.as_dict(score))
    elif form is Format.CSV:
        write(reports.as_csv(score))
    elif form is Format.MD:
        write(tables.as_markdown(score))
    elif sys.stdout.isatty():
        tables.print_tables(stdout(), score)
    else:
        write(tables.as_table(score))


def print_sheet(sheet: Sheet, form: Format) -> None:
    """A table in Markdown, or as a person reads it."""
    from benchmark import tables

    if form is Format.MD:
        write("\n" + tables.markdown_sheet(sheet))
    elif sys.stdout.isatty():
        tables.print_sheet(stdout(), sheet)
    else:
        write(tables.plain_sheet(sheet))
