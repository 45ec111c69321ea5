"""What runs an extractor over documents: one answer for each, whatever the extractor does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchmark.errors import FieldmarkError, harmless

Extract = Callable[[str, Mapping[str, Any]], Any]
"""A document's text and metadata -> the prediction. An exception costs the document."""


class ExtractorError(FieldmarkError):
    """An extractor failed on a document, and the run was to end there."""


class Source(Protocol):
    """A document as an extractor may see it: never its gold."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def meta(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Answer:
    """What came of one document: a prediction (a string is a raw answer that is not JSON), or why
    there is none."""

    id: str
    prediction: Any = None
    error: str | None = None

    def line(self) -> dict[str, Any]:
        """The answer as a line of a predictions file."""
        if self.error is not None:
            return {"id": self.id, "error": self.error}
        return {"id": self.id, "prediction": self.prediction}


Done = Callable[[Answer], object]
"""Called with each answer as soon as it is there."""


class Runner(ABC):
    """An extractor made for a task."""

    @abstractmethod
    def run(self, documents: Sequence[Source], done: Done) -> None:
        """Answer each document, in any order. What ends the run early is raised."""

    def check(self) -> None:  # noqa: B027 - most have nothing to check
        """Raise what would keep a run from starting."""

    def about(self) -> dict[str, Any]:
        """What a manifest should say of it: what its answers depend on, and what they took."""
        return {}

    def status(self) -> str:
        """How a run stands, in a few words."""
        return ""

    def first(self) -> Sequence[Answer]:
        """The first answers, where invalid ones were asked for again."""
        return ()

    def preview(self, _documents: Sequence[Source]) -> Iterator[str]:
        """What a run would send and cost."""
        return iter(())


def fail_fast(done: Done) -> Done:
    """The same, but an answer that is a failure ends the run: it is raised."""

    def checked(answer: Answer) -> None:
        if answer.error is not None:
            raise ExtractorError(f"'{answer.id}': {answer.error}")
        done(answer)

    return checked


def one_line(error: BaseException) -> str:
    """An exception in one line of a file or terminal."""
    try:
        return harmless(f"{type(error).__name__}: {error}".strip(": \n"))
    except Exception:  # its own __str__ is broken
        return type(error).__name__


FAILURES = (Exception, SystemExit)
"""What costs a document when a function raises it. A library that exits must not end the run."""
