"""Records of two sides -> the best one-to-one pairing.

Weights are whole numbers, 0 for a pair that is not allowed. The pairing is optimal at every size.
It depends on the content of the records, never on the order in which they stand, and is the same
whichever side is called gold.

Many small blocks of weights are worked on at once. They lie in the last axis, so that every step
runs over blocks side by side in memory, however few rows and columns they have.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.exhaustive import SMALL, try_all
from benchmark.scoring.assignment.solver import Pairs, Refine, settle

ROUNDS = 2
"""Times that best pairs are proposed: more would find few that are part of a best pairing."""


def decide(weights: Ints, refine: Refine) -> Pairs:
    """The pairs that every best pairing has, of blocks of weights with shape (rows, columns,
    blocks). `weights` is left with the pairs that only some best pairings have, and 0 elsewhere.

    Pairs are proposed; most are proven to be part of every best pairing. What is left of each
    block, its core, is a small problem of its own.
    """
    if not weights.size:
        return (np.zeros(0, np.int64),) * 3
    proposed = _propose(weights)
    refine(*proposed)
    rows, columns = _core(weights, proposed)
    row, column, block = proposed
    certain = ~rows[row, block]
    found, left = [(row[certain], column[certain], block[certain])], []
    for at, some in _blocks((weights > 0) & rows[:, None] & columns):
        core = weights[at] * some

        def refine_core(i: Ints, j: Ints, b: Ints, at: Pairs = at, core: Ints = core) -> None:
            where = _where(at, (i, j, b))
            refine(*where)
            core[i, j, b] = weights[where]

        small = max(core.shape[:2]) <= SMALL
        forced, undecided = (try_all if small else settle)(core, refine_core)
        found.append(_where(at, np.nonzero(forced)))
        here = np.nonzero(undecided)
        left.append((_where(at, here), core[here]))
    weights[:] = 0
    for where, weight in left:
        weights[where] = weight
    row, column, block = (np.concatenate(axis) for axis in zip(*found, strict=True))
    return row, column, block


def _where(at: Pairs, pairs: tuple[Ints, ...]) -> Pairs:
    """Pairs of a core as pairs of the whole."""
    i, j, b = pairs
    return at[0][i, 0, b], at[1][0, j, b], at[2][b]


def _propose(weights: Ints) -> Pairs:
    """Pairs that are the best of both their row and their column, then those of what is left."""
    left, found = weights, []
    for _ in range(ROUNDS):
        of_row, of_column = left.max(axis=1), left.max(axis=0)
        i, j, b = np.nonzero((left == of_row[:, None]) & (left == of_column) & (left > 0))
        once = _first(i * weights.shape[2] + b)
        once = once[_first(j[once] * weights.shape[2] + b[once])]
        i, j, b = i[once], j[once], b[once]
        found.append((i, j, b))
        left = left.copy()
        left[i, :, b] = 0
        left[:, j, b] = 0
    row, column, block = (np.concatenate(axis) for axis in zip(*found, strict=True))
    return row, column, block


def _first(keys: Ints) -> Ints:
    """The positions at which each key stands first."""
    first = np.empty(int(keys.max(initial=0)) + 1, np.int64)
    at = np.arange(len(keys))
    first[keys[::-1]] = at[::-1]
    return np.flatnonzero(first[keys] == at)


def _core(weights: Ints, pairs: Pairs) -> tuple[Bools, Bools]:
    """The rows and columns of each block that are left to be paired among themselves, shape (rows,
    blocks) and (columns, blocks), given exact pairs.

    The others are paired as given in every best pairing. For by the duality theorem of linear
    programming (Kuhn, 1955), a pairing is a best one if rows and columns have prices, 0 or more
    and 0 where unpaired, that add up to the weight of each of its pairs and to no less than the
    weight of any other; and every best pairing consists of pairs whose prices add up to their
    weight. Outside the core such prices are found here, in which no other pair adds up to its
    weight, whatever the prices in the core are: there they count as 0.
    """
    rows, columns = np.ones_like(weights[:, 0], np.bool_), np.ones_like(weights[0], np.bool_)
    row, column, block = (axis[weights[pairs] > 0] for axis in pairs)
    rows[row, block] = columns[column, block] = False
    live, w = np.arange(weights.shape[2]), weights
    while len(live):
        place = np.full(weights.shape[2], -1)
        place[live] = np.arange(len(live))
        here = (place[block] >= 0) & ~rows[row, block]
        i, j, b = row[here], column[here], place[block[here]]
        beaten = _beaten(w, rows[:, live], columns[:, live], (i, j, b))
        i, j, b = i[beaten], j[beaten], live[b[beaten]]
        rows[i, b] = columns[j, b] = True
        live = np.unique(b)
        w = weights[:, :, live]
    return rows, columns


def _beaten(weights: Ints, rows: Bools, columns: Bools, pairs: Pairs) -> Bools:
    """Which pairs outside the core some other pair may replace. The price of a pair's row is what
    it could earn in the core, and so is its column's; they share what is left. Prices are doubled,
    so that they are whole numbers."""
    row, column, block = pairs
    earned = weights[pairs]
    in_core = (weights * columns).max(axis=1)[row, block]
    other = (weights * rows[:, None]).max(axis=0)[column, block]
    prices, of_columns = np.zeros_like(weights[:, 0]), np.zeros_like(weights[0])
    prices[row, block] = price = np.clip(earned + in_core - other, 0, 2 * earned)
    of_columns[column, block] = 2 * earned - price
    rivals: Bools = (2 * weights >= prices[:, None] + of_columns) & (weights > 0)
    rivals &= ~(rows[:, None] & columns)
    rivals[pairs] = False
    of_row, of_column = np.asarray(rivals.any(axis=1)), np.asarray(rivals.any(axis=0))
    return of_row[row, block] | of_column[column, block]


def _blocks(some: Bools) -> Iterator[tuple[Pairs, Bools]]:
    """The rows and columns of each block that have any of some pairs, moved together, blocks of
    like size at once: where they are, as indices, and which of some pairs are there."""
    rows, columns = np.asarray(some.any(axis=1)), np.asarray(some.any(axis=0))
    size = np.maximum(rows.sum(axis=0), columns.sum(axis=0))
    large = np.ceil(np.log2(np.maximum(size, 1))).astype(np.int64)
    classes = np.where(size <= SMALL, size, SMALL + (1 << large))
    for one in np.unique(classes[size > 0]):
        block = np.flatnonzero(classes == one)
        most = int(size[block].max())
        i = np.argsort(~rows[:, block], axis=0, kind="stable")[:most]
        j = np.argsort(~columns[:, block], axis=0, kind="stable")[:most]
        at = i[:, None], j[None], block
        yield at, some[at]
