"""What all verbs print with: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmark.schema import Json

if TYPE_CHECKING:
    from rich.console import Console

    from benchmark.scoring import Score

MESSAGE_LENGTH = 1000


class Format(StrEnum):
    """How a score is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def say(message: str) -> None:
    """A line on standard error."""
    print(harmless(message), file=sys.stderr)  # noqa: T201


def complain(message: str) -> None:
    """An error: red on a terminal."""
    red, plain = ("\033[31m", "\033[0m") if sys.stderr.isatty() else ("", "")
    say_raw = f"{red}error:{plain} {harmless(message)}"
    print(say_raw, file=sys.stderr)  # noqa: T201


def write(text: str) -> None:
    """A result on standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def write_json(value: Json) -> None:
    import orjson

    write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def harmless(message: str) -> str:
    """A message that may quote untrusted input: no control characters, not endless."""
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in message)
    return shown if len(shown) <= MESSAGE_LENGTH else shown[:MESSAGE_LENGTH] + "..."


def stdout() -> Console:
    """Colour and the terminal's width on a terminal; neither in a pipe, where no line is cut."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    return Console(width=200 if piped else None, highlight=False, emoji=False)


def print_score(score: Score, form: Format) -> None:
    """A score in one of the formats."""
    from benchmark import reports

    if form is Format.JSON:
        write_json(reports.as_dict(score))
    elif form is Format.CSV:
        write(reports.as_csv(score))
    elif form is Format.MD:
        write(reports.as_markdown(score))
    elif sys.stdout.isatty():
        reports.print_tables(stdout(), score)
    else:
        write(reports.as_table(score))
