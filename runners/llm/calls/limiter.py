"""How many calls are under way at a time: fewer when a server says that there are too many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class LimiterClosedError(Exception):
    """Nobody is let in any more: the run ends."""


class Limiter:
    """Up to `most` at once. Additive increase, multiplicative decrease (Chiu and Jain, 1989), on
    429 only; a cool-off holds for all."""

    def __init__(self, most: int) -> None:
        self.most, self.limit, self.inside = most, float(most), 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._until = 0.0
        self._closed = asyncio.Event()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot, and for the end of a cool-off. Raises GateClosedError."""
        await self._enter()
        try:
            yield
        finally:
            self.inside -= 1
            self._wake()

    async def _enter(self) -> None:
        clock = asyncio.get_running_loop().time
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
                self._wake()  # the turn may have come with it
                raise

    async def pause(self, seconds: float) -> None:
        """Wait so long outside. Raises GateClosedError."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), seconds)
        if self._closed.is_set():
            raise LimiterClosedError

    def _wake(self) -> None:
        free = int(self.limit) - self.inside
        while self._waiting and (free > 0 or self._closed.is_set()):
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1

    def close(self) -> None:
        """Let nobody in any more; who is inside may finish."""
        self._closed.set()
        self._wake()

    def cool(self, seconds: float) -> None:
        """Nobody enters for so long."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def slow(self) -> None:
        """Too many: half as many from now on."""
        self.limit = max(1.0, self.limit / 2)

    def well(self) -> None:
        """A call went well: one more for each round of calls that did."""
        self.limit = min(float(self.most), self.limit + 1 / self.limit)
        self._wake()
