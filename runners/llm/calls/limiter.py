"""The limit of calls under way at a time, which falls when a server says that they are too many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class LimiterClosedError(Exception):
    """No call may begin any more: the run ends."""


class Limiter:
    """Lets up to `limit` calls in at a time.

    The limit starts at `most` and follows additive increase, multiplicative decrease (Chiu and
    Jain, 1989, "Analysis of the increase and decrease algorithms for congestion avoidance"): it is
    halved at each status 429 and grows by about 1 for each round of `limit` successes. `inside`:
    calls under way.
    """

    def __init__(self, most: int) -> None:
        self.most, self.limit, self.inside = most, float(most), 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._until = 0.0
        self._closed = asyncio.Event()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot, once one is free and a cool-off is over. Raises LimiterClosedError."""
        await self._enter()
        try:
            yield
        finally:
            self.inside -= 1
            self._wake()

    async def _enter(self) -> None:
        clock = asyncio.get_running_loop().time
        # All is checked again after each wait: a cool-off may have begun, or the limit fallen.
        while True:
            await self.pause(self._until - clock())
            if self.inside < int(self.limit):
                self.inside += 1
                return
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()  # the turn may have come at the same moment: pass it on
                raise

    async def pause(self, seconds: float) -> None:
        """Wait without a slot, in seconds. Raises LimiterClosedError as soon as it is closed."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), seconds)
        if self._closed.is_set():
            raise LimiterClosedError

    def _wake(self) -> None:
        """Give free slots to those that wait; all of them when closed, to be turned away."""
        # The limit may have fallen below the number inside: then `free` is negative.
        free = int(self.limit) - self.inside
        while self._waiting and (free > 0 or self._closed.is_set()):
            turn = self._waiting.popleft()
            if not turn.done():  # a cancelled one takes no slot
                turn.set_result(None)
                free -= 1

    def close(self) -> None:
        """Let no call in any more; those inside may finish."""
        self._closed.set()
        self._wake()

    def cool_off(self, seconds: float) -> None:
        """Let no call in for so many seconds; the longest cool-off counts."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def decrease(self) -> None:
        """Halve the limit, but not below 1."""
        self.limit = max(1.0, self.limit / 2)

    def increase(self) -> None:
        """Raise the limit by 1/limit: by 1 for a round of `limit` successful calls."""
        self.limit = min(float(self.most), self.limit + 1 / self.limit)
        self._wake()
