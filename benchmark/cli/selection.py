"""Which documents a command is about, and what is said of those left out."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from benchmark.cli.console import say

if TYPE_CHECKING:
    from benchmark.data.task import Task


def scored(
    task: Task, splits: Sequence[str], predicted: Container[str] = ()
) -> tuple[Task, list[str]]:
    """The task with the documents that are scored (see `Task.scored`), and the ids of those that
    are left out as their text is not here. What is left out is said on standard error."""
    over = task.scored(*splits, predicted=predicted)
    left_out = task.left_out(splits)
    if left_out and not splits:
        names = ", ".join(split for split in task.splits if split not in left_out)
        say(f"scored: {names}; --split {left_out[0]} scores the documents for development")
    withheld = _withheld(task, over, splits, left_out)
    if withheld:
        say(f"left out, as the text is not shipped (give it with --texts): {', '.join(withheld)}")
    return over, withheld


def _withheld(task: Task, over: Task, splits: Sequence[str], left_out: Sequence[str]) -> list[str]:
    """The documents that would be scored if their text were here."""
    if len(over.ids) == len(task.ids):
        return []
    kept = set(over.ids)
    return [
        document.id
        for document in task.documents
        if document.withheld
        and document.id not in kept
        and (split := document.meta.get("split")) not in left_out
        and (not splits or split in splits)
    ]
