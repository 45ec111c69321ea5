"""A server of OpenAI's /v1/chat/completions on loopback, in a process of its own, with faults.

    with Server() as server:
        server.plan({"doc-3": [{"kind": "status", "code": 429, "retry_after": 1}, ANSWER]})
        ...  # a client at server.url
        assert server.count("doc-3") == 2

A test steers it over HTTP too (/control/...), so it works while clients run or are killed. The
kinds of behaviour are in replies.py. `python tests/llm/server.py` serves until its standard input
ends.
"""

import asyncio
import http.client
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn
from replies import Behaviour, Reply, check, modes, reply, unsupported
from uvicorn.protocols.http.auto import AutoHTTPProtocol

HOST = "127.0.0.1"
ANSWER: Behaviour = {"kind": "answer"}
EMPTY = {"events": []}
MARKER = re.compile(r"doc-\d+")
REQUESTS_ALLOWED = 10_000

Plan = Behaviour | Sequence[Behaviour]


@dataclass
class Received:
    """A request to /v1/chat/completions. Times are the monotonic clock's."""

    marker: str | None  # of the document
    at: float  # when all of it was there
    ended: float | None  # None: still in flight
    complete: bool  # whether all of an answer, error or not, was sent
    kind: str | None  # of the behaviour; "rejected" for a mode, None for an invalid request
    body: Any  # parsed; None if it is no JSON object
    headers: dict[str, str]
    request_id: str
    connection: int  # the client's port


class Server:
    """The server as a test sees it: a context manager that starts and stops its process."""

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a signal to a client's group is none to the server
        )
        port = self._process.stdout.readline()
        if not port:
            raise RuntimeError("the server did not start")
        self.port = int(port)
        self.url = f"http://{HOST}:{self.port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def plan(
        self,
        behaviours: Mapping[str | None, Plan] | None = None,
        default: Plan = ANSWER,
        contents: Mapping[str | None, Any] | None = None,
    ) -> None:
        """What the n-th request for a marker from now on gets; the last one of a list repeats.

        The marker None is that of requests without one; `default` is for markers that are not
        listed, each from its beginning. `contents` is what an answer for a marker holds if the
        behaviour has no content, None that of all others, at first {"events": []}.
        """
        by_marker = [[marker, _listed(plan)] for marker, plan in (behaviours or {}).items()]
        default = _listed(default)
        for behaviour in [*default, *(one for _, plan in by_marker for one in plan)]:
            check(behaviour)
        pairs = [list(pair) for pair in (contents or {}).items()]
        self._control("plan", {"behaviours": by_marker, "default": default, "contents": pairs})

    def reject(self, modes: Iterable[str] = (), status: int = 400) -> None:
        """Refuses requests that use any of "json_schema", "tools", "json_object"; () none."""
        modes = list(modes)
        if unknown := set(modes) - {"json_schema", "tools", "json_object"}:
            raise ValueError(f"no modes: {sorted(unknown)}")
        self._control("reject", {"modes": modes, "status": status})

    def clear(self) -> None:
        """Forgets the requests and the plan. Those in flight go on and are not seen again."""
        self._control("clear", {})

    def requests(self) -> list[Received]:
        """In order of arrival."""
        return [Received(**one) for one in self._control("requests")]

    def count(self, *markers: str | None) -> int:
        """Requests for these markers, or all."""
        counts = dict(self._control("counts")["markers"])
        return sum(counts.get(marker, 0) for marker in markers or counts)

    def in_flight(self) -> int:
        return self._control("counts")["in_flight"]

    def in_flight_peak(self) -> int:
        return self._control("counts")["peak"]

    def _control(self, action: str, value: Any = None) -> Any:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        body = None if value is None else orjson.dumps(value)
        connection.request("GET" if body is None else "POST", f"/control/{action}", body)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"/control/{action}: {response.status} {answer.decode()}")
        return orjson.loads(answer)


