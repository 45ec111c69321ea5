"""Gold and predictions -> additive counts for each document, and every verdict on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmark.comparison import Comparison
from benchmark.counts import Counts, Rates
from benchmark.errors import DataError
from benchmark.grounding import Grounding, ground
from benchmark.matching import Matcher
from benchmark.predictions import Status, check_ids, classify
from benchmark.signature import signature
from benchmark.tasks import Document, Task, quoted
from benchmark.tree import table_paths, value_paths
from benchmark.validation import Validator
from benchmark.values import Reader, bind_all

WHOLE = "$"
"""The path under which a prediction that is no object is counted as invalid."""

Array = npt.NDArray[np.int64]


def score(task: Task, predictions: Mapping[str, Any]) -> Score:
    """Score predictions, by document id, against a task's gold.

    A prediction is a dict, a pydantic model, a model's raw answer as a string, None (missing) or
    a Failure. Raises DataError for a document that the task lacks and for gold that does not fit
    its own schema.
    """
    check_ids((document.id for document in task.documents), predictions)
    scorer = _Scorer(task, predictions)
    result = Score(signature(task), task, scorer)
    for row, document in enumerate(task.documents):
        result._add(row, scorer.document(document))
    return result


@dataclass(frozen=True)
class _Scored:
    """One document, compared but not yet counted."""

    status: Status
    reason: str
    comparison: Comparison
    grounding: Mapping[str, Grounding]
    invalid: Counter[str]
    unknown: Counter[str]


class _Scorer:
    def __init__(self, task: Task, predictions: Mapping[str, Any]) -> None:
        self.tree = task.tree
        self.predictions = predictions
        self.bound = bind_all(task.tree, task.aliases)
        self.matcher = Matcher(task.tree, self.bound)
        self.validator = Validator(task.schema)

    def document(self, document: Document) -> _Scored:
        reader = Reader(self.bound, document.alternatives, document.optional)
        try:
            gold = reader.document(self.tree, quoted(self.tree, document))
        except DataError as error:
            raise DataError(f"gold of '{document.id}': {error}") from None
        if reader.invalid:
            raise DataError(f"gold of '{document.id}': wrong type at {', '.join(reader.invalid)}")
        status, value, reason = classify(self.predictions.get(document.id), self.validator)
        reader = Reader(self.bound)
        predicted = reader.document(self.tree, value) if isinstance(value, dict) else None
        if predicted is None and status is Status.INVALID:
            reader.invalid[WHOLE] += 1
        comparison = self.matcher.documents(gold, predicted)
        grounding = (
            ground(comparison.pairings, document.text, document.spans) if document.text else {}
        )
        return _Scored(status, reason, comparison, grounding, reader.invalid, reader.unknown)


class RecordCounts(NamedTuple):
    """Records of a table: `perfect` ones are paired with nothing but correct slots in them."""

    gold: int
    predicted: int
    paired: int
    perfect: int


@dataclass(eq=False)
class Score:
    """Counts of every document and field, from which all rates are made.

    fields, tables, documents: the paths and ids that name the axes of the arrays.
    counts: slots, shape (documents, fields, 5), by outcome in the order of Outcome.
    matched_counts: the same over paired records alone; it tells a missed record from a wrong
        field.
    records: shape (documents, tables, 4), in the order of RecordCounts.
    grounding: by table, where the schema marks evidence and the texts are there.
    statuses, reasons: by document, what became of its prediction and, if it is not ok, why.
    invalid, unknown: by path, predicted values, lists and records that are not of the schema's
        type, and predicted properties that the schema lacks (these are not scored).
    """

    signature: str
    task: Task
    _scorer: _Scorer = field(repr=False)

    def __post_init__(self) -> None:
        self.fields = value_paths(self.task.tree)
        self.tables = table_paths(self.task.tree)
        self.documents = tuple(document.id for document in self.task.documents)
        self.statuses: dict[str, Status] = {}
        self.reasons: dict[str, str] = {}
        self.counts: Array = np.zeros((len(self.documents), len(self.fields), 5), np.int64)
        self.matched_counts: Array = np.zeros_like(self.counts)
        self.records: Array = np.zeros((len(self.documents), len(self.tables), 4), np.int64)
        self.grounding: dict[str, Grounding] = {}
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._column = {path: n for n, path in enumerate(self.fields)}
        self._table = {path: n for n, path in enumerate(self.tables)}

    def _add(self, row: int, scored: _Scored) -> None:
        self.statuses[self.documents[row]] = scored.status
        if scored.reason:
            self.reasons[self.documents[row]] = scored.reason
        self.invalid += scored.invalid
        self.unknown += scored.unknown
        for slot in scored.comparison.slots:
            self.counts[row, self._column[slot.field], slot.outcome] += 1
            if slot.paired:
                self.matched_counts[row, self._column[slot.field], slot.outcome] += 1
        for pairing in scored.comparison.pairings:
            gold, predicted = pairing.gold is not None, pairing.predicted is not None
            if pairing.gold and pairing.gold.optional and not predicted:
                continue  # left out, an optional record counts nothing
            seen = (gold, predicted, gold and predicted, pairing.perfect)
            self.records[row, self._table[pairing.table]] += seen
        for table, one in scored.grounding.items():
            self.grounding[table] = self.grounding.get(table, Grounding()).plus(one)

    def verdicts(self, document: str) -> Comparison:
        """The pairing of a document's records and the verdict on each of its values."""
        for one in self.task.documents:
            if one.id == document:
                return self._scorer.document(one).comparison
        raise DataError(f"'{document}' was not scored; there are {', '.join(self.documents)}")

    def field_counts(self, path: str, matched: bool = False) -> Counts:
        """The counts of one field, over all documents."""
        counts = self.matched_counts if matched else self.counts
        return Counts(*counts[:, self._column[path]].sum(axis=0).tolist())

    def record_counts(self, table: str) -> RecordCounts:
        """The records of one table, over all documents."""
        return RecordCounts(*self.records[:, self._table[table]].sum(axis=0).tolist())

    def below(self, table: str | None) -> tuple[str, ...]:
        """The fields of a table, nested ones included; all fields for None."""
        return tuple(f for f in self.fields if table is None or f.startswith(f"{table}."))

    def micro(self, table: str | None = None, matched: bool = False) -> Counts:
        """Counts summed over the fields of a table, or over all."""
        return sum((self.field_counts(f, matched) for f in self.below(table)), Counts())

    def macro(
        self, table: str | None = None, matched: bool = False, partial: bool = False
    ) -> Rates:
        """The mean over fields of each rate where it is defined; None where it nowhere is."""
        counts = [self.field_counts(f, matched) for f in self.below(table)]
        return Rates.mean([one.partial if partial else one.strict for one in counts])

    def __str__(self) -> str:
        rates = self.micro().strict
        shown = ("n/a" if rate is None else f"{rate:.3f}" for rate in astuple(rates))
        return "micro precision {}, recall {}, F1 {}".format(*shown)
