"""The server that LLM extractors are tested against, asked over plain HTTP."""

import asyncio
import http.client
import json
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pytest
from server import ANSWER, Server

EVENTS = {"events": [{"place": "Tondi"}]}
TOOL = {"type": "function", "function": {"name": "Report", "parameters": {"type": "object"}}}
NAMED = {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "Report"}}}
JSON_SCHEMA = {"response_format": {"type": "json_schema", "json_schema": {"name": "Report"}}}
JSON_OBJECT = {"response_format": {"type": "json_object"}}
PATH = "/v1/chat/completions"
SOON = 5
"""Seconds in which what does happen has happened."""


class Response(NamedTuple):
    status: int
    headers: Any
    raw: bytes

    @property
    def body(self):
        return json.loads(self.raw)

    @property
    def message(self):
        return self.body["choices"][0]["message"]

    @property
    def end(self):
        return self.body["choices"][0]["finish_reason"]


def body_of(marker="doc-1", **more):
    messages = [{"role": "system", "content": "Extract."}, {"role": "user", "content": marker}]
    return json.dumps({"model": "m", "messages": messages, **more})


def connect(server, timeout=SOON):
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)


def send(connection, body):
    connection.request("POST", PATH, body, {"content-type": "application/json"})
    response = connection.getresponse()
    return Response(response.status, response.headers, response.read())


def ask(server, marker="doc-1", timeout=SOON, **more):
    connection = connect(server, timeout)
    try:
        return send(connection, body_of(marker, **more))
    finally:
        connection.close()


def ask_as(server, behaviour, **more):
    server.plan(default=behaviour)
    return ask(server, **more)


def wait_for(condition):
    until = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_an_answer_is_a_completion_with_usage(server):
    response = ask_as(server, {"kind": "answer", "content": EVENTS})
    assert response.status == 200
    assert json.loads(response.message["content"]) == EVENTS
    assert response.end == "stop"
    assert response.body["model"] == "m"
    assert response.body["usage"]["prompt_tokens"] == 100
    assert response.body["usage"]["completion_tokens"] == 20
    assert response.body["usage"]["prompt_tokens_details"] == {"cached_tokens": 0}
    assert response.headers["x-request-id"] == server.requests()[0].request_id
    assert response.headers["x-ratelimit-remaining-requests"] == "9999"


def test_usage_may_be_another_or_null_or_absent(server):
    other = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    assert ask_as(server, {**ANSWER, "usage": other}).body["usage"] == other
    assert ask_as(server, {**ANSWER, "usage": None}).body["usage"] is None
    assert "usage" not in ask_as(server, {**ANSWER, "usage": "absent"}).body


@pytest.mark.parametrize(
    ("more", "end"), [(NAMED, "stop"), ({"tools": [TOOL], "tool_choice": "required"}, "tool_calls")]
)
def test_with_tools_an_answer_is_a_tool_call(server, more, end):
    response = ask_as(server, {"kind": "answer", "content": EVENTS}, **more)
    (call,) = response.message["tool_calls"]
    assert call["function"]["name"] == "Report"
    assert json.loads(call["function"]["arguments"]) == EVENTS
    assert response.message["content"] is None
    assert response.end == end


def test_raw_text_goes_where_the_answer_would(server):
    said = {"kind": "text", "text": 'Sure: {"events": '}
    assert ask_as(server, said).message["content"] == said["text"]
    (call,) = ask(server, **NAMED).message["tool_calls"]
    assert call["function"]["arguments"] == said["text"]


def test_a_model_may_not_call_the_tool(server):
    message = ask_as(server, {"kind": "no_tool_call", "text": "No."}, **NAMED).message
    assert (message["content"], message.get("tool_calls")) == ("No.", None)


def test_an_answer_may_be_cut(server):
    response = ask_as(server, {"kind": "truncated", "content": EVENTS})
    assert response.end == "length"
    assert '{"events":[{"place":"Tondi"}]}'.startswith(response.message["content"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.message["content"])


def test_a_refusal_has_no_content(server):
    message = ask_as(server, {"kind": "refusal", "text": "I won't."}, **NAMED).message
    assert message == {"role": "assistant", "content": None, "refusal": "I won't."}


def test_an_answer_may_be_filtered(server):
    assert ask_as(server, {"kind": "filtered"}).end == "content_filter"


def test_a_completion_may_be_empty(server):
    assert ask_as(server, {"kind": "empty_choices"}).body["choices"] == []
    assert ask_as(server, {"kind": "empty_content"}).message["content"] is None
    assert ask_as(server, {"kind": "empty_content", "content": ""}).message["content"] == ""


def test_a_page_may_come_with_status_200(server):
    response = ask_as(server, {"kind": "html_200"})
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/html")
    assert response.raw.startswith(b"<!doctype html>")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 408, 429, 500, 502, 503, 529])
def test_a_status_has_an_error_of_its_kind(server, code):
    response = ask_as(server, {"kind": "status", "code": code})
    assert response.status == code
    assert response.body["error"]["message"]
    assert "retry-after" not in response.headers


