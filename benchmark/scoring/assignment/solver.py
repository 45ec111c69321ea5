"""Best pairings found by a solver, and what they earn: for blocks too large to try all pairings.

Weights and blocks are those of alignment.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.scoring.arrays import Bools, Ints

Pairs = tuple[Ints, Ints, Ints]
"""Rows, columns and blocks."""

Refine = Callable[[Ints, Ints, Ints], None]
"""Called with pairs (rows, columns, blocks): makes their weights exact where they are upper
bounds."""

PATIENCE = 64
"""Times that a block is solved under upper bounds. Then all of them are made exact: somebody may
have made them to be lowered one by one."""


def settle(weights: Ints, refine: Refine) -> tuple[Bools, Bools]:
    """The pairs of large blocks that all best pairings have, and those that only some have."""
    if len(weights) > weights.shape[1]:
        found = settle(weights.transpose(1, 0, 2), lambda i, j, b: refine(j, i, b))
        return found[0].transpose(1, 0, 2), found[1].transpose(1, 0, 2)
    column_of = _solve(weights, refine)
    rows, columns = _prices(weights, column_of)
    refine(*np.nonzero(_tight(weights, rows, columns)))
    tight = _tight(weights, rows, columns)
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    undecided = np.zeros_like(tight)
    for b in np.flatnonzero(_suspect(tight, rows, columns, (row, column, block))).tolist():
        undecided[:, :, b] = _exchangeable(
            tight[:, :, b], column_of[:, b], rows[:, b], columns[:, b]
        )
    every = np.zeros_like(tight)
    every[row, column, block] = ~undecided[row, column, block]
    return every, undecided


def assign(weights: Ints) -> tuple[Ints, Ints]:
    """The rows and columns of a best pairing of one block (Jonker and Volgenant, 1987)."""
    import lap

    rows, columns = lap.lapjvr(-weights.astype(np.float64), extend_cost=True, return_cost=False)
    allowed = weights[rows, columns] > 0
    return rows[allowed], columns[allowed]


def _solve(weights: Ints, refine: Refine) -> Ints:
    """A best pairing of each block, whose pairs are exact: the column of each row or -1, shape
    (rows, blocks). What is a best one under upper bounds, and exact, is a best one."""
    column_of = np.full((len(weights), weights.shape[2]), -1)
    left, rounds = np.arange(weights.shape[2]), 0
    while len(left):
        column_of[:, left] = -1
        for block in left.tolist():
            rows, columns = assign(weights[:, :, block])
            column_of[rows, block] = columns
        row, n = np.nonzero(column_of[:, left] >= 0)
        at = row, column_of[row, left[n]], left[n]
        bounds = weights[at]
        refine(*at)
        if (rounds := rounds + 1) == PATIENCE:
            row, column, n = np.nonzero(weights[:, :, left])
            refine(row, column, left[n])
        left = np.unique(at[2][weights[at] != bounds])
    return column_of


def _prices(weights: Ints, column_of: Ints) -> tuple[Ints, Ints]:
    """Doubled prices of rows and columns under which a pairing is a best one, half way between the
    lowest of the rows and the lowest of the columns, so that few other pairs weigh as much as
    theirs."""
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    row_of = np.full(weights.shape[1:], -1)
    row_of[column, block] = row
    low = _lowest_prices(weights, column_of)
    low_of_columns = _lowest_prices(weights.transpose(1, 0, 2), row_of)
    rows, columns = np.zeros_like(low), np.zeros_like(low_of_columns)
    earned = weights[row, column, block]
    rows[row, block] = earned + low[row, block] - low_of_columns[column, block]
    columns[column, block] = 2 * earned - rows[row, block]
    return rows, columns


def _lowest_prices(weights: Ints, column_of: Ints) -> Ints:
    """The lowest prices of the rows under which a pairing is a best one (Bellman and Ford): an
    unpaired row has none."""
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    earned = np.zeros_like(weights[:, 0])
    earned[row, block] = weights[row, column, block]
    others = weights.copy()
    others[row, column, block] = 0
    prices, of_columns = np.zeros_like(earned), np.zeros_like(weights[0])
    while True:
        of_columns[column, block] = (earned - prices)[row, block]
        needed = np.maximum((others - of_columns).max(axis=1), prices)
        if (needed == prices).all():
            return prices
        prices = needed


def _tight(weights: Ints, rows: Ints, columns: Ints) -> Bools:
    """The pairs whose (doubled) prices add up to their weight."""
    tight: Bools = rows[:, None] + columns == 2 * weights
    return tight & (weights > 0)


def _suspect(tight: Bools, rows: Ints, columns: Ints, pairs: Pairs) -> Bools:
    """The blocks in which some pair may be exchanged for another."""
    row, column, block = pairs
    others = tight.copy()
    others[pairs] = False
    suspect = np.asarray(others.any(axis=(0, 1)))
    suspect[block[(rows[row, block] == 0) | (columns[column, block] == 0)]] = True
    return suspect


def _exchangeable(tight: Bools, column_of: Ints, rows: Ints, columns: Ints) -> Bools:
    """The tight pairs of one block that some best pairings have and others have not.

    A pair can be exchanged in a ring of rows each of which takes, by a tight pair, the column of
    the next. A row without a price may take no column, a column without a price be left to none.
    """
    paired = np.flatnonzero(column_of >= 0)
    size = len(column_of)
    takes = np.zeros((size + 1, size + 1), np.bool_)  # the last stands for nobody
    takes[:size, paired] = tight[:, column_of[paired]]
    free = np.ones(tight.shape[1], np.bool_)
    free[column_of[paired]] = False
    takes[:size, size] = tight[:, free].any(axis=1) | (rows == 0)
    takes[size, :size] = True
    takes[size, paired] = columns[column_of[paired]] == 0
    np.fill_diagonal(takes, False)
    ring = _same_ring(takes)
    owner = np.full(tight.shape[1], size)
    owner[column_of[paired]] = paired
    return tight & ring[:size, owner]


def _same_ring(takes: Bools) -> Bools:
    """Which nodes of a graph can be reached from each other, themselves by a way round only
    (Warshall, 1962)."""
    reach = takes.copy()
    for node in np.flatnonzero(takes.any(axis=0) & takes.any(axis=1)).tolist():
        reach |= reach[:, node, None] & reach[node]
    return reach & reach.T
