"""Best pairings of small blocks, found by trying all of them."""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.solver import Refine, assign

FEW = 128
"""Pairs that are made exact at once: to try again takes longer."""

SMALL = 6
"""Rows and columns up to which all pairings are tried."""

FEW_ROWS = 4
"""Rows up to which the best total is found by trying all sets of them at once."""


def try_all(weights: Ints, refine: Refine) -> tuple[Bools, Bools]:
    """The pairs of small blocks that all best pairings have, and those that only some have."""
    if weights.size <= FEW:
        refine(*np.nonzero(weights))
    every, undecided = np.zeros((2, *weights.shape), np.bool_)
    left = np.arange(weights.shape[2])
    while len(left):
        every[:, :, left], undecided[:, :, left] = _tried(weights[:, :, left])
        row, column, n = np.nonzero((every | undecided)[:, :, left])
        at = row, column, left[n]
        bounds = weights[at]
        refine(*at)
        left = np.unique(at[2][weights[at] != bounds])
    return every, undecided


def _tried(weights: Ints) -> tuple[Bools, Bools]:
    """As try_all, of exact weights."""
    rows, columns, _ = weights.shape
    size = max(rows, columns)
    square = np.zeros((size, size, weights.shape[2]), weights.dtype)
    square[:rows, :columns] = weights
    orders, by_column = _orders(size)
    totals = square[0, orders[:, 0]]
    for row in range(1, size):
        totals += square[row, orders[:, row]]
    best = totals == totals.max(axis=0)
    found = [best[one].reshape(size, -1, best.shape[1]).sum(axis=1) for one in by_column[:rows]]
    times = np.stack(found)[:, :columns]
    every = (times == best.sum(axis=0)) & (weights > 0)
    return every, (times > 0) & (weights > 0) & ~every


@cache
def _orders(size: int) -> tuple[Ints, Ints]:
    """All ways to give each row a column of its own, shape (ways, rows); and for each row, the ways
    that give it the first column, then those that give it the second ..., shape (rows, ways)."""
    orders = np.array(list(permutations(range(size))))
    return orders, np.argsort(orders.T, axis=1, kind="stable")


def best_totals(weights: Ints) -> Ints:
    """The total weight of the best pairing of each block, shape (blocks,)."""
    if weights.shape[0] > weights.shape[1]:
        weights = weights.transpose(1, 0, 2)
    if len(weights) <= FEW_ROWS:
        return _totals_of_small(weights)
    blocks = (weights[:, :, b] for b in range(weights.shape[2]))
    return np.array([w[assign(w)].sum() for w in blocks], np.int64)


def _totals_of_small(weights: Ints) -> Ints:
    """Column after column, the best total of each set of rows (Held and Karp, 1962)."""
    rows, columns, blocks = weights.shape
    best = np.zeros((1 << rows, blocks), np.int64)
    for column in range(columns):
        before = best.copy()
        for row in range(rows):
            for taken in range(1 << rows):
                if taken >> row & 1:
                    total = before[taken ^ 1 << row] + weights[row, column]
                    np.maximum(best[taken], total, out=best[taken])
    totals: Ints = best[-1]
    return totals
