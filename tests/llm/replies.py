"""What a server of OpenAI's chat completions answers: a request and a behaviour -> a reply.

A behaviour is a JSON object. `KINDS` has its kinds and the keys that each takes besides `COMMON`.
"""

import time
from email.utils import formatdate
from math import ceil
from typing import Any, NamedTuple

import orjson

Behaviour = dict[str, Any]

KINDS: dict[str, set[str]] = {
    # Whole answers. The content is JSON; without it, what the plan has for the document is sent.
    # It goes into the arguments of a tool call if the request has tools, else into the message.
    "answer": {"content"},
    "text": {"text"},  # raw text in that place: prose around JSON, fences, invalid JSON
    "no_tool_call": {"content", "text"},  # in the message although the request has tools
    "truncated": {"content", "text"},  # the first half, finish_reason "length"
    "refusal": {"text"},
    "filtered": {"text"},  # finish_reason "content_filter"
    "empty_choices": set(),
    "empty_content": {"content"},  # null, or what is given
    "html_200": set(),
    # Errors. A status has OpenAI's error of that code (`error` is another one's name) or a `body`,
    # JSON or text. `retry_after` and `retry_after_date` are seconds, the latter sent as a date.
    "status": {"code", "error", "body", "retry_after", "retry_after_date"},
    "unsupported": set(),  # 400: no response_format json_schema here
    # Faults of the connection.
    "close": set(),  # an orderly end before any response
    "reset": set(),  # an RST before any response
    "reset_mid_body": {"content"},  # half of the body that Content-Length announces, then the end
    "trickle": {"content", "every"},  # a byte of the body every 0.05 seconds
    "hang": set(),  # no response, ever
}

COMMON = {"kind", "delay", "headers", "usage"}
"""Seconds to wait first, further headers, and the usage of a whole answer: null is sent as null,
"absent" leaves the field out."""

USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 0},
}

ERRORS: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request is invalid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "unsupported_country_region_territory", "Not available here."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    408: ("server_error", None, "The request timed out."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
    500: ("server_error", None, "The server had an error while processing your request."),
    502: ("server_error", None, "Bad gateway."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}
"""Type, code and message by status."""

HTML = "<!doctype html><html><head><title>Welcome</title></head></html>"
REFUSAL = "I'm sorry, I can't assist with that."
QUOTA = "You exceeded your current quota, please check your plan and billing details."


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def check(behaviour: Behaviour) -> None:
    """A slip in a plan is an error at once, not a test that passes for no reason."""
    kind = behaviour.get("kind")
    if kind not in KINDS:
        raise ValueError(f"no kind of behaviour: {behaviour}")
    if unknown := behaviour.keys() - COMMON - KINDS[kind]:
        raise ValueError(f"{kind} does not take {sorted(unknown)}")


def reply(behaviour: Behaviour, request: dict[str, Any], content: Any) -> Reply:
    """`content` is what the plan has for the document."""
    kind = behaviour["kind"]
    if kind == "status":
        return _error(behaviour)
    if kind == "unsupported":
        return unsupported("json_schema", 400)
    if kind == "html_200":
        return _html(200, HTML, behaviour.get("headers"))
    text = behaviour.get("text")
    if text is None:
        text = orjson.dumps(behaviour.get("content", content)).decode()
    return _completion(behaviour, request, _choices(behaviour, request, text))


def unsupported(mode: str, status: int) -> Reply:
    """How a server refuses a request that uses `mode`: with a 400 that says so, or with a 500."""
    if status != 400:
        return _error({"code": status})
    if mode == "tools":
        param, message = "tools", "Unsupported parameter: 'tools' is not supported with this model."
    else:
        param, message = "response_format", f"Invalid parameter: 'response_format' of type '{mode}'"
        message += " is not supported with this model."
    error = _openai_error("invalid_request_error", None, message, param)
    return _error({"code": 400, "body": error})


def modes(request: dict[str, Any]) -> set[str]:
    """Of "tools", "json_schema" and "json_object", what a request makes use of."""
    kind = (request.get("response_format") or {}).get("type")
    return {kind} & {"json_schema", "json_object"} | ({"tools"} if request.get("tools") else set())


def _choices(behaviour: Behaviour, request: dict[str, Any], text: str) -> list[dict[str, Any]]:
    message, end = _in_place(request, text), _regular_end(request)
    match behaviour["kind"]:
        case "no_tool_call":
            message, end = {"content": text}, "stop"
        case "truncated":
            message, end = _in_place(request, text[: len(text) // 2]), "length"
        case "refusal":
            message, end = {"refusal": behaviour.get("text", REFUSAL)}, "stop"
        case "filtered":
            message, end = {"content": behaviour.get("text", "")}, "content_filter"
        case "empty_content":
            message, end = {"content": behaviour.get("content")}, "stop"
        case "empty_choices":
            return []
    whole = {"role": "assistant", "content": None, "refusal": None, **message}
    return [{"index": 0, "message": whole, "logprobs": None, "finish_reason": end}]


def _in_place(request: dict[str, Any], text: str) -> dict[str, Any]:
    """The text where the request wants it."""
    if not request.get("tools"):
        return {"content": text}
    asked = request.get("tool_choice")
    tool = asked if isinstance(asked, dict) else request["tools"][0]
    function = {"name": tool["function"]["name"], "arguments": text}
    return {"tool_calls": [{"id": "call_1", "type": "function", "function": function}]}


def _regular_end(request: dict[str, Any]) -> str:
    """A call of the one tool that the request names ends with "stop", as OpenAI has it."""
    free = request.get("tools") and not isinstance(request.get("tool_choice"), dict)
    return "tool_calls" if free else "stop"


def _completion(behaviour: Behaviour, request: dict[str, Any], choices: list[Any]) -> Reply:
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.get("model"),
        "choices": choices,
        "usage": behaviour.get("usage", USAGE),
    }
    if whole["usage"] == "absent":
        del whole["usage"]
    return _json(200, whole, behaviour.get("headers"))


def _error(behaviour: Behaviour) -> Reply:
    code, headers = behaviour["code"], dict(behaviour.get("headers") or {})
    if "retry_after" in behaviour:
        headers["retry-after"] = str(behaviour["retry_after"])
    if "retry_after_date" in behaviour:
        until = ceil(time.time() + behaviour["retry_after_date"])
        headers["retry-after"] = formatdate(until, usegmt=True)
    body = behaviour.get("body")
    if isinstance(body, str):
        return _html(code, body, headers)
    return _json(code, body or _default_error(code, behaviour.get("error")), headers)


def _default_error(code: int, name: str | None) -> dict[str, Any]:
    if name == "insufficient_quota":
        return _openai_error(name, name, QUOTA)
    kind, usual, message = ERRORS.get(code, ("server_error", None, f"Status {code}."))
    return _openai_error(kind, name or usual, message)


def _openai_error(
    kind: str, code: str | None, message: str, param: str | None = None
) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _json(status: int, value: Any, headers: dict[str, str] | None) -> Reply:
    all_headers = {"content-type": "application/json", **(headers or {})}
    return Reply(status, all_headers, orjson.dumps(value))


def _html(status: int, text: str, headers: dict[str, str] | None) -> Reply:
    all_headers = {"content-type": "text/html; charset=utf-8", **(headers or {})}
    return Reply(status, all_headers, text.encode())
