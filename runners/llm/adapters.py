"""Adapters: instructor, or this package itself, builds a request and parses the answer.

Journal, retries and the classes of outcomes are the same for both.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from runners.llm.dialect import NAME, Body, Dialect
from runners.llm.outcomes import INVALID_SCHEMA, VALID, Reading
from runners.llm.prompt import Message
from runners.settings import Adapter, Mode


class Calls(Protocol):
    """Sends the body of a request and returns the classified response."""

    async def call(self, body: Mapping[str, Any], adapter: str, document: str) -> Reading: ...


class Ask(Protocol):
    """Makes a request of messages and returns what came of it."""

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading: ...


def adapt(adapter: Adapter, dialect: Dialect, fixed: Body) -> Ask:
    """The adapter for a dialect. `fixed`: the part of the body that is the same in all requests."""
    if adapter is Adapter.INSTRUCTOR:
        return Instructed(dialect, fixed)
    return Direct(dialect, fixed)


class Direct:
    """Sends a request that this package builds; the classifier's parsing is the answer."""

    def __init__(self, dialect: Dialect, fixed: Body) -> None:
        self._fixed = {**fixed, **dialect.constraint}

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading:
        body = {**self._fixed, "messages": messages}
        return await caller.call(body, Adapter.DIRECT, document)


class _NoAnswerError(Exception):
    """Ends a call within instructor: there is no valid answer for it to parse."""


class Instructed:
    """Lets instructor build the request and parse the answer; the transport between is ours.

    What it sends for tools and schemas is not strict, so the dialect's constraint replaces it.
    """

    def __init__(self, dialect: Dialect, fixed: Body) -> None:
        self._fixed, self._dialect = fixed, dialect
        self._model = _response_model(dialect.schema)
        # It logs each answer that is not valid as an error, text included. Here such an answer is a
        # result, which the journal has.
        logging.getLogger("instructor").setLevel(logging.CRITICAL + 1)

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading:
        import instructor
        from openai.types.chat import ChatCompletion

        readings: list[Reading] = []  # one at most: instructor is told not to retry

        async def create(**request: Any) -> ChatCompletion:
            body = {**request, **self._dialect.constraint}
            readings.append(await caller.call(body, Adapter.INSTRUCTOR, document))
            if readings[0].outcome != VALID:
                raise _NoAnswerError
            return ChatCompletion.construct(**readings[0].completion)

        ask = instructor.patch(create=create, mode=instructor.Mode(_MODES[self._dialect.mode]))
        try:
            answer = await ask(
                response_model=self._model, messages=messages, max_retries=0, **self._fixed
            )
        except Exception as error:
            if not readings:  # the caller raised, and instructor wrapped that
                raise error.__cause__ or error from None
            return readings[0] if readings[0].outcome != VALID else _rejected(readings[0], error)
        return replace(readings[0], prediction=self._dialect.restored(answer.model_dump()))


def _rejected(reading: Reading, error: Exception) -> Reading:
    """The reading of an answer that is valid by the schema, but that instructor refused."""
    return replace(reading, outcome=INVALID_SCHEMA, reason=f"instructor: {error!s:.160}")


def _response_model(schema: Mapping[str, Any]) -> type:
    """A pydantic model whose JSON Schema is `schema`, and which accepts any object.

    The classifier has validated the answer by then. Made once for all calls.
    """
    from pydantic import BaseModel, ConfigDict

    titled = {"title": NAME, "description": "The records of the text.", **schema}

    class Answer(BaseModel):
        model_config = ConfigDict(extra="allow")

        @classmethod
        def model_json_schema(cls, *_: Any, **_options: Any) -> dict[str, Any]:
            return titled

    Answer.__name__ = NAME
    return Answer


_MODES = {
    Mode.JSON_SCHEMA: "json_schema_mode",
    Mode.TOOLS_STRICT: "tool_call",
    Mode.JSON_SCHEMA_LOOSE: "json_schema_mode",
    Mode.TOOLS: "tool_call",
    Mode.JSON: "json_mode",
    Mode.MARKDOWN: "markdown_json_mode",
}
