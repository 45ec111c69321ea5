"""An answer as a line of JSON, as a predictions file holds it and a program writes it."""

from __future__ import annotations

from typing import Any

import orjson

from runners.interface import Answer

FORM = '{"id": "...", "prediction": {...}} or {"id": "...", "error": "why there is none"}'


def parse_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line, or ValueError."""
    try:
        found = orjson.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"a JSON object is expected, not {type(found).__name__}")
    return found


def as_answer(line: dict[str, Any]) -> Answer:
    """The answer that an object with an id holds, or ValueError."""
    error = line.get("error")
    if not {"prediction", "error"} & line.keys():
        raise ValueError(f"an answer is {FORM}")
    if error is not None and line.get("prediction") is not None:
        raise ValueError("there are both a prediction and an error; give one")
    return Answer(line["id"], line.get("prediction"), None if error is None else str(error))
