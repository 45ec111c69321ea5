"""`fieldmark leaderboard`: the runs that are kept, ranked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_sheet, say
from benchmark.cli.options import TaskName, Texts
from benchmark.errors import DataError, FieldmarkError

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.runs.entries import Entry

submit = typer.Typer(no_args_is_help=True, help="Check a run before it is submitted.")

MARKED = re.compile(r"(?<=<!-- leaderboard -->\n).*?(?=<!-- end -->)", re.DOTALL)
"""Where a README keeps the table."""


def leaderboard(
    task: TaskName = "sitrep",
    texts: Texts = None,
    results: Annotated[Path, typer.Option(help="Where runs are kept.")] = Path("results"),
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with status 1 if anything differs."),
    ] = False,
) -> None:
    """Rank the runs in results/runs, their predictions scored again, and write leaderboard.md,
    .csv, .json, .tex and .html; a README.md beside results keeps the table between
    `<!-- leaderboard -->` and `<!-- end -->`."""
    from benchmark.data.loading import load_task
    from benchmark.runs.entries import disagreements
    from benchmark.runs.leaderboard_files import FORMS, sheet
    from benchmark.runs.ranking import rank

    folders = sorted(folder.parent for folder in (results / "runs").glob("*/manifest.json"))
    if not folders:
        raise DataError(f"{results / 'runs'} holds no run; `fieldmark run` makes one")
    entries, wrong = _entries(folders, load_task(task, texts))
    if not entries:
        raise DataError(wrong[0] if wrong else f"{results / 'runs'} holds runs over twins only")
    rows = rank(list(entries.values()))
    wrong += [why for folder, one in entries.items() for why in disagreements(folder, one)]
    made = {results / f"leaderboard.{ending}": form(rows) for ending, form in FORMS.items()}
    readme = results.resolve().parent / "README.md"
    if readme.is_file() and MARKED.search(text := readme.read_text("utf-8")):
        made[readme] = MARKED.sub(lambda _: FORMS["md"](rows), text)
    if check:
        wrong += [
            f"{file}: not what the runs give" for file, text in made.items() if _not(file, text)
        ]
    else:
        for file, text in made.items():
            file.write_text(text, "utf-8")
    print_sheet(sheet(rows), Format.TABLE)
    for why in wrong:
        say(why)
    if check and wrong:
        raise typer.Exit(1)


@submit.command("check")
def submit_check(
    folder: Annotated[Path, typer.Argument(help="The run's folder, as `fieldmark run` made it.")],
    task: TaskName = "sitrep",
    texts: Texts = None,
) -> None:
    """Score a run's predictions again, say what in its folder differs, and show its line."""
    from benchmark.data.loading import load_task
    from benchmark.runs.entries import disagreements, read_entry
    from benchmark.runs.leaderboard_files import sheet
    from benchmark.runs.ranking import rank

    entry = read_entry(folder, load_task(task, texts))
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

    found, wrong = {}, []
    for folder in folders:
        try:
            if MARK not in str(read_manifest(folder).get("task_version")):
                found[folder] = read_entry(folder, task)
        except FieldmarkError as error:
            wrong.append(f"left out: {error}")
    return found, wrong


def _not(file: Path, text: str) -> bool:
    try:
        return file.read_text("utf-8") != text
    except (OSError, UnicodeDecodeError):
        return True
