"""Scoring that is spread over workers: what is sent to them, and how it comes back in order.

A worker gets the task once, without its documents, and then batches of documents with their
predictions. Where these are files, a batch says no more than where their lines stand.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any, Protocol

from benchmark.data.documents import Document, GoldFile
from benchmark.data.predictions import PredictionFile
from benchmark.data.task import Task
from benchmark.errors import WorkerError
from benchmark.scoring.chunk import CHUNK, ChunkScore, Scorer, chunks

MOST_CHUNKS = 8
"""In one batch: enough that sending it costs nothing beside scoring it."""

SHARES = 4
"""Batches for each worker, if there are documents enough: no worker waits long for the last."""

AHEAD = 3
"""Batches for each worker that are under way at a time: it always has a next one, and what is
sent and not yet scored does not grow with the files."""


@dataclass(frozen=True)
class Batch:
    """Some documents and their predictions: themselves, or where files hold them."""

    ids: Sequence[str]
    documents: Sequence[Document]
    predictions: Mapping[str, Any]


def batches(task: Task, predictions: Mapping[str, Any], workers: int) -> Iterator[Batch]:
    """All documents of a task, in order. Batches end where chunks do, so that every way of
    scoring sees the same chunks."""
    total = len(task.ids)
    size = CHUNK * max(1, min(MOST_CHUNKS, total // (CHUNK * SHARES * workers)))
    for start in range(0, total, size):
        rows = range(start, min(start + size, total))
        ids = task.ids[rows.start : rows.stop]
        yield Batch(ids, _documents(task, rows), _predictions(predictions, ids))


def _documents(task: Task, rows: range) -> Sequence[Document]:
    if isinstance(task.documents, GoldFile):
        return task.documents.part(rows)
    return task.documents[rows.start : rows.stop]


def _predictions(predictions: Mapping[str, Any], ids: Iterable[str]) -> Mapping[str, Any]:
    if isinstance(predictions, PredictionFile):
        return predictions.part(ids)
    return {name: predictions[name] for name in ids if name in predictions}


class Work:
    """Scores batches of one task, wherever it was sent to. Each thread has its own scorer, made
    for its first batch and kept, as what a scorer has learned makes it faster."""

    def __init__(self, task: Task, release: str = "") -> None:
        self._task = replace(task, documents=())
        self._release = release or version("fieldmark")
        self._mine = threading.local()

    def __reduce__(self) -> tuple[type[Work], tuple[Task, str]]:
        return Work, (self._task, self._release)

    def score(self, batch: Batch) -> list[ChunkScore]:
        """The scores of a batch's chunks."""
        scorer = self._scorer().over(batch.ids, batch.documents)
        with no_collection():
            return [scorer.score(rows, batch.predictions) for rows in chunks(len(batch.ids))]

    def _scorer(self) -> Scorer:
        if not hasattr(self._mine, "scorer"):
            if version("fieldmark") != self._release:
                raise WorkerError(
                    f"a worker has fieldmark {version('fieldmark')}, this is {self._release}: "
                    f"the counts would not be the same; install one version everywhere"
                )
            self._mine.scorer = Scorer(self._task)
        scorer: Scorer = self._mine.scorer
        return scorer


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector off: parsed documents hold no rings, and it would look through
    them again and again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


class Future(Protocol):
    """What concurrent.futures and Dask have in common."""

    def result(self) -> list[ChunkScore]:
        """Wait for it; raise what went wrong with it."""


def in_order(
    submit: Callable[[Batch], Future], sent: Iterable[Batch], ahead: int
) -> Iterator[ChunkScore]:
    """Submit batches, a few ahead, and give the scores of their chunks in the order of documents:
    then a score is the same in all respects, and so is the error that comes first."""
    under_way: deque[Future] = deque()
    for batch in sent:
        under_way.append(submit(batch))
        if len(under_way) >= ahead:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()
