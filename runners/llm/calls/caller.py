"""Calls: each takes attempts until there is an answer, and all attempts are in the journal.

Neither the transport nor instructor retries: this is the only place that does.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from runners.llm.calls import journal as lines
from runners.llm.calls.journal import Journal
from runners.llm.calls.limiter import Limiter
from runners.llm.calls.prices import Tokens, counted, total
from runners.llm.calls.retries import (
    GOES_ON,
    LONGEST_WAIT,
    Budget,
    ParkedError,
    backoff,
    is_retryable,
    raise_if_hopeless,
    retry_after,
)
from runners.llm.calls.transport import PATH, Reply, Wire, WireError
from runners.llm.outcomes import Classifier, Reading

FORMAT = 1
"""The version of keys and of the journal. With another one no recorded answer has the key of a
call any more, so that all are asked for anew."""

RULE = "jsonschema"
"""How an answer is validated; part of the key."""

KEPT_HEADERS = ("x-ratelimit-", "retry-after")
"""Beginnings of the response's headers that are recorded."""


@dataclass
class Tally:
    """Counts of a run: requests sent; of them retries; answers reused, from the journal or from
    the same request under way; requests under way now; and documents by outcome."""

    requests: int = 0
    retries: int = 0
    reused: int = 0
    in_flight: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass
class Caller:
    """Makes the calls of one run in one mode. `sample`: how many samples of the answers were taken
    before, so that each sample has keys of its own; `spent`: tokens of all attempts in the journal,
    earlier starts included, which is what the budget is checked against."""

    wire: Wire
    limiter: Limiter
    journal: Journal
    classifier: Classifier
    budget: Budget
    sample: int
    tally: Tally = field(default_factory=Tally)
    spent: Tokens = field(init=False)

    def __post_init__(self) -> None:
        self.spent = total(attempt.get("usage") for attempt in self.journal.attempts)
        self._in_flight: dict[str, asyncio.Future[Reading]] = {}

    async def call(self, body: Mapping[str, Any], adapter: str, document: str) -> Reading:
        """The answer to one request: from the journal, from the same request under way, or from
        the server. Raises ParkedError or LimiterClosedError where the run ends, and JournalError.
        """
        content = orjson.dumps(body)
        key = self._key(body, adapter)
        if (final := self.journal.finals.get(key)) and (reading := self._reread(final)).is_answer:
            self.tally.reused += 1
            self._share(key, document)
            return reading
        if same := self._in_flight.get(key):
            self.tally.reused += 1
            # Shielded: a cancelled document must not take the other's request down with it.
            reading = await asyncio.shield(same)
            self._share(key, document)
            return reading
        self._in_flight[key] = future = asyncio.get_running_loop().create_future()
        try:
            reading = await self._answer(content, key, document)
            future.set_result(reading)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # asyncio logs an exception that nobody retrieves: none may wait
            raise
        finally:
            del self._in_flight[key]
        return reading

    def _share(self, key: str, document: str) -> None:
        """Record an answer for another document too, whose request is the same."""
        if (key, document) not in self.journal.answered:
            self.journal.write({**self.journal.finals[key], "document": document})

    def _key(self, body: Mapping[str, Any], adapter: str) -> str:
        """The SHA-256, in hexadecimal, of all that an answer depends on."""
        parts = [FORMAT, self.wire.base_url, PATH, body, adapter, RULE, self.sample]
        return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _reread(self, final: Mapping[str, Any]) -> Reading:
        """The reading of a recorded answer, classified anew from the raw response."""
        # Not the recorded outcome: what is made of an answer may have changed with a new version.
        if (raw := final.get("raw")) is None:
            return Reading(final["outcome"], reason=final.get("reason", ""))
        return self.classifier.read(final["status"], raw.encode())

    async def _answer(self, content: bytes, key: str, document: str) -> Reading:
        """Make attempts until there is an answer, or another attempt is of no use."""
        outcomes: list[str] = []
        while True:
            # Before each attempt, a retry too: what others spent meanwhile counts.
            self.budget.check(self.spent)
            async with self.limiter.slot():
                self.tally.in_flight += 1
                try:
                    reading, reply = await self._attempt(content, key, document, len(outcomes) + 1)
                finally:
                    self.tally.in_flight -= 1
            outcomes.append(reading.outcome)
            if reading.is_answer or not is_retryable(reading, outcomes):
                self._record_final(reading, reply, key, document)
                await self.journal.settle()
                raise_if_hopeless(reading)
                return reading
            self.tally.retries += 1
            await self._wait(reading, reply, len(outcomes))

    async def _attempt(
        self, content: bytes, key: str, document: str, number: int
    ) -> tuple[Reading, Reply | None]:
        """Send a request, classify the response and record both; the response is None where none
        came. `number` counts the attempts of the call from 1."""
        self.wire.open()  # what it loads is no part of a latency
        started, clock = datetime.now(UTC), time.perf_counter()
        self.tally.requests += 1
        reply: Reply | None = None
        try:
            reply = await self.wire.post(content)
            reading = self.classifier.read(reply.status, reply.body)
        except WireError as error:
            reading = Reading(error.kind, reason=str(error))
        self.spent = self.spent.plus(counted(reading.usage) if reply else Tokens(unknown=1))
        # A failure other than 429 says nothing of the load, and leaves the limit as it is.
        if reply and reply.status == 429:
            self.limiter.decrease()
        elif reading.is_answer:
            self.limiter.increase()
        headers = reply.headers if reply else {}
        self.journal.write(
            {
                "type": lines.ATTEMPT,
                "key": key,
                "document": document,
                "number": number,
                "started": started.isoformat(timespec="milliseconds"),
                "seconds": round(time.perf_counter() - clock, 4),
                "status": reply.status if reply else None,
                "outcome": reading.outcome,
                "reason": reading.reason,
                "request_id": headers.get("x-request-id"),
                "headers": {k: v for k, v in headers.items() if k.startswith(KEPT_HEADERS)},
                "usage": reading.usage,
            }
        )
        return reading, reply

    def _record_final(self, reading: Reading, reply: Reply | None, key: str, document: str) -> None:
        self.journal.write(
            {
                "type": lines.FINAL,
                "key": key,
                "document": document,
                "sample": self.sample,
                "outcome": reading.outcome,
                "reason": reading.reason,
                "prediction": reading.prediction,
                "status": reply.status if reply else None,
                "raw": reply.body.decode("utf-8", "replace") if reply else None,
            }
        )

    async def _wait(self, reading: Reading, reply: Reply | None, attempts: int) -> None:
        """Wait before another attempt, as long as the server asks for or else longer each time.

        Raises ParkedError for a wait that is too long for a run.
        """
        seconds = retry_after(reply.headers) if reply else None
        if seconds is not None:
            if seconds > LONGEST_WAIT:
                raise ParkedError(
                    f"the server says to come back in {seconds:.0f} s ({reading.outcome}); "
                    f"{GOES_ON}"
                )
            self.limiter.cool_off(seconds)
            return
        seconds = backoff(attempts)
        # Too many requests are the matter of all calls; any other failure is this call's own.
        if reading.outcome == "http_429":
            self.limiter.cool_off(seconds)
        else:
            await self.limiter.pause(seconds)
