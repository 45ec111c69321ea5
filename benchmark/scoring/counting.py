"""A chunk's counts: the outcomes of all slots of all records, by document and field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.schema.fields import Record, Table, table_paths, value_paths
from benchmark.scoring.arrays import Bools, Ints, sums, to_lengths
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.counts import Outcome
from benchmark.scoring.pairing.outcomes import outcomes
from benchmark.scoring.pairing.records import Pairs

_, PAR, _, MIS, SPU = Outcome


class RecordCounts(NamedTuple):
    """Records of a table: `perfect` ones are paired with nothing but correct slots in them."""

    gold: int
    predicted: int
    paired: int
    perfect: int


@dataclass(frozen=True)
class ChunkCounts:
    """counts, matched: shape (documents, fields, 5), by outcome; `matched` of paired records
    alone. records: shape (documents, tables, 4), in the order of RecordCounts."""

    counts: Ints
    matched: Ints
    records: Ints


def count(
    tree: Record, gold: Tables, predicted: Tables, answered: Bools, pairs: Mapping[str, Pairs]
) -> ChunkCounts:
    """Count a chunk. `answered`: which documents have a prediction, shape (documents,)."""
    counter = _Counter(tree, len(gold), pairs)
    both = np.flatnonzero(answered)
    counter.record(_PairedTable(tree, gold, predicted, (both, both), np.zeros(len(gold), np.bool_)))
    return ChunkCounts(counter.counts, counter.matched, counter.records)


class _PairedTable(NamedTuple):
    """The records of a table: which went together, and which of gold count nothing."""

    tree: Record
    gold: Tables
    predicted: Tables
    paired: Pairs
    dropped: Bools


class _Counter:
    def __init__(self, tree: Record, documents: int, pairs: Mapping[str, Pairs]) -> None:
        self.pairs = pairs
        self.fields = {path: n for n, path in enumerate(value_paths(tree))}
        self.tables = {path: n for n, path in enumerate(table_paths(tree))}
        self.counts = np.zeros((documents, len(self.fields), 5), np.int64)
        self.matched = np.zeros_like(self.counts)
        self.records = np.zeros((documents, len(self.tables), 4), np.int64)

    def record(self, met: _PairedTable) -> tuple[Ints, Ints]:
        """Count a table's records, and those nested in them.

        Returns the slots that are not correct: those of each gold record with its partner, if it
        has one, and those of each predicted record without one."""
        wrong, spurious = self._values(met)
        for n, item in enumerate(met.tree.fields):
            if isinstance(item.node, Table):
                below, over = self._table(item.path, item.node.record, met, n)
                wrong += below
                wrong[met.paired[0]] += over[met.paired[1]]
                spurious += over
        return wrong, spurious * _unpaired(len(met.predicted), met.paired[1])

    def _values(self, met: _PairedTable) -> tuple[Ints, Ints]:
        """Count the leaves and bags of a table's records; as record."""
        gold, predicted, paired = met.gold, met.predicted, met.paired
        wrong, spurious = np.zeros(len(gold), np.int64), np.zeros(len(predicted), np.int64)
        fields = met.tree.fields
        values = [n for n, item in enumerate(fields) if not isinstance(item.node, Table)]
        if not values:
            return wrong, spurious
        alone = _unpaired(len(gold), paired[0]) & ~met.dropped
        extra = _unpaired(len(predicted), paired[1])
        slots = outcomes(gold, predicted, *paired)
        left = gold.required[:, :-1] * alone
        over = predicted.counts[:, :-1] * extra
        offsets = np.searchsorted(paired[0], gold.documents)
        at = [self.fields[fields[n].path] for n in values]
        self.matched[:, at] = sums(slots, offsets).transpose(2, 0, 1)
        self.counts[:, at] = self.matched[:, at]
        self.counts[:, at, MIS] += sums(left, gold.documents).T
        self.counts[:, at, SPU] += sums(over, predicted.documents).T
        wrong += left.sum(axis=0)
        wrong[paired[0]] = slots[:, PAR:].sum(axis=(0, 1))
        return wrong, spurious + over.sum(axis=0)

    def _table(self, path: str, tree: Record, parents: _PairedTable, n: int) -> tuple[Ints, Ints]:
        """Count a nested table, field `n`; the slots that are not correct, by parent of either
        side."""
        gold, predicted = parents.gold.columns[n], parents.predicted.columns[n]
        assert isinstance(gold, Tables)
        assert isinstance(predicted, Tables)
        none = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        paired = self.pairs.get(path, none)
        alone = _unpaired(len(gold), paired[0])
        dropped = parents.dropped[gold.parent_of] | (gold.optional & alone)
        wrong, spurious = self.record(_PairedTable(tree, gold, predicted, paired, dropped))
        by_document = (
            sums(~dropped, gold.documents),
            to_lengths(predicted.documents),
            sums(~alone, gold.documents),
            sums(~alone & (wrong == 0), gold.documents),
        )
        self.records[:, self.tables[path]] = np.stack(by_document, axis=1)
        return sums(wrong, gold.offsets), sums(spurious, predicted.offsets)


def _unpaired(size: int, paired: Ints) -> Bools:
    unpaired = np.ones(size, np.bool_)
    unpaired[paired] = False
    return unpaired
