"""`fieldmark schema`: what an extractor must return."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmark.cli.console import stdout, write, write_json
from benchmark.cli.options import TaskName
from benchmark.errors import harmless

Source = Annotated[
    str,
    typer.Argument(help="A schema's file (.json or .py), or a task, instead of --task."),
]


def schema(
    source: Source = "",
    task: TaskName = "sitrep",
    explain: Annotated[
        bool, typer.Option("--explain", help="Print how each field is scored instead.")
    ] = False,
) -> None:
    """Print the JSON Schema that an extractor's answer must follow, or how it is scored; where
    documents have schemas of their own, each by its name."""
    from benchmark.data.loading import read_source
    from benchmark.data.own_schemas import named_in_errors
    from benchmark.reports.schema_table import field_table

    loaded = read_source(source or task)
    if not explain:
        named = {name: plain.schema for name, plain in loaded.plain.items()}
        write_json(named if loaded.schema_names else loaded.schema)
        return
    for name, plain in loaded.plain.items():
        if name:
            write(harmless(f"{name}:"))
        with named_in_errors(name):
            stdout().print(field_table(plain.tree))
        for path, note in plain.tree.notes:
            write(harmless(f"{path}: {note}"))
