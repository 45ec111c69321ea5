"""`fieldmark run`: an extractor over a task, scored, written to a folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.commands.execution import Plan
from benchmark.cli.commands.model_options import (
    model_option,
    stated_model_options,
    with_model_options,
)
from benchmark.cli.console import Format, print_score, print_sheet, say, write, write_json
from benchmark.cli.gates import read_gates, refuse_failures
from benchmark.cli.options import (
    FailUnder,
    Fields,
    Form,
    GoldAsIs,
    Results,
    Splits,
    TaskName,
    Texts,
)
from benchmark.cli.selection import scored
from benchmark.errors import DataError
from benchmark.runs.places import RESULTS, run_path
from runners.settings import ModelOptions

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.scoring.scores import Score
    from runners import Example, Runner

RunName = Annotated[str, typer.Option(help="The name of the run; by default, of the extractor.")]
Limit = Annotated[
    int | None,
    typer.Option(min=1, help="Only the first documents; more can follow.", show_default=False),
]
Repeat = Annotated[int, typer.Option(min=1, help="Times that each document is answered.")]
Perturb = Annotated[
    bool,
    typer.Option("--perturb", help="Score the documents' twins too: see `fieldmark gold perturb`."),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="End at the first document without a prediction.")
]
FewShot = Annotated[
    int,
    model_option(
        help="Documents of the split dev that the prompt shows; they are not scored.", min=0
    ),
]
DryRun = Annotated[
    bool,
    model_option(
        "--dry-run", help="Print the first request and what all would cost; send nothing."
    ),
]


@with_model_options
def run(
    context: typer.Context,
    extractor: Annotated[str, typer.Argument(help="Its name: see `fieldmark extractors`.")],
    task: TaskName = "sitrep",
    split: Splits = None,
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    name: RunName = "",
    results: Results = RESULTS,
    form: Form = Format.TABLE,
    fields: Fields = False,
    fail_under: FailUnder = None,
    limit: Limit = None,
    repeat: Repeat = 1,
    perturb: Perturb = False,
    fail_fast: FailFast = False,
    few_shot: FewShot = 0,
    dry_run: DryRun = False,
    *,
    model: ModelOptions,
) -> None:
    """Run an extractor over a task, score it, and keep the run in fieldmark-results."""
    from runners import find

    entry, target = find(extractor)
    if not entry.heeds_settings and (stated := stated_model_options(context)):
        raise DataError(f"{stated[0]} says nothing to '{extractor}': it is for models")
    loaded = _loaded(task, texts, gold_as_is)
    over, examples, left_out = _documents(loaded, split or (), few_shot, limit)
    gates = read_gates(fail_under, over)
    plan = Plan(
        name=extractor,
        extractor=entry,
        target=target,
        path=run_path(results, name, extractor),
        fail_fast=fail_fast,
        model=model,
        examples=examples,
        left_out=left_out,
    )
    runners = plan.runners(over, repeat)
    if dry_run:
        _preview(runners[0], over, repeat)
        return
    runners[0].check()
    score = plan.run(runners, over)
    if not perturb or form is not Format.JSON:
        print_score(score, form, fields)
    if perturb:
        _print_twins(score, plan.run_twins(over), form)
    refuse_failures(score, gates)


def _loaded(name: str, texts: Path | None, gold_as_is: bool) -> Task:
    """The task. Raises DataError for one that no extractor can be given."""
    from benchmark.data.loading import load_task

    task = load_task(name, texts, gold_as_is=gold_as_is)
    if task.schema_names:
        raise DataError(
            f"'{task.name}' has documents with schemas of their own, and an extractor is given one "
            f"schema: write the predictions by other means, then `fieldmark score` them"
        )
    return task


def _documents(
    task: Task, splits: Sequence[str], few_shot: int, limit: int | None
) -> tuple[Task, list[Example], list[str]]:
    """The task with the documents to run over, the examples to show, and the ids of the documents
    whose text is not here."""
    over, left_out = scored(task, splits)
    if bare := [document.id for document in over.documents if document.text is None]:
        raise DataError(f"no text to run over in {', '.join(bare)}: gold needs `text`")
    examples = _examples(task, few_shot)
    shown = {example.id for example in examples}
    kept = [document for document in over.documents if document.id not in shown]
    # Gold that is kept elsewhere is of whole runs: a choice of documents is scored here and now.
    held_out = () if splits or limit else task.held_out
    return replace(over.only(kept[:limit]), held_out=held_out), examples, left_out


def _examples(task: Task, few_shot: int) -> list[Example]:
    """The first documents of the split `dev`, with the answers that gold gives."""
    from benchmark.data.documents import quoted
    from benchmark.data.task import DEV
    from runners import Example

    dev = [d for d in task.documents if d.meta.get("split") == DEV and d.text is not None]
    if len(dev) < few_shot:
        raise DataError(
            f"--few-shot {few_shot}: '{task.name}' has {len(dev)} documents with text in its split "
            f'{DEV} (`"meta": {{"split": "{DEV}"}}`)'
        )
    return [Example(d.id, d.text or "", quoted(task.tree, d)) for d in dev[:few_shot]]


def _preview(runner: Runner, over: Task, repeat: int) -> None:
    """The first request to standard output, and what all would cost."""
    request, *notes = [*runner.preview((*over.documents, *over.held_out) * repeat)] or [""]
    if request:
        write(request)
    for note in notes or ["nothing would be sent: this extractor asks no server"]:
        say(note)


def _print_twins(score: Score, twins: Score, form: Format) -> None:
    """What each kind of change makes of a score; in JSON, beside it."""
    from benchmark.perturbation.effects import difference_sheet, differences
    from benchmark.reports.score_data import as_dict
    from benchmark.reports.sheet import plain_sheet

    effects = differences(score, twins)
    if form is Format.JSON:
        write_json({**as_dict(score), "twins": [effect._asdict() for effect in effects]})
    elif form is Format.CSV:
        for line in plain_sheet(difference_sheet(effects)).splitlines():
            say(line)
    else:
        print_sheet(difference_sheet(effects), form)
