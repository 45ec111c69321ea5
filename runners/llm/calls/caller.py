"""One call: attempts until there is an answer, each of them in the journal. Ours are all retries
that there are."""

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
    LONGEST,
    Budget,
    ParkedError,
    backoff,
    said_to_wait,
    stop_if_hopeless,
    worth_another,
)
from runners.llm.calls.transport import PATH, Reply, Wire, WireError
from runners.llm.outcomes import Classifier, Reading

FORMAT = 1
"""Of keys and of the journal: a change of either makes answers be asked for anew."""

RULE = "jsonschema"
"""How an answer is validated."""

KEPT_HEADERS = ("x-ratelimit-", "retry-after")


@dataclass
class Tally:
    """What a run did: requests, attempts after the first, answers taken from the journal, and what
    came of documents, by outcome."""

    requests: int = 0
    retries: int = 0
    known: int = 0
    in_flight: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass
class Caller:
    """Makes the calls of one run. `sample`: how many answers to the same request came before."""

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
        self._flying: dict[str, asyncio.Future[Reading]] = {}

    async def call(self, body: Mapping[str, Any], adapter: str, document: str) -> Reading:
        """The answer to one request: from the journal, from the same request under way, or from
        the server."""
        sent = orjson.dumps(body)
        key = self._key(body, adapter)
        if (known := self.journal.finals.get(key)) and (reading := self._again(known)).is_answer:
            self.tally.known += 1
            self._share(key, document)
            return reading
        if flying := self._flying.get(key):
            self.tally.known += 1
            reading = await asyncio.shield(flying)
            self._share(key, document)
            return reading
        self._flying[key] = future = asyncio.get_running_loop().create_future()
        try:
            found = await self._answer(sent, key, document)
            future.set_result(found)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # looked at: nobody else may be waiting
            raise
        finally:
            del self._flying[key]
        return found

    def _share(self, key: str, document: str) -> None:
        """Note that an answer is that of another document too, whose request is the same."""
        if (key, document) not in self.journal.answered:
            self.journal.write({**self.journal.finals[key], "document": document})

    def _key(self, body: Mapping[str, Any], adapter: str) -> str:
        said = [FORMAT, self.wire.base_url, PATH, body, adapter, RULE, self.sample]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def _again(self, known: Mapping[str, Any]) -> Reading:
        """A recorded answer, read again."""
        if (raw := known.get("raw")) is None:
            return Reading(known["outcome"], reason=known.get("reason", ""))
        return self.classifier.read(known["status"], raw.encode())

    async def _answer(self, sent: bytes, key: str, document: str) -> Reading:
        """Attempts until there is an answer, or no sense in another one."""
        statuses: list[str] = []
        while True:
            self.budget.check(self.spent)
            async with self.limiter.slot():
                self.tally.in_flight += 1
                try:
                    reading, reply = await self._attempt(sent, key, document, len(statuses) + 1)
                finally:
                    self.tally.in_flight -= 1
            statuses.append(reading.outcome)
            if reading.is_answer or not worth_another(reading, statuses):
                self._keep(reading, reply, key, document)
                await self.journal.settle()
                stop_if_hopeless(reading)
                return reading
            self.tally.retries += 1
            await self._wait(reading, reply, len(statuses))

    async def _attempt(
        self, sent: bytes, key: str, document: str, number: int
    ) -> tuple[Reading, Reply | None]:
        """One request, classified and in the journal."""
        self.wire.open()  # what it loads is no part of a latency
        started, clock = datetime.now(UTC), time.perf_counter()
        self.tally.requests += 1
        reply: Reply | None = None
        try:
            reply = await self.wire.post(sent)
            reading = self.classifier.read(reply.status, reply.body)
        except WireError as error:
            reading = Reading(error.kind, reason=str(error))
        self.spent = self.spent.plus(counted(reading.usage) if reply else Tokens(unknown=1))
        if reply and reply.status == 429:
            self.limiter.slow()
        elif reading.is_answer:
            self.limiter.well()
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

    def _keep(self, reading: Reading, reply: Reply | None, key: str, document: str) -> None:
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
        """Before another attempt: as long as the server says, and then all wait; else longer each
        time."""
        said = said_to_wait(reply.headers) if reply else None
        if said is not None:
            if said > LONGEST:
                raise ParkedError(
                    f"the server says to come back in {said:.0f} s ({reading.outcome}); {GOES_ON}"
                )
            self.limiter.cool(said)
            return
        wait = backoff(attempts)
        if reading.outcome == "http_429":
            self.limiter.cool(wait)
        else:
            await self.limiter.pause(wait)
