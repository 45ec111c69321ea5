"""What came back: the raw answer of a server, classified before anything else is made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from benchmark.schema.fields import Json
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
    """What an answer is. `prediction`: its JSON, or the raw text where there is none; `reason`: why
    it is not valid; `usage`: the tokens that the server counted, None where it said nothing;
    `code`: of an error that the server named; `completion`: the whole answer, as sent."""

    outcome: str
    prediction: Json = None
    reason: str = ""
    usage: dict[str, Any] | None = None
    code: str = ""
    completion: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_answer(self) -> bool:
        """Whether a model has spoken: then nothing is asked again without being told to."""
        return self.outcome not in {MALFORMED, TIMEOUT, CONNECTION} and not self.is_status

    @property
    def is_status(self) -> bool:
        """Whether the server gave a status in place of an answer."""
        return self.outcome.startswith("http_")

    @property
    def is_repairable(self) -> bool:
        """Whether the model may do better when told what is wrong."""
        return self.outcome in {INVALID_JSON, INVALID_SCHEMA, PROSE, NO_TOOL_CALL}


class Classifier:
    """Reads the answers of one run."""

    def __init__(self, dialect: Dialect) -> None:
        import jsonschema_rs

        self._dialect, self._mode = dialect, dialect.mode
        self._validator = jsonschema_rs.validator_for(dialect.given, validate_formats=True)

    def read(self, status: int, body: bytes) -> Reading:
        """A response, whatever it is."""
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
        found = self._choice(message, choice.get("finish_reason"), usage)
        return replace(found, completion=content)

    def _choice(
        self, message: dict[str, Any], finish: Json, usage: dict[str, Any] | None
    ) -> Reading:
        text, called = self._text(message)
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
        """What the model wrote, and whether it stands where it was asked for."""
        content = message.get("content")
        text = content if isinstance(content, str) else ""
        if self._mode not in {Mode.TOOLS, Mode.TOOLS_STRICT}:
            return text, True
        calls = message.get("tool_calls")
        call = calls[0] if isinstance(calls, list) and calls else None
        function = call.get("function") if isinstance(call, dict) else None
        given = function.get("arguments") if isinstance(function, dict) else None
        return (given, True) if isinstance(given, str) else (text, False)

    def _parsed(self, text: str, usage: dict[str, Any] | None) -> Reading:
        fenced = _FENCE.search(text) if self._mode is Mode.MARKDOWN else None
        try:
            answer = orjson.loads(fenced[1] if fenced else text)
        except ValueError as error:
            outcome = PROSE if _has_json(text) else INVALID_JSON
            return Reading(outcome, text, f"not JSON: {error}", usage)
        answer = self._dialect.restored(answer)
        problem = self._problem(answer)
        return Reading(INVALID_SCHEMA if problem else VALID, answer, problem, usage)

    def _problem(self, answer: Json) -> str:
        import jsonschema_rs

        try:
            self._validator.validate(answer)
        except jsonschema_rs.ValidationError as error:
            path = ".".join(map(str, error.instance_path)) or "the top"
            return f"{path}: {error.message:.200}"
        except (ValueError, TypeError, RecursionError) as error:
            return f"the top: {error}"
        return ""


def _refused(status: int, content: Json, body: bytes) -> Reading:
    error = content.get("error") if isinstance(content, dict) else None
    error = error if isinstance(error, dict) else {"message": error or _clip(body)}
    told = error.get("message")
    code = error.get("code") or error.get("type")
    return Reading(
        f"http_{status}",
        reason=_clip(str(told or "")),
        code=code if isinstance(code, str) else "",
    )


def _has_json(text: str) -> bool:
    """Whether there is an object in a text that is none as a whole."""
    inside = text[text.find("{") : text.rfind("}") + 1]
    try:
        return isinstance(orjson.loads(inside), dict)
    except ValueError:
        return False


def _clip(text: str | bytes) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(told.split())[:200]