def _listed(plan: Plan) -> list[Behaviour]:
    listed = [plan] if isinstance(plan, Mapping) else list(plan)
    if not listed:
        raise ValueError("a plan of no behaviours")
    return listed


# From here on: what runs in the server's process.


@dataclass
class Session:
    """What was asked for and what came since the last `clear`."""

    behaviours: dict[str | None, list[Behaviour]] = field(default_factory=dict)
    default: list[Behaviour] = field(default_factory=lambda: [ANSWER])
    contents: dict[str | None, Any] = field(default_factory=dict)
    modes: frozenset[str] = frozenset()
    status: int = 400
    answered: Counter[str | None] = field(default_factory=Counter)
    requests: list[Received] = field(default_factory=list)
    in_flight: int = 0
    peak: int = 0

    def set_plan(self, value: dict[str, Any]) -> None:
        self.behaviours, self.default = dict(value["behaviours"]), value["default"]
        self.contents, self.answered = dict(value["contents"]), Counter()

    def set_rejected(self, value: dict[str, Any]) -> None:
        self.modes, self.status = frozenset(value["modes"]), value["status"]

    def counts(self) -> dict[str, Any]:
        markers = Counter(one.marker for one in self.requests)
        return {"markers": list(markers.items()), "in_flight": self.in_flight, "peak": self.peak}

    def enter(self, received: Received) -> None:
        self.requests.append(received)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)

    def leave(self, received: Received) -> None:
        received.ended = time.monotonic()
        self.in_flight -= 1

    def answer(self, received: Received) -> tuple[Behaviour, Reply]:
        """What the next request for a marker gets."""
        request, marker = received.body, received.marker
        if not request or not isinstance(request.get("messages"), list):
            invalid = {"kind": "status", "code": 400}
            return invalid, reply(invalid, {}, None)
        if refused := modes(request) & self.modes:
            received.kind = "rejected"
            return {"kind": "unsupported"}, unsupported(min(refused), self.status)
        plan = self.behaviours.get(marker, self.default)
        behaviour = plan[min(self.answered[marker], len(plan) - 1)]
        self.answered[marker] += 1
        received.kind = behaviour["kind"]
        content = self.contents.get(marker, self.contents.get(None, EMPTY))
        return behaviour, reply(behaviour, request, content)


