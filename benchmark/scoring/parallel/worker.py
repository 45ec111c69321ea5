"""What a scoring process does.

Nothing heavy is imported here: a process has to be ready to be ended before it loads the scorer.
"""

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
    """Prepare this process to score batches.

    leash: the end of a pipe whose closing ends this process. work: a pickled Work. Ctrl-C is
    ignored: the process that started this one handles it.
    """
    global _work  # noqa: PLW0603 - an initializer can leave it nowhere else
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(leash,), daemon=True).start()
    _work = pickle.loads(work)  # noqa: S301 - pickled by the starting process


def _end_with(leash: Connection) -> None:
    """End this process at once when the other end of the pipe is closed: the scores are not wanted
    any more, or the process that wanted them is gone."""
    with suppress(EOFError, OSError):
        leash.recv()
    os._exit(1)


def score(batch: Batch) -> list[ChunkScore]:
    """Score the chunks of a batch."""
    return _work.score(batch)
