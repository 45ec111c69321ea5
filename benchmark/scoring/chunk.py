"""A chunk of documents with their predictions, read, paired and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from benchmark.data.documents import Document, quoted
from benchmark.data.predictions import Classified, Status, classify
from benchmark.data.signature import document_hash
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.fields import Record, walk
from benchmark.schema.validation import Validator
from benchmark.scoring.arrays import Bools
from benchmark.scoring.columns.alternatives import Alternatives
from benchmark.scoring.columns.interning import MOST_KEPT, intern_all
from benchmark.scoring.columns.reading import Reader
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import field_value
from benchmark.scoring.counting import ChunkCounts, count
from benchmark.scoring.pairing.records import Pairs, match
from benchmark.scoring.verdicts.grounding import Grounding, ground
from benchmark.scoring.verdicts.record_pairs import RecordPair, document_pair

CHUNK = 256
"""Documents that are scored together: enough to be worth NumPy's while."""

PARSED = 16
"""Documents that are parsed before they are turned into columns: few enough to stay in the
processor's cache until then."""


def chunks(documents: int) -> Iterator[range]:
    """So many documents, a chunk at a time, by their positions."""
    return (range(n, min(n + CHUNK, documents)) for n in range(0, documents, CHUNK))


@dataclass(frozen=True)
class ChunkScore:
    """What became of a chunk's predictions, in the order of its documents."""

    hashes: list[bytes]
    statuses: list[Status]
    reasons: list[str]
    counts: ChunkCounts
    grounding: dict[str, Grounding]
    invalid: Counter[str]
    unknown: Counter[str]


@dataclass
class _Read:
    """A chunk in columns. `noted` are the documents, by position in the chunk, whose gold says
    more than its values: alternatives, optional records, quotations."""

    gold: Reader
    predicted: Reader
    hashes: list[bytes] = field(default_factory=list)
    found: list[Classified] = field(default_factory=list)
    noted: dict[int, Document] = field(default_factory=dict)


@dataclass(frozen=True)
class _Paired:
    """Both sides of a chunk, which documents have a prediction, and which records go together."""

    gold: Tables
    predicted: Tables
    answered: Bools
    pairs: dict[str, Pairs]


class Scorer:
    """Scores documents of one task."""

    def __init__(self, task: Task) -> None:
        self.tree = task.tree
        self.ids: Sequence[str] = task.ids
        self.documents: Sequence[Document] = task.documents
        self.interners = intern_all(task.tree, task.aliases)
        self.alternatives = Alternatives(task.tree)
        self.validator = Validator(task.schema)
        self.quotes = _has_evidence(task.tree)

    def over(self, ids: Sequence[str], documents: Sequence[Document]) -> Scorer:
        """The same scorer, with all that it has learned, over other documents of its task."""
        other = copy(self)
        other.ids, other.documents = ids, documents
        return other

    def score(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> ChunkScore:
        """Counts of some of the task's documents, by their positions. Predictions are whatever
        benchmark.score takes for them."""
        try:
            return self._score(rows, predictions)
        except DataError:
            self._blame(rows)
            raise

    def _score(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> ChunkScore:
        read = self._read(rows, predictions)
        paired = self._pair(read)
        return ChunkScore(
            read.hashes,
            [one.status for one in read.found],
            [one.reason for one in read.found],
            count(self.tree, paired.gold, paired.predicted, paired.answered, paired.pairs),
            self._ground(read.noted, paired) if self.quotes else {},
            read.predicted.invalid,
            read.predicted.unknown,
        )

    def pair_document(self, row: int, predictions: Mapping[str, Any]) -> RecordPair:
        """Which records of one document are paired with which."""
        return self._document_pair(self._pair(self._read([row], predictions)), 0)

    def _read(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> _Read:
        for interner in self.interners.values():
            if interner.size > MOST_KEPT:
                interner.forget()
        read = _Read(Reader(self.tree, self.interners), Reader(self.tree, self.interners))
        for first in range(0, len(rows), PARSED):
            part = rows[first : first + PARSED]
            self._read_gold(part, read)
            self._read_predicted([predictions.get(self.ids[row]) for row in part], read)
        return read

    def _read_gold(self, rows: Sequence[int], read: _Read) -> None:
        documents = [self.documents[row] for row in rows]
        for n, document in enumerate(documents, start=len(read.hashes)):
            if document.alternatives or document.optional or self.quotes:
                read.noted[n] = document
        read.gold.add([quoted(self.tree, document) for document in documents])
        read.hashes += map(document_hash, documents)

    def _read_predicted(self, predictions: Sequence[Any], read: _Read) -> None:
        found = [classify(prediction, self.validator) for prediction in predictions]
        read.predicted.add([one.value for one in found])
        read.found += [one._replace(value=None) for one in found]

    def _pair(self, read: _Read) -> _Paired:
        gold, predicted = self._gold(read.gold, read.noted), read.predicted.rows()
        return _Paired(gold, predicted, read.predicted.answered, match(self.tree, gold, predicted))

    def _gold(self, reader: Reader, noted: Mapping[int, Document]) -> Tables:
        """Gold in columns, with all that it accepts."""
        gold = reader.rows()
        if reader.invalid:
            raise DataError(f"wrong type at {', '.join(reader.invalid)}")
        for n, document in noted.items():
            self.alternatives.annotate(gold, n, document.alternatives, document.optional)
        return gold

    def _blame(self, rows: Sequence[int]) -> None:
        """Name the gold at fault, if it is gold: it breaks its own schema, accepts what is not
        there, or holds what a comparator breaks on."""
        for row in rows:
            reader, document = Reader(self.tree, self.interners), self.documents[row]
            try:
                reader.add([quoted(self.tree, document)])
                _fold(self._gold(reader, {0: document}))
            except DataError as error:
                raise DataError(f"gold of '{document.id}': {error}") from None

    def _document_pair(self, paired: _Paired, n: int) -> RecordPair:
        predicted = paired.predicted if paired.answered[n] else None
        return document_pair(self.tree, paired.gold, predicted, paired.pairs, n)

    def _ground(self, noted: Mapping[int, Document], paired: _Paired) -> dict[str, Grounding]:
        total: dict[str, Grounding] = {}
        for n, document in noted.items():
            if document.text and paired.answered[n]:
                found = ground(self._document_pair(paired, n), document.text, document.spans)
                for table, one in found.items():
                    total[table] = total.get(table, Grounding()).plus(one)
        return total


_learned: WeakKeyDictionary[Task, Scorer] = WeakKeyDictionary()


@contextmanager
def borrowed(task: Task) -> Iterator[Scorer]:
    """A scorer with what it has learned of a task before: that makes scores of few documents
    faster. Nobody else has it meanwhile, and one that an error has stopped half way is dropped."""
    scorer = _learned.pop(task, None) or Scorer(task)
    yield scorer
    _learned[task] = scorer


def _fold(rows: Tables) -> None:
    """Fold all values, and all that gold accepts besides."""
    for column in rows.columns:
        if isinstance(column, Tables):
            _fold(column)
        else:
            for row in range(len(rows)):
                field_value(column, row)


def _has_evidence(tree: Record) -> bool:
    tables = [item.node for item in walk(tree)]
    return any(getattr(table, "record", tree).evidence for table in tables)
