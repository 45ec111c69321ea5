"""Gold and predictions -> counts by document and field, and every verdict on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import astuple, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmark.data.own_schemas import named_in_errors, path_in
from benchmark.data.predictions import Status, check_ids
from benchmark.data.signature import signed
from benchmark.data.task import Task
from benchmark.errors import UnknownNameError
from benchmark.schema.fields import table_paths, value_paths
from benchmark.schema.paths import is_inside
from benchmark.scoring.arrays import Ints
from benchmark.scoring.chunk import ChunkScore, Scorer, borrowed, chunks
from benchmark.scoring.columns.reading import WHOLE
from benchmark.scoring.counting import RecordCounts, as_slots
from benchmark.scoring.counts import Counts, Outcome, Rates
from benchmark.scoring.document_rates import mean_of_documents
from benchmark.scoring.parallel.batches import no_collection
from benchmark.scoring.parallel.dask_cluster import over_cluster
from benchmark.scoring.parallel.processes import how_many, over_processes
from benchmark.scoring.places import Place, places_of
from benchmark.scoring.verdicts.grounding import Grounding
from benchmark.scoring.verdicts.verdicts import Verdicts, verdicts_of

if TYPE_CHECKING:
    import pandas


def score(
    task: Task,
    predictions: Mapping[str, Any],
    *,
    jobs: int = 1,
    dask: str = "",
    progress: Callable[[int], object] = lambda _documents: None,
) -> Score:
    """Score predictions, by document id, against a task's gold.

    A prediction is a dict, a pydantic model, a model's raw answer as a string, None (missing) or
    a Failure. What is scored of a task, `Task.scored` says: on a task as it is loaded, all
    documents but those of the split `dev` and those whose text is withheld and which nobody
    predicted. Raises DataError for a predicted document that the task lacks, or that is not
    scored, and for gold that does not fit its own schema. Where documents have schemas of their
    own, each is scored by its own, and counts add up.

    The score is the same whether it is made by one process, by several (`jobs`; 0: as many as
    there are cores, if the documents are many) or by the workers of a Dask cluster (the address of
    its scheduler). `progress` is called with how many more documents are done.
    """
    check_ids(task.known, predictions)
    over = task.scored(predicted=predictions)
    result = Score(over, predictions)
    with no_collection(), ExitStack() as learned:
        # What is wrong with a schema shows when its scorer is made, before anything is started. It
        # keeps what it learns of the task whichever of its documents are scored.
        scorers = []
        for schema, part in over.parts.items():
            with named_in_errors(schema):
                scorer = learned.enter_context(borrowed(task.plain[schema]))
            scorers.append(scorer.over(part.ids, part.documents))
        with closing(_chunk_scores(scorers, over, predictions, jobs, dask)) as chunk_scores:
            for (schema, rows), chunk in zip(_chunks(over), chunk_scores, strict=True):
                result._add(schema, rows, chunk)
                progress(len(rows))
    return result


def _chunks(task: Task) -> Iterator[tuple[str, range]]:
    """The schema of each chunk, and the positions of its documents among those of the schema."""
    return ((schema, rows) for schema, part in task.parts.items() for rows in chunks(len(part.ids)))


def _chunk_scores(
    scorers: Sequence[Scorer], task: Task, predictions: Mapping[str, Any], jobs: int, dask: str
) -> Generator[ChunkScore]:
    """Yield the scores of all chunks, in the order of `_chunks`."""
    if dask:
        yield from over_cluster(task, predictions, dask)
    elif (processes := how_many(jobs, len(task.ids))) > 1:
        yield from over_processes(task, predictions, processes)
    else:
        for scorer in scorers:
            yield from (scorer.score(rows, predictions) for rows in chunks(len(scorer.ids)))


def _named(schema: str, counted: Counter[str]) -> Counter[str]:
    """What is counted by path, each path after the name of its schema. A whole prediction is of no
    field."""
    return Counter(
        {path if path == WHOLE else path_in(schema, path): n for path, n in counted.items()}
    )


@dataclass(eq=False)
class Score:
    """Counts of every document and field, from which all rates are made.

    fields, tables, documents: the paths and ids that name the axes of the arrays. Where documents
        have schemas of their own, a path stands after its schema: `invoice: lines.amount`.
    counts: slots, shape (documents, fields, 5), by outcome in the order of Outcome.
    matched_counts: the same over paired records alone; it tells a missed record from a wrong
        field.
    records: shape (documents, tables, 4), in the order of RecordCounts.
    grounding: by table, where the schema marks evidence and the texts are there.
    statuses, reasons: by document, what became of its prediction and, if it is not ok, why.
    invalid, unknown: by path, predicted values, lists and records that are not of the schema's
        type, and predicted properties that the schema lacks (these are not scored).
    as_is: by path, the values of gold that are not of the schema's type, where gold is taken as it
        is. Lists and objects are scored only where the schema has them.
    """

    task: Task
    predictions: Mapping[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        self.fields = value_paths(self.task.tree)
        self.tables = table_paths(self.task.tree)
        self.documents = self.task.ids
        # All are told in the order of the documents, whichever schema's are scored first.
        self.statuses: dict[str, Status] = dict.fromkeys(self.documents, Status.MISSING)
        self.reasons: dict[str, str] = {}
        self.counts: Ints = np.zeros((len(self.documents), len(self.fields), 5), np.int64)
        self.matched_counts: Ints = np.zeros_like(self.counts)
        self.records: Ints = np.zeros((len(self.documents), len(self.tables), 4), np.int64)
        self.grounding: dict[str, Grounding] = {}
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.as_is: Counter[str] = Counter()
        self._hashes = [b""] * len(self.documents)
        self._groups = [""] * len(self.documents)
        self._column = {path: n for n, path in enumerate(self.fields)}
        self._table = {path: n for n, path in enumerate(self.tables)}

    def _add(self, schema: str, rows: range, chunk: ChunkScore) -> None:
        """Add the scores of a chunk: of the documents of a schema, those at positions `rows`."""
        place = self._places[schema]
        at = place.documents[rows.start : rows.stop]
        told = (chunk.hashes, chunk.groups, chunk.statuses, chunk.reasons)
        for n, digest, group, status, reason in zip(at.tolist(), *told, strict=True):
            self._hashes[n], self._groups[n], name = digest, group, self.documents[n]
            self.statuses[name] = status
            if reason:
                self.reasons[name] = reason
        self.invalid += _named(schema, chunk.invalid)
        self.unknown += _named(schema, chunk.unknown)
        self.as_is += _named(schema, chunk.as_is)
        self.counts[at, place.fields] = chunk.counts.counts
        self.matched_counts[at, place.fields] = chunk.counts.matched
        self.records[at, place.tables] = chunk.counts.records
        for path, grounding in chunk.grounding.items():
            table = path_in(schema, path)
            self.grounding[table] = self.grounding.get(table, Grounding()).plus(grounding)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return places_of(self.task)

    def verdicts(self, document: str) -> Verdicts:
        """The verdict on each value of a document, and the pairing of its records.

        Paths are those of the document's own schema. The document is scored anew, so that scores
        that nobody inspects carry no verdicts. Raises UnknownNameError for an id that the task
        lacks.
        """
        schema = self.schema_of(document)
        row = np.searchsorted(self._places[schema].documents, self._row[document])
        with borrowed(self.task.parts[schema]) as scorer:
            return verdicts_of(scorer.pair_document(int(row), self.predictions))

    def schema_of(self, document: str) -> str:
        """The name of the schema that a document, by id, is of; "" in a task with one schema.
        Raises UnknownNameError for an id that the task lacks."""
        row = self._row.get(document)
        if row is None:
            raise UnknownNameError("document", document, self.documents)
        own = self.task.schema_names
        return self.task.schema_of(self.task.documents[row]) if own else ""

    @cached_property
    def signature(self) -> str:
        """What the score depends on besides the predictions, in one line: scorer, schema, gold and
        options. Two scores compare only if their signatures are equal."""
        return signed(self.task, self._hashes)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The group of each document, one of its own for those that name none; empty if none does.
        Documents of a group are resampled and exchanged together."""
        if not any(self._groups):
            return ()
        # A name of a group is no id of a document.
        pairs = zip(self._groups, self.documents, strict=True)
        return tuple(f"group {group}" if group else f"document {name}" for group, name in pairs)

    @cached_property
    def _row(self) -> dict[str, int]:
        """The position of each document."""
        return {name: row for row, name in enumerate(self.documents)}

    def field_counts(self, path: str, matched: bool = False) -> Counts:
        """The counts of one field, summed over documents; `matched`: over paired records alone."""
        counts = self.matched_counts if matched else self.counts
        return Counts(*counts[:, self._column[path]].sum(axis=0).tolist())

    def record_counts(self, table: str) -> RecordCounts:
        """The numbers of records of one table, summed over documents."""
        return RecordCounts(*self.records[:, self._table[table]].sum(axis=0).tolist())

    def whole_records(self, table: str | None = None) -> Counts:
        """The records of one table, or of all, as one slot each, correct if perfect. Its strict
        rates are those of whole records: precision perfect / predicted, recall perfect / gold."""
        if table is None:
            return sum(map(self.whole_records, self.tables), Counts())
        return Counts(*as_slots(np.array(self.record_counts(table))).tolist())

    def valid_share(self) -> float:
        """The share of documents whose prediction follows the schema."""
        return list(self.statuses.values()).count(Status.OK) / len(self.statuses)

    def below(self, table: str | None) -> tuple[str, ...]:
        """The fields of a table, nested ones included; all fields for None."""
        return tuple(f for f in self.fields if table is None or is_inside(f, table))

    def micro(self, table: str | None = None, matched: bool = False) -> Counts:
        """Counts summed over documents and over the fields of a table, nested ones included; over
        all fields for None. Rates made of them are micro averages."""
        return sum((self.field_counts(f, matched) for f in self.below(table)), Counts())

    def counts_of(self, documents: Iterable[str]) -> Ints:
        """The counts of some documents, by id and in that order, shape (len(documents), fields,
        5)."""
        return self.counts[[self._row[name] for name in documents]]

    def micro_of(self, documents: Iterable[str]) -> Counts:
        """Counts summed over some documents, by id, and all fields."""
        return Counts(*self.counts_of(documents).sum(axis=(0, 1)).tolist())

    def macro(
        self, table: str | None = None, matched: bool = False, partial: bool = False
    ) -> Rates:
        """The mean of each rate over the fields of a table, or over all, in which it is defined;
        None where it is defined in none. `partial`: of rates with partial credit."""
        fields = [self.field_counts(f, matched) for f in self.below(table)]
        return Rates.mean([counts.partial if partial else counts.strict for counts in fields])

    def mean_over_documents(self, partial: bool = False) -> Rates:
        """The mean of each rate over documents, each by itself over all its fields; a document in
        which a rate is undefined, as it has nothing to divide by, is left out of that mean. None
        where it is undefined in all. `partial`: of rates with partial credit."""
        return mean_of_documents(self.counts.sum(axis=1), partial)

    def to_frame(self) -> pandas.DataFrame:
        """The counts as a frame with a row for each document and field.

        Columns: document, field, pos (slots that gold fills), act (slots that the prediction
        fills), cor, par, inc, mis and spu. Rates are made of sums: precision is cor / act, recall
        cor / pos, F1 2 cor / (pos + act). Needs pandas.
        """
        import pandas

        names = [(document, path) for document in self.documents for path in self.fields]
        outcomes = [outcome.name.lower() for outcome in Outcome]
        frame = pandas.DataFrame(names, columns=["document", "field"])
        counts = pandas.DataFrame(self.counts.reshape(-1, len(outcomes)), columns=outcomes)
        filled = counts["cor"] + counts["par"] + counts["inc"]
        frame["pos"], frame["act"] = filled + counts["mis"], filled + counts["spu"]
        return pandas.concat([frame, counts], axis=1)

    def __str__(self) -> str:
        """The strict micro rates in a line, for a prompt."""
        rates = self.micro().strict
        shown = ("n/a" if rate is None else f"{rate:.3f}" for rate in astuple(rates))
        return "micro precision {}, recall {}, F1 {}".format(*shown)
