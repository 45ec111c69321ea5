"""Gates of a command: read before anything runs, and an exit status for those that fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from benchmark.cli.console import say

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.reports.thresholds import Threshold
    from benchmark.scoring.scores import Score


def read_gates(texts: Sequence[str] | None, over: Task) -> list[Threshold]:
    """The gates on a score over a task. Raises DataError for what is none, and UnknownNameError
    for a name that the task does not have."""
    from benchmark.reports.thresholds import check_names, read_threshold

    gates = [read_threshold(text) for text in texts or ()]
    check_names(gates, over)
    return gates


def refuse_failures(score: Score, gates: Sequence[Threshold]) -> None:
    """Exit with status 1, and say which, if a score misses a gate."""
    from benchmark.reports.thresholds import failures

    if failed := failures(score, gates):
        for line in failed:
            say(line)
        raise typer.Exit(1)
