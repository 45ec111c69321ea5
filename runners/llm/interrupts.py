"""Signals that interrupt a run."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def handling_interrupts(handler: Callable[[], None]) -> Iterator[None]:
    """Call `handler` at each SIGINT (Ctrl-C) and SIGTERM, where the event loop can handle them."""
    loop = asyncio.get_running_loop()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, handler)
            handled.append(number)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            break
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
