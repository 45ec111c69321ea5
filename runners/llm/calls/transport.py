"""One request, one response: the transport, without any retry of its own."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmark.errors import DataError
from runners.settings import KEY_ENV, OPENAI, ModelOptions

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PATH = "/chat/completions"
HIDDEN = "***"

LEAST = 8
"""Characters of a key that is hidden: shorter ones, such as "none", stand for no key, and answers
may well hold them."""


@dataclass(frozen=True)
class Reply:
    """A response of a server, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WireError(Exception):
    """No whole response: `kind` is timeout or connection."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Wire:
    """Requests to one endpoint. The API key stays in here: should a server repeat it, it is made
    unreadable before anything else sees it."""

    def __init__(self, settings: ModelOptions) -> None:
        self.base_url = _checked(settings.base_url)
        self._timeout, self._connections = settings.timeout, settings.concurrency
        self._key_env = settings.api_key_env
        self._client: AsyncOpenAI | None = None
        self._key = _checked_key(settings.api_key_env)
        self._shown = re.compile(_as_written(self._key)) if len(self._key) >= LEAST else None

    def check_key(self) -> None:
        """Raise DataError where there is no key and OpenAI would ask for one."""
        if not self._key and (self.base_url == OPENAI or self._key_env != KEY_ENV):
            raise DataError(
                f"no API key: set {self._key_env}, or say with --api-key-env where it is"
            )

    def open(self) -> None:
        """Load and make the client, once: it takes longer than some answers."""
        if self._client is not None:
            return
        import httpx2
        from openai import AsyncOpenAI, DefaultAioHttpClient

        limits = httpx2.Limits(max_connections=self._connections, max_keepalive_connections=None)
        http = DefaultAioHttpClient(limits=limits, timeout=httpx2.Timeout(self._timeout))
        self._client = AsyncOpenAI(
            api_key=self._key or "none", base_url=self.base_url, max_retries=0, http_client=http
        )

    async def post(self, body: bytes) -> Reply:
        """One attempt. A deadline holds for all of it: the timeouts of a client are between reads,
        and a slow drip passes them."""
        import httpx2
        import openai

        self.open()
        assert self._client is not None
        options: Any = {"headers": {"Content-Type": "application/json"}}
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(
                    PATH, cast_to=httpx2.Response, content=body, options=options
                )
        except openai.APIStatusError as error:
            response = error.response
        except (openai.APIConnectionError, httpx2.HTTPError, OSError) as error:
            raise self._failed(error) from None
        headers = {name: self.hide(value) for name, value in response.headers.items()}
        return Reply(response.status_code, headers, self._hidden(response.content))

    def _failed(self, error: BaseException) -> WireError:
        """The transport calls it a timeout too when a server refuses or resets a connection: what
        it was is the cause of the cause."""
        causes = [*_causes(error)]
        if any(isinstance(one, TimeoutError) for one in causes):
            return WireError("timeout", f"no whole answer in {self._timeout:g} s")
        told = " ".join(f"{type(causes[-1]).__name__}: {causes[-1]}".split())
        return WireError("connection", self.hide(told)[:200])

    def hide(self, text: str) -> str:
        """The text without the key."""
        return self._shown.sub(HIDDEN, text) if self._shown else text

    def _hidden(self, body: bytes) -> bytes:
        # Latin-1 has a character for each byte, so that this is safe for any encoding.
        return self.hide(body.decode("latin-1")).encode("latin-1") if self._shown else body

    async def close(self) -> None:
        """Give the connections up."""
        if self._client is not None:
            await self._client.close()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _as_written(key: str) -> str:
    """A pattern of the key, as it is and as JSON may have it, in a string within a string too:
    with a backslash before a sign, or with the sign's code."""
    return "".join(
        sign if sign.isalnum() else rf"(?:\\*{re.escape(sign)}|\\+u(?i:{ord(sign):04x}))"
        for sign in key
    )


def _checked_key(variable: str) -> str:
    """The key, or "". What could not be sent in a header is no key."""
    key = os.environ.get(variable, "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise DataError(f"{variable} holds spaces or signs that an API key can't have")
    return key


def _checked(url: str) -> str:
    if "@" in url.rpartition("://")[2].partition("/")[0]:
        raise DataError("--base-url holds a name or password; give the key by --api-key-env")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise DataError("--base-url ends before `?` and `#`; give a key by --api-key-env")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DataError(f"--base-url: {url!r} is no http(s) URL, such as {OPENAI}")
    return url.rstrip("/")
