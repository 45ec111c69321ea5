"""Scoring by several processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmark.data.task import Task
from benchmark.errors import WorkerError
from benchmark.scoring.chunk import ChunkScore
from benchmark.scoring.parallel.batches import AHEAD, Batch, Work, batches, in_order
from benchmark.scoring.parallel.worker import score, start

LARGE = 10_000
"""Documents from which `jobs=0` starts several processes: to start them takes as long as scoring
two thousand small documents, and longer on a busy machine."""

MOST = 61 if sys.platform == "win32" else 1000
"""Most processes: Windows can wait for no more than 61; elsewhere, more than there are cores."""


def how_many(jobs: int, documents: int) -> int:
    """The number of processes to use: `jobs`, or for 0 one for each core if the documents are many,
    else one."""
    return min(MOST, jobs or (_cores() if documents >= LARGE else 1))


def _cores() -> int:
    """Count the cores that this process may use, which a container or `taskset` may restrict."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def over_processes(task: Task, predictions: Mapping[str, Any], jobs: int) -> Iterator[ChunkScore]:
    """Yield the scores of all chunks, in the order of the documents, made by `jobs` processes.

    Raises WorkerError if one of them ends before its time.
    """
    sent = batches(task, predictions, jobs)
    try:
        with _pool(Work(task), jobs) as pool:
            yield from in_order(partial(_submit, pool), sent, AHEAD * jobs)
    except BrokenProcessPool:
        raise WorkerError(
            "a scoring process was ended from outside, or ran out of memory (fewer --jobs need "
            "less of it), or could not start (a script needs `if __name__ == '__main__':`)"
        ) from None


@contextmanager
def _pool(work: Work, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes that end with the block, whatever ends it."""
    # Spawned, on every platform alike. A fork starts a second sooner, but with locks that threads
    # (NumPy's, Dask's, the caller's) may hold at that moment: Python 3.12 warns of it. A fork
    # server saves a little of that second, is not there on Windows, and lets Ctrl-C through to
    # processes that are starting.
    context = multiprocessing.get_context("spawn")
    # The processes hold one end of a pipe and watch it. The other end closes with this process,
    # even if it is killed and can tell them nothing.
    leash, end = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, context, start, (leash, pickle.dumps(work)))
    try:
        yield pool
        pool.shutdown()
    finally:
        end.close()
        pool.shutdown(cancel_futures=True)
        leash.close()


def _submit(pool: ProcessPoolExecutor, batch: Batch) -> Future[list[ChunkScore]]:
    """Submit a batch to the pool, which starts its processes one by one as batches come."""
    with _interrupts_blocked():
        return pool.submit(score, batch)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C until the end of the block. A terminal sends it to all processes; those started
    here inherit the block, so that none prints a traceback while it loads. This process gets it
    when the block is over."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
