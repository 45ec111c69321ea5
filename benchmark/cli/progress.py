"""How far a command is: a bar on a terminal, a line every ten seconds in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event, Thread

from benchmark.cli.console import say

EVERY = 10.0
"""Seconds between two lines of a log."""

LONG = 3000
"""Documents from which scoring takes so long that its progress is worth showing."""


@dataclass
class Progress:
    """Documents that are done, of so many; `words` stand beside the figures."""

    documents: int
    words: Callable[[], str] = lambda: ""
    done: int = 0

    def advance(self, done: int = 1) -> None:
        """So many more are done."""
        self.done += done


@contextmanager
def running(documents: int, words: Callable[[], str]) -> Iterator[Progress]:
    """Show how far a run of an extractor is, while it is."""
    progress = Progress(documents, words)
    with (_bar if sys.stderr.isatty() else _log)(progress):
        yield progress


@contextmanager
def scoring(documents: int) -> Iterator[Progress]:
    """Show on a terminal how far scoring is, if there are many documents."""
    progress = Progress(documents)
    shown = documents >= LONG and sys.stderr.isatty()
    with _bar(progress) if shown else nullcontext():
        yield progress


@contextmanager
def _bar(progress: Progress) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Status(ProgressColumn):
        """The words beside the bar. As each redraw asks for them, they bring the bar forward."""

        def render(self, task: Task) -> Text:
            bar.update(task.id, completed=progress.done)
            return Text(progress.words())

    columns = ("documents", Status(), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task("documents", total=progress.documents)
        yield


@contextmanager
def _log(progress: Progress) -> Iterator[None]:
    ended = Event()

    def write_lines() -> None:
        while not ended.wait(EVERY):
            say(f"{progress.done:,} of {progress.documents:,} documents, {progress.words()}")

    thread = Thread(target=write_lines, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
