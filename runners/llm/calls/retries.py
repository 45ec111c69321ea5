"""When a call is tried again, after how long, and what ends a whole run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from benchmark.errors import FieldmarkError
from runners.llm.calls.prices import Prices, Tokens
from runners.llm.outcomes import Reading

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

GOES_ON = "what was answered is kept, and the same command goes on from there (without --fresh)"


class ParkedError(FieldmarkError):
    """The run stopped before its end, for a reason that waiting does not mend; what is recorded is
    kept, and the same command goes on from there."""


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


def worth_another(reading: Reading, outcomes: list[str]) -> bool:
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


def stop_if_hopeless(reading: Reading) -> None:
    """Raise ParkedError for what no other call would fare better with."""
    if reading.code == NO_QUOTA:
        raise ParkedError(f"the quota is used up: {reading.reason}; {GOES_ON}")
    if reading.is_status and int(reading.outcome.removeprefix("http_")) in NO_ACCESS:
        raise ParkedError(f"no access ({reading.outcome}): {reading.reason}; {GOES_ON}")


def said_to_wait(headers: Mapping[str, str]) -> float | None:
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


def backoff(attempts: int) -> float:
    """Seconds before another attempt where nothing was said: longer each time, never the same for
    all."""
    return FIRST * 2.0 ** min(attempts - 1, DOUBLED) * random.uniform(0.5, 1)  # noqa: S311
