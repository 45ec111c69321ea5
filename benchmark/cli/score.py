"""`fieldmark score`: a predictions file against gold."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_score, progress, say, stdout
from benchmark.cli.options import Form, Splits, TaskName, Texts
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.tasks import Task

DEV = "dev"
"""The split for prompts, examples and rules: scored only when it is asked for."""

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

Explain = Annotated[
    str,
    typer.Option(
        help="Print the pairing and every verdict of this document instead.",
        metavar="DOCUMENT",
        show_default=False,
    ),
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option(
        help="Exit with status 1 if a rate is lower, such as micro.f1=0.8 or "
        "events.place.recall=0.9; more than once for more.",
        metavar="NAME.RATE=LEAST",
        show_default=False,
    ),
]


def score(
    predictions: PredictionsFile,
    task: TaskName = "sitrep",
    gold: GoldFile = "",
    schema: SchemaFile = None,
    split: Splits = None,
    texts: Texts = None,
    form: Form = Format.TABLE,
    explain: Explain = "",
    fail_under: FailUnder = None,
    jobs: Jobs = None,
    dask: Dask = "",
) -> None:
    """Score a predictions file against a task, or against --gold with --schema."""
    from benchmark import gates, scoring, tasks
    from benchmark import predictions as reading

    wanted = [gates.read_gate(text) for text in fail_under or ()]
    if (not gold) != (schema is None):
        raise typer.BadParameter("--gold and --schema go together")
    if dask and jobs is not None:
        raise typer.BadParameter("--jobs and --dask exclude each other")
    against = tasks.make_task(gold, schema) if gold and schema else tasks.load_task(task, texts)
    predicted = reading.read_predictions(predictions)
    reading.check_properties(against.tree.known[()], predicted)
    over = at_hand(chosen(against, split or (), predicted), predicted)
    with progress(len(over.documents)) as advance:
        found = scoring.score(over, predicted, jobs=jobs or 0, dask=dask, progress=advance)
    if explain:
        from benchmark.telling import verdict_tree

        stdout().print(verdict_tree(found, explain))
    else:
        print_score(found, form)
    if failed := gates.failures(found, wanted):
        for line in failed:
            say(line)
        raise typer.Exit(1)


def chosen(task: Task, wanted: Sequence[str], predicted: Container[str] = ()) -> Task:
    """The task with the splits that are asked for; by default with all but `dev`, on which prompts
    and rules may have been made."""
    names = wanted or [name for name in task.splits if name != DEV]
    if not names:
        return task
    over = task.split(*names)
    left = [name for name in task.splits if name not in names]
    for name in left:
        for one in task.splits[name]:
            if one in predicted:
                raise DataError(
                    f"'{one}' is predicted, but of the split {name}, which is not scored unless it "
                    f"is asked for: --split {name}"
                )
    if left and not wanted:
        say(f"scored: {', '.join(names)}; --split {DEV} scores the documents for development")
    return over


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
