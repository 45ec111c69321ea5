"""Which documents a command is about, and what it says of those left out."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from benchmark.cli.console import say
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.data.task import Task

DEV = "dev"
"""The split for prompts, examples and rules: scored only when it is asked for."""


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
    from benchmark.data.documents import GoldFile

    if isinstance(task.documents, GoldFile):
        return task
    left_out = [d.id for d in task.documents if d.withheld and d.id not in predicted]
    if left_out:
        say(f"left out, as the text is not shipped (give it with --texts): {', '.join(left_out)}")
    kept = [document for document in task.documents if document.id not in left_out]
    if not kept:
        raise DataError(f"no document of '{task.name}' is left; supply the texts with --texts")
    return task.only(kept)
