"""A chunk's counts: the outcomes of all slots of all records, by document and field.

A slot of paired records counts by its outcome; each value of a gold record without a partner is
MIS, unless the record is optional, and each value of a predicted record without one is SPU. What is
wrong below a record is passed up to it: it is perfect only if nothing below it is wrong either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.schema.fields import Record, Table, table_paths, value_paths
from benchmark.scoring.arrays import Bools, Ints, row_sums, to_lengths
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.counts import Outcome
from benchmark.scoring.pairing.outcomes import outcomes
from benchmark.scoring.pairing.records import Pairs

_, PAR, _, MIS, SPU = Outcome


class RecordCounts(NamedTuple):
    """Numbers of records of a table.

    gold: without optional ones that have no partner. predicted: all. paired: those with a partner.
    perfect: paired ones with nothing but correct slots in them, nested records included.
    """

    gold: int
    predicted: int
    paired: int
    perfect: int


def as_slots(records: Ints) -> Ints:
    """Each record as one slot, from shape (..., 4), in the order of RecordCounts, to (..., 5), in
    that of Outcome: COR is a perfect record, INC one with a partner that is not perfect, MIS and
    SPU one without a partner. Rates of these slots are those of whole records."""
    gold, predicted, paired, perfect = np.moveaxis(records, -1, 0)
    none = np.zeros_like(perfect)
    slots = [perfect, none, paired - perfect, gold - paired, predicted - paired]
    return np.stack(slots, axis=-1)


@dataclass(frozen=True)
class ChunkCounts:
    """The counts of each document of a chunk.

    counts: slots, shape (documents, fields, 5), in the order of Outcome. matched: the same of
    paired records alone. records: shape (documents, tables, 4), in the order of RecordCounts.
    """

    counts: Ints
    matched: Ints
    records: Ints


def count(
    tree: Record, gold: Tables, predicted: Tables, answered: Bools, pairs: Mapping[str, Pairs]
) -> ChunkCounts:
    """Count a chunk of documents.

    answered: which documents have a prediction, shape (documents,). pairs: those of each table, by
    path.
    """
    counter = _Counter(tree, len(gold), pairs)
    # The documents themselves are records too: paired where there is a prediction, never optional.
    both = np.flatnonzero(answered)
    documents = _PairedTable(
        tree=tree,
        gold=gold,
        predicted=predicted,
        paired=(both, both),
        dropped=np.zeros(len(gold), np.bool_),
    )
    counter.count_records(documents)
    return ChunkCounts(counter.counts, counter.matched, counter.records)


class _PairedTable(NamedTuple):
    """The records of a table in a chunk.

    paired: the pairs of rows. dropped: which gold rows count nothing, being optional and without a
    partner, below such a record, or a reading that is not the one that counts, shape (gold rows,).
    """

    tree: Record
    gold: Tables
    predicted: Tables
    paired: Pairs
    dropped: Bools


class _Counter:
    """Adds up the counts of a chunk, table by table."""

    def __init__(self, tree: Record, documents: int, pairs: Mapping[str, Pairs]) -> None:
        self.pairs = pairs
        self.fields = {path: n for n, path in enumerate(value_paths(tree))}
        self.tables = {path: n for n, path in enumerate(table_paths(tree))}
        self.counts = np.zeros((documents, len(self.fields), 5), np.int64)
        self.matched = np.zeros_like(self.counts)
        self.records = np.zeros((documents, len(self.tables), 4), np.int64)

    def count_records(self, table: _PairedTable) -> tuple[Ints, Ints]:
        """Count a table's records, and those nested in them.

        Returns how many slots are not correct: of each gold row, together with its partner if it
        has one, shape (gold rows,); and of each predicted row without a partner, 0 for the others,
        shape (predicted rows,).
        """
        wrong, spurious = self._count_values(table)
        for n, item in enumerate(table.tree.fields):
            if isinstance(item.node, Table):
                below, spurious_below = self._count_nested(item.path, item.node.record, table, n)
                wrong += below
                # A spurious record below a paired parent is a fault of that pair.
                wrong[table.paired[0]] += spurious_below[table.paired[1]]
                spurious += spurious_below
        return wrong, spurious * _unpaired(len(table.predicted), table.paired[1])

    def _count_values(self, table: _PairedTable) -> tuple[Ints, Ints]:
        """Count the leaves and bags of a table's records. Returns the slots that are not correct,
        by gold row and by predicted row, as count_records does."""
        gold, predicted, paired = table.gold, table.predicted, table.paired
        wrong, spurious = np.zeros(len(gold), np.int64), np.zeros(len(predicted), np.int64)
        fields = table.tree.fields
        values = [n for n, item in enumerate(fields) if not isinstance(item.node, Table)]
        if not values:
            return wrong, spurious
        alone = _unpaired(len(gold), paired[0]) & ~table.dropped
        extra = _unpaired(len(predicted), paired[1])
        slots = outcomes(gold, predicted, *paired)
        # The last column belongs to no record: see Tables.counts.
        missing_values = gold.required[:, :-1] * alone
        spurious_values = predicted.counts[:, :-1] * extra
        # Pairs are sorted by gold row, and so by document: those of a document are a run.
        offsets = np.searchsorted(paired[0], gold.documents)
        at = [self.fields[fields[n].path] for n in values]
        self.matched[:, at] = row_sums(slots, offsets).transpose(2, 0, 1)
        self.counts[:, at] = self.matched[:, at]
        self.counts[:, at, MIS] += row_sums(missing_values, gold.documents).T
        self.counts[:, at, SPU] += row_sums(spurious_values, predicted.documents).T
        wrong += missing_values.sum(axis=0)
        wrong[paired[0]] = slots[:, PAR:].sum(axis=(0, 1))
        return wrong, spurious + spurious_values.sum(axis=0)

    def _count_nested(
        self, path: str, tree: Record, parents: _PairedTable, n: int
    ) -> tuple[Ints, Ints]:
        """Count the table nested in field `n` of some records. Returns the slots in it that are not
        correct, summed by gold parent and by predicted parent, shape (parents,) each."""
        gold, predicted = parents.gold.columns[n], parents.predicted.columns[n]
        assert isinstance(gold, Tables)
        assert isinstance(predicted, Tables)
        none = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        paired = self.pairs.get(path, none)
        alone = _unpaired(len(gold), paired[0])
        dropped = parents.dropped[gold.parent_of] | (gold.optional & alone)
        dropped |= ~gold.chosen(paired[0])
        wrong, spurious = self.count_records(_PairedTable(tree, gold, predicted, paired, dropped))
        by_document = (  # in the order of RecordCounts
            row_sums(~dropped, gold.documents),
            to_lengths(predicted.documents),
            row_sums(~alone, gold.documents),
            row_sums(~alone & (wrong == 0), gold.documents),
        )
        self.records[:, self.tables[path]] = np.stack(by_document, axis=1)
        return row_sums(wrong, gold.offsets), row_sums(spurious, predicted.offsets)


def _unpaired(size: int, paired: Ints) -> Bools:
    """Which of `size` rows are not among the paired ones, shape (size,)."""
    unpaired = np.ones(size, np.bool_)
    unpaired[paired] = False
    return unpaired
