"""Scoring by the workers of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmark.data.task import Task
from benchmark.errors import UnreadableError, WorkerError
from benchmark.scoring.chunk import ChunkScore
from benchmark.scoring.parallel.batches import AHEAD, Work, batches, in_order

if TYPE_CHECKING:
    from distributed import Client

CONNECT = 10
"""Seconds that the scheduler has to answer."""

START = 60
"""Seconds that a first worker has to come: a cluster that adapts starts it only now."""

LEAST_AHEAD = 32
"""Batches under way: enough for a cluster that adapts to see that it should grow."""


def over_cluster(task: Task, predictions: Mapping[str, Any], address: str) -> Iterator[ChunkScore]:
    """The scores of all chunks, in order. What a lost worker had to do is done by another."""
    with _client(address) as client, _explained(address):
        # The result of a task, unlike scattered data, is made again if its workers are lost.
        work = client.submit(copy, Work(task), pure=False)
        workers = _workers(client, address)
        yield from in_order(
            partial(client.submit, Work.score, work, pure=False),
            batches(task, predictions, workers),
            max(LEAST_AHEAD, AHEAD * workers),
        )


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise WorkerError(
            "Dask is not installed: pip install 'fieldmark[dask]' (or distributed alone)"
        ) from None
    with silence_logging_cmgr(logging.CRITICAL):  # our errors say it, without a traceback
        try:
            get_address_host(address)  # a client of what is no address would not even close
            client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkerError(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            yield client


def _workers(client: Client, address: str) -> int:
    """How many batches the cluster scores at a time."""
    try:
        client.wait_for_workers(1, timeout=START)
    except TimeoutError:
        raise WorkerError(
            f"the Dask cluster at {address} has no worker, and got none in {START} seconds"
        ) from None
    threads: dict[str, int] = client.nthreads()
    return max(1, sum(threads.values()))


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """What can go wrong with a cluster, in words."""
    from distributed import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise WorkerError(f"the workers at {address} end again and again: {error}") from None
    except CancelledError:
        raise WorkerError(f"the Dask scheduler at {address} is gone") from None
    except ImportError as error:
        raise WorkerError(f"{error}: the workers need what is installed here") from None
    except UnreadableError as error:
        raise WorkerError(
            f"on a worker, {error}; "
            f"files are read by the workers, from a path or URL that they share"
        ) from None
    except OSError as error:
        raise WorkerError(f"the Dask cluster at {address}: {error.strerror or error}") from None
