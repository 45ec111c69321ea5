"""What a scoring process does. Nothing heavy is loaded before it can be called off."""

from __future__ import annotations

import os
import pickle
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmark.scoring.chunk import ChunkScore
    from benchmark.scoring.parallel.batches import Batch, Work

_work: Work


def start(leash: Connection, work: bytes) -> None:
    """Get ready. Ctrl-C is left to the process that started this one."""
    global _work  # noqa: PLW0603 - an initializer can leave it nowhere else
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(leash,), daemon=True).start()
    _work = pickle.loads(work)  # noqa: S301 - what the starting process made


def _end_with(leash: Connection) -> None:
    """End at once when the other end is closed: the scores are not wanted any more, or who wanted
    them is gone."""
    with suppress(EOFError, OSError):
        leash.recv()
    os._exit(1)


def score(batch: Batch) -> list[ChunkScore]:
    """The scores of a batch's chunks."""
    return _work.score(batch)
