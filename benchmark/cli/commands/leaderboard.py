"""`fieldmark leaderboard`: the runs that are kept, ranked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_sheet, say
from benchmark.cli.options import GoldAsIs, Results, TaskName, Texts
from benchmark.errors import DataError, FieldmarkError
from benchmark.runs.places import PUBLISHED, RESULTS, run_folders, runs_folder

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.runs.entries import Entry
    from benchmark.runs.ranking import Row

submit = typer.Typer(no_args_is_help=True, help="Check a run before it is submitted.")

MARKED = re.compile(r"(?<=<!-- leaderboard -->\n).*?(?=<!-- end -->)", re.DOTALL)
"""Where a README keeps the table."""


def leaderboard(
    task: TaskName = "sitrep",
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    results: Results = RESULTS,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with status 1 if anything differs."),
    ] = False,
) -> None:
    """Rank the runs in the folder of results, their predictions scored again, and write
    leaderboard.md, .csv, .json, .tex and .html. Beside a folder called `results`, README.md keeps
    the table between `<!-- leaderboard -->` and `<!-- end -->`."""
    from benchmark.data.loading import load_task
    from benchmark.runs.entries import disagreements
    from benchmark.runs.leaderboard_files import sheet
    from benchmark.runs.ranking import rank

    folders = run_folders(results)
    if not folders:
        raise DataError(f"{runs_folder(results)} holds no run; `fieldmark run` makes one")
    entries, wrong = _entries(folders, load_task(task, texts, gold_as_is=gold_as_is))
    if not entries:
        raise DataError(wrong[0] if wrong else f"{runs_folder(results)} holds runs over twins only")
    rows = rank(list(entries.values()))
    wrong += [why for folder, entry in entries.items() for why in disagreements(folder, entry)]
    contents = _files(results, rows)
    if check:
        stale = [file for file, text in contents.items() if not _holds(file, text)]
        wrong += [f"{file}: not what the runs give" for file in stale]
    else:
        for file, text in contents.items():
            file.write_text(text, "utf-8")
    print_sheet(sheet(rows), Format.TABLE)
    for why in wrong:
        say(why)
    if check and wrong:
        raise typer.Exit(1)


def _files(results: Path, rows: list[Row]) -> dict[Path, str]:
    """The leaderboard's files and what is to stand in them; README.md only beside published
    results, as anyone's own runs are not for it."""
    from benchmark.runs.leaderboard_files import FORMS, short_markdown

    contents = {results / f"leaderboard.{ending}": form(rows) for ending, form in FORMS.items()}
    readme = results.resolve().parent / "README.md"
    if results.resolve().name == PUBLISHED.name and readme.is_file():
        text = readme.read_text("utf-8")
        if MARKED.search(text):
            contents[readme] = MARKED.sub(lambda _: short_markdown(rows), text)
    return contents


@submit.command("check")
def submit_check(
    folder: Annotated[Path, typer.Argument(help="The run's folder, as `fieldmark run` made it.")],
    task: TaskName = "sitrep",
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
) -> None:
    """Score a run's predictions again, say what in its folder differs, and show its line."""
    from benchmark.data.loading import load_task
    from benchmark.runs.entries import disagreements, read_entry
    from benchmark.runs.leaderboard_files import sheet
    from benchmark.runs.ranking import rank

    entry = read_entry(folder, load_task(task, texts, gold_as_is=gold_as_is))
    print_sheet(sheet(rank([entry])), Format.TABLE)
    if wrong := disagreements(folder, entry):
        for why in wrong:
            say(why)
        raise typer.Exit(1)
    say(f"{folder}: every figure is what its predictions give")


def _entries(folders: list[Path], task: Task) -> tuple[dict[Path, Entry], list[str]]:
    """The runs that can be scored again, and why others can't; those over twins are passed by."""
    from benchmark.perturbation.kinds import MARK
    from benchmark.runs.entries import read_entry
    from benchmark.runs.manifest import read_manifest

    entries, wrong = {}, []
    for folder in folders:
        try:
            if MARK not in str(read_manifest(folder).get("task_version")):
                entries[folder] = read_entry(folder, task)
        except FieldmarkError as error:
            wrong.append(f"left out: {error}")
    return entries, wrong


def _holds(file: Path, text: str) -> bool:
    try:
        return file.read_text("utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False
