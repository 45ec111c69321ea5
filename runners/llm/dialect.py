"""The body of a chat completion, for each way (mode) to constrain the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from benchmark.schema.fields import Json
from runners.llm.schemas.raw import raw
from runners.llm.schemas.restoring import Restorer, unwrapped
from runners.llm.schemas.strict import WRAPPER, Strict
from runners.llm.schemas.ways import UnsayableError
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
    the answer follow the schema; `restored`: reads an answer in terms of the original schema.

    Raises UnsayableError for a strict mode, if the strict subset cannot say the schema.
    """

    def __init__(self, schema: Json, mode: Mode) -> None:
        self.original, self.mode = schema, mode
        self.is_strict = mode in STRICT
        if self.is_strict:
            strict = Strict(schema)
            self.schema, self._is_wrapped = strict.schema, strict.wrapped
            self.restored: Callable[[Json], Json] = Restorer(strict).restored
        else:
            self.schema, self._is_wrapped = raw(schema)
            self.restored = unwrapped if self._is_wrapped else _as_it_is
        self.in_prompt = orjson.dumps(self.schema).decode() if mode in IN_PROMPT else ""
        self.constraint = _constraint(self)

    def wrapped(self, answer: Json) -> Json:
        """An answer in terms of the original schema, as a model is to give it."""
        return {WRAPPER: answer} if self._is_wrapped else answer


def _as_it_is(answer: Json) -> Json:
    return answer


def strictness(schema: Json) -> tuple[str, tuple[str, ...]]:
    """Why the strict subset cannot say a schema, "" if it can; and the keywords that it leaves to
    the check of the answer."""
    try:
        return "", Strict(schema).unsent
    except UnsayableError as error:
        return str(error), ()


def _constraint(dialect: Dialect) -> Body:
    """The part of the body that makes the answer follow the schema."""
    schema, mode = dialect.schema, dialect.mode
    if mode in {Mode.JSON_SCHEMA, Mode.JSON_SCHEMA_LOOSE}:
        json_schema = {"name": NAME, "strict": dialect.is_strict, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": json_schema}}
    if mode in {Mode.TOOLS, Mode.TOOLS_STRICT}:
        function: Body = {
            "name": NAME,
            "description": "The records of the text.",
            "parameters": schema,
        }
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
