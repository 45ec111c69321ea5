"""Options that several verbs share."""

from __future__ import annotations

from enum import StrEnum
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
At = Annotated[
    str,
    typer.Option(
        "--at",
        help="Where in each prediction the answer is, such as data.result.",
        metavar="PATH",
        show_default=False,
    ),
]
GoldAsIs = Annotated[
    bool,
    typer.Option(
        "--gold-as-is",
        help="Score against gold that breaks its schema too: a value of another type equals the "
        "same JSON value only.",
    ),
]
GoldUrl = Annotated[
    str,
    typer.Option(
        "--gold-url",
        help="Gold of the held-out documents in JSON Lines, a path or URL: scored, too.",
        show_default=False,
    ),
]
Results = Annotated[Path, typer.Option(help="Where runs are kept.")]
Form = Annotated[Format, typer.Option("--format", help="How the score is printed.")]
Fields = Annotated[
    bool, typer.Option("--fields", help="A row for every field; md, csv and json have them.")
]
Splits = Annotated[
    list[str] | None,
    typer.Option(
        "--split",
        help="A split to score, more than once for more; by default all but dev.",
        show_default=False,
    ),
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-under",
        help="Exit with status 1 if a rate is lower, such as micro.f1=0.8, split.hard.f1=0.5, "
        "events.place.recall=0.9, perfect.f1=0.4 or valid=0.95; more than once for more.",
        metavar="NAME.RATE=LEAST",
        show_default=False,
    ),
]
GoldSplits = Annotated[
    list[str] | None,
    typer.Option(
        "--split", help="A split, more than once for more; by default all.", show_default=False
    ),
]


class To(StrEnum):
    """What gold is exported to."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    CROISSANT = "croissant"
    HUB = "hub"
