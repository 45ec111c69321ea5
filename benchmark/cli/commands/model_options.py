"""An option of the command line for each field of ModelOptions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, asdict, fields
from functools import wraps
from typing import Annotated, Any, get_args, get_type_hints

import typer

from runners.settings import ModelOptions

PANEL = "Models"
"""Where the help lists options that are about models."""


def with_model_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each field of ModelOptions in place of its parameter
    `model`, which it is called with."""
    hints = get_type_hints(ModelOptions, include_extras=True)
    options = [_parameter(field, hints[field.name]) for field in fields(ModelOptions)]

    @wraps(command)
    def with_options(**values: Any) -> None:
        chosen = {option.name: values.pop(option.name) for option in options}
        command(**values, model=ModelOptions(**chosen))

    own = inspect.signature(command, eval_str=True).parameters.values()
    parameters = [*(parameter for parameter in own if parameter.name != "model"), *options]
    # What typer reads: the signature, and the types by name.
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    return with_options


def model_option(*names: str, **more: Any) -> Any:
    """An option of a command that is about models, as typer.Option."""
    return typer.Option(*names, rich_help_panel=PANEL, **more)


def stated_model_options(context: typer.Context) -> list[str]:
    """The options about models that stand on the command line, as they are written there."""
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if getattr(parameter, "rich_help_panel", None) == PANEL
        and parameter.name
        and (source := context.get_parameter_source(parameter.name))
        and source.name == "COMMANDLINE"
    ]


def _parameter(field: Field[Any], hint: Any) -> inspect.Parameter:
    annotation, option = get_args(hint)
    # A flag that is off unless it is given needs no second name to switch it off.
    names = [f"--{field.name}"] if annotation is bool else []
    info = model_option(*names, show_default=field.default not in (None, ""), **asdict(option))
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.default,
        annotation=Annotated[annotation, info],
    )
