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
from typing import Any, Literal, NamedTuple, get_args, get_origin

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
        kinds = [kind for kind in get_args(self.annotation) if kind is not type(None)]
        kinds = kinds or [self.annotation]
        inner = get_args(kinds[0]) if get_origin(kinds[0]) is list else ()
        return inner[0] if inner else kinds[0]

    @property
    def repeats(self) -> bool:
        """It may be given more than once."""
        return any(get_origin(k) is list for k in (self.annotation, *get_args(self.annotation)))

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
    return [
        Parameter(
            name=parameter.name,
            annotation=parameter.annotation,
            default=parameter.default.default,
            info=parameter.default,
        )
        for parameter in get_params_from_function(function).values()
        if isinstance(parameter.default, ParameterInfo)
    ]


def _section(name: str, function: Callable[..., Any]) -> str:
    """One command: how it is called, what it does, what it takes."""
    parameters = _parameters(function)
    words = [
        parameter.shown if _required(parameter) else f"[{parameter.shown}]"
        for parameter in _arguments(parameters)
    ]
    usage = " ".join([name, *words, *["[OPTIONS]"] * (len(words) < len(parameters))])
    about = _plain(inspect.getdoc(function))
    return "\n".join(
        [f"## {name}\n", f"{about}\n", f"```text\n{usage}\n```\n", *_tables(parameters)]
    )


def _arguments(parameters: list[Parameter]) -> list[Parameter]:
    return [parameter for parameter in parameters if parameter.is_argument]


def _tables(parameters: list[Parameter]) -> Iterator[str]:
    """Arguments, then options, then the options of each panel of the help."""
    tables: dict[str, list[Parameter]] = {"argument": _arguments(parameters), "option": []}
    for parameter in parameters:
        if not parameter.is_argument:
            panel = parameter.info.rich_help_panel
            panel = None if isinstance(panel, DefaultPlaceholder) else panel
            tables.setdefault(f"option ({panel.lower()})" if panel else "option", []).append(
                parameter
            )
    for title, rows in tables.items():
        if rows:
            yield "\n".join([f"| {title} | {COLUMNS}", *map(_row, rows), ""])


def _row(parameter: Parameter) -> str:
    about = _plain(parameter.info.help)
    if parameter.info.envvar:
        about += f" Or the environment variable `{parameter.info.envvar}`."
    cells = (f"`{parameter.shown}`", _takes(parameter), _default(parameter), about)
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _takes(parameter: Parameter) -> str:
    """What may be given: choices, or a word for the type with its bounds; nothing for a flag."""
    if parameter.kind is bool:
        return ""
    if isinstance(parameter.kind, type) and issubclass(parameter.kind, Enum):
        words = [" ".join(f"`{choice.value}`" for choice in parameter.kind)]
    elif get_origin(parameter.kind) is Literal:
        words = [" ".join(f"`{choice}`" for choice in get_args(parameter.kind))]
    else:
        word = None if parameter.is_argument else parameter.info.metavar
        words = [word or WORDS[parameter.kind], _bounds(parameter.info.min, parameter.info.max)]
    words += ["required"] * (_required(parameter) and not parameter.is_argument) + [
        "repeatable"
    ] * parameter.repeats
    return ", ".join(filter(None, words))


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    return f"{low} or more" if high is None else f"{low} to {high}"


def _required(parameter: Parameter) -> bool:
    return parameter.default is ...


def _default(parameter: Parameter) -> str:
    """The default; nothing where leaving the option out is all that it says."""
    value = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    if _required(parameter) or value is None or value is False or value == "":
        return ""
    return f"`{value}`"


def _plain(text: str | None) -> str:
    """Help text in one line, in which Markdown takes no angle bracket for a tag."""
    pieces = re.split(r"(`[^`]*`)", " ".join((text or "").split()))
    return "".join(
        piece if piece.startswith("`") else piece.replace("<", "&lt;") for piece in pieces
    )


def main() -> int:
    """Write the page, or say whether it is out of date."""
    content = page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(content, "utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == content:
        return 0
    sys.stderr.write(f"{PAGE.name} is out of date: python docs/command_line.py writes it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