def test_when_to_come_back_is_told_in_seconds_or_as_a_date(server):
    behaviour = {"kind": "status", "code": 429}
    assert ask_as(server, {**behaviour, "retry_after": 3}).headers["retry-after"] == "3"
    date = ask_as(server, {**behaviour, "retry_after_date": 3}).headers["retry-after"]
    assert 2 < parsedate_to_datetime(date).timestamp() - time.time() <= 4


def test_a_quota_may_be_used_up(server):
    response = ask_as(server, {"kind": "status", "code": 429, "error": "insufficient_quota"})
    assert response.body["error"]["code"] == "insufficient_quota"


def test_body_and_headers_of_an_error_may_be_given(server):
    page = {"kind": "status", "code": 502, "body": "<html>", "headers": {"x-served-by": "proxy"}}
    response = ask_as(server, page)
    assert (response.status, response.raw) == (502, b"<html>")
    assert response.headers["x-served-by"] == "proxy"
    assert ask_as(server, {**page, "body": {"detail": "no"}}).body == {"detail": "no"}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("close", http.client.RemoteDisconnected),
        ("reset", ConnectionResetError),
        ("reset_mid_body", http.client.IncompleteRead),
        ("hang", TimeoutError),
    ],
)
def test_a_connection_may_fail(server, kind, error):
    server.plan({"doc-1": [{"kind": kind}, ANSWER]})
    with pytest.raises(error) as caught:
        ask(server, timeout=0.3)
    assert caught.type is error
    wait_for(lambda: not server.in_flight())
    (received,) = server.requests()
    assert (received.kind, received.complete) == (kind, False)
    assert ask(server).status == 200


def test_half_of_a_body_is_sent(server):
    server.plan(default={"kind": "reset_mid_body"})
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(server)
    assert abs(len(caught.value.partial) - caught.value.expected) <= 1


def test_a_trickle_outlasts_the_timeout_of_a_read(server):
    server.plan(default={"kind": "trickle"})
    connection = connect(server, timeout=0.4)
    connection.request("POST", PATH, body_of())
    response = connection.getresponse()
    start = time.monotonic()
    assert response.read(16) == b'{"id":"chatcmpl-'
    assert time.monotonic() - start > 0.5
    connection.close()
    wait_for(lambda: not server.in_flight())
    assert not server.requests()[0].complete


def test_a_trickle_has_an_end(server):
    response = ask_as(server, {"kind": "trickle", "every": 0.0001})
    assert json.loads(response.message["content"]) == {"events": []}
    assert server.requests()[0].complete


def test_an_answer_may_be_late(server):
    ask_as(server, {**ANSWER, "delay": 0.2})
    (received,) = server.requests()
    assert 0.2 <= received.ended - received.at < 2


def test_the_last_of_a_plan_repeats(server):
    server.plan(
        {"doc-1": [{"kind": "status", "code": 500}, ANSWER], None: {"kind": "status", "code": 403}},
        default=[{"kind": "status", "code": 503}, {"kind": "refusal"}],
    )
    assert [ask(server, "doc-1").status for _ in range(3)] == [500, 200, 200]
    assert [ask(server, "doc-2").status for _ in range(2)] == [503, 200]
    assert ask(server, "doc-3").status == 503
    assert ask(server, "no marker").status == 403
    assert server.count("doc-1") == 3
    assert server.count("doc-2", None) == 3
    assert server.count() == 7
    assert server.count("doc-4") == 0


def test_a_new_plan_begins_at_its_beginning(server):
    twice = {"doc-1": [{"kind": "status", "code": 500}, ANSWER]}
    for _ in range(2):
        server.plan(twice)
        assert ask(server).status == 500
    assert server.count("doc-1") == 2


def test_contents_are_given_by_document(server):
    server.plan(contents={"doc-1": EVENTS, None: {"events": [{}]}})
    assert json.loads(ask(server, "doc-1").message["content"]) == EVENTS
    assert json.loads(ask(server, "doc-2").message["content"]) == {"events": [{}]}


@pytest.mark.parametrize("slip", [{"kind": "anwser"}, {"kind": "answer", "dealy": 1}, {}])
def test_a_slip_in_a_plan_is_an_error(server, slip):
    with pytest.raises(ValueError, match=r"no kind|does not take"):
        server.plan({"doc-1": [ANSWER, slip]})


@pytest.mark.parametrize(
    ("mode", "more"), [("json_schema", JSON_SCHEMA), ("json_object", JSON_OBJECT), ("tools", NAMED)]
)
def test_modes_are_rejected(server, mode, more):
    server.plan({"doc-1": [{"kind": "refusal"}, ANSWER]})
    server.reject([mode])
    response = ask(server, **more)
    assert response.status == 400
    assert "is not supported with this model" in response.body["error"]["message"]
    assert server.requests()[0].kind == "rejected"
    assert ask(server).message["refusal"], "it has used up nothing of the plan"
    server.reject([mode], status=500)
    assert ask(server, **more).status == 500
    server.reject()
    assert ask(server, **more).status == 200


