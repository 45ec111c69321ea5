"""Options of `fieldmark run` that are about models."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runners.settings import Adapter, Mode

PANEL = "Models"


def option(help_: str, **more: object) -> typer.models.OptionInfo:
    """An option on the panel of models."""
    found: typer.models.OptionInfo = typer.Option(help=help_, rich_help_panel=PANEL, **more)  # type: ignore[arg-type]
    return found


BaseUrl = Annotated[str, option("Where the endpoint is: OpenAI's, vLLM's, Ollama's, ...")]
KeyEnv = Annotated[str, option("The environment variable that holds the API key.")]
Constraint = Annotated[
    Mode | None,
    option(
        "How the answer is constrained; by default as strictly as the endpoint takes.",
        show_default=False,
    ),
]
By = Annotated[Adapter, option("Who builds the request and parses the answer.")]
PromptFile = Annotated[
    Path | None, option("A Jinja template with a `system` and a `user` block.", show_default=False)
]
FewShot = Annotated[
    int, option("Documents of the split dev that the prompt shows; they are not scored.", min=0)
]
Temperature = Annotated[float | None, option("Passed on.", min=0, show_default=False)]
Seed = Annotated[int | None, option("Passed on.", min=-(2**63), max=2**63 - 1, show_default=False)]
MaxOutput = Annotated[int | None, option("Tokens of one answer.", min=1, show_default=False)]
Effort = Annotated[str, option("Passed on: low, medium, high, ...", show_default=False)]
Concurrency = Annotated[int, option("Calls under way at a time.", min=1, max=1024)]
Timeout = Annotated[float, option("Seconds that an attempt may take.", min=0.001, max=86_400)]
Repairs = Annotated[int, option("Times that an invalid answer is asked for again.", min=0, max=10)]
MaxCost = Annotated[
    float | None,
    option("Stop when so many US dollars are spent, earlier starts included.", min=0),
]
MaxTokens = Annotated[
    int | None, option("Stop when so many tokens are used, earlier starts included.", min=0)
]
Fresh = Annotated[bool, option("Set earlier answers of the run aside.")]
DryRun = Annotated[bool, option("Print the first request and what all would cost; send nothing.")]


def given(context: typer.Context) -> list[str]:
    """Those of these options that stand on the command line."""
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if getattr(parameter, "rich_help_panel", None) == PANEL
        and parameter.name
        and (source := context.get_parameter_source(parameter.name))
        and source.name == "COMMANDLINE"
    ]
