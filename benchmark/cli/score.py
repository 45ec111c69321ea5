"""`fieldmark score`: a predictions file against gold."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_score, progress, say
from benchmark.cli.options import Form, TaskName, Texts
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.tasks import Task

PredictionsFile = Annotated[
    str, typer.Argument(help="JSON Lines, a path or URL: id, and prediction or error.")
]
GoldFile = Annotated[
    str, typer.Option(help="Gold in JSON Lines, a path or URL; needs --schema.", show_default=False)
]
SchemaFile = Annotated[Path | None, typer.Option(help="A JSON Schema; needs --gold.")]
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


def score(
    predictions: PredictionsFile,
    task: TaskName = "sitrep",
    gold: GoldFile = "",
    schema: SchemaFile = None,
    texts: Texts = None,
    form: Form = Format.TABLE,
    jobs: Jobs = None,
    dask: Dask = "",
) -> None:
    """Score a predictions file against a task, or against --gold with --schema."""
    from benchmark import predictions as reading
    from benchmark import scoring, tasks

    if (not gold) != (schema is None):
        raise typer.BadParameter("--gold and --schema go together")
    if dask and jobs is not None:
        raise typer.BadParameter("--jobs and --dask exclude each other")
    against = tasks.make_task(gold, schema) if gold and schema else tasks.load_task(task, texts)
    predicted = reading.read_predictions(predictions)
    reading.check_properties(against.tree.known[()], predicted)
    over = at_hand(against, predicted)
    with progress(len(over.documents)) as advance:
        found = scoring.score(over, predicted, jobs=jobs or 0, dask=dask, progress=advance)
    print_score(found, form)


def at_hand(task: Task, predicted: Container[str] = ()) -> Task:
    """The task without the documents whose text is not here and which nobody predicted."""
    from benchmark.documents import GoldFile

    if isinstance(task.documents, GoldFile):
        return task
    left_out = [d.id for d in task.documents if d.withheld and d.id not in predicted]
    if left_out:
        say(f"left out, as the text is not shipped (give it with --texts): {', '.join(left_out)}")
    kept = [document for document in task.documents if document.id not in left_out]
    if not kept:
        raise DataError(f"no document of '{task.name}' is left; supply the texts with --texts")
    return task.only(kept)
