"""Outcomes of calls: a server's raw response, classified before anything else is made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from benchmark.data.json_text import parse
from benchmark.schema.fields import Json
from benchmark.schema.validation import Validator
from runners.llm.dialect import Dialect
from runners.settings import Mode

VALID = "valid"
INVALID_JSON, INVALID_SCHEMA = "invalid_json", "invalid_schema"
PROSE, NO_TOOL_CALL, TRUNCATED, EMPTY = "prose", "no_tool_call", "truncated", "empty"
REFUSAL, FILTERED = "refusal", "filtered"
MALFORMED, TIMEOUT, CONNECTION = "malformed_200", "timeout", "connection"

_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """A classified response.

    `outcome` is one of the constants above, or `http_` and a status. `prediction`: the answer's
    JSON, or its raw text where that is not JSON; `reason`: why it is not valid; `usage`: the tokens
    that the server counted, None where it gave none; `code`: the server's name for an error;
    `completion`: the whole chat completion, as sent.
    """

    outcome: str
    prediction: Json = None
    reason: str = ""
    usage: dict[str, Any] | None = None
    code: str = ""
    completion: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_answer(self) -> bool:
        """Whether this is a result of the model, good or bad: then the call is not repeated."""
        return self.outcome not in {MALFORMED, TIMEOUT, CONNECTION} and not self.is_status

    @property
    def is_status(self) -> bool:
        """Whether the server answered with an HTTP status of an error (or of a redirect)."""
        return self.outcome.startswith("http_")

    @property
    def is_repairable(self) -> bool:
        """Whether the model may do better once it reads what is wrong."""
        return self.outcome in {INVALID_JSON, INVALID_SCHEMA, PROSE, NO_TOOL_CALL}


class Classifier:
    """Classifies the responses to requests that were made in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect, self._mode = dialect, dialect.mode
        self._validator = Validator(dialect.original)

    def read(self, status: int, body: bytes) -> Reading:
        """Classify a response, whatever it is: `status` is HTTP's, `body` may be no JSON."""
        try:
            content = orjson.loads(body)
        except ValueError:
            content = None
        if status >= 300:
            return _refused(status, content, body)
        choices = content.get("choices") if isinstance(content, dict) else None
        if not isinstance(choices, list):
            return Reading(MALFORMED, reason=f"no chat completion: {_clip(body)}")
        usage = content["usage"] if isinstance(content.get("usage"), dict) else None
        choice = choices[0] if choices and isinstance(choices[0], dict) else {}
        message = choice.get("message")
        if not isinstance(message, dict):
            return Reading(EMPTY, reason="no choice in the answer", usage=usage)
        reading = self._choice(message, choice.get("finish_reason"), usage)
        return replace(reading, completion=content)

    def _choice(
        self, message: dict[str, Any], finish: Json, usage: dict[str, Any] | None
    ) -> Reading:
        text, called = self._text(message)
        # What ended an answer comes before what it holds: a cut off or filtered one may be JSON.
        if message.get("refusal"):
            return Reading(REFUSAL, reason=_clip(str(message["refusal"])), usage=usage)
        if finish == "content_filter":
            return Reading(FILTERED, reason="stopped by a content filter", usage=usage)
        if finish == "length":
            return Reading(TRUNCATED, text or "", "the limit of tokens was reached", usage)
        if not text:
            return Reading(EMPTY, reason="an empty answer", usage=usage)
        if not called:
            return Reading(NO_TOOL_CALL, text, "no function was called", usage)
        return self._parsed(text, usage)

    def _text(self, message: dict[str, Any]) -> tuple[str, bool]:
        """What the model wrote, and whether it stands where the mode wants it: in the arguments of
        a function's call, or in the content of the message."""
        content = message.get("content")
        text = content if isinstance(content, str) else ""
        if self._mode not in {Mode.TOOLS, Mode.TOOLS_STRICT}:
            return text, True
        calls = message.get("tool_calls")
        call = calls[0] if isinstance(calls, list) and calls else None
        function = call.get("function") if isinstance(call, dict) else None
        # Any of these may be absent or of another type: a body is checked no further than JSON.
        arguments = function.get("arguments") if isinstance(function, dict) else None
        return (arguments, True) if isinstance(arguments, str) else (text, False)

    def _parsed(self, text: str, usage: dict[str, Any] | None) -> Reading:
        fenced = _FENCE.search(text) if self._mode is Mode.MARKDOWN else None
        try:
            answer = parse(fenced[1] if fenced else text)
        except ValueError as error:
            outcome = PROSE if _has_json(text) else INVALID_JSON
            return Reading(outcome, text, f"not JSON: {error}", usage)
        # The original schema is what counts, also where a stricter or laxer one was sent.
        answer = self._dialect.restored(answer)
        problem = self._validator.problem(answer) or ""
        return Reading(INVALID_SCHEMA if problem else VALID, answer, problem, usage)


def _refused(status: int, content: Json, body: bytes) -> Reading:
    """The reading of an error: OpenAI's form is {"error": {"message", "code", "type"}}, others send
    {"error": "..."} or a page."""
    error = content.get("error") if isinstance(content, dict) else None
    error = error if isinstance(error, dict) else {"message": error or _clip(body)}
    message = error.get("message")
    code = error.get("code") or error.get("type")
    return Reading(
        f"http_{status}",
        reason=_clip(str(message or "")),
        code=code if isinstance(code, str) else "",
    )


def _has_json(text: str) -> bool:
    """Whether an object stands within a text that is not JSON as a whole."""
    inside = text[text.find("{") : text.rfind("}") + 1]
    try:
        return isinstance(orjson.loads(inside), dict)
    except ValueError:
        return False


def _clip(text: str | bytes) -> str:
    """The first 200 characters, white space squeezed."""
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(decoded.split())[:200]
