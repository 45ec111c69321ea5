"""`fieldmark compare`: runs against each other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_sheet, say, write, write_json
from benchmark.cli.options import Fields, GoldAsIs, Results, Splits, TaskName, Texts
from benchmark.cli.selection import scored
from benchmark.errors import DataError
from benchmark.runs.places import RESULTS

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.scoring.scores import Score


class Shown(StrEnum):
    """How a comparison is printed."""

    TABLE = "table"
    MD = "md"
    CSV = "csv"
    JSON = "json"
    LATEX = "latex"


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(help="Two or more: a run's name or folder, or a file of predictions."),
    ],
    task: TaskName = "sitrep",
    split: Splits = None,
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    results: Results = RESULTS,
    all_pairs: Annotated[
        bool, typer.Option("--all-pairs", help="Every two runs, not each with the first.")
    ] = False,
    fields: Fields = False,
    form: Annotated[Shown, typer.Option("--format", help="How it is printed.")] = Shown.TABLE,
) -> None:
    """Say which of two runs is better at what, and how sure that is."""
    from benchmark.data.loading import load_task
    from benchmark.reports import comparison_tables
    from benchmark.statistics.significance import compare_scores

    loaded = load_task(task, texts, gold_as_is=gold_as_is)
    comparison = compare_scores(_scores(runs, loaded, split or [], results), all_pairs)
    pairs = comparison.pairs
    if form is Shown.JSON:
        write_json(comparison_tables.as_dict(comparison))
    elif form is Shown.CSV:
        write(comparison_tables.as_csv(pairs))
    elif form is Shown.LATEX:
        for pair in pairs:
            write(comparison_tables.as_latex(pair))
    else:
        for pair in pairs:
            shown = comparison_tables.pair_sheet(pair, fields or form is Shown.MD)
            print_sheet(shown, Format(form.value))
        say(comparison_tables.how_tested(comparison))
        if loaded.by_schema:
            say("tables, records and fields of each schema: --format csv or json")
        elif not fields and form is Shown.TABLE:
            say("each field: --fields")


def _scores(runs: list[str], task: Task, split: list[str], results: Path) -> dict[str, Score]:
    """Every run scored from its predictions, by name."""
    from benchmark.data.predictions import check_ids, read_predictions
    from benchmark.runs.manifest import PREDICTIONS, read_manifest
    from benchmark.runs.places import find_run
    from benchmark.scoring.scores import score

    paths = {name: find_run(name, results) for name in dict.fromkeys(runs)}
    stated = {
        name: read_manifest(path)["documents"] for name, path in paths.items() if path.is_dir()
    }
    predictions = {
        name: read_predictions(str(path / PREDICTIONS if name in stated else path), tree=task.tree)
        for name, path in paths.items()
    }
    files = [predicted for name, predicted in predictions.items() if name not in stated]
    over = _documents(
        task, stated, split, {document for predicted in files for document in predicted}
    )
    scores: dict[str, Score] = {}
    for name, path in paths.items():
        predicted = predictions[name]
        check_ids(task.ids, predicted)
        kept = {document: value for document, value in predicted.items() if document in over.ids}
        shown = path.name if name in stated else path.stem
        if shown in scores:
            raise DataError(f"two runs are called '{shown}'")
        scores[shown] = score(over, kept)
    return scores


def _documents(
    task: Task, stated: dict[str, list[str]], split: list[str], predicted: set[str]
) -> Task:
    """The task with the documents that the runs state to be of, which have to be the same ones;
    `predicted` are those of files of predictions, which state none."""
    if not stated:
        return scored(task, split, predicted)[0]
    (first, documents), *others = stated.items()
    for name, other in others:
        if apart := sorted(set(documents) ^ set(other)):
            raise DataError(
                f"'{first}' and '{name}' are of different documents: {', '.join(apart[:5])}"
            )
    if unknown := sorted(set(documents) - set(task.ids)):
        raise DataError(f"'{first}': '{task.name}' has no document {', '.join(unknown[:5])}")
    if beyond := sorted(predicted - set(documents)):
        raise DataError(
            f"'{first}' is not of what a file predicts: {', '.join(beyond[:5])}; compare files of "
            f"the documents that '{first}' is of"
        )
    over = task.split(*split) if split else task
    return over.only(document for document in over.documents if document.id in documents)
