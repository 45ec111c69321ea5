"""How far a run is: a bar on a terminal, a line every ten seconds in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from benchmark.cli.console import say

EVERY = 10.0
"""Seconds between two lines of a log."""


class Advance(Protocol):
    """Called when a document is done."""

    def __call__(self, *, failed: bool) -> None: ...


@contextmanager
def watched(documents: int, status: Callable[[], str]) -> Iterator[Advance]:
    """Show how many of the documents are done and failed, and the status."""
    with (_bar if sys.stderr.isatty() else _log)(documents, status) as advance:
        yield advance


@contextmanager
def _bar(documents: int, status: Callable[[], str]) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    text = TextColumn("{task.fields[told]}")
    columns = ("documents", BarColumn(), MofNCompleteColumn(), Remaining(), text)
    failures = 0
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("documents", total=documents, told="")

        def advance(*, failed: bool) -> None:
            nonlocal failures
            failures += failed
            bar.update(task, advance=1, told=_told(failures, status()))

        yield advance


@contextmanager
def _log(documents: int, status: Callable[[], str]) -> Iterator[Advance]:
    done, failures, last = 0, 0, time.monotonic()

    def advance(*, failed: bool) -> None:
        nonlocal done, failures, last
        done, failures = done + 1, failures + failed
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            say(f"{done:,} of {documents:,} documents, {_told(failures, status())}")

    yield advance


def _told(failures: int, status: str) -> str:
    return ", ".join(filter(None, [f"{failures} failed", status]))
