"""`fieldmark schema` and `fieldmark extractors`."""

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
    """Print the JSON Schema that an extractor's answer must follow, or how it is scored."""
    from benchmark.explain import field_table, read_source

    found = read_source(source or task)
    if explain:
        stdout().print(field_table(found.tree))
    else:
        write_json(found.schema)


def extractors() -> None:
    """List the extractors that `fieldmark run` knows."""
    from runners import EXTRACTORS, registered

    listed = {
        harmless(name): harmless(f"installed: {point.value}")
        for name, point in registered().items()
        if name not in EXTRACTORS  # whose names can't be taken
    }
    for name, one in EXTRACTORS.items():
        listed[":".join(filter(None, (name, one.target)))] = one.about
    width = max(map(len, listed))
    for name, about in sorted(listed.items()):
        write(f"{name:{width}}  {about}")
