"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli.console import Format

TaskName = Annotated[
    str, typer.Option("--task", help="A shipped task, or a folder with schema and gold.")
]
Texts = Annotated[
    Path | None,
    typer.Option(
        "--texts",
        envvar="FIELDMARK_TEXTS",
        help="A folder of <id>.txt for documents whose text is not shipped.",
    ),
]
Form = Annotated[Format, typer.Option("--format", help="How the score is printed.")]
