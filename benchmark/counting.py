"""A chunk's counts: the outcomes of all slots of all records, by document and field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.cells import cell, compare
from benchmark.columns import Bags, Leaves, Rows
from benchmark.comparators import Grade
from benchmark.counts import Outcome
from benchmark.grids import common, sums
from benchmark.interning import NOTHING, Bools, Ints
from benchmark.matching import Pairs
from benchmark.tree import Record, Table, table_paths, value_paths
from benchmark.weights import ABSENT, FEW, missing

COR, PAR, INC, MIS, SPU = Outcome


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
    tree: Record, gold: Rows, predicted: Rows, answered: Bools, pairs: Mapping[str, Pairs]
) -> ChunkCounts:
    """Count a chunk. `answered`: which documents have a prediction, shape (documents,)."""
    counter = _Counter(tree, len(gold))
    both = np.flatnonzero(answered)
    counter.record(tree, gold, predicted, (both, both), np.zeros(len(gold), np.bool_), pairs)
    return ChunkCounts(counter.counts, counter.matched, counter.records)


class _Counter:

    def __init__(self, tree: Record, documents: int) -> None:
        self.tree = tree
        self.fields = {path: n for n, path in enumerate(value_paths(tree))}
        self.tables = {path: n for n, path in enumerate(table_paths(tree))}
        self.counts = np.zeros((documents, len(self.fields), 5), np.int64)
        self.matched = np.zeros_like(self.counts)
        self.records = np.zeros((documents, len(self.tables), 4), np.int64)

    def record(
        self,
        tree: Record,
        gold: Rows,
        predicted: Rows,
        paired: Pairs,
        dropped: Bools,
        pairs: Mapping[str, Pairs],
    ) -> tuple[Ints, Ints]:
        """Count a table's records, and those nested in them. `dropped` gold counts nothing.

        Returns the slots that are not correct: those of each gold record with its partner, if it
        has one, and those of each predicted record without one."""
        alone = _unpaired(len(gold), paired[0]) & ~dropped
        extra = _unpaired(len(predicted), paired[1])
        wrong = np.zeros(len(gold), np.int64)
        spurious = np.zeros(len(predicted), np.int64)
        values = [n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)]
        if values:
            at = [self.fields[tree.fields[n].path] for n in values]
            met = np.stack([_outcomes(gold, predicted, n, paired) for n in values])
            left = np.stack([missing(gold.columns[n]) for n in values]) * alone
            over = np.stack([_sizes(predicted.columns[n]) for n in values]) * extra
            starts = np.searchsorted(paired[0], gold.documents)
            by_document = sums(met, starts).transpose(2, 0, 1)
            self.matched[:, at] = by_document
            self.counts[:, at] = by_document
            self.counts[:, at, MIS] += sums(left, gold.documents).T
            self.counts[:, at, SPU] += sums(over, predicted.documents).T
            wrong += left.sum(axis=0)
            wrong[paired[0]] = met[:, PAR:].sum(axis=(0, 1))
            spurious += over.sum(axis=0)
        for n, item in enumerate(tree.fields):
            if isinstance(item.node, Table):
                below = self._table(item.path, item.node.record, gold, predicted, n, dropped, pairs)
                wrong += below[0]
                wrong[paired[0]] += below[1][paired[1]]
                spurious += below[1]
        return wrong, spurious * extra

    def _table(
        self,
        path: str,
        tree: Record,
        parents: Rows,
        other_parents: Rows,
        n: int,
        dropped: Bools,
        pairs: Mapping[str, Pairs],
    ) -> tuple[Ints, Ints]:
        """Count a nested table; the slots that are not correct, by parent of either side."""
        gold, predicted = parents.columns[n], other_parents.columns[n]
        assert isinstance(gold, Rows)
        assert isinstance(predicted, Rows)
        none = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        paired = pairs.get(path, none)
        gone = dropped[gold.parent_of] | (gold.optional & _unpaired(len(gold), paired[0]))
        wrong, spurious = self.record(tree, gold, predicted, paired, gone, pairs)
        perfect = np.zeros(len(gold), np.bool_)
        perfect[paired[0]] = wrong[paired[0]] == 0
        is_paired = ~_unpaired(len(gold), paired[0])
        for position, mask in enumerate((~gone, None, is_paired, perfect)):
            self.records[:, self.tables[path], position] = (
                np.diff(predicted.documents) if mask is None else sums(mask, gold.documents)
            )
        return sums(wrong, gold.start), sums(spurious, predicted.start)


def _unpaired(size: int, paired: Ints) -> Bools:
    unpaired = np.ones(size, np.bool_)
    unpaired[paired] = False
    return unpaired


def _sizes(column: Leaves | Bags | Rows) -> Ints:
    assert not isinstance(column, Rows)
    return column.counts


def _outcomes(gold: Rows, predicted: Rows, n: int, paired: Pairs) -> Ints:
    """The slots of one field in each pair of records, by outcome, shape (5, pairs)."""
    g, p = gold.columns[n], predicted.columns[n]
    if isinstance(g, Leaves) and isinstance(p, Leaves):
        return _of_leaves(g, p, *paired)
    assert isinstance(g, Bags)
    assert isinstance(p, Bags)
    return _of_bags(g, p, *paired)


def _of_leaves(gold: Leaves, predicted: Leaves, i: Ints, j: Ints) -> Ints:
    result = np.zeros((5, len(i)), np.int64)
    g, p = gold.ids[i], predicted.ids[j]
    answered, stated = p != -1, g != -1
    if gold.interner.bound.by_equality:
        accepted = (g == p) & answered
        for row, others in gold.others.items():
            for at in range(np.searchsorted(i, row), np.searchsorted(i, row, "right")):
                accepted[at] |= p[at] in gold.interner.column([o for o in others if o is not None])
        partly = np.zeros_like(accepted)
    else:
        grade = gold.grades(i, predicted, j)
        accepted, partly = grade == Grade.ACCEPTED, grade == Grade.PARTLY
    result[COR], result[PAR] = accepted, partly
    wrong = answered & ~accepted & ~partly
    result[INC], result[SPU] = wrong & stated, wrong & ~stated
    result[MIS] = gold.required[i] & ~answered
    return result


def _of_bags(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    result = np.zeros((5, len(i)), np.int64)
    many, given = gold.counts[i], predicted.counts[j]
    if gold.interner.bound.by_equality:
        result[COR] = _in_common(gold, predicted, i, j)
        one_by_one = ~gold.plain[i]
    else:
        one_by_one = ((given > 0) & (many > 0)) | ~gold.plain[i]
    result[INC] = np.minimum(many, given) - result[COR]
    result[MIS] = many - result[COR] - result[INC]
    result[SPU] = given - result[COR] - result[INC]
    for at in np.flatnonzero(one_by_one).tolist():
        matches = compare(gold.interner, cell(gold, int(i[at])), cell(predicted, int(j[at])))
        result[:, at] = np.bincount([match.outcome for match in matches], minlength=5)
    return result


def _in_common(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """The elements that each pair of bags has in common."""
    if int(gold.counts.max(initial=0)) * int(predicted.counts.max(initial=0)) <= FEW:
        g, p = gold.padded(NOTHING)[:, i], predicted.padded(ABSENT)[:, j]
        found: Ints = (g[:, None] == p).sum(axis=(0, 1))
        return found
    g, p = gold.of(i), predicted.of(j)
    ids, number = np.unique(np.concatenate([g.ids, p.ids]), return_inverse=True)
    left = g.rows * len(ids) + number[: len(g.ids)]
    right = p.rows * len(ids) + number[len(g.ids) :]
    at, _ = common(left[g.ids >= 0], right[p.ids >= 0])
    return np.bincount(g.rows[g.ids >= 0][at], minlength=len(i))
