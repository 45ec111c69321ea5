"""Write docs/command-line.md from the commands themselves: python docs/command_line.py

With --check nothing is written; the exit status is 1 if the page is not what would be written.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

import typer
from typer.models import ArgumentInfo, DefaultPlaceholder, ParameterInfo
from typer.utils import get_params_from_function

from benchmark.cli.app import app

PAGE = Path(__file__).with_name("command-line.md")
HEAD = """# Command line

<!-- Made by `python docs/command_line.py` from the commands themselves; `--check` compares. -->

Results are printed on standard output, progress and notes on standard error.
`fieldmark COMMAND --help` prints what this page says of a command.

| exit status | means |
|---|---|
| 0 | done |
| 1 | a check failed: a rate is too low, gold has problems, a run is not what it says |
| 2 | the input or the arguments are wrong, and one message says where; or a run stopped early |
| 130 | a run was ended by Ctrl-C |
"""
COLUMNS = "takes | default | |\n|---|---|---|---|"
WORDS = {str: "text", int: "integer", float: "number", Path: "path"}


class Parameter(NamedTuple):
    """One argument or option of a command: its name in the code, its type, the default (... for
    none) and what else the command line says of it."""

    name: str
    annotation: Any
    default: Any
    info: ParameterInfo

    @property
    def is_argument(self) -> bool:
        """It stands on its own, without a name before it."""
        return isinstance(self.info, ArgumentInfo)

    @property
    def kind(self) -> Any:
        """The type of one value: None and lists around it are taken off."""
        kinds = [one for one in get_args(self.annotation) if one is not type(None)] or [
            self.annotation
        ]
        inner = get_args(kinds[0]) if get_origin(kinds[0]) is list else ()
        return inner[0] if inner else kinds[0]

    @property
    def repeats(self) -> bool:
        """It may be given more than once."""
        return any(get_origin(one) is list for one in (self.annotation, *get_args(self.annotation)))

    @property
    def shown(self) -> str:
        """What is typed: --an-option, or AN_ARGUMENT."""
        if self.is_argument:
            word = (self.info.metavar or self.name).upper()
            return f"{word}..." if self.repeats else word
        return ", ".join(self.info.param_decls or [f"--{self.name.replace('_', '-')}"])


def page() -> str:
    """The whole page."""
    top = app.registered_callback
    assert top is not None
    sections = [_section(name, function) for name, function in _commands(app, "fieldmark")]
    return "\n".join([HEAD, "## fieldmark\n", *_tables(_parameters(top.callback)), *sections])


def _commands(group: typer.Typer, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every command under a group, by what is typed to run it."""
    for command in group.registered_commands:
        assert command.callback is not None
        yield f"{name} {command.name or command.callback.__name__}", command.callback
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from _commands(inner.typer_instance, f"{name} {inner.name}")


def _parameters(function: Callable[..., Any] | None) -> list[Parameter]:
    """What a command takes, as typer reads it."""
    assert function is not None
    found = get_params_from_function(function).values()
    return [
        Parameter(one.name, one.annotation, one.default.default, one.default)
        for one in found
        if isinstance(one.default, ParameterInfo)
    ]


def _section(name: str, function: Callable[..., Any]) -> str:
    """One command: how it is called, what it does, what it takes."""
    parameters = _parameters(function)
    words = [one.shown if _required(one) else f"[{one.shown}]" for one in _arguments(parameters)]
    usage = " ".join([name, *words, *["[OPTIONS]"] * (len(words) < len(parameters))])
    told = _plain(inspect.getdoc(function))
    return "\n".join(
        [f"## {name}\n", f"{told}\n", f"```text\n{usage}\n```\n", *_tables(parameters)]
    )


def _arguments(parameters: list[Parameter]) -> list[Parameter]:
    return [one for one in parameters if one.is_argument]


def _tables(parameters: list[Parameter]) -> Iterator[str]:
    """Arguments, then options, then the options of each panel of the help."""
    tables: dict[str, list[Parameter]] = {"argument": _arguments(parameters), "option": []}
    for one in parameters:
        if not one.is_argument:
            panel = one.info.rich_help_panel
            panel = None if isinstance(panel, DefaultPlaceholder) else panel
            tables.setdefault(f"option ({panel.lower()})" if panel else "option", []).append(one)
    for title, rows in tables.items():
        if rows:
            yield "\n".join([f"| {title} | {COLUMNS}", *map(_row, rows), ""])


def _row(one: Parameter) -> str:
    told = _plain(one.info.help)
    if one.info.envvar:
        told += f" Or the environment variable `{one.info.envvar}`."
    cells = (f"`{one.shown}`", _takes(one), _default(one), told)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _takes(one: Parameter) -> str:
    """What may be given: choices, or a word for the type with its bounds; nothing for a flag."""
    if one.kind is bool:
        return ""
    if isinstance(one.kind, type) and issubclass(one.kind, Enum):
        found = [" ".join(f"`{choice.value}`" for choice in one.kind)]
    else:
        word = None if one.is_argument else one.info.metavar
        found = [word or WORDS[one.kind], _bounds(one.info.min, one.info.max)]
    found += ["required"] * (_required(one) and not one.is_argument) + ["repeatable"] * one.repeats
    return ", ".join(filter(None, found))


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    return f"{low} or more" if high is None else f"{low} to {high}"


def _required(one: Parameter) -> bool:
    return one.default is ...


def _default(one: Parameter) -> str:
    """The default; nothing where leaving the option out is all that it says."""
    value = one.default.value if isinstance(one.default, Enum) else one.default
    if _required(one) or value is None or value is False or value == "":
        return ""
    return f"`{value}`"


def _plain(text: str | None) -> str:
    """Help text in one line, in which Markdown takes no angle bracket for a tag."""
    pieces = re.split(r"(`[^`]*`)", " ".join((text or "").split()))
    return "".join(one if one.startswith("`") else one.replace("<", "&lt;") for one in pieces)


def main() -> int:
    """Write the page, or say whether it is out of date."""
    made = page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(made, "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == made:
        return 0
    sys.stderr.write(f"{PAGE.name} is out of date: python docs/command_line.py writes it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
