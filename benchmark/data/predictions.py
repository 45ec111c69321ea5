"""Predictions: what an extractor returned for each document, or why there is nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from benchmark.data.files.answers import Doubled, kind_of, marked, read_answer
from benchmark.data.files.flat_files import is_flat
from benchmark.data.files.prediction_files import PredictionFolder, read_by_id
from benchmark.data.files.stores import read_bytes
from benchmark.data.flat_records import read_flat_documents
from benchmark.data.json_lines import JsonLines, id_hint
from benchmark.errors import DataError
from benchmark.schema.fields import Json, Record
from benchmark.schema.paths import Steps, value_at
from benchmark.schema.paths import parse as parse_path
from benchmark.schema.tree.shapes import ENTRIES, TOP
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
    if not isinstance(line.get("id"), str) or not ("prediction" in line or "error" in line):
        hint = id_hint(line)
        raise ValueError(f"a prediction is {LINE}{hint and '; its id is a string' + hint}")
    if line.get("prediction") is not None and line.get("error") is not None:
        raise ValueError(f"'{line['id']}' has both a prediction and an error; keep one")


class PredictionFile(Mapping[str, Any]):
    """The predictions of a file in JSON Lines, by document, read when they are asked for.

    at: the steps from a prediction to the answer in it. A line that has no prediction is then taken
    for one itself.
    """

    def __init__(self, source: str | Path, at: Steps = ()) -> None:
        self._lines = _AnswerLines(source) if at else _PredictionLines(source)
        self._at = at

    def __getitem__(self, name: str) -> Any:
        line, twice = self._lines.read(name)
        error = line.get("error")
        if error is not None:
            return Failure(str(error))
        answer = line.get("prediction", line if self._at else None)
        return marked(answer_at(answer, self._at), twice)

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


class _AnswerLines(_PredictionLines):
    """Lines with the answer somewhere in them."""

    def check(self, where: str, line: dict[str, Json]) -> None:
        super().check(
            where, line if {"prediction", "error"} & line.keys() else {**line, "error": ""}
        )


def read_predictions(
    source: str | Path, at: str = "", tree: Record | None = None
) -> Mapping[str, Any]:
    """The predictions of a file or folder, or of a URL, by document.

    They are a line `{"id", "prediction"}` or `{"id", "error"}` for each document, read when it is
    asked for; a folder with a file `ID.json` for each; or a file `.json` with one object, id ->
    prediction. `at` is the path of the answer in each prediction, such as `data.result`. CSV and
    parquet have a row for each record of the one table that the schema has; they are read by its
    field tree, `task.tree`.

    A prediction that is a string is the raw answer of a model, not yet parsed. Raises DataError,
    with the line, for anything else, for a document predicted twice, and for a path that leads
    nowhere in all of them.
    """
    steps = steps_to(at)
    predictions = _rows(source, at, tree) if is_flat(source) else _predictions(source, steps)
    if not predictions:
        raise DataError(f"{source}: there is no prediction in it")
    if steps and all(answer is None for answer in predictions.values()):
        raise DataError(f"{source}: no prediction has anything at {at}")
    return predictions


def steps_to(at: str) -> Steps:
    """The steps to the answer in a prediction. Raises DataError for what is no path."""
    try:
        return parse_path(at)
    except ValueError as error:
        raise DataError(f"the place of the answer: {error}") from None


def _rows(source: str | Path, at: str, tree: Record | None) -> Mapping[str, Any]:
    """The predictions of a flat file."""
    if at:
        raise DataError(f"{source}: rows are the answers themselves: there is nothing at {at}")
    if tree is None:
        raise DataError(f"{source}: rows are read by a schema; give its field tree, task.tree")
    return {name: value for name, (_, value) in read_flat_documents(source, tree).items()}


def _predictions(source: str | Path, at: Steps) -> Mapping[str, Any]:
    """The predictions, in whatever form they are."""
    by_id: Mapping[str, Any] | None = None
    # Path.is_dir raises for a name that is too long for any file.
    if os.path.isdir(source):
        by_id = PredictionFolder(Path(source))
    elif str(source).endswith(".json"):
        by_id = read_by_id(read_bytes(source), str(source))
    if by_id is None:
        return PredictionFile(source, at)
    return {name: answer_at(by_id[name], at) for name in by_id} if at else by_id


def answer_at(prediction: Json, at: Steps) -> Json:
    """The answer that stands somewhere in a prediction, which may be a raw answer."""
    if not at:
        return prediction
    if isinstance(prediction, str):
        try:
            prediction = read_answer(prediction)
        except ValueError:
            return prediction
    twice = prediction.name if isinstance(prediction, Doubled) else None
    return marked(value_at(prediction, at), twice)


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
    try:
        prediction = as_json(prediction)
    except ValueError as error:
        return Classified(Status.UNPARSABLE, reason=str(error))
    if isinstance(prediction, Doubled):
        reason = f"'{prediction.name}' stands twice in one object"
        return Classified(Status.INVALID, dict(prediction), reason)
    problem = validator.problem(prediction)
    if problem and problem.startswith("the top: ") and not isinstance(prediction, dict):
        problem = f"the answer is {kind_of(prediction)}"
    return Classified(Status.INVALID if problem else Status.OK, prediction, problem or "")


def as_json(prediction: Any) -> Json:
    """The JSON that a pydantic model or a raw answer stands for; anything else as it is.

    Raises ValueError for an answer that is no JSON.
    """
    if hasattr(prediction, "model_dump"):
        return prediction.model_dump(mode="json", by_alias=True)
    return read_answer(prediction) if isinstance(prediction, str) else prediction


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
