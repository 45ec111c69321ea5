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
"""Seconds to wait for the scheduler to answer."""

START = 60
"""Seconds to wait for a first worker: an adaptive cluster starts it only when there is work."""

LEAST_AHEAD = 32
"""Fewest batches under way: an adaptive cluster grows by the work that it sees waiting."""


def over_cluster(task: Task, predictions: Mapping[str, Any], address: str) -> Iterator[ChunkScore]:
    """Yield the scores of all chunks, in the order of the documents.

    address: of the scheduler. What a lost worker was to score is scored by another. Raises
    WorkerError for what goes wrong with the cluster.
    """
    with _client(address) as client, _explained(address):
        # Submitted as a task of its own, not scattered: Dask computes the result of a task anew if
        # the workers that hold it are lost, while scattered data would be gone.
        work = client.submit(copy, Work(task), pure=False)
        workers = _workers(client, address)
        yield from in_order(
            partial(client.submit, Work.score, work, pure=False),
            batches(task, predictions, workers),
            max(LEAST_AHEAD, AHEAD * workers),
        )


@contextmanager
def _client(address: str) -> Iterator[Client]:
    """Connect to a scheduler. Raises WorkerError where Dask is not installed or nothing answers."""
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise WorkerError(
            "Dask is not installed: pip install 'fieldmark[dask]' (or distributed alone)"
        ) from None
    with silence_logging_cmgr(logging.CRITICAL):  # WorkerError says it, without a traceback
        try:
            get_address_host(address)  # a Client of an invalid address could not be closed
            client = Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkerError(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            yield client


def _workers(client: Client, address: str) -> int:
    """Count the threads of the cluster, each of which scores a batch at a time. Raises WorkerError
    if there are none within START seconds."""
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
    """Turn the errors of a cluster into WorkerErrors that say what to do."""
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
