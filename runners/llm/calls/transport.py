"""The transport: one request, one response, and no retry of its own."""

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
"""Characters from which on a key is hidden. A shorter one, such as "none", is a placeholder for no
key, and may well be a word of an answer."""


@dataclass(frozen=True)
class Reply:
    """A complete response. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WireError(Exception):
    """There is no complete response. `kind`, an outcome, is "timeout" or "connection"."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Wire:
    """Sends requests to one endpoint.

    The API key does not leave this object: where a response repeats it, it is masked before
    anything else sees the response. Raises DataError for a URL or key that cannot be used.
    """

    def __init__(self, options: ModelOptions) -> None:
        self.base_url = _checked_url(options.base_url)
        self._timeout, self._connections = options.timeout, options.concurrency
        self._key_env = options.api_key_env
        self._client: AsyncOpenAI | None = None
        self._key = _checked_key(options.api_key_env)
        self._key_pattern = re.compile(_pattern(self._key)) if len(self._key) >= LEAST else None

    def check_key(self) -> None:
        """Raise DataError if there is no key, although the endpoint is OpenAI's, or the user named
        a variable that should hold one."""
        if not self._key and (self.base_url == OPENAI or self._key_env != KEY_ENV):
            raise DataError(
                f"no API key: set {self._key_env}, or say with --api-key-env where it is"
            )

    def open(self) -> None:
        """Import and make the client at the first call: this takes longer than some answers."""
        if self._client is not None:
            return
        import httpx2
        from openai import AsyncOpenAI, DefaultAioHttpClient

        # The limiter bounds what is under way; connections are to be kept for all of it.
        limits = httpx2.Limits(max_connections=self._connections, max_keepalive_connections=None)
        http = DefaultAioHttpClient(limits=limits, timeout=httpx2.Timeout(self._timeout))
        # The client insists on a key, and local servers on none.
        self._client = AsyncOpenAI(
            api_key=self._key or "none", base_url=self.base_url, max_retries=0, http_client=http
        )

    async def post(self, body: bytes) -> Reply:
        """Send the body of a chat completion, and receive the response whatever its status.

        Raises WireError where none arrives in `timeout` seconds. That deadline holds for the whole
        attempt: the client's own timeouts hold between two reads, so that a slow drip passes them.
        """
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
            raise self._wire_error(error) from None
        headers = {name: self.hide(value) for name, value in response.headers.items()}
        return Reply(response.status_code, headers, self._hidden(response.content))

    def _wire_error(self, error: BaseException) -> WireError:
        """What a failure of the client was, by the chain of its causes: openai reports a timeout
        also where a server refuses or resets the connection."""
        causes = [*_causes(error)]
        if any(isinstance(cause, TimeoutError) for cause in causes):
            return WireError("timeout", f"no whole answer in {self._timeout:g} s")
        reason = " ".join(f"{type(causes[-1]).__name__}: {causes[-1]}".split())
        return WireError("connection", self.hide(reason)[:200])

    def hide(self, text: str) -> str:
        """The text with the key masked."""
        return self._key_pattern.sub(HIDDEN, text) if self._key_pattern else text

    def _hidden(self, body: bytes) -> bytes:
        # Latin-1 has a character for each byte, so that this is safe for any encoding.
        return self.hide(body.decode("latin-1")).encode("latin-1") if self._key_pattern else body

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _pattern(key: str) -> str:
    """A regular expression for the key as it is and as JSON may escape it.

    JSON may put a backslash before a character, or write it as \\uXXXX; and it may do so again in
    a string that is itself JSON, which doubles the backslashes: any number of them matches.
    """
    return "".join(
        char if char.isalnum() else rf"(?:\\*{re.escape(char)}|\\+u(?i:{ord(char):04x}))"
        for char in key
    )


def _checked_key(variable: str) -> str:
    """The key that an environment variable holds, or "". Raises DataError for one that an HTTP
    header cannot hold."""
    key = os.environ.get(variable, "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise DataError(f"{variable} holds spaces or signs that an API key can't have")
    return key


def _checked_url(url: str) -> str:
    """The URL without a slash at its end. Raises DataError for one that is no endpoint, or that
    holds a secret: it is printed, and written to the manifest and the journal."""
    if "@" in url.rpartition("://")[2].partition("/")[0]:
        raise DataError("--base-url holds a name or password; give the key by --api-key-env")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise DataError("--base-url ends before `?` and `#`; give a key by --api-key-env")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DataError(f"--base-url: {url!r} is no http(s) URL, such as {OPENAI}")
    return url.rstrip("/")
