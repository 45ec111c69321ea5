"""`fieldmark compare`: runs against each other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from benchmark.cli.console import Format, print_sheet, say, write, write_json
from benchmark.cli.options import Fields, GoldAsIs, Results, Splits, TaskName, Texts
from benchmark.cli.selection import scored
from benchmark.errors import DataError
from benchmark.runs.places import RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmark.data.task import Task
    from benchmark.runs.comparable import ComparedRun
    from benchmark.scoring.scores import Score


By = Literal["documents", "fields", "records"]


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
    by: Annotated[
        By | None, typer.Option("--by", help="Which gold values one run alone gets right, by what.")
    ] = None,
    form: Annotated[Shown, typer.Option("--format", help="How it is printed.")] = Shown.TABLE,
) -> None:
    """Say which of two runs is better at what, and how sure that is."""
    from benchmark.data.loading import load_task
    from benchmark.reports import comparison_tables
    from benchmark.statistics.significance import compare_scores

    loaded = load_task(task, texts, gold_as_is=gold_as_is)
    scores = _scores(runs, loaded, split or [], results)
    if by:
        _print_side_by_side(scores, by, all_pairs, form)
        return
    comparison = compare_scores(scores, all_pairs)
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


def _print_side_by_side(scores: Mapping[str, Score], by: By, all_pairs: bool, form: Shown) -> None:
    from benchmark.reports import side_by_side
    from benchmark.reports.sheet import latex_sheet

    sides = side_by_side.side_by_side(scores, by, all_pairs)
    if form is Shown.JSON:
        signature = next(iter(scores.values())).signature
        write_json({"signature": signature, "by": by, "rows": side_by_side.as_dicts(sides)})
    elif form is Shown.CSV:
        write(side_by_side.as_csv(sides))
    for side in sides if form in {Shown.TABLE, Shown.MD, Shown.LATEX} else ():
        shown = side_by_side.sheet(side)
        if form is Shown.LATEX:
            write(latex_sheet(shown, "l" + "r" * (len(shown.header) - 1)))
        else:
            print_sheet(shown, Format(form.value))


def _scores(runs: list[str], task: Task, split: list[str], results: Path) -> dict[str, Score]:
    """Every run scored from its predictions, by name."""
    from benchmark.data.predictions import check_ids, read_predictions
    from benchmark.runs.comparable import check_like, compared_run, mean_over, read_samples
    from benchmark.runs.places import find_run

    paths = {name: find_run(name, results) for name in dict.fromkeys(runs)}
    folders = [compared_run(path, task) for path in paths.values() if path.is_dir()]
    check_like(folders, task)
    stated = {run.folder: run for run in folders}
    samples = {
        path: read_samples(stated[path])
        if path in stated
        else [read_predictions(str(path), tree=task.tree)]
        for path in paths.values()
    }
    predicted = {d for path in samples if path not in stated for d in samples[path][0]}
    over = _documents(task, folders, split, predicted)
    scores: dict[str, Score] = {}
    for path, predictions in samples.items():
        shown = path.name if path in stated else path.stem
        if shown in scores:
            raise DataError(f"two runs are called '{shown}'")
        for sample in predictions:
            check_ids(task.known, sample)
        scores[shown] = mean_over(over, predictions)
        _say_missing(shown, scores[shown])
    return scores


def _say_missing(name: str, score: Score) -> None:
    """A file of a few predictions is compared as if the system had failed in all others."""
    from benchmark.data.predictions import Status

    missing = list(score.statuses.values()).count(Status.MISSING)
    if missing:
        number = len(score.documents)
        say(f"'{name}' has no prediction for {missing} of {number} documents: all of it is missed")


def _documents(task: Task, runs: list[ComparedRun], split: list[str], predicted: set[str]) -> Task:
    """The task with the documents that the runs state to be of, which are the same ones;
    `predicted` are those of files of predictions, which state none."""
    if not runs:
        return scored(task, split, predicted)[0]
    first, documents = runs[0].name, runs[0].over.ids
    if beyond := sorted(predicted - set(runs[0].documents)):
        raise DataError(
            f"'{first}' is not of what a file predicts: {', '.join(beyond[:5])}; compare files of "
            f"the documents that '{first}' is of"
        )
    over = task.split(*split) if split else task
    chosen = [document for document in over.documents if document.id in documents]
    if not chosen:
        raise DataError(f"'{first}' is of no document of the split {', '.join(split)}")
    return over.only(chosen)
