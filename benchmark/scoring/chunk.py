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
from benchmark.schema.fields import Json, Record, walk
from benchmark.schema.paths import Steps
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
"""Documents that are scored together: so many that the fixed cost of NumPy's calls is small beside
their work, and so few that their columns take little memory."""

PARSED = 16
"""Documents that are parsed before they are turned into columns: few enough to stay in the
processor's cache until then."""


def chunks(documents: int) -> Iterator[range]:
    """Split the positions of a number of documents into chunks."""
    return (range(n, min(n + CHUNK, documents)) for n in range(0, documents, CHUNK))


@dataclass(frozen=True)
class ChunkScore:
    """The scores of a chunk of documents.

    hashes, groups, statuses, reasons: by document, in their order; the hash is that of the gold,
    the group what the document belongs to, empty for nothing, the reason empty for a status that
    needs none. grounding: by table. invalid, unknown, as_is: by path, as in
    Score.
    """

    hashes: list[bytes]
    groups: list[str]
    statuses: list[Status]
    reasons: list[str]
    counts: ChunkCounts
    grounding: dict[str, Grounding]
    invalid: Counter[str]
    unknown: Counter[str]
    as_is: Counter[str]


@dataclass
class _Read:
    """A chunk being read into columns.

    classified: each prediction with its status, the value itself dropped. annotated: documents, by
    position in the chunk, whose gold says more than its values: alternatives, optional records, or
    quotations to be grounded.
    """

    gold: Reader
    predicted: Reader
    hashes: list[bytes] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    classified: list[Classified] = field(default_factory=list)
    annotated: dict[int, Document] = field(default_factory=dict)


@dataclass(frozen=True)
class _Paired:
    """A chunk with its records paired.

    answered: which documents have a prediction, shape (documents,). pairs: by table.
    """

    gold: Tables
    predicted: Tables
    answered: Bools
    pairs: dict[str, Pairs]


