"""Who builds a request and parses its answer: instructor, or this package itself. Journal, retries
and classes of outcome are the same for both."""

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
    """What gets an answer to a request."""

    async def call(self, body: Mapping[str, Any], adapter: str, document: str) -> Reading: ...


class Ask(Protocol):
    """Asks for one answer."""

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading: ...


def adapt(adapter: Adapter, dialect: Dialect, fixed: Body) -> Ask:
    """What asks by one of the adapters. `fixed`: what is the same in all requests."""
    if adapter is Adapter.INSTRUCTOR:
        return Instructed(dialect, fixed)
    return Direct(dialect, fixed)


class Direct:
    """One request, our schema, our parsing."""

    def __init__(self, dialect: Dialect, fixed: Body) -> None:
        self._fixed = {**fixed, **dialect.constraint}

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading:
        body = {**self._fixed, "messages": messages}
        return await caller.call(body, Adapter.DIRECT, document)


class _NoAnswerError(Exception):
    """What instructor is not to parse, nor to ask about again."""


class Instructed:
    """instructor builds the request and parses the answer; the transport between is ours. What it
    sends for tools and schemas is not strict, so that part of the body is put right."""

    def __init__(self, dialect: Dialect, fixed: Body) -> None:
        self._fixed, self._dialect = fixed, dialect
        self._model = _response_model(dialect.schema)
        # It logs every answer that is not valid as an error, with the answer: they are results.
        logging.getLogger("instructor").setLevel(logging.CRITICAL + 1)

    async def __call__(self, caller: Calls, messages: list[Message], document: str) -> Reading:
        import instructor
        from openai.types.chat import ChatCompletion

        found: list[Reading] = []

        async def create(**request: Any) -> ChatCompletion:
            body = {**request, **self._dialect.constraint}
            found.append(await caller.call(body, Adapter.INSTRUCTOR, document))
            if found[0].outcome != VALID:
                raise _NoAnswerError
            return ChatCompletion.construct(**found[0].completion)

        ask = instructor.patch(create=create, mode=instructor.Mode(_MODES[self._dialect.mode]))
        try:
            answer = await ask(
                response_model=self._model, messages=messages, max_retries=0, **self._fixed
            )
        except Exception as error:
            if not found:  # what ended the call: instructor wraps it
                raise error.__cause__ or error from None
            return found[0] if found[0].outcome != VALID else _unread(found[0], error)
        return replace(found[0], prediction=self._dialect.restored(answer.model_dump()))


def _unread(reading: Reading, error: Exception) -> Reading:
    """What is valid to us, and not to instructor."""
    return replace(reading, outcome=INVALID_SCHEMA, reason=f"instructor: {error!s:.160}")


def _response_model(schema: Mapping[str, Any]) -> type:
    """A pydantic model of any JSON Schema: it says what the schema says, and takes what has been
    validated. Made once, as instructor would make it anew for each call."""
    from pydantic import BaseModel, ConfigDict

    told = {"title": NAME, "description": "The records of the text.", **schema}

    class Answer(BaseModel):
        model_config = ConfigDict(extra="allow")

        @classmethod
        def model_json_schema(cls, *_: Any, **_options: Any) -> dict[str, Any]:
            return told

    Answer.__name__ = NAME
    return Answer


_MODES = {
    Mode.JSON_SCHEMA: "json_schema_mode",
    Mode.TOOLS_STRICT: "tool_call",
    Mode.TOOLS: "tool_call",
    Mode.JSON: "json_mode",
    Mode.MARKDOWN: "markdown_json_mode",
}
