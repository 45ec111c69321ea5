"""A chunk of documents, gold against prediction: which records of each table go together.

The records of a table are paired one to one so that the total weight (see weights) is highest.
Nested tables come first: what the records below two parents earn at best is part of what the
parents earn together. Once the parents are paired, the records below each pair of them are.

Documents are worked on in groups: most have so few records that a NumPy call for each of them would
cost more than the work it does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Bools, Ints, appended, grid, to_lengths
from benchmark.scoring.assignment.certain import decide
from benchmark.scoring.assignment.exhaustive import best_totals
from benchmark.scoring.assignment.in_order import pair_in_order, totals_in_order
from benchmark.scoring.assignment.solver import BlockPairs
from benchmark.scoring.assignment.tie_break import pair_off
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.content import content, key_content
from benchmark.scoring.pairing.readings import best_readings
from benchmark.scoring.pairing.weights import Weights

Pairs = tuple[Ints, Ints]
"""Gold rows and, at the same positions, the predicted rows that they are paired with."""

MOST_CELLS = 1 << 18
"""Pairs of records that a group of documents, or of pairs of parents, has at most, unless a single
one has more: it bounds memory."""

ALIKE = 32
"""Records up to which documents share a group whatever their size: padding them to it costs less
than a group of their own."""


def match(tree: Record, gold: Tables, predicted: Tables) -> dict[str, Pairs]:
    """Pair the records of each table: the pairs by the path of the table, sorted by gold row.

    `gold` and `predicted` are the documents of a chunk, a row each. Nothing is returned where no
    document has a record.
    """
    # Let V be the most values that a document has on both sides. The errors that a pairing spares
    # lie between V, if it spares all, and -V, if it pairs optional records whose errors would not
    # count alone. Two pairings of a document differ by at most 2 V, which has to be less than half
    # a unit: then no number of errors outweighs half a credit, and a weight is above half a unit
    # exactly if it earns credit.
    unit = 4 * int((gold.values + predicted.values).max(initial=0)) + 1
    pairs: dict[str, list[Pairs]] = {}
    for documents in _groups(gold, predicted):
        for n, item in enumerate(tree.fields):
            if isinstance(item.node, Table):
                node = _Node.build(item.path, item.node, *_below(gold, predicted, n))
                node.weigh(documents, unit)
                node.match_documents(pairs)
    return {path: _in_order(parts) for path, parts in pairs.items()}


def _below(gold: Tables, predicted: Tables, n: int) -> tuple[Tables, Tables]:
    """Both sides of the nested table in field `n`."""
    g, p = gold.columns[n], predicted.columns[n]
    assert isinstance(g, Tables)
    assert isinstance(p, Tables)
    return g, p


def _in_order(pairs: list[Pairs]) -> Pairs:
    """Join the pairs of all groups, sorted by gold row."""
    gold, predicted = (np.concatenate(side) for side in zip(*pairs, strict=True))
    order = np.argsort(gold)
    return gold[order], predicted[order]


def _groups(gold: Tables, predicted: Tables) -> Iterator[Ints]:
    """Split the documents that have records into groups of like size, of at most MOST_CELLS pairs.

    All documents of a group are padded to its largest, so that a large document among small ones
    would cost the square of its size for each of them.
    """
    most = np.maximum(_most(gold), _most(predicted))
    classes = np.ceil(np.log2(np.maximum(most, ALIKE))).astype(np.int64)
    for size in np.unique(classes):
        documents = np.flatnonzero((classes == size) & (most > 0))
        step = max(1, MOST_CELLS >> 2 * int(size))  # a document has up to (2 ** size) ** 2 pairs
        for first in range(0, len(documents), step):
            yield documents[first : first + step]


def _most(rows: Tables) -> Ints:
    """Count the records of each document's largest table, nested ones included, shape
    (documents,)."""
    most = np.zeros(len(rows.documents) - 1, np.int64)
    for column in rows.columns:
        if isinstance(column, Tables):
            np.maximum(most, to_lengths(column.documents), out=most)
            np.maximum(most, _most(column), out=most)
    return most


@dataclass
class _Node:
    """A table and those nested in it, with the weights of all pairs in them, for one group of
    documents. nested: by the field that holds the table."""

    path: str
    table: Table
    gold: Tables
    predicted: Tables
    nested: Mapping[int, _Node]
    documents: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def build(cls, path: str, table: Table, gold: Tables, predicted: Tables) -> _Node:
        """Build the node of a table, and those of all tables below it."""
        nested = {
            n: cls.build(item.path, item.node, *_below(gold, predicted, n))
            for n, item in enumerate(table.record.fields)
            if isinstance(item.node, Table)
        }
        return cls(path, table, gold, predicted, nested)

    def weigh(self, documents: Ints, unit: int) -> None:
        """Weigh all pairs of records of the same document, in nested tables first."""
        self.documents = documents
        self.weights = Weights(self.table.record, self.gold, self.predicted, documents, unit)
        for n, node in self.nested.items():
            node.weigh(documents, unit)
            # What is below a pair of parents enters their weight as an exact number, whether the
            # search ever comes upon that pair or not: no upper bound may be left here.
            node.weights.refine_all()
            i, j, document = np.nonzero(self.weights.possible)
            gold_rows = self.weights.gold_rows[i, document]
            predicted_rows = self.weights.predicted_rows[j, document]
            totals = np.zeros(self.weights.exact.shape, np.int64)
            totals[i, j, document] = node.totals(document, gold_rows, predicted_rows)
            self.weights.add(n, totals)
        self.weights.finish()

    def totals(self, document: Ints, gold: Ints, predicted: Ints) -> Ints:
        """The total weight of the best pairing of the records below each pair of parents, gold row
        gold[k] and predicted row predicted[k] of the parent table, shape (pairs of parents,)."""
        totals = np.zeros(len(document), np.int64)
        for at, blocks, i, _ in self._blocks(document, gold, predicted):
            if self.gold.readings:
                rows = self._padded(self.weights.gold_rows)[i, document[at]]
                blocks, _ = best_readings(blocks, self._is_reading(rows))  # noqa: PLW2901
            totals[at] = (totals_in_order if self.table.in_order else best_totals)(blocks)
        return totals

    def _blocks(
        self, document: Ints, gold: Ints, predicted: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """Cut the weights of the records below pairs of parents out of those of whole documents.

        Pairs of parents that both have records here come in groups of like size, each a tuple of
        their positions, shape (pairs,); the weights, shape (rows, columns, pairs), 0 in padding;
        and the places of these rows and columns in the document, shapes (rows, pairs) and (columns,
        pairs).
        """
        # Parents are given by row, or one past the last: such a one has no records.
        gold_offsets = np.append(self.gold.offsets, len(self.gold))
        predicted_offsets = np.append(self.predicted.offsets, len(self.predicted))
        lengths = to_lengths(gold_offsets)[gold], to_lengths(predicted_offsets)[predicted]
        fewer, more = np.minimum(*lengths), np.maximum(*lengths)
        # A last row and column of zeros is what padding points to.
        w = np.pad(self.weights.weights, ((0, 1), (0, 1), (0, 0)))
        for size in np.unique(np.ceil(np.log2(more[fewer > 0])).astype(np.int64)):
            pairs = np.flatnonzero((fewer > 0) & (np.ceil(np.log2(np.maximum(more, 1))) == size))
            step = max(1, MOST_CELLS >> 2 * int(size))
            for first in range(0, len(pairs), step):
                at = pairs[first : first + step]
                d = document[at]
                i = self._places(self.gold, gold_offsets, gold[at], d, w.shape[0] - 1)
                j = self._places(
                    self.predicted, predicted_offsets, predicted[at], d, w.shape[1] - 1
                )
                yield at, w[i[:, None], j, d], i, j

    def _places(
        self, side: Tables, offsets: Ints, parents: Ints, document: Ints, padding: int
    ) -> Ints:
        """Find the places in their document of the records below each parent, shape (most records,
        parents); `padding` where a parent has fewer."""
        rows = grid(offsets, parents, -1)
        first = side.documents[self.documents[document]]
        return np.where(rows < 0, padding, rows - first)

    def match_documents(self, by_path: dict[str, list[Pairs]]) -> None:
        """Pair the records of each document as a whole, and then those below each pair; add the
        pairs to `by_path`, by path."""
        w = self.weights
        if self.table.in_order or self.gold.readings:
            w.refine_all()
            pairs = self._pair_exact(w.weights, w.gold_rows, w.predicted_rows)
        else:
            certain = decide(w.weights, w.refine, w.tighten)
            pairs = self._pair(certain, w.weights, w.gold_rows, w.predicted_rows)
        gold, predicted, document = pairs
        self._add_pairs(document, gold, predicted, by_path)

    def match_below(
        self, document: Ints, gold: Ints, predicted: Ints, by_path: dict[str, list[Pairs]]
    ) -> None:
        """Pair the records below each pair of parents, and those below each of these pairs; add the
        pairs to `by_path`, by path."""
        parts = [(np.zeros(0, np.int64),) * 3]
        w = self.weights
        gold_rows, predicted_rows = self._padded(w.gold_rows), self._padded(w.predicted_rows)
        for at, blocks, i, j in self._blocks(document, gold, predicted):
            d = document[at]
            row, column, block = self._pair_exact(blocks, gold_rows[i, d], predicted_rows[j, d])
            parts.append((d[block], row, column))
        document, gold, predicted = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        self._add_pairs(document, gold, predicted, by_path)

    @staticmethod
    def _padded(rows: Ints) -> Ints:
        """Rows of the table by place and document, with the last, empty place of _blocks."""
        return np.append(rows, np.full((1, rows.shape[1]), -1), axis=0)

    def _is_reading(self, gold_rows: Ints) -> Bools:
        """Which gold rows are other readings of the one above them; those of padding are not."""
        return appended(self.gold.is_reading, False)[gold_rows]

    def _pair_exact(
        self, blocks: Ints, gold_rows: Ints, predicted_rows: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """As _pair, of exact weights of which nothing is decided yet."""
        taken = None
        if self.table.in_order:
            blocks = self._with_blank(blocks, gold_rows, predicted_rows)
        if self.gold.readings:
            blocks, taken = best_readings(blocks, self._is_reading(gold_rows))
        if self.table.in_order:
            certain, blocks = pair_in_order(blocks), np.zeros_like(blocks)
        else:
            certain = decide(blocks, _exact)
        return self._pair(certain, blocks, gold_rows, predicted_rows, taken)

    def _pair(
        self,
        certain: BlockPairs,
        blocks: Ints,
        gold_rows: Ints,
        predicted_rows: Ints,
        taken: Ints | None = None,
    ) -> tuple[Ints, Ints, Ints]:
        """Find the best pairing of each block of weights, shape (gold rows, predicted rows,
        blocks), after `decide`: the gold row, the predicted row and the block of each pair. The
        rows of the tables at each place of a block are given, shape (places, blocks). taken: the
        place of the reading that counts for each pair, of the shape of `blocks`."""
        parts = [certain]
        # What `decide` leaves in a block are pairs that some best pairings have and others have
        # not. There the content of the records decides, never the order in which they stand.
        for b in np.flatnonzero(blocks.any(axis=(0, 1))).tolist():
            here, there = gold_rows[:, b], predicted_rows[:, b]
            pairs = pair_off(
                blocks[:, :, b],
                partial(content, self.table.record, self.gold, here),
                partial(content, self.table.record, self.predicted, there),
            )
            i, j = np.array(pairs, np.int64).reshape(-1, 2).T
            parts.append((i, j, np.full(len(i), b)))
        i, j, block = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        if taken is not None:
            i = taken[i, j, block]
        gold, predicted = gold_rows[i, block], predicted_rows[j, block]
        if not self.table.in_order and self.gold.blank.any() and self.predicted.blank.any():
            blank = self._pair_blank(gold_rows, predicted_rows, gold)
            parts = [(gold, predicted, block), *blank]
            gold, predicted, block = (np.concatenate(axis) for axis in zip(*parts, strict=True))
        return gold, predicted, block

    def _with_blank(self, blocks: Ints, gold_rows: Ints, predicted_rows: Ints) -> Ints:
        """Exact weights, in which pairs of records that state nothing that is scored weigh less
        than any others, but something: where order matters, what pairs them must not cross the
        other pairs. All weights grow by a factor. For the rest see _pair_blank.
        """
        gold, predicted = (
            appended(numbers, 0)[rows]
            for numbers, rows in zip(self._blank, (gold_rows, predicted_rows), strict=True)
        )
        both = (gold[:, None] == predicted) & (predicted > 0)
        weights: Ints = blocks.astype(np.int64) * (min(both.shape[:2]) + 1) + both
        return weights

    @cached_property
    def _blank(self) -> tuple[Ints, Ints]:
        """For each row of either side 0 if it states anything that is scored, otherwise a number
        that tells apart what its keys state, shapes (gold rows,) and (predicted rows,)."""
        numbers: dict[str, int] = {}
        sides = np.zeros(len(self.gold), np.int64), np.zeros(len(self.predicted), np.int64)
        for side, found in zip((self.gold, self.predicted), sides, strict=True):
            for row in np.flatnonzero(side.blank).tolist():
                found[row] = numbers.setdefault(key_content(side, row), len(numbers) + 1)
        return sides

    def _pair_blank(
        self, gold_rows: Ints, predicted_rows: Ints, paired: Ints
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Pair records of each block that state nothing that is scored: they weigh nothing, and
        yet gold predicted as it stands is to be perfect. Takes and returns what _pair does.

        paired: the gold rows that are paired already, as gold may accept more than it states.
        """
        blank = appended(self.gold.blank & self.gold.chosen(paired), False)
        blank[paired] = False
        blank_gold = blank[gold_rows]
        blank_predicted = appended(self.predicted.blank, False)[predicted_rows]
        for block in np.flatnonzero(blank_gold.any(axis=0) & blank_predicted.any(axis=0)):
            by_keys: dict[str, list[int]] = defaultdict(list)
            for row in gold_rows[blank_gold[:, block], block].tolist():
                by_keys[key_content(self.gold, row)].append(row)
            for row in predicted_rows[blank_predicted[:, block], block].tolist():
                if same := by_keys[key_content(self.predicted, row)]:
                    yield np.array([same.pop(0)]), np.array([row]), np.array([block])

    def _add_pairs(
        self, document: Ints, gold: Ints, predicted: Ints, by_path: dict[str, list[Pairs]]
    ) -> None:
        """Add pairs of this table to `by_path`, and pair the records below them."""
        by_path.setdefault(self.path, []).append((gold, predicted))
        for node in self.nested.values():
            node.match_below(document, gold, predicted, by_path)


def _exact(_rows: Ints, _columns: Ints, _blocks: Ints) -> None:
    """Refine nothing: nested weights have been made exact already."""
