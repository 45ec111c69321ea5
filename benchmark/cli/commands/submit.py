"""`fieldmark submit`: a run, looked at before it is sent in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.cli.console import Format, print_sheet, say
from benchmark.cli.options import GoldAsIs, GoldUrl, TaskName, Texts

submit = typer.Typer(no_args_is_help=True, help="Check a run before it is submitted.")


@submit.command("check")
def submit_check(
    folder: Annotated[Path, typer.Argument(help="The run's folder, as `fieldmark run` made it.")],
    task: TaskName = "sitrep",
    texts: Texts = None,
    gold_as_is: GoldAsIs = False,
    gold_url: GoldUrl = "",
) -> None:
    """Score a run's predictions again, and say of each figure whether it was recomputed or is only
    stated; what differs; and what looks like copied gold."""
    from benchmark.data.loading import load_task
    from benchmark.runs.board import board_of
    from benchmark.runs.board_sheets import sheet
    from benchmark.runs.checks import claims_sheet, contradictions
    from benchmark.runs.copied_gold import signs_of_copying
    from benchmark.runs.entries import disagreements, read_entry
    from benchmark.runs.ranking import rank
    from benchmark.runs.submission import required_submission
    from benchmark.runs.terms import terms_of

    terms = terms_of(load_task(task, texts, gold_as_is=gold_as_is), gold_url)
    entry = read_entry(folder, terms)
    submission = required_submission(folder)
    (row,) = rank([entry])
    print_sheet(sheet(board_of(terms, [row])), Format.TABLE)
    print_sheet(claims_sheet(row), Format.TABLE)
    for sign in signs_of_copying(entry.samples[0]):
        say(sign)
    wrong = [*disagreements(folder, entry, terms), *contradictions(folder, entry, submission)]
    for why in wrong:
        say(why)
    if wrong:
        raise typer.Exit(1)
    say(f"{folder}: every figure that can be recomputed is what its predictions give")