def test_one_document_may_be_told_that_schemas_are_not_supported(server):
    response = ask_as(server, {"kind": "unsupported"}, **JSON_SCHEMA)
    assert response.status == 400
    assert "'json_schema' is not supported" in response.body["error"]["message"]


def test_what_came_is_told(server):
    connection = connect(server)
    for marker in ("doc-1", "doc-2"):
        send(connection, body_of(marker, temperature=0))
    ask(server, "doc-3")
    first, second, third = server.requests()
    assert [one.marker for one in (first, second, third)] == ["doc-1", "doc-2", "doc-3"]
    assert first.body == json.loads(body_of(temperature=0))
    assert first.headers["content-type"] == "application/json"
    assert first.complete
    assert first.at <= first.ended <= second.at <= time.monotonic()
    assert first.connection == second.connection != third.connection
    assert server.in_flight_peak() == 1
    connection.close()


@pytest.mark.parametrize(
    ("messages", "marker"),
    [
        ([("user", "doc-1"), ("assistant", "{}"), ("user", "doc-2")], "doc-2"),
        ([("user", "doc-1"), ("assistant", "doc-3"), ("user", "Return JSON.")], "doc-1"),
        ([("user", [{"type": "text", "text": "doc-12"}])], "doc-12"),
        ([("system", "doc-1"), ("user", "no marker")], None),
        ([("assistant", None), ("user", None)], None),
    ],
)
def test_a_document_is_known_by_its_marker(server, messages, marker):
    ask(server, messages=[{"role": role, "content": content} for role, content in messages])
    assert server.requests()[0].marker == marker


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"messages": 3}'])
def test_an_invalid_request_is_told_so(server, body):
    connection = connect(server)
    response = send(connection, body)
    connection.close()
    assert response.status == 400
    assert response.body["error"]["type"] == "invalid_request_error"
    assert server.requests()[0].kind is None


def test_there_is_nothing_elsewhere(server):
    connection = connect(server)
    connection.request("GET", "/v1/models")
    assert connection.getresponse().status == 404
    connection.close()
    assert server.requests() == []


def test_what_is_cleared_is_not_seen_again(server):
    server.plan(default={**ANSWER, "delay": 0.2})
    server.reject(["json_schema"])
    connection = connect(server)
    connection.request("POST", PATH, body_of())
    wait_for(server.in_flight)
    server.clear()
    assert (server.requests(), server.in_flight(), server.in_flight_peak()) == ([], 0, 0)
    assert ask(server, **JSON_SCHEMA).status == 200
    assert connection.getresponse().status == 200
    assert (server.count(), server.in_flight(), server.in_flight_peak()) == (1, 0, 1)
    connection.close()


def test_many_connections_at_once(server):
    many = 256
    server.plan(default={**ANSWER, "delay": 1})

    async def one(n):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        body = body_of(f"doc-{n}").encode()
        writer.write(b"POST %s HTTP/1.1\r\nhost: x\r\n" % PATH.encode())
        writer.write(b"connection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        answer = await reader.read()
        writer.close()
        return answer.split()[1]

    async def all_of_them():
        return await asyncio.gather(*(one(n) for n in range(many)))

    assert set(asyncio.run(all_of_them())) == {b"200"}
    assert server.in_flight_peak() == many
    assert all(one.complete for one in server.requests())
    assert server.count("doc-7") == 1


CLIENT = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("POST", "/v1/chat/completions", sys.argv[2])
connection.getresponse().read()
"""


@pytest.mark.parametrize("behaviour", [{"kind": "hang"}, {"kind": "trickle"}, {"delay": 60}])
def test_a_client_may_be_killed(server, behaviour):
    server.plan({"doc-1": {**ANSWER, **behaviour}})
    command = [sys.executable, "-c", CLIENT, str(server.port), body_of()]
    client = subprocess.Popen(command)
    wait_for(server.in_flight)
    client.kill()
    client.wait()
    wait_for(lambda: not server.in_flight())
    assert not server.requests()[0].complete
    assert ask(server, "doc-2").status == 200


def test_a_body_may_break_off(server):
    connection = connect(server)
    connection.putrequest("POST", PATH)
    connection.putheader("content-length", "1000")
    connection.endheaders(b'{"messages": ')
    connection.close()
    assert ask(server).status == 200
    assert server.count() == 1


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_headers(server):
    """Which takes 40 ms."""
    connection = connect(server)
    for _ in range(30):
        send(connection, body_of())
    connection.close()
    arrivals = [one.at for one in server.requests()]
    assert median(b - a for a, b in pairwise(arrivals)) < 0.03


def test_a_server_stops(server):
    with Server() as other:
        assert other.port != server.port
        assert ask(other).status == 200
    with pytest.raises(ConnectionRefusedError):
        ask(other)


def test_a_server_does_not_outlive_its_owner():
    code = "from server import Server; print(Server().__enter__().port, flush=True); input()"
    owner = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    port = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()

    def gone():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return True
        return False

    wait_for(gone)
