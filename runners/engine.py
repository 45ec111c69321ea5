"""Runs an extractor over documents, one answer for each, whatever the extractor does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from runners.registry import Extract


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
    """What came of one document: a prediction, or why there is none."""

    id: str
    prediction: Any = None
    error: str | None = None

    def line(self) -> dict[str, Any]:
        """The answer as a line of a predictions file."""
        if self.error is not None:
            return {"id": self.id, "error": self.error}
        return {"id": self.id, "prediction": self.prediction}


def extract_all(extract: Extract, documents: Iterable[Source]) -> Iterator[Answer]:
    """An answer a document, in order."""
    for document in documents:
        try:
            prediction = extract(document.text or "", document.meta)
        except Exception as error:
            yield Answer(document.id, error=f"{type(error).__name__}: {error}")
        else:
            yield Answer(document.id, prediction)
