"""The interface of extractors: a runner gives one answer for each document, whatever happens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from benchmark.errors import FieldmarkError, harmless

Extract = Callable[[str, Mapping[str, Any]], Any]
"""A document's text and metadata -> the prediction. An exception becomes the document's error."""


class ExtractorError(FieldmarkError):
    """An extractor failed on a document, and the run was to end at the first failure."""


class Source(Protocol):
    """A document as an extractor sees it: without its gold."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def meta(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Answer:
    """The outcome for one document, by its id: a prediction, or an error that says why there is
    none. A prediction that is a string is a raw answer, which is not JSON."""

    id: str
    prediction: Any = None
    error: str | None = None

    def line(self) -> dict[str, Any]:
        """The object that stands for the answer in a predictions file."""
        if self.error is not None:
            return {"id": self.id, "error": self.error}
        return {"id": self.id, "prediction": self.prediction}


Done = Callable[[Answer], object]
"""A callback that takes each answer as soon as it is there."""


class Runner(ABC):
    """An extractor made for a task."""

    @abstractmethod
    def run(self, documents: Sequence[Source], done: Done) -> None:
        """Call `done` with one answer for each document, in any order.

        A failure on a document is an answer with an error. Raises what ends the whole run.
        """

    def check(self) -> None:  # noqa: B027 - most have nothing to check
        """Raise FieldmarkError if a run could not start, for want of a key, say."""

    def about(self) -> dict[str, Any]:
        """The manifest's entry for the extractor: what its answers depend on and what they took."""
        return {}

    def status(self) -> str:
        """The state of a run in a few words, shown with its progress; "" for none."""
        return ""

    def first(self) -> Sequence[Answer]:
        """The answers before repairs, where invalid ones were asked for again; else none."""
        return ()

    def preview(self, _documents: Sequence[Source]) -> Iterator[str]:
        """Texts that show what a run would send and cost; nothing is sent."""
        return iter(())


def fail_fast(done: Done) -> Done:
    """Wrap a callback so that an answer with an error raises ExtractorError instead."""

    def checked(answer: Answer) -> None:
        if answer.error is not None:
            raise ExtractorError(f"'{answer.id}': {answer.error}")
        done(answer)

    return checked


def one_line(error: BaseException) -> str:
    """An exception's type and message in one line, safe to print on a terminal."""
    try:
        return harmless(f"{type(error).__name__}: {error}".strip(": \n"))
    except Exception:  # its own __str__ is broken
        return type(error).__name__


FAILURES = (Exception, SystemExit)
"""Exceptions of an extractor that become a document's error. SystemExit is among them: a library
that exits must not end the run."""
