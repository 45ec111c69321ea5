"""`fieldmark leaderboard`: the runs that are kept, ranked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_sheet, say
from benchmark.cli.options import GoldAsIs, GoldUrl, Results, TaskName, Texts
from benchmark.errors import DataError
from benchmark.runs.places import PUBLISHED, RESULTS, run_folders, runs_folder

if TYPE_CHECKING:
    from benchmark.runs.board import Board

MARKED = re.compile(r"(?<=<!-- leaderboard -->\n).*?(?=<!-- end -->)", re.DOTALL)
"""Where a README keeps the table."""


def leaderboard(
    task: TaskName = "sitrep",
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    gold_url: GoldUrl = "",
    results: Results = RESULTS,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with status 1 if anything differs."),
    ] = False,
) -> None:
    """Rank the runs in the folder of results, their predictions scored again, and write
    leaderboard.md, .csv, .json, .tex and .html. Runs that do not fit are listed below the table.
    Beside a folder called `results`, README.md keeps the table between `<!-- leaderboard -->` and
    `<!-- end -->`."""
    from benchmark.data.loading import load_task
    from benchmark.runs.board import make_board
    from benchmark.runs.board_sheets import other_gold_sheet, sheet
    from benchmark.runs.terms import terms_of
    from benchmark.runs.untrusted import write_text

    if not run_folders(results):
        raise DataError(f"{runs_folder(results)} holds no run; `fieldmark run` makes one")
    terms = terms_of(load_task(task, texts, gold_as_is=gold_as_is), gold_url)
    board, wrong = make_board(results, terms)
    if not (board.rows or board.other_gold):
        raise DataError(_nothing(results, board))
    contents = _files(results, board)
    if check:
        wrong += [
            f"{file}: not what the runs give"
            for file, text in contents.items()
            if not _holds(file, text)
        ]
    else:
        for file, text in contents.items():
            write_text(file, text)
    print_sheet(sheet(board), Format.TABLE)
    if board.other_gold:
        print_sheet(other_gold_sheet(board), Format.TABLE)
    for run in board.left_out:
        say(f"not on the board: {run.name}: {run.reason}")
    for why in wrong:
        say(why)
    if check and wrong:
        raise typer.Exit(1)


def _nothing(results: Path, board: Board) -> str:
    """Why no run at all is on a board."""
    runs = runs_folder(results)
    if not board.left_out:
        return f"{runs} holds runs over twins only"
    first = board.left_out[0]
    return f"{runs} holds no run that fits; {first.name}: {first.reason}"


def _files(results: Path, board: Board) -> dict[Path, str]:
    """The leaderboard's files and what is to stand in them; README.md only beside published
    results, as anyone's own runs are not for it."""
    from benchmark.runs.leaderboard_files import FORMS, short_markdown
    from benchmark.runs.untrusted import read_text

    contents = {results / f"leaderboard.{ending}": form(board) for ending, form in FORMS.items()}
    readme = results.resolve().parent / "README.md"
    ours = readme.is_file() and not readme.is_symlink()
    if ours and results.resolve().name == PUBLISHED.name:
        text = read_text(readme)
        if MARKED.search(text):
            contents[readme] = MARKED.sub(lambda _: short_markdown(board), text, count=1)
    return contents


def _holds(file: Path, text: str) -> bool:
    from benchmark.runs.untrusted import read_text

    try:
        return read_text(file) == text
    except DataError:
        return False
