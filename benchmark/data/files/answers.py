"""What an answer holds: JSON, a block of code with JSON in it, or something else."""

from __future__ import annotations

import re

from benchmark.data.json_text import parse, repeated_name
from benchmark.schema.fields import Json

FENCE = "```"
MOST_QUOTED = 40
"""Characters of an answer that are shown in a reason."""
KINDS = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}


class Doubled(dict[str, Json]):
    """A prediction in whose JSON text a name stands twice in one object; the last one counts."""

    def __init__(self, value: dict[str, Json], name: str) -> None:
        super().__init__(value)
        self.name = name


def marked(value: Json, twice: str | None) -> Json:
    """A prediction, marked if a name stands twice in it."""
    return Doubled(value, twice) if twice is not None and isinstance(value, dict) else value


def read_answer(text: str) -> Json:
    """The JSON of a raw answer, or of the one block of code that it is.

    Raises ValueError, which says what else stands there.
    """
    code = _unfenced(text)
    try:
        value = parse(code)
    except ValueError as error:
        raise ValueError(_other_than_json(text, error)) from None
    return marked(value, repeated_name(code.encode(), value))


def _unfenced(text: str) -> str:
    """What a fenced block of code holds; a text that is none, as it is."""
    block = text.strip()
    opening, _, code = block.partition("\n")
    if block.endswith(FENCE) and re.fullmatch(FENCE + r"[ \t]*[\w+-]*[ \t]*\r?", opening):
        return code.removesuffix(FENCE)
    return text


def _other_than_json(text: str, error: ValueError) -> str:
    """What a raw answer is that is no JSON."""
    start = text.strip()
    if not start:
        return "the answer is empty"
    if start.startswith("\ufeff"):
        return "a byte order mark stands before the JSON"
    before, brace, _ = start.partition("{")
    if FENCE in before or (not brace and FENCE in start):
        return f"a block of code does not stand alone, or holds no JSON: {error}"
    if brace and before and not before.startswith("["):
        return f"text stands before the JSON: {_shortened(before)}"
    if before and not before.startswith("["):
        return f"text without JSON: {_shortened(before)}"
    return str(error)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}...")


def kind_of(value: Json) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else KINDS.get(type(value), "an object")