class Connection(AutoHTTPProtocol):
    """uvicorn's connection, with its transport for the application: some faults lie below HTTP."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Exchange:
    """A request and its response, as ASGI has it."""

    def __init__(self, scope: Any, receive: Callable, send: Callable) -> None:
        self.transport: asyncio.Transport = scope["state"]["transport"]
        self.receive, self.send = receive, send

    async def body(self) -> bytes | None:
        """None if the client left before the end."""
        parts, more = [], True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message["body"])
            more = message["more_body"]
        return b"".join(parts)

    async def left(self) -> None:
        """Returns when the connection is at its end."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def stays(self, seconds: float) -> bool:
        """Waits; False as soon as the client leaves."""
        try:
            async with asyncio.timeout(seconds):
                await self.left()
        except TimeoutError:
            return True
        return False

    async def start(self, answer: Reply) -> None:
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": answer.status, "headers": lines})

    async def part(self, body: bytes, more: bool) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def whole(self, answer: Reply) -> bool:
        """Whether there was a client to send it to."""
        open_ = not self.transport.is_closing()
        await self.start(answer)
        await self.part(answer.body, more=False)
        return open_

    async def half(self, answer: Reply) -> None:
        await self.start(answer)
        await self.part(answer.body[: len(answer.body) // 2], more=True)
        await self.close()

    async def trickle(self, answer: Reply, every: float) -> bool:
        await self.start(answer)
        for n in range(len(answer.body)):
            if not await self.stays(every):
                return False
            await self.part(answer.body[n : n + 1], more=n + 1 < len(answer.body))
        return True

    async def close(self) -> None:
        self.transport.close()
        await self.left()

    async def reset(self) -> None:
        """Without lingering the end is an RST."""
        no_linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, no_linger
        )
        self.transport.abort()
        await self.left()

    async def play(self, behaviour: Behaviour, answer: Reply) -> bool:
        """Whether all of an answer was sent."""
        delay = behaviour.get("delay")
        if delay and not await self.stays(delay):
            return False
        match behaviour["kind"]:
            case "close":
                await self.close()
            case "reset":
                await self.reset()
            case "reset_mid_body":
                await self.half(answer)
            case "hang":
                await self.left()
            case "trickle":
                return await self.trickle(answer, behaviour.get("every", 0.05))
            case _:
                return await self.whole(answer)
        return False


class Application:
    """ASGI: the API and the control calls."""

    def __init__(self) -> None:
        self.session = Session()
        self.number = 0

    async def __call__(self, scope: Any, receive: Callable, send: Callable) -> None:
        exchange, path = Exchange(scope, receive, send), scope["path"]
        if path == "/v1/chat/completions" and scope["method"] == "POST":
            await self._complete(scope, exchange)
        elif path.startswith("/control/"):
            await self._steer(path.removeprefix("/control/"), exchange)
        else:
            await exchange.whole(reply({"kind": "status", "code": 404}, {}, None))

    async def _complete(self, scope: Any, exchange: Exchange) -> None:
        raw = await exchange.body()
        if raw is None:
            return
        received, session = self._received(scope, raw), self.session
        session.enter(received)
        try:
            behaviour, answer = session.answer(received)
            headers = {**_usual_headers(received, len(session.requests)), **answer.headers}
            received.complete = await exchange.play(behaviour, answer._replace(headers=headers))
        finally:
            session.leave(received)

    def _received(self, scope: Any, raw: bytes) -> Received:
        self.number += 1
        body = _parsed(raw)
        return Received(
            marker=_marker(body),
            at=time.monotonic(),
            ended=None,
            complete=False,
            kind=None,
            body=body,
            headers={name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
            request_id=f"req_{self.number}",
            connection=scope["client"][1],
        )

    async def _steer(self, action: str, exchange: Exchange) -> None:
        raw = await exchange.body()
        if raw is not None:
            value = self._steered(action, orjson.loads(raw) if raw else None)
            body = orjson.dumps(value)
            await exchange.whole(Reply(200, {"content-type": "application/json"}, body))

    def _steered(self, action: str, value: Any) -> Any:
        match action:
            case "plan":
                self.session.set_plan(value)
            case "reject":
                self.session.set_rejected(value)
            case "clear":
                self.session = Session()
            case "requests":
                return self.session.requests
            case "counts":
                return self.session.counts()
        return None


def _usual_headers(received: Received, requests: int) -> dict[str, str]:
    return {
        "x-request-id": received.request_id,
        "x-ratelimit-limit-requests": str(REQUESTS_ALLOWED),
        "x-ratelimit-remaining-requests": str(REQUESTS_ALLOWED - requests),
    }


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _marker(body: dict[str, Any] | None) -> str | None:
    """That of the last message of the user that has one: a client that asks again, or asks for a
    format, adds messages without."""
    messages = body.get("messages") if body else None
    for message in reversed(messages if isinstance(messages, list) else []):
        found = MARKER.search(_text(message)) if message.get("role") == "user" else None
        if found:
            return found.group()
    return None


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def serve() -> None:
    """Prints the port, then serves until standard input ends."""
    # Connections inherit the protocol, and asyncio turns Nagle's algorithm off only if it is TCP's:
    # 40 ms a response.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind((HOST, 0))
    listening.listen(1024)
    config = uvicorn.Config(
        Application(),
        http=Connection,
        lifespan="off",
        ws="none",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=600,
    )
    threading.Thread(target=_end_with_input, daemon=True).start()
    print(listening.getsockname()[1], flush=True)  # noqa: T201
    uvicorn.Server(config).run(sockets=[listening])


def _end_with_input() -> None:
    """Whoever started the server may die without a word."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve()
