"""`fieldmark score`: a predictions file against gold."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_score, say
from benchmark.cli.options import Form, TaskName, Texts
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.tasks import Task

GoldFile = Annotated[Path | None, typer.Option(help="Gold in JSON Lines; needs --schema.")]
SchemaFile = Annotated[Path | None, typer.Option(help="A JSON Schema; needs --gold.")]


def score(
    predictions: Annotated[Path, typer.Argument(help="JSON Lines: id, and prediction or error.")],
    task: TaskName = "sitrep",
    gold: GoldFile = None,
    schema: SchemaFile = None,
    texts: Texts = None,
    form: Form = Format.TABLE,
) -> None:
    """Score a predictions file against a task, or against --gold with --schema."""
    from benchmark import predictions as reading
    from benchmark import scoring, tasks

    if (gold is None) != (schema is None):
        raise typer.BadParameter("--gold and --schema go together")
    against = tasks.make_task(gold, schema) if gold and schema else tasks.load_task(task, texts)
    predicted = reading.read_predictions(predictions)
    reading.check_properties(against.tree.known[()], predicted)
    print_score(scoring.score(at_hand(against, predicted), predicted), form)


def at_hand(task: Task, predicted: Container[str] = ()) -> Task:
    """The task without the documents whose text is not here and which nobody predicted."""
    from benchmark.tasks import GoldFile

    if isinstance(task.documents, GoldFile):
        return task
    left_out = [d.id for d in task.documents if d.withheld and d.id not in predicted]
    if left_out:
        say(f"left out, as the text is not shipped (give it with --texts): {', '.join(left_out)}")
    kept = [document for document in task.documents if document.id not in left_out]
    if not kept:
        raise DataError(f"no document of '{task.name}' is left; supply the texts with --texts")
    return task.only(kept)
