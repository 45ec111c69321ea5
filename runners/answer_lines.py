"""Answers as lines of JSON, which predictions files hold and programs write."""

from __future__ import annotations

from typing import Any

from benchmark.data.json_text import parse
from benchmark.data.predictions import check_line
from runners.interface import Answer


def parse_object(line: bytes) -> dict[str, Any]:
    """Parse a line that holds a JSON object; ValueError for any other."""
    try:
        value = parse(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"a JSON object is expected, not {type(value).__name__}")
    return value


def as_answer(line: dict[str, Any]) -> Answer:
    """The answer that the object of a line stands for; ValueError if it has not the form."""
    check_line(line)
    error = line.get("error")
    return Answer(line["id"], line.get("prediction"), None if error is None else str(error))
