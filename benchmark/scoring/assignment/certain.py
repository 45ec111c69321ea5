"""Blocks of weights -> the pairs that every best one-to-one pairing has.

Weights are whole numbers, 0 for a pair that is not allowed. The pairing is optimal at every size.
It depends on the content of the records, never on the order in which they stand, and is the same
whichever side is called gold.

Many small blocks of weights are worked on at once. They lie in the last axis, so that every step
runs over blocks side by side in memory, however few rows and columns they have.

In terms of the field: a block is an assignment problem (a bipartite graph with weighted edges, of
which a matching of maximum weight is wanted), and prices are the variables of its dual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.exhaustive import SMALL, try_all
from benchmark.scoring.assignment.solver import BlockPairs, Refine, settle

Tighten = Callable[[Bools], bool]
"""Takes a mask of pairs, of the shape of the weights, and lowers upper bounds, in place, where that
costs less than to make them exact. Returns whether it did."""

ROUNDS = 2
"""Times that best pairs are proposed: more would find few that are part of a best pairing."""


def _as_they_are(_contested: Bools) -> bool:
    """Lower no upper bound."""
    return False


def decide(weights: Ints, refine: Refine, tighten: Tighten = _as_they_are) -> BlockPairs:
    """The pairs that every best pairing has, and in `weights` those that only some have.

    weights: shape (rows, columns, blocks), upper bounds where `refine` has not made them exact.
    They are changed in place: afterwards they hold the exact weights of the pairs that only some
    best pairings of their block have, and 0 elsewhere. Returns rows, columns and blocks of the
    certain pairs, in no particular order.

    Pairs are proposed; most are proven to be part of every best pairing. What is left of each
    block, its core, is a small problem of its own. Where upper bounds are so far off that the core
    stays large, they are lowered, and what follows from them is found again.
    """
    if not weights.size:
        return (np.zeros(0, np.int64),) * 3
    found, core = _prove(weights, refine)
    if tighten(core):
        found, core = _prove(weights, refine)
    certain, tied = [found], []
    for at, allowed in _core_blocks(core):
        left = weights[at] * allowed

        def refine_core(i: Ints, j: Ints, b: Ints, at: BlockPairs = at, left: Ints = left) -> None:
            pairs = _in_whole(at, (i, j, b))
            refine(*pairs)
            left[i, j, b] = weights[pairs]

        small = max(left.shape[:2]) <= SMALL
        every, some = (try_all if small else settle)(left, refine_core)
        certain.append(_in_whole(at, np.nonzero(every)))
        in_core = np.nonzero(some)
        tied.append((_in_whole(at, in_core), left[in_core]))
    weights[:] = 0
    for pairs, weight in tied:
        weights[pairs] = weight
    row, column, block = (np.concatenate(axis) for axis in zip(*certain, strict=True))
    return row, column, block


def _prove(weights: Ints, refine: Refine) -> tuple[BlockPairs, Bools]:
    """The proposed pairs that are proven to be part of every best pairing, and a mask of the
    allowed pairs in the cores that are left."""
    proposed = _propose(weights)
    refine(*proposed)
    rows, columns = _core(weights, proposed)
    row, column, block = proposed
    outside = ~rows[row, block]
    proven = row[outside], column[outside], block[outside]
    return proven, (weights > 0) & rows[:, None] & columns


def _in_whole(at: BlockPairs, pairs: tuple[Ints, ...]) -> BlockPairs:
    """Pairs of a core, as indices into the whole blocks; `at` is that core's of _core_blocks."""
    i, j, b = pairs
    return at[0][i, 0, b], at[1][0, j, b], at[2][b]


def _propose(weights: Ints) -> BlockPairs:
    """Pairs that are the best of both their row and their column, then those of what is left."""
    left, proposed = weights, []
    for _ in range(ROUNDS):
        of_row, of_column = left.max(axis=1), left.max(axis=0)
        i, j, b = np.nonzero((left == of_row[:, None]) & (left == of_column) & (left > 0))
        # Equal weights may make several pairs of one row or column the best: the first is taken.
        # _core rejects what it cannot prove, so a wrong guess costs time but never the optimum.
        once = _first(i * weights.shape[2] + b)
        once = once[_first(j[once] * weights.shape[2] + b[once])]
        i, j, b = i[once], j[once], b[once]
        proposed.append((i, j, b))
        left = left.copy()
        left[i, :, b] = 0
        left[:, j, b] = 0
    row, column, block = (np.concatenate(axis) for axis in zip(*proposed, strict=True))
    return row, column, block


def _first(keys: Ints) -> Ints:
    """The positions, in ascending order, at which each of the keys (0 or more) stands first."""
    first = np.empty(int(keys.max(initial=0)) + 1, np.int64)
    at = np.arange(len(keys))
    first[keys[::-1]] = at[::-1]  # of several values for one index NumPy keeps the last
    return np.flatnonzero(first[keys] == at)


