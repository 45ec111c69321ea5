"""`fieldmark import`: a task of another benchmark's files."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli.console import say
from benchmark.cli.progress import running


class Published(StrEnum):
    """Whose files are read."""

    DOCUBENCH = "docubench"
    EXTRACT_BENCH = "extract-bench"
    FOLDER = "folder"


def import_(
    form: Annotated[
        Published,
        typer.Argument(metavar="FORMAT", help="docubench, extract-bench, or folder for any other."),
    ],
    path: Annotated[Path, typer.Argument(help="The folder of the benchmark.")],
    to: Annotated[Path, typer.Option(help="The folder of the new task.", show_default=False)],
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Labels, a file a document; by default `labels/{id}.json`.",
            show_default=False,
        ),
    ] = None,
    schemas: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Of each document, or one for all; `schemas/{id}.json`.",
            show_default=False,
        ),
    ] = None,
    outputs: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="What systems returned; `results/{system}/{id}.json`.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Where in each output the answer is, such as data.result.",
            show_default=False,
        ),
    ] = None,
    texts: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN", help="Texts, such as `texts/{id}.txt`.", show_default=False
        ),
    ] = None,
) -> None:
    """Make a task, with predictions, of the files of another benchmark, as they are published."""
    from benchmark.data.predictions import steps_to
    from benchmark.imports.files import find_files
    from benchmark.imports.layouts import LAYOUTS
    from benchmark.imports.task_folder import PREDICTIONS, write_task_folder

    given = {"labels": labels, "schemas": schemas, "outputs": outputs, "at": at, "texts": texts}
    layout = replace(
        LAYOUTS[form.value], **{key: text for key, text in given.items() if text is not None}
    )
    files = find_files(path, layout)
    with running(len(files), lambda: "labels and outputs") as progress:
        imported = write_task_folder(files, steps_to(layout.at), to, progress.advance)
    for note in imported.notes:
        say(note)
    for system, documents in imported.systems.items():
        say(f"{to / PREDICTIONS / system}.jsonl: {_count(documents, 'document')}")
    counts = {
        "document": imported.documents,
        "schema": imported.schemas,
        "system": len(imported.systems),
    }
    say(f"{to}: {', '.join(_count(number, word) for word, number in counts.items())}")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"
