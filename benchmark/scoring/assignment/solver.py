"""Best pairings by a solver, and the other pairings that are as good: for large blocks.

Weights, blocks and prices are those of `certain`: a best pairing and prices for it tell which pairs
all best pairings have, without going through them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.scoring.arrays import Bools, Ints

BlockPairs = tuple[Ints, Ints, Ints]
"""Rows, columns and blocks of some pairs: three index arrays of one length."""

Refine = Callable[[Ints, Ints, Ints], None]
"""Takes the rows, columns and blocks of some pairs, and makes their weights exact, in place, where
they are upper bounds."""

PATIENCE = 64
"""Times that a block is solved under upper bounds. Then all of them are made exact: predictions may
be written so that bounds are lowered one by one, each time for another solution."""


def settle(weights: Ints, refine: Refine) -> tuple[Bools, Bools]:
    """Masks of the pairs that all best pairings of a block have, and of those that only some have.

    weights: shape (rows, columns, blocks), upper bounds that `refine` makes exact in place. Both
    masks have that shape. The weights of all pairs in them are exact afterwards.

    Every best pairing consists of tight pairs, whose prices add up to their weight (complementary
    slackness). So from one best pairing all others are reached by exchanging tight pairs.
    """
    if len(weights) > weights.shape[1]:
        every, some = settle(weights.transpose(1, 0, 2), lambda i, j, b: refine(j, i, b))
        return every.transpose(1, 0, 2), some.transpose(1, 0, 2)
    column_of = _solve(weights, refine)
    rows, columns = _prices(weights, column_of)
    # Tight under upper bounds is not yet tight; what is slack under them stays so.
    refine(*np.nonzero(_tight(weights, rows, columns)))
    tight = _tight(weights, rows, columns)
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    some = np.zeros_like(tight)
    for b in np.flatnonzero(_suspect(tight, rows, columns, (row, column, block))).tolist():
        some[:, :, b] = _exchangeable(tight[:, :, b], column_of[:, b], rows[:, b], columns[:, b])
    every = np.zeros_like(tight)
    every[row, column, block] = ~some[row, column, block]
    return every, some


def assign(weights: Ints) -> tuple[Ints, Ints]:
    """The rows and columns of a best pairing of one block, shape (rows, columns).

    By the algorithm of Jonker and Volgenant (1987, "A Shortest Augmenting Path Algorithm for Dense
    and Sparse Linear Assignment Problems"). Which of several best pairings it is depends on the
    order of the rows and columns. Weights below 2 ** 53 are exact in floating point.
    """
    import lap

    # The solver minimises costs, and pairs as many as it can: pairs of weight 0 are none.
    rows, columns = lap.lapjvr(-weights.astype(np.float64), extend_cost=True, return_cost=False)
    allowed = weights[rows, columns] > 0
    return rows[allowed], columns[allowed]


def _solve(weights: Ints, refine: Refine) -> Ints:
    """A best pairing of each block: the column of each row or -1, shape (rows, blocks).

    A pairing that is best under upper bounds, and whose own weights are exact, is a best one: no
    other can earn more than its bounds. So only the pairs of each solution are made exact, and
    blocks are solved again in which that has lowered any.
    """
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
    """Doubled prices of rows, shape (rows, blocks), and columns, shape (columns, blocks).

    column_of: a best pairing, as of _solve. The prices prove it: see `certain`. They lie half way
    between the lowest prices of the rows and the lowest of the columns. The mean of two solutions
    of the dual is one too, and a pair is tight under it only if it is under both; so few pairs are
    tight beside those that are paired. Doubled, prices are whole numbers.
    """
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
    """The lowest prices of the rows under which a pairing is a best one, shape (rows, blocks).

    By the relaxation of Bellman (1958) and Ford (1956): from 0, the price of each row is raised to
    what it could earn with any other column beyond the price of that column, until no row has to be
    raised. That ends, and leaves the price of an unpaired row at 0, because the pairing is a best
    one: no exchange along a ring or path of rows gains anything.
    """
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    earned = np.zeros_like(weights[:, 0])
    earned[row, block] = weights[row, column, block]
    others = weights.copy()
    others[row, column, block] = 0  # what is paired holds with equality, by of_columns
    prices, of_columns = np.zeros_like(earned), np.zeros_like(weights[0])
    while True:
        of_columns[column, block] = (earned - prices)[row, block]
        needed = np.maximum((others - of_columns).max(axis=1), prices)
        if (needed == prices).all():
            return prices
        prices = needed


def _tight(weights: Ints, rows: Ints, columns: Ints) -> Bools:
    """Mask of the allowed pairs whose prices (doubled) add up to their weight."""
    tight: Bools = rows[:, None] + columns == 2 * weights
    return tight & (weights > 0)


def _suspect(tight: Bools, rows: Ints, columns: Ints, pairs: BlockPairs) -> Bools:
    """Mask of the blocks in which some pair may be exchanged for another, shape (blocks,).

    A quick test that spares most blocks the search for rings: without another tight pair nothing
    can be exchanged, and without a price of 0 nothing can be left unpaired.
    """
    row, column, block = pairs
    others = tight.copy()
    others[pairs] = False
    suspect = np.asarray(others.any(axis=(0, 1)))
    suspect[block[(rows[row, block] == 0) | (columns[column, block] == 0)]] = True
    return suspect


def _exchangeable(tight: Bools, column_of: Ints, rows: Ints, columns: Ints) -> Bools:
    """Mask of the tight pairs of one block that some best pairings have and others have not.

    tight: shape (rows, columns). column_of, rows and columns: the best pairing and the prices of
    this block. Two best pairings differ by alternating cycles and paths of tight pairs (Berge,
    1957). A cycle is a ring of rows each of which takes, by a tight pair, the column of the next.
    A path ends where a row or column without a price is left unpaired, as only such may be; one
    more node, for nobody, closes it to a ring.
    """
    paired = np.flatnonzero(column_of >= 0)
    size = len(column_of)
    nobody = size
    takes = np.zeros((size + 1, size + 1), np.bool_)  # [a, b]: a may take the column of b
    takes[:size, paired] = tight[:, column_of[paired]]
    free = np.ones(tight.shape[1], np.bool_)
    free[column_of[paired]] = False
    # A row takes from nobody: a free column, or none at all.
    takes[:size, nobody] = tight[:, free].any(axis=1) | (rows == 0)
    # Nobody takes from a row: from an unpaired one nothing, else a column that may be left.
    takes[nobody, :size] = True
    takes[nobody, paired] = columns[column_of[paired]] == 0
    np.fill_diagonal(takes, False)
    ring = _same_ring(takes)
    owner = np.full(tight.shape[1], nobody)
    owner[column_of[paired]] = paired
    # A pair's row takes the column's owner's place: its own pair, if it can get back to itself.
    return tight & ring[:size, owner]


def _same_ring(takes: Bools) -> Bools:
    """Which nodes of a graph lie on one ring: each can be reached from the other, shape as `takes`.

    A node is on a ring with itself only if some way round leads back to it. Reach is the transitive
    closure (Warshall, 1962), through nodes that have both a way in and a way out.
    """
    reach = takes.copy()
    for node in np.flatnonzero(takes.any(axis=0) & takes.any(axis=1)).tolist():
        reach |= reach[:, node, None] & reach[node]
    return reach & reach.T
