"""One call: attempts until there is an answer, each of them in the journal. Ours are all retries
that there are."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from benchmark.errors import FieldmarkError
from runners.llm import journal as lines
from runners.llm.costs import Prices, Tokens, counted, total
from runners.llm.gate import Gate
from runners.llm.journal import Journal
from runners.llm.outcomes import Classifier, Reading
from runners.llm.wire import PATH, Reply, Wire, WireError

FORMAT = 1
"""Of keys and of the journal: a change of either makes answers be asked for anew."""

RULE = "jsonschema"
"""How an answer is validated."""

ATTEMPTS = 5
"""Of one call, those that were told to come back later (429) not counted."""

TOO_MANY = 20
"""Times that a call is told so."""

SAME = 3
"""Times that the same 5xx is taken for a mishap."""

RETRIED = {408, 409, 425, 429}
"""Besides 5xx."""

LONGEST = 120.0
"""Seconds that are waited where a server says how long; beyond, the run stops and says so."""

FIRST, DOUBLED = 0.5, 6
"""Seconds before a second attempt, and how often they are doubled."""

NO_ACCESS = {401, 403}
NO_QUOTA = "insufficient_quota"
KEPT_HEADERS = ("x-ratelimit-", "retry-after")


GOES_ON = "what was answered is kept, and the same command goes on from there (without --fresh)"


class ParkedError(FieldmarkError):
    """The run stopped before its end, for a reason that waiting does not mend; what is recorded is
    kept, and the same command goes on from there."""


@dataclass
class Tally:
    """What a run did: requests, attempts after the first, answers taken from the journal, and what
    came of documents, by outcome."""

    requests: int = 0
    retries: int = 0
    known: int = 0
    in_flight: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Budget:
    """What all attempts of a run may cost."""

    prices: Prices
    max_cost: float | None = None
    max_tokens: int | None = None

    def check(self, spent: Tokens) -> None:
        """Raise ParkedError where nothing is left."""
        if self.max_tokens is not None and spent.total >= self.max_tokens:
            raise ParkedError(
                f"{spent.total:,} tokens are used, --max-tokens is {self.max_tokens:,}; raise it: "
                f"{GOES_ON}"
            )
        if self.max_cost is not None:
            cost = self.prices.cost(spent)
            if cost is not None and cost >= self.max_cost:
                raise ParkedError(
                    f"${cost:.4f} is spent, --max-cost is {self.max_cost:g}; raise it: {GOES_ON}"
                )


@dataclass
class Caller:
    """Makes the calls of one run. `sample`: how many answers to the same request came before."""

    wire: Wire
    gate: Gate
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
            async with self.gate.slot():
                self.tally.in_flight += 1
                try:
                    reading, reply = await self._attempt(sent, key, document, len(statuses) + 1)
                finally:
                    self.tally.in_flight -= 1
            statuses.append(reading.outcome)
            if reading.is_answer or not _worth_another(reading, statuses):
                self._keep(reading, reply, key, document)
                await self.journal.settle()
                _stop_if_hopeless(reading)
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
            self.gate.slow()
        elif reading.is_answer:
            self.gate.well()
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
        said = _retry_after(reply.headers) if reply else None
        if said is not None:
            if said > LONGEST:
                raise ParkedError(
                    f"the server says to come back in {said:.0f} s ({reading.outcome}); {GOES_ON}"
                )
            self.gate.cool(said)
            return
        wait = FIRST * 2 ** min(attempts - 1, DOUBLED) * random.uniform(0.5, 1)  # noqa: S311
        if reading.outcome == "http_429":
            self.gate.cool(wait)
        else:
            await self.gate.pause(wait)


def _worth_another(reading: Reading, outcomes: list[str]) -> bool:
    """Whether a failed attempt may go better next time."""
    if not reading.is_status:
        return len(outcomes) - outcomes.count("http_429") < ATTEMPTS
    status = int(reading.outcome.removeprefix("http_"))
    if status == 429:
        return reading.code != NO_QUOTA and outcomes.count(reading.outcome) < TOO_MANY
    if status < 500 and status not in RETRIED:
        return False
    if outcomes[-SAME:] == [reading.outcome] * SAME:
        return False
    return len(outcomes) - outcomes.count("http_429") < ATTEMPTS


def _stop_if_hopeless(reading: Reading) -> None:
    if reading.code == NO_QUOTA:
        raise ParkedError(f"the quota is used up: {reading.reason}; {GOES_ON}")
    if reading.is_status and int(reading.outcome.removeprefix("http_")) in NO_ACCESS:
        raise ParkedError(f"no access ({reading.outcome}): {reading.reason}; {GOES_ON}")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks for (RFC 9110, 10.2.3), or None."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
