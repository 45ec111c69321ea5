"""The body of a chat completion, for each way (mode) to constrain the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from benchmark.schema.fields import Json
from runners.llm.strict_schema import adds_nulls, strict, without_added_nulls
from runners.settings import Mode, ModelOptions

Body = dict[str, Any]

NAME = "answer"
"""The name of the function or the response format that the model fills in."""

IN_PROMPT = {Mode.JSON, Mode.MARKDOWN}
"""Modes in which the schema is stated in the prompt and nowhere else in the request."""

STRICT = {Mode.JSON_SCHEMA, Mode.TOOLS_STRICT}
"""Modes that ask the server (`"strict": true`) to decode under a grammar of the schema."""


class Dialect:
    """A task's schema as one mode sends it, translated once for all documents.

    `original` is the task's JSON Schema, `schema` what is sent; `in_prompt`: that as JSON text in
    the modes whose prompt has it, else ""; `constraint`: the part of the request's body that makes
    the answer follow the schema.
    """

    def __init__(self, schema: Mapping[str, Any], mode: Mode) -> None:
        self.original, self.mode = dict(schema), mode
        self.is_strict = mode in STRICT
        self._adds_nulls = self.is_strict and adds_nulls(schema)
        self.schema = strict(schema) if self.is_strict else plain(schema)
        self.in_prompt = orjson.dumps(self.schema).decode() if mode in IN_PROMPT else ""
        self.constraint = _constraint(self)

    def restored(self, answer: Json) -> Json:
        """The answer in terms of the original schema."""
        return without_added_nulls(self.original, answer) if self._adds_nulls else answer


def plain(schema: Any) -> Any:
    """The schema without `x-compare`, which only scoring reads."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "x-compare"}
    return [plain(item) for item in schema] if isinstance(schema, list) else schema


def _constraint(dialect: Dialect) -> Body:
    """The part of the body that makes the answer follow the schema."""
    schema, mode = dialect.schema, dialect.mode
    if mode is Mode.JSON_SCHEMA:
        json_schema = {"name": NAME, "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": json_schema}}
    if mode in {Mode.TOOLS, Mode.TOOLS_STRICT}:
        function = {"name": NAME, "description": "The records of the text.", "parameters": schema}
        if dialect.is_strict:
            function["strict"] = True
        # "required" rather than the function's name: with one function it means the same, and some
        # servers ignore an object here. Some would call several functions at once.
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": "required",
            "parallel_tool_calls": False,
        }
    return {"response_format": {"type": "json_object"}} if mode is Mode.JSON else {}


def fixed_body(model: str, options: ModelOptions) -> Body:
    """The part of the body that is the same in every request of a run."""
    parameters = {
        "temperature": options.temperature,
        "seed": options.seed,
        "max_completion_tokens": options.max_output_tokens,
        "reasoning_effort": options.reasoning_effort or None,
    }
    # What is not set is left out: some endpoints refuse a null, or the parameter itself.
    stated = {name: value for name, value in parameters.items() if value is not None}
    return {"model": model, **stated}
