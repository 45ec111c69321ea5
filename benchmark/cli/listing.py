"""`fieldmark schema` and `fieldmark extractors`."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmark.cli.console import stdout, write, write_json
from benchmark.cli.options import TaskName

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
    """Print the JSON Schema that an extractor's answer must follow, or how it is scored."""
    from benchmark.explain import field_table, read_source

    found = read_source(source or task)
    if explain:
        stdout().print(field_table(found.tree))
    else:
        write_json(found.schema)


def extractors() -> None:
    """List the extractors that `fieldmark run` knows."""
    from runners import EXTRACTORS

    named = {":".join(filter(None, (name, one.target))): one for name, one in EXTRACTORS.items()}
    width = max(map(len, named))
    for name, extractor in sorted(named.items()):
        write(f"{name:{width}}  {extractor.about}")
