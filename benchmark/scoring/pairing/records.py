"""A chunk of documents, gold against prediction: which records of each table go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Ints, grid, to_lengths
from benchmark.scoring.assignment.certain import decide
from benchmark.scoring.assignment.exhaustive import best_totals
from benchmark.scoring.assignment.solver import Refine
from benchmark.scoring.assignment.tie_break import Content, pair_off
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import field_value
from benchmark.scoring.pairing.weights import Weights

Pairs = tuple[Ints, Ints]
"""Rows of gold and, at the same positions, the predicted rows that they go with."""

MOST_CELLS = 1 << 18
"""Pairs of records that are held against each other at once, unless one document has more."""

ALIKE = 32
"""Records up to which documents are of like size."""


def match(tree: Record, gold: Tables, predicted: Tables) -> dict[str, Pairs]:
    """The pairs of each table, by path, in the order of the gold."""
    # All errors of a document together weigh less than half a unit.
    unit = 4 * int((gold.values + predicted.values).max(initial=0)) + 1
    found: dict[str, list[Pairs]] = {}
    for documents in _groups(gold, predicted):
        for n, item in enumerate(tree.fields):
            if isinstance(item.node, Table):
                node = _Node.build(item.path, item.node.record, *_below(gold, predicted, n))
                node.weigh(documents, unit)
                node.match_documents(found)
    return {path: _in_order(pairs) for path, pairs in found.items()}


def _below(gold: Tables, predicted: Tables, n: int) -> tuple[Tables, Tables]:
    """Both sides of a nested table."""
    g, p = gold.columns[n], predicted.columns[n]
    assert isinstance(g, Tables)
    assert isinstance(p, Tables)
    return g, p


def _in_order(pairs: list[Pairs]) -> Pairs:
    gold, predicted = (np.concatenate(side) for side in zip(*pairs, strict=True))
    order = np.argsort(gold)
    return gold[order], predicted[order]


def _groups(gold: Tables, predicted: Tables) -> Iterator[Ints]:
    """Documents whose tables are of like size, few enough to be held against each other at once.
    What is laid out for a group is as large as its largest document."""
    most = np.maximum(_most(gold), _most(predicted))
    classes = np.ceil(np.log2(np.maximum(most, ALIKE))).astype(np.int64)
    for size in np.unique(classes):
        documents = np.flatnonzero((classes == size) & (most > 0))
        step = max(1, MOST_CELLS >> 2 * int(size))
        for first in range(0, len(documents), step):
            yield documents[first : first + step]


def _most(rows: Tables) -> Ints:
    """The records that each document has in its largest table, shape (documents,)."""
    most = np.zeros(len(rows.documents) - 1, np.int64)
    for column in rows.columns:
        if isinstance(column, Tables):
            np.maximum(most, to_lengths(column.documents), out=most)
            np.maximum(most, _most(column), out=most)
    return most


@dataclass
class _Node:
    """A table and those nested in it, with the weights of all pairs in them."""

    path: str
    tree: Record
    gold: Tables
    predicted: Tables
    nested: Mapping[int, _Node]
    documents: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def build(cls, path: str, tree: Record, gold: Tables, predicted: Tables) -> _Node:
        nested = {
            n: cls.build(item.path, item.node.record, *_below(gold, predicted, n))
            for n, item in enumerate(tree.fields)
            if isinstance(item.node, Table)
        }
        return cls(path, tree, gold, predicted, nested)

    def weigh(self, documents: Ints, unit: int) -> None:
        """Weigh all pairs of some documents, in nested tables first."""
        self.documents = documents
        self.weights = Weights(self.tree, self.gold, self.predicted, documents, unit)
        for n, node in self.nested.items():
            node.weigh(documents, unit)
            node.weights.refine_all()
            i, j, document = np.nonzero(self.weights.possible)
            rows, columns = self.weights.rows[i, document], self.weights.columns[j, document]
            totals = np.zeros(self.weights.exact.shape, np.int64)
            totals[i, j, document] = node.totals(document, rows, columns)
            self.weights.add(n, totals)
        self.weights.finish()

    def totals(self, document: Ints, gold: Ints, predicted: Ints) -> Ints:
        """What the records nested in each of some pairs of parents earn at best."""
        totals = np.zeros(len(document), np.int64)
        for at, blocks, _, _ in self._blocks(document, gold, predicted):
            totals[at] = best_totals(blocks)
        return totals

    def _blocks(
        self, document: Ints, gold: Ints, predicted: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """Blocks of weights, one for each pair of parents that both have records here: which pairs,
        the weights, and the places of their rows and columns in the document."""
        offsets, other = np.append(self.gold.offsets, len(self.gold)), self.predicted.offsets
        other = np.append(other, len(self.predicted))
        most = np.minimum(*(s[r + 1] - s[r] for s, r in ((offsets, gold), (other, predicted))))
        larger = np.maximum(*(s[r + 1] - s[r] for s, r in ((offsets, gold), (other, predicted))))
        w = np.pad(self.weights.weights, ((0, 1), (0, 1), (0, 0)))
        for size in np.unique(np.ceil(np.log2(larger[most > 0])).astype(np.int64)):
            pairs = np.flatnonzero((most > 0) & (np.ceil(np.log2(np.maximum(larger, 1))) == size))
            step = max(1, MOST_CELLS >> 2 * int(size))
            for first in range(0, len(pairs), step):
                at = pairs[first : first + step]
                d = document[at]
                i = self._places(offsets, gold[at], self.gold.documents, d, w.shape[0] - 1)
                j = self._places(other, predicted[at], self.predicted.documents, d, w.shape[1] - 1)
                yield at, w[i[:, None], j, d], i, j

    def _places(
        self, offsets: Ints, rows: Ints, documents: Ints, document: Ints, none: int
    ) -> Ints:
        """Places in the document of the records below each row; `none` where there are no more."""
        found = grid(offsets, rows, -1)
        first = documents[self.documents[document]]
        return np.where(found < 0, none, found - first)

    def match_documents(self, found: dict[str, list[Pairs]]) -> None:
        """Pair the records of each document as a whole."""
        w = self.weights
        gold, predicted, document = self._pair(w.weights, w.rows, w.columns, w.refine)
        self._found(document, gold, predicted, found)

    def match_below(
        self, document: Ints, gold: Ints, predicted: Ints, found: dict[str, list[Pairs]]
    ) -> None:
        """Pair the records nested in each of some pairs of parents."""
        parts = [(np.zeros(0, np.int64),) * 3]
        w = self.weights
        none = np.full((1, len(self.documents)), -1)
        rows, columns = np.append(w.rows, none, axis=0), np.append(w.columns, none, axis=0)
        for at, blocks, i, j in self._blocks(document, gold, predicted):
            d = document[at]
            row, column, block = self._pair(blocks, rows[i, d], columns[j, d], _exact)
            parts.append((d[block], row, column))
        document, gold, predicted = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        self._found(document, gold, predicted, found)

    def _pair(
        self, blocks: Ints, rows: Ints, columns: Ints, refine: Refine
    ) -> tuple[Ints, Ints, Ints]:
        """The best pairing of each block of weights: gold row, predicted row and block. Where it is
        not the only best one, content decides."""
        i, j, block = decide(blocks, refine)
        parts = [(rows[i, block], columns[j, block], block)]
        for b in np.flatnonzero(blocks.any(axis=(0, 1))).tolist():
            here, there = rows[:, b], columns[:, b]
            pairs = pair_off(
                blocks[:, :, b],
                partial(_content, self.tree, self.gold, here),
                partial(_content, self.tree, self.predicted, there),
            )
            i, j = np.array(pairs, np.int64).reshape(-1, 2).T
            parts.append((here[i], there[j], np.full(len(i), b)))
        gold, predicted, block = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        return gold, predicted, block

    def _found(
        self, document: Ints, gold: Ints, predicted: Ints, found: dict[str, list[Pairs]]
    ) -> None:
        found.setdefault(self.path, []).append((gold, predicted))
        for node in self.nested.values():
            node.match_below(document, gold, predicted, found)


def _exact(_rows: Ints, _columns: Ints, _blocks: Ints) -> None:
    """Weights that have been refined before."""


def _content(tree: Record, rows: Tables, laid_out: Ints, place: int) -> Content:
    """What tells a record from others: what is scored, then its quotations."""
    row = int(laid_out[place])
    return _scored(tree, rows, row), rows.quotations(row)


def _scored(tree: Record, rows: Tables, row: int) -> str:
    """The same for records that score alike, however their lists and keys are ordered."""
    found: list[str] = []
    for item, column in zip(tree.fields, rows.columns, strict=True):
        if isinstance(column, Tables):
            assert isinstance(item.node, Table)
            below = range(int(column.offsets[row]), int(column.offsets[row + 1]))
            found.append(str(sorted(_scored(item.node.record, column, one) for one in below)))
        else:
            found.append(_value_content(column, row))
    return f"{'?' if rows.optional[row] else ''}{found}"


def _value_content(column: Leaves | Bags, row: int) -> str:
    if row in column.others:
        found = field_value(column, row)
        if isinstance(found, tuple):
            return " || ".join(str(sorted(one.content() for one in choice)) for choice in found)
        return found.content() if found else ""
    if isinstance(column, Bags):
        return str(
            sorted(
                column.interner.in_words(column.ids[column.offsets[row] : column.offsets[row + 1]])
            )
        )
    if column.interner.comparator.by_equality or column.ids[row] < 0:
        return "".join(column.interner.in_words(column.ids[row : row + 1]))
    return repr(column.folded([row])[0])