class Scorer:
    """Scores documents of one task, some at a time.

    It keeps the interners of the task's fields, so that values seen before are not checked and
    folded anew. It is not safe to share between threads: see borrowed.
    """

    def __init__(self, task: Task) -> None:
        self.tree = task.tree
        self.ids: Sequence[str] = task.ids
        self.documents: Sequence[Document] = task.documents
        self.interners = intern_all(task.tree, task.aliases, as_is=task.gold_as_is)
        self.gold_as_is = task.gold_as_is
        self.alternatives = Alternatives(task.tree)
        self.validator = Validator(task.schema)
        self.has_evidence = _has_evidence(task.tree)

    def over(self, ids: Sequence[str], documents: Sequence[Document]) -> Scorer:
        """A scorer of other documents of the same task that shares this one's interners."""
        other = copy(self)
        other.ids, other.documents = ids, documents
        return other

    def score(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> ChunkScore:
        """Score the documents at some positions.

        rows: the positions. predictions: by document id, whatever benchmark.score takes for them.
        Raises DataError, with the document's id, for gold that does not fit its schema.
        """
        try:
            return self._score(rows, predictions)
        except DataError:
            self._blame(rows)
            raise

    def _score(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> ChunkScore:
        """Score a chunk; its errors do not yet say which document is at fault."""
        read = self._read(rows, predictions)
        paired = self._pair(read)
        return ChunkScore(
            hashes=read.hashes,
            groups=read.groups,
            statuses=[prediction.status for prediction in read.classified],
            reasons=[prediction.reason for prediction in read.classified],
            counts=count(self.tree, paired.gold, paired.predicted, paired.answered, paired.pairs),
            grounding=self._ground(read.annotated, paired) if self.has_evidence else {},
            invalid=read.predicted.invalid,
            unknown=read.predicted.unknown,
            as_is=read.gold.invalid,
        )

    def pair_document(self, row: int, predictions: Mapping[str, Any]) -> RecordPair:
        """Pair the records of the document at position `row`."""
        return self._document_pair(self._pair(self._read([row], predictions)), 0)

    def _read(self, rows: Sequence[int], predictions: Mapping[str, Any]) -> _Read:
        """Read gold and predictions into columns."""
        # Between chunks, when no column holds ids, is the only time at which they can be forgotten.
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
        """Add the gold at some positions to the columns."""
        documents = [self.documents[row] for row in rows]
        for n, document in enumerate(documents, start=len(read.hashes)):
            if document.alternatives or document.optional or self.has_evidence:
                read.annotated[n] = document
        read.gold.add([quoted(self.tree, d) for d in documents], self._readings(documents))
        read.hashes += map(document_hash, documents)
        read.groups += [document.group for document in documents]

    def _readings(
        self, documents: Sequence[Document]
    ) -> dict[int, Mapping[Steps, Sequence[Mapping[str, Json]]]]:
        """What gold lays over whole records, by the position of the document."""
        readings = {
            n: self.alternatives.of_records(document.alternatives)
            for n, document in enumerate(documents)
            if document.alternatives
        }
        return {n: of_records for n, of_records in readings.items() if of_records}

    def _read_predicted(self, predictions: Sequence[Any], read: _Read) -> None:
        """Add predictions to the columns."""
        classified = [classify(prediction, self.validator) for prediction in predictions]
        read.predicted.add([prediction.value for prediction in classified])
        # The values are in the columns now: parsed documents of a whole chunk would fill the cache.
        read.classified += [prediction._replace(value=None) for prediction in classified]

    def _pair(self, read: _Read) -> _Paired:
        """Finish the columns and pair the records of each table."""
        gold, predicted = self._gold(read.gold, read.annotated), read.predicted.rows()
        return _Paired(gold, predicted, read.predicted.answered, match(self.tree, gold, predicted))

    def _gold(self, reader: Reader, annotated: Mapping[int, Document]) -> Tables:
        """Finish the columns of gold, with its alternatives and optional records. Raises DataError
        for values that are not of their field's type."""
        gold = reader.rows()
        if reader.invalid and not self.gold_as_is:
            raise DataError(f"wrong type at {', '.join(reader.invalid)}")
        for n, document in annotated.items():
            self.alternatives.annotate(gold, n, document.alternatives, document.optional)
        return gold

    def _blame(self, rows: Sequence[int]) -> None:
        """Raise DataError with the id of the document whose gold is at fault, if any is: it breaks
        its own schema, has alternatives for what is not there, or a value that a comparator cannot
        fold. A chunk is scored as a whole, so that the first error does not tell the document."""
        for row in rows:
            reader, document = Reader(self.tree, self.interners), self.documents[row]
            try:
                reader.add([quoted(self.tree, document)], self._readings([document]))
                _fold(self._gold(reader, {0: document}))
            except DataError as error:
                raise DataError(f"gold of '{document.id}': {error}") from None

    def _document_pair(self, paired: _Paired, n: int) -> RecordPair:
        """The `n`-th document of a chunk and its prediction, with the pairs of records below."""
        predicted = paired.predicted if paired.answered[n] else None
        return document_pair(self.tree, paired.gold, predicted, paired.pairs, n)

    def _ground(self, annotated: Mapping[int, Document], paired: _Paired) -> dict[str, Grounding]:
        """Add up the grounding of all documents that have a text and a prediction, by table."""
        total: dict[str, Grounding] = {}
        for n, document in annotated.items():
            if document.text and paired.answered[n]:
                by_table = ground(self._document_pair(paired, n), document.text, document.spans)
                for table, grounding in by_table.items():
                    total[table] = total.get(table, Grounding()).plus(grounding)
        return total


_scorers: WeakKeyDictionary[Task, Scorer] = WeakKeyDictionary()


@contextmanager
def borrowed(task: Task) -> Iterator[Scorer]:
    """Lend the scorer kept for a task, or a new one: building one anew would take longer than
    scoring a few documents."""
    # Taken out while it is in use, so that a score made meanwhile, by another thread or a callback,
    # gets one of its own. After an error it is not put back, as its state may be incomplete.
    scorer = _scorers.pop(task, None) or Scorer(task)
    yield scorer
    _scorers[task] = scorer


def _fold(rows: Tables) -> None:
    """Fold every value and alternative once, so that what cannot be folded raises its error."""
    for column in rows.columns:
        if isinstance(column, Tables):
            _fold(column)
        else:
            for row in range(len(rows)):
                field_value(column, row)


def _has_evidence(tree: Record) -> bool:
    """Whether any record of the schema has an evidence property."""
    # Leaves and bags have no record of their own: in their place the document's is looked at.
    nodes = [item.node for item in walk(tree)]
    return any(getattr(node, "record", tree).evidence for node in nodes)
