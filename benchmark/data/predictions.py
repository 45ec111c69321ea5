"""Predictions: what an extractor returned for each document, or why there is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from benchmark.data.json_lines import JsonLines
from benchmark.data.json_text import parse
from benchmark.errors import DataError
from benchmark.schema.fields import Json
from benchmark.schema.shapes import ENTRIES, TOP
from benchmark.schema.validation import Validator


class Status(StrEnum):
    """What became of a document. All but `ok` and `invalid` have nothing to score."""

    OK = "ok"
    MISSING = "missing"
    FAILED = "failed"
    UNPARSABLE = "unparsable"
    INVALID = "invalid"


@dataclass(frozen=True)
class Failure:
    """The extractor said that it has no prediction for a document, and why."""

    reason: str


LINE = '{"id": "...", "prediction": {...}} or {"id": "...", "error": "why there is none"}'
"""What a line of a predictions file looks like."""


def check_line(line: Mapping[str, Json]) -> None:
    """Raise ValueError for an object that is no line of a predictions file."""
    if not isinstance(line.get("id"), str) or not {"prediction", "error"} & line.keys():
        raise ValueError(f"a prediction is {LINE}")
    if line.get("prediction") is not None and line.get("error") is not None:
        raise ValueError(f"'{line['id']}' has both a prediction and an error; keep one")


class PredictionFile(Mapping[str, Any]):
    """The predictions of a file, by document, read when they are asked for."""

    def __init__(self, source: str | Path) -> None:
        self._lines = _PredictionLines(source)

    def __getitem__(self, name: str) -> Any:
        line = self._lines[name]
        error = line.get("error")
        return line.get("prediction") if error is None else Failure(str(error))

    def part(self, names: Iterable[str]) -> PredictionFile:
        """The same file as if it held no more than these predictions."""
        part = copy(self)
        part._lines = self._lines.part(names)
        return part

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class _PredictionLines(JsonLines):
    def check(self, where: str, line: dict[str, Json]) -> None:
        try:
            check_line(line)
        except ValueError as error:
            raise DataError(f"{where}: {error}") from None

    def repeated(self, name: str) -> str:
        return f"'{name}' is predicted a second time"


def read_predictions(source: str | Path) -> PredictionFile:
    """A predictions file, or the URL of one: a line `{"id", "prediction"}` or `{"id", "error"}` for
    each document, read when it is asked for.

    A prediction that is a string is the raw answer of a model, not yet parsed. Raises DataError,
    with the line, for anything else and for a document predicted twice.
    """
    predictions = PredictionFile(source)
    if not predictions:
        raise DataError(f"{source}: there is no prediction in it")
    return predictions


class Classified(NamedTuple):
    """The status of one prediction, its JSON (None where there is none), and what is wrong."""

    status: Status
    value: Json = None
    reason: str = ""


def classify(prediction: Any, validator: Validator) -> Classified:
    """What a prediction is. A pydantic model stands for its JSON, a string for a raw answer."""
    if prediction is None:
        return Classified(Status.MISSING, reason="no prediction")
    if isinstance(prediction, Failure):
        return Classified(Status.FAILED, reason=prediction.reason)
    if hasattr(prediction, "model_dump"):
        prediction = prediction.model_dump(mode="json", by_alias=True)
    if isinstance(prediction, str):
        try:
            prediction = parse(prediction)
        except ValueError as error:
            return Classified(Status.UNPARSABLE, reason=str(error))
    problem = validator.problem(prediction)
    return Classified(Status.INVALID if problem else Status.OK, prediction, problem or "")


def check_properties(known: frozenset[str], predictions: Mapping[str, Any]) -> None:
    """Predictions none of which has a property of the schema were made for another one."""
    if known & {TOP, ENTRIES}:  # any name may stand at the top
        return
    other: dict[str, Json] = {}
    for value in predictions.values():
        if isinstance(value, dict) and value:
            if known & value.keys():
                return
            other = other or value
    if other:
        raise DataError(
            f"the predictions hold {', '.join(sorted(map(repr, other))[:5])}; the schema has "
            f"{', '.join(sorted(known))}: are they of another task?"
        )


def check_ids(known: Iterable[str], predictions: Mapping[str, Any]) -> None:
    """A predicted document that gold lacks is an error that names it."""
    if unknown := sorted(map(str, set(predictions) - set(known))):
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise DataError(
            f"'{unknown[0]}'{more} is predicted, but the gold has no such document; "
            f"are these the predictions of another task?"
        )
