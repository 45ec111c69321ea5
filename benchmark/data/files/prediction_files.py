"""Predictions in other files than JSON Lines: a file for each document, or one object by id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmark.data.files.answers import Doubled, marked
from benchmark.data.json_text import BOM, check_size, parse, repeated_name
from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json


class PredictionFolder(Mapping[str, Any]):
    """The predictions of a folder, by document: in `ID.json` that of the document ID.

    A file is read when it is asked for. One that holds no JSON is a raw answer, so that it costs
    its document and no other.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {file.stem: file for file in sorted(folder.glob("*.json"))}

    def __getitem__(self, name: str) -> Any:
        return read_prediction(self._files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_prediction(file: Path) -> Any:
    """The prediction in a file of its own; a string, a raw answer, if it holds no JSON."""
    try:
        raw = file.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise unreadable(file, error) from None
    try:
        value = parse(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
    check_size(value, str(file))
    return marked(value, repeated_name(raw, value))


def read_by_id(raw: bytes, where: str) -> dict[str, Json] | None:
    """The predictions in one JSON object, by document; None for what is no such object.

    Raises DataError, with `where` (the file), for a document that is predicted twice.
    """
    raw = raw.removeprefix(BOM)
    try:
        predictions = parse(raw)
    except ValueError:
        return None
    if not isinstance(predictions, dict) or isinstance(predictions.get("id"), str):
        return None  # a line of JSON Lines, if anything
    for name, value in predictions.items():
        check_size(value, f"{where}: '{name}'")
    if repeated_name(raw, predictions) is None:
        return predictions
    return _with_marks(raw, where)


def _with_marks(raw: bytes, where: str) -> dict[str, Json]:
    """The predictions of an object in which names are repeated, marked where they are."""
    predictions = json.loads(raw, object_pairs_hook=_last_of_each)
    if isinstance(predictions, Doubled):
        raise DataError(f"{where}: '{predictions.name}' is predicted a second time")
    return {name: marked(value, _mark_in(value)) for name, value in predictions.items()}


def _last_of_each(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    names = [name for name, _ in pairs]
    return Doubled(value, next(name for n, name in enumerate(names) if name in names[:n]))


def _mark_in(value: Json) -> str | None:
    """The name that stands twice in the first object, at any depth, that is marked."""
    if isinstance(value, Doubled):
        return value.name
    if isinstance(value, dict):
        value = list(value.values())
    marks = map(_mark_in, value if isinstance(value, list) else ())
    return next((name for name in marks if name is not None), None)
