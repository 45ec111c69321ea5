"""Extractors that installed packages register as entry points, and errors that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmark.errors import DataError, FieldmarkError
from runners.interface import (
    FAILURES,
    Answer,
    Done,
    ExtractorError,
    Runner,
    Source,
    fail_fast,
    one_line,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "fieldmark.extractors"
"""The group of the entry points."""


def registered() -> dict[str, EntryPoint]:
    """The registered entry points by name; none is loaded."""
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def load(point: EntryPoint) -> Any:
    """The object that an entry point refers to; DataError if it cannot be imported."""
    try:
        return point.load()
    except FAILURES as error:
        raise DataError(f"{full_name(point)}: {one_line(error)}") from error


def full_name(point: EntryPoint) -> str:
    """An entry point's name and target, as errors name it."""
    return f"extractor '{point.name}' ({point.value})"


@dataclass(frozen=True)
class Guarded(Runner):
    """Runs a runner of another package, which errors call `name`: an exception that is no
    FieldmarkError becomes an ExtractorError, which the user reads instead of a traceback."""

    runner: Runner
    name: str
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run."""
        try:
            self.runner.run(documents, fail_fast(done) if self.fail_fast else done)
        except FieldmarkError:
            raise
        except FAILURES as error:
            raise ExtractorError(f"{self.name}: {one_line(error)}") from error

    def check(self) -> None:
        """As Runner.check."""
        self.runner.check()

    def first(self) -> Sequence[Answer]:
        """As Runner.first."""
        return self.runner.first()

    def about(self) -> dict[str, Any]:
        """As Runner.about."""
        return self.runner.about()

    def status(self) -> str:
        """As Runner.status."""
        return self.runner.status()

    def preview(self, documents: Sequence[Source]) -> Iterator[str]:
        """As Runner.preview."""
        return self.runner.preview(documents)