def _core(weights: Ints, pairs: BlockPairs) -> tuple[Bools, Bools]:
    """The rows and columns of each block that are left to be paired among themselves.

    pairs: proposed pairs, no two of one row or column, of exact weights. Returns masks of shape
    (rows, blocks) and (columns, blocks). The rows and columns outside the core are paired as
    proposed in every best pairing.

    Proof: by the duality theorem of linear programming (Kuhn, 1955, "The Hungarian Method for the
    Assignment Problem"), a pairing is a best one if rows and columns have prices, 0 or more and 0
    where unpaired, that add up to the weight of each of its pairs and to no less than the weight of
    any other. By complementary slackness every best pairing then consists of pairs whose prices add
    up to their weight, and leaves out no row or column whose price is above 0. As a proposed pair
    weighs more than 0, so does one of its two prices: it has to be there.

    The core has such prices, whatever they are: it is a problem of its own. So it is enough to find
    prices outside the core under which any pair but the proposed ones, also one with a row or
    column in the core, weighs less than its prices add up to. As prices in the core are not known,
    they count as 0 there, the least that they can be. Upper bounds of the other weights will do,
    since exact ones are no higher.
    """
    rows, columns = np.ones_like(weights[:, 0], np.bool_), np.ones_like(weights[0], np.bool_)
    row, column, block = (axis[weights[pairs] > 0] for axis in pairs)
    rows[row, block] = columns[column, block] = False
    # Once a pair joins the core its prices count as 0, so that it may contest others in turn. The
    # core only grows, so this ends; only blocks in which it has just grown are looked at again.
    live, w = np.arange(weights.shape[2]), weights
    while len(live):
        position = np.full(weights.shape[2], -1)
        position[live] = np.arange(len(live))
        proven = (position[block] >= 0) & ~rows[row, block]
        i, j, b = row[proven], column[proven], position[block[proven]]
        contested = _contested(w, rows[:, live], columns[:, live], (i, j, b))
        i, j, b = i[contested], j[contested], live[b[contested]]
        rows[i, b] = columns[j, b] = True
        live = np.unique(b)
        w = weights[:, :, live]
    return rows, columns


def _contested(weights: Ints, rows: Bools, columns: Bools, pairs: BlockPairs) -> Bools:
    """Which pairs outside the core some other pair may replace, shape (pairs,).

    rows, columns: masks of the core, as of _core. A pair's weight has to be shared out as prices:
    its row needs more than it could earn in the core, its column likewise, and each gets half of
    what is left over. Prices are doubled, so that they are whole numbers.
    """
    row, column, block = pairs
    earned = weights[pairs]
    row_in_core = (weights * columns).max(axis=1)[row, block]
    column_in_core = (weights * rows[:, None]).max(axis=0)[column, block]
    of_rows, of_columns = np.zeros_like(weights[:, 0]), np.zeros_like(weights[0])
    of_rows[row, block] = price = np.clip(earned + row_in_core - column_in_core, 0, 2 * earned)
    of_columns[column, block] = 2 * earned - price
    # An equal weight is a rival too: then both pairs may be part of a best pairing.
    rivals: Bools = (2 * weights >= of_rows[:, None] + of_columns) & (weights > 0)
    rivals &= ~(rows[:, None] & columns)
    rivals[pairs] = False
    in_row, in_column = np.asarray(rivals.any(axis=1)), np.asarray(rivals.any(axis=0))
    return in_row[row, block] | in_column[column, block]


def _core_blocks(allowed: Bools) -> Iterator[tuple[BlockPairs, Bools]]:
    """The cores alone, blocks of like size at once.

    allowed: the allowed pairs of the cores, shape (rows, columns, blocks). Yields the indices of
    the rows, columns and blocks in it, to be used together, and the allowed pairs that are there.
    """
    rows, columns = np.asarray(allowed.any(axis=1)), np.asarray(allowed.any(axis=0))
    size = np.maximum(rows.sum(axis=0), columns.sum(axis=0))
    # Trying all pairings takes size! steps: a class a size. Above that, one a power of two, so
    # that few blocks are solved with many more rows and columns than they have.
    log_size = np.ceil(np.log2(np.maximum(size, 1))).astype(np.int64)
    classes = np.where(size <= SMALL, size, SMALL + (1 << log_size))
    for size_class in np.unique(classes[size > 0]):
        block = np.flatnonzero(classes == size_class)
        most = int(size[block].max())
        # A stable sort moves the rows and columns of the core to the front, in their order.
        i = np.argsort(~rows[:, block], axis=0, kind="stable")[:most]
        j = np.argsort(~columns[:, block], axis=0, kind="stable")[:most]
        at = i[:, None], j[None], block
        yield at, allowed[at]
