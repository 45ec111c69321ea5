"""How far a command is: a bar on a terminal, a line every ten seconds in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from benchmark.cli.console import say

if TYPE_CHECKING:
    pass

EVERY = 10.0
"""Seconds between two lines of a log."""


@dataclass
class Watch:
    """Documents that are done, and those of them without a prediction; and what the extractor says
    of itself."""

    documents: int
    status: Callable[[], str]
    done: int = 0
    failed: int = 0

    def advance(self, *, failed: bool) -> None:
        """One more is done."""
        self.done += 1
        self.failed += failed

    def __str__(self) -> str:
        return ", ".join(filter(None, [f"{self.failed:,} failed", self.status()]))


@contextmanager
def watched(documents: int, status: Callable[[], str]) -> Iterator[Watch]:
    """Show how far a run is, while it is."""
    watch = Watch(documents, status)
    with (_bar if sys.stderr.isatty() else _log)(watch):
        yield watch


@contextmanager
def _bar(watch: Watch) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
    from rich.progress import TimeRemainingColumn as Remaining
    from rich.text import Text

    class Status(ProgressColumn):
        def render(self, task: Task) -> Text:
            bar.update(task.id, completed=watch.done)
            return Text(str(watch))

    columns = ("documents", Status(), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task("documents", total=watch.documents)
        yield


@contextmanager
def _log(watch: Watch) -> Iterator[None]:
    ended = Event()

    def tell() -> None:
        while not ended.wait(EVERY):
            say(f"{watch.done:,} of {watch.documents:,} documents, {watch}")

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


LONG = 3000
"""Documents from which scoring takes so long that one wants to see how it gets on."""


@contextmanager
def progress(documents: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal while many documents are worked on; gives what to call with how many
    more are done."""
    if documents < LONG or not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("documents", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("documents", total=documents)
        yield lambda done: bar.advance(task, done)
