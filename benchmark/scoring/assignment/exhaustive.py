"""Best pairings of small blocks, by trying all of them.

Weights and blocks are those of `certain`.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.solver import Refine, assign

FEW_PAIRS = 128
"""Weights up to which all are made exact at once: to try again would take longer."""

SMALL = 6
"""Rows and columns up to which all pairings are tried: 6! = 720 of them."""

FEW_ROWS = 4
"""Rows up to which the best total is worked out over all sets of rows: 2 ** 4 = 16 of them."""


def try_all(weights: Ints, refine: Refine) -> tuple[Bools, Bools]:
    """Masks of the pairs that all best pairings of a block have, and of those that only some have.

    weights: shape (rows, columns, blocks), upper bounds that `refine` makes exact in place. Both
    masks have that shape. The weights of all pairs in them are exact afterwards.
    """
    if weights.size <= FEW_PAIRS:
        refine(*np.nonzero(weights))
    every, some = np.zeros((2, *weights.shape), np.bool_)
    left = np.arange(weights.shape[2])
    # A block is done once all pairs of all its best pairings turn out to be exact: any other
    # pairing is worse even under upper bounds.
    while len(left):
        every[:, :, left], some[:, :, left] = _every_and_some(weights[:, :, left])
        row, column, n = np.nonzero((every | some)[:, :, left])
        at = row, column, left[n]
        bounds = weights[at]
        refine(*at)
        left = np.unique(at[2][weights[at] != bounds])
    return every, some


def _every_and_some(weights: Ints) -> tuple[Bools, Bools]:
    """The masks of try_all, taking the weights as they are."""
    rows, columns, _ = weights.shape
    size = max(rows, columns)
    # Filled up with pairs of weight 0, every pairing is a permutation: to leave a row unpaired and
    # to give it such a pair is the same.
    square = np.zeros((size, size, weights.shape[2]), weights.dtype)
    square[:rows, :columns] = weights
    columns_of, by_column = _permutations(size)
    totals = square[0, columns_of[:, 0]]
    for row in range(1, size):
        totals += square[row, columns_of[:, row]]
    best = totals == totals.max(axis=0)
    # For each row, the best permutations are counted by the column that they give to it.
    orders = by_column[:rows]
    counts = [best[order].reshape(size, -1, best.shape[1]).sum(axis=1) for order in orders]
    times = np.stack(counts)[:, :columns]
    every = (times == best.sum(axis=0)) & (weights > 0)
    return every, (times > 0) & (weights > 0) & ~every


@cache
def _permutations(size: int) -> tuple[Ints, Ints]:
    """All ways to give each row a column of its own, and an order of them for each row.

    The permutations have shape (size!, rows) and hold columns. The orders have shape (rows, size!):
    first the permutations that give a row the first column, then those that give it the second.
    """
    columns_of = np.array(list(permutations(range(size))))
    return columns_of, np.argsort(columns_of.T, axis=1, kind="stable")


def best_totals(weights: Ints) -> Ints:
    """The total weight of the best pairing of each block, shape (blocks,).

    weights: exact ones, shape (rows, columns, blocks).
    """
    if weights.shape[0] > weights.shape[1]:
        weights = weights.transpose(1, 0, 2)
    if len(weights) <= FEW_ROWS:
        return _totals_over_sets(weights)
    blocks = (weights[:, :, b] for b in range(weights.shape[2]))
    return np.array([block[assign(block)].sum() for block in blocks], np.int64)


def _totals_over_sets(weights: Ints) -> Ints:
    """best_totals by dynamic programming over the sets of rows (Held and Karp, 1962).

    best[s] is the best total of the columns so far, paired with rows of the set s only (a bit a
    row). The next column either stays unpaired or goes to a row r of s, and the columns before it
    to the rest of s: best'[s] = max(best[s], max over r of best[s - r] + weight[r, column]). That
    takes columns x rows x 2 ** rows steps, each over all blocks at once.
    """
    rows, columns, blocks = weights.shape
    best = np.zeros((1 << rows, blocks), np.int64)
    for column in range(columns):
        before = best.copy()  # without it, a column could be paired twice
        for row in range(rows):
            for row_set in range(1 << rows):
                if row_set >> row & 1:
                    total = before[row_set ^ 1 << row] + weights[row, column]
                    np.maximum(best[row_set], total, out=best[row_set])
    totals: Ints = best[-1]
    return totals
