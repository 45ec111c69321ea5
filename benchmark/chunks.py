"""A chunk of documents with their predictions, read, paired and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from benchmark.accepted import Annotator
from benchmark.columns import WHOLE, Reader, Rows
from benchmark.counting import ChunkCounts, count
from benchmark.errors import DataError
from benchmark.grounding import Grounding, ground
from benchmark.interning import MOST_KEPT, Bools, intern_all
from benchmark.matching import Pairs, match
from benchmark.meetings import Meeting, meeting
from benchmark.predictions import Classified, Status, classify
from benchmark.signature import document_hash
from benchmark.tasks import Document, Task, quoted
from benchmark.tree import Record, walk
from benchmark.validation import Validator

CHUNK = 128
"""Documents that are scored together: enough to be worth NumPy's while, few enough to stay in the
processor's cache from parsing to counting."""


def chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """The documents, a chunk at a time."""
    left = iter(documents)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


@dataclass(frozen=True)
class ChunkScore:
    """What became of a chunk's predictions, in the order of its documents."""

    hashes: list[bytes]
    statuses: list[Status]
    reasons: dict[str, str]
    counts: ChunkCounts
    grounding: dict[str, Grounding]
    invalid: Counter[str]
    unknown: Counter[str]


@dataclass(frozen=True)
class _Read:
    """A chunk in columns, and which of its records go together."""

    gold: Rows
    predicted: Rows
    answered: Bools
    pairs: dict[str, Pairs]
    reader: Reader


class Scorer:
    """Scores documents of one task."""

    def __init__(self, task: Task) -> None:
        self.tree = task.tree
        self.interners = intern_all(task.tree, task.aliases)
        self.annotator = Annotator(task.tree)
        self.validator = Validator(task.schema)
        self.quotes = _has_evidence(task.tree)

    def score(self, documents: Sequence[Document], predictions: Sequence[Any]) -> ChunkScore:
        """Counts of some documents. A prediction is whatever benchmark.score takes for one."""
        found = [classify(prediction, self.validator) for prediction in predictions]
        read = self._read(documents, found)
        counts = count(self.tree, read.gold, read.predicted, read.answered, read.pairs)
        invalid = read.reader.invalid
        for one in found:
            if one.status is Status.INVALID and not isinstance(one.value, dict):
                invalid[WHOLE] += 1
        return ChunkScore(
            [document_hash(document) for document in documents],
            [one.status for one in found],
            {d.id: one.reason for d, one in zip(documents, found, strict=True) if one.reason},
            counts,
            self._ground(documents, read) if self.quotes else {},
            invalid,
            read.reader.unknown,
        )

    def meet(self, document: Document, prediction: Any) -> Meeting:
        """Which records of one document are paired with which."""
        return self._meeting(self._read([document], [classify(prediction, self.validator)]), 0)

    def _read(self, documents: Sequence[Document], found: Sequence[Classified]) -> _Read:
        for interner in self.interners.values():
            if interner.size > MOST_KEPT:
                interner.forget()
        gold = self._gold(documents)
        reader = Reader(self.interners)
        predicted = reader.documents(self.tree, [one.value for one in found])
        answered = np.array([isinstance(one.value, dict) for one in found], np.bool_)
        return _Read(gold, predicted, answered, match(self.tree, gold, predicted), reader)

    def _gold(self, documents: Sequence[Document]) -> Rows:
        reader = Reader(self.interners)
        rows = reader.documents(self.tree, [quoted(self.tree, document) for document in documents])
        if reader.invalid:
            if len(documents) > 1:  # find the one at fault
                for document in documents:
                    self._gold([document])
            where = ", ".join(reader.invalid)
            raise DataError(f"gold of '{documents[0].id}': wrong type at {where}")
        for n, document in enumerate(documents):
            try:
                self.annotator.annotate(rows, n, document.alternatives, document.optional)
            except DataError as error:
                raise DataError(f"gold of '{document.id}': {error}") from None
        return rows

    def _meeting(self, read: _Read, n: int) -> Meeting:
        predicted = read.predicted if read.answered[n] else None
        return meeting(self.tree, read.gold, predicted, read.pairs, n)

    def _ground(self, documents: Sequence[Document], read: _Read) -> dict[str, Grounding]:
        total: dict[str, Grounding] = {}
        for n, document in enumerate(documents):
            if document.text and read.answered[n]:
                found = ground(self._meeting(read, n), document.text, document.spans)
                for table, one in found.items():
                    total[table] = total.get(table, Grounding()).plus(one)
        return total


def _has_evidence(tree: Record) -> bool:
    tables = [item.node for item in walk(tree)]
    return any(getattr(table, "record", tree).evidence for table in tables)
