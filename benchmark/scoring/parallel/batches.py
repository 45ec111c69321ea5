"""Scoring that is spread over workers: what is sent to them, and how scores come back in order.

A worker gets the task once, without its documents, and then batches of documents with their
predictions. Where these are in files, a batch holds only the positions of their lines, and the
worker reads them.
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
"""Chunks in one batch: so many that sending it costs little beside scoring it."""

SHARES = 4
"""Batches for each worker, if there are documents enough: workers that are done early wait for no
more than one of them."""

AHEAD = 3
"""Batches for each worker that are under way at a time: enough that it always has a next one, and a
fixed number, so that memory does not grow with the files."""


@dataclass(frozen=True)
class Batch:
    """Some documents and their predictions, in memory or as parts of files.

    ids, documents: in the same order. predictions: by id, without those that are missing. schema:
    the name of the schema that all of them are of, a key of `Task.plain`.
    """

    ids: Sequence[str]
    documents: Sequence[Document]
    predictions: Mapping[str, Any]
    schema: str


def batches(task: Task, predictions: Mapping[str, Any], workers: int) -> Iterator[Batch]:
    """Split the documents of a task, in the order of `Task.parts`, into batches for a number of
    workers. Batches end where chunks do, so that every way of scoring sees the same chunks."""
    for schema, part in task.parts.items():
        total = len(part.ids)
        size = CHUNK * max(1, min(MOST_CHUNKS, total // (CHUNK * SHARES * workers)))
        for start in range(0, total, size):
            rows = range(start, min(start + size, total))
            ids = part.ids[rows.start : rows.stop]
            yield Batch(ids, _documents(part, rows), _predictions(predictions, ids), schema)


def _documents(task: Task, rows: range) -> Sequence[Document]:
    """The documents at some positions; of a gold file, still as a part of the file."""
    if isinstance(task.documents, GoldFile):
        return task.documents.part(rows)
    return task.documents[rows.start : rows.stop]


def _predictions(predictions: Mapping[str, Any], ids: Iterable[str]) -> Mapping[str, Any]:
    """The predictions for some documents; of a file, still as a part of the file."""
    if isinstance(predictions, PredictionFile):
        return predictions.part(ids)
    return {name: predictions[name] for name in ids if name in predictions}


class Work:
    """Scores batches of one task, in whatever process it was sent to.

    Each thread has scorers of its own, one for each schema, as these are not safe to share. They
    are made for their first batch and kept: their interners make the next ones faster.
    """

    def __init__(self, task: Task, release: str = "") -> None:
        self._task = replace(task, documents=())  # batches bring the documents
        self._release = release or version("fieldmark")
        self._thread = threading.local()

    def __reduce__(self) -> tuple[type[Work], tuple[Task, str]]:
        """Pickle the task and the release; a scorer stays with its thread."""
        return Work, (self._task, self._release)

    def score(self, batch: Batch) -> list[ChunkScore]:
        """Score the chunks of a batch."""
        scorer = self._scorer(batch.schema).over(batch.ids, batch.documents)
        with no_collection():
            return [scorer.score(rows, batch.predictions) for rows in chunks(len(batch.ids))]

    def _scorer(self, schema: str) -> Scorer:
        """The scorer of this thread. Raises WorkerError if the sender has another release."""
        scorers: dict[str, Scorer] = self._thread.__dict__.setdefault("scorers", {})
        if schema not in scorers:
            if version("fieldmark") != self._release:
                raise WorkerError(
                    f"a worker has fieldmark {version('fieldmark')}, this is {self._release}: "
                    f"the counts would not be the same; install one version everywhere"
                )
            scorers[schema] = Scorer(self._task.plain[schema])
        return scorers[schema]


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector off. Parsed JSON has no reference cycles, and the collector, which
    runs whenever many objects are made, would search it for them over and over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Future(Protocol):
    """What the futures of concurrent.futures and of Dask have in common."""

    def result(self) -> list[ChunkScore]:
        """Wait for the scores, or raise the error of whoever made them."""


def in_order(
    submit: Callable[[Batch], Future], sent: Iterable[Batch], ahead: int
) -> Iterator[ChunkScore]:
    """Submit batches, at most `ahead` at a time, and yield the scores of their chunks.

    They come in the order of the documents, whichever worker is first: so a score is the same in
    all respects as that of one process, and so is the error that is raised if there are several.
    """
    under_way: deque[Future] = deque()
    for batch in sent:
        under_way.append(submit(batch))
        if len(under_way) >= ahead:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()
