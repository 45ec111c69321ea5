"""`fieldmark score`: a predictions file against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli.console import Format, print_score, stdout
from benchmark.cli.gates import read_gates, refuse_failures
from benchmark.cli.options import At, FailUnder, Fields, Form, GoldAsIs, Splits, TaskName, Texts
from benchmark.cli.progress import scoring
from benchmark.cli.selection import scored

PredictionsFile = Annotated[
    str,
    typer.Argument(
        help="JSON Lines, a path or URL: id, and prediction or error; CSV or parquet, a row a "
        "record; or a folder of ID.json."
    ),
]

GoldOption = Annotated[
    str,
    typer.Option(
        help="Gold in JSON Lines, CSV or parquet, a path or URL, or a folder of ID.json; needs "
        "--schema.",
        show_default=False,
    ),
]

SchemaOption = Annotated[
    Path | None,
    typer.Option(
        help="A JSON Schema, or a folder of NAME.json if gold names schemas; needs --gold."
    ),
]

Jobs = Annotated[
    int | None,
    typer.Option(min=0, help="Processes; 0, the default: all cores if there are many documents."),
]

Dask = Annotated[
    str,
    typer.Option(
        help="The scheduler of a Dask cluster that scores instead.",
        metavar="ADDRESS",
        show_default=False,
    ),
]

Explain = Annotated[
    str,
    typer.Option(
        help="Print the pairing and every verdict of this document instead.",
        metavar="DOCUMENT",
        show_default=False,
    ),
]


def score(
    predictions: PredictionsFile,
    at: At = "",
    task: TaskName = "sitrep",
    gold: GoldOption = "",
    schema: SchemaOption = None,
    split: Splits = None,
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    form: Form = Format.TABLE,
    fields: Fields = False,
    explain: Explain = "",
    fail_under: FailUnder = None,
    jobs: Jobs = None,
    dask: Dask = "",
) -> None:
    """Score a predictions file against a task, or against --gold with --schema."""
    from benchmark.data.loading import load_task, make_task
    from benchmark.data.predictions import check_properties, read_predictions
    from benchmark.scoring.scores import score as score_predictions

    if (not gold) != (schema is None):
        raise typer.BadParameter("--gold and --schema go together")
    if dask and jobs is not None:
        raise typer.BadParameter("--jobs and --dask exclude each other")
    if gold and schema:
        against = make_task(gold, schema, gold_as_is=gold_as_is)
    else:
        against = load_task(task, texts, gold_as_is=gold_as_is)
    predicted = read_predictions(predictions, at, against.tree)
    check_properties(against.tree.known[()], predicted)
    over, _ = scored(against, split or (), predicted)
    gates = read_gates(fail_under, over)
    with scoring(len(over.ids)) as progress:
        result = score_predictions(
            over, predicted, jobs=jobs or 0, dask=dask, progress=progress.advance
        )
    if explain:
        from benchmark.reports.verdict_tree import verdict_tree

        stdout().print(verdict_tree(result, explain))
    else:
        print_score(result, form, fields)
    refuse_failures(result, gates)
