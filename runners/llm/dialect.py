"""What is sent: the body of a chat completion, for each way to constrain the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from benchmark.schema.fields import Json
from runners.llm.strict_schema import adds_nulls, strict, without_added_nulls
from runners.settings import Mode, ModelOptions

Body = dict[str, Any]

NAME = "answer"
"""Of the function, or of the format, that the model fills in."""

IN_PROMPT = {Mode.JSON, Mode.MARKDOWN}
"""Modes in which only the prompt says what the answer looks like."""


STRICT = {Mode.JSON_SCHEMA, Mode.TOOLS_STRICT}
"""Modes in which a server is told to follow the schema to the letter."""


class Dialect:
    """A task's schema as it is sent in one mode, made once."""

    def __init__(self, schema: Mapping[str, Any], mode: Mode) -> None:
        self.given, self.mode = dict(schema), mode
        self.is_strict = mode in STRICT
        self._adds_nulls = self.is_strict and adds_nulls(schema)
        self.schema = strict(schema) if self.is_strict else plain(schema)
        self.in_prompt = orjson.dumps(self.schema).decode() if mode in IN_PROMPT else ""
        self.constraint = _constraint(self)

    def restored(self, answer: Json) -> Json:
        """An answer as the schema has it that was given."""
        return without_added_nulls(self.given, answer) if self._adds_nulls else answer


def plain(schema: Any) -> Any:
    """The schema without what only scoring reads."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "x-compare"}
    return [plain(one) for one in schema] if isinstance(schema, list) else schema


def _constraint(dialect: Dialect) -> Body:
    """The part of the body that holds the answer to the schema."""
    schema, mode = dialect.schema, dialect.mode
    if mode is Mode.JSON_SCHEMA:
        shape = {"name": NAME, "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": shape}}
    if mode in {Mode.TOOLS, Mode.TOOLS_STRICT}:
        function = {"name": NAME, "description": "The records of the text.", "parameters": schema}
        if dialect.is_strict:
            function["strict"] = True
        # Some servers ignore an object here, and some call several functions at once.
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": "required",
            "parallel_tool_calls": False,
        }
    return {"response_format": {"type": "json_object"}} if mode is Mode.JSON else {}


def settled(model: str, settings: ModelOptions) -> Body:
    """What is the same in every request of a run."""
    given = {
        "temperature": settings.temperature,
        "seed": settings.seed,
        "max_completion_tokens": settings.max_output_tokens,
        "reasoning_effort": settings.reasoning_effort or None,
    }
    return {"model": model, **{key: value for key, value in given.items() if value is not None}}
