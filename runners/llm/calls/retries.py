"""Retries: after which failures, after how long, and which failures end a whole run."""

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
"""Attempts of one call at most; those that met a status 429 (too many requests) do not count."""

MOST_429 = 20
"""Attempts of one call that may meet a status 429."""

SAME_IN_A_ROW = 3
"""Attempts in a row with the same status (not 429), after which it is no passing fault."""

RETRIED = {408, 409, 425, 429}
"""Statuses after which a call is tried again, besides 5xx."""

LONGEST_WAIT = 120.0
"""Seconds that a server may ask to wait; for more, the run stops and says so."""

FIRST_WAIT, DOUBLINGS = 0.5, 6
"""Seconds before a second attempt, and how many times the wait may double before later ones."""

NO_ACCESS = {401, 403}
"""Statuses of a missing, wrong or insufficient key."""

NO_QUOTA = "insufficient_quota"
"""The code with which OpenAI's status 429 means that the account has nothing left."""

GOES_ON = "what was answered is kept, and the same command goes on from there (without --fresh)"


class ParkedError(FieldmarkError):
    """The run stopped before its end, for a reason that retries do not mend. The journal is kept,
    and the same command goes on from there."""


@dataclass(frozen=True)
class Budget:
    """Limits on what all attempts of a run take: US dollars and tokens; None is no limit."""

    prices: Prices
    max_cost: float | None = None
    max_tokens: int | None = None

    def check(self, spent: Tokens) -> None:
        """Raise ParkedError if a limit is reached."""
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


def is_retryable(reading: Reading, outcomes: list[str]) -> bool:
    """Whether a failed call is tried again. `outcomes` are those of its attempts so far, the last
    of which has `reading`."""
    if not reading.is_status:  # no response, or none that is a chat completion
        return len(outcomes) - outcomes.count("http_429") < ATTEMPTS
    status = int(reading.outcome.removeprefix("http_"))
    if status == 429:
        return reading.code != NO_QUOTA and outcomes.count(reading.outcome) < MOST_429
    if status < 500 and status not in RETRIED:  # the request itself is at fault
        return False
    # Endpoints answer 500 also to requests that they cannot handle, and always will.
    if outcomes[-SAME_IN_A_ROW:] == [reading.outcome] * SAME_IN_A_ROW:
        return False
    return len(outcomes) - outcomes.count("http_429") < ATTEMPTS


def raise_if_hopeless(reading: Reading) -> None:
    """Raise ParkedError for a failure that every other call would meet too: quota or access."""
    if reading.code == NO_QUOTA:
        raise ParkedError(f"the quota is used up: {reading.reason}; {GOES_ON}")
    if reading.is_status and int(reading.outcome.removeprefix("http_")) in NO_ACCESS:
        raise ParkedError(f"no access ({reading.outcome}): {reading.reason}; {GOES_ON}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the header Retry-After asks to wait, or None without a valid one.

    It holds seconds or a date (RFC 9110, section 10.2.3).
    """
    value = headers.get("retry-after", "")
    # A date may have passed already, and -1 is sent by some: both mean no wait.
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def backoff(attempts: int) -> float:
    """Seconds before another attempt, after so many failed ones: exponential backoff with jitter.

    The jitter (a factor of 0.5 to 1) keeps calls that failed together from returning together.
    """
    return FIRST_WAIT * 2.0 ** min(attempts - 1, DOUBLINGS) * random.uniform(0.5, 1)  # noqa: S311
