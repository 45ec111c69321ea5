"""Records of two sides -> the best one-to-one pairing.

Weights are whole numbers, 0 for a pair that is not allowed. The pairing is optimal at every size.
It depends on the content of the records, never on the order in which they stand, and is the same
whichever side is called gold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmark.interning import Bools, Ints

Pair = tuple[int, int]
Content = tuple[Any, ...]
"""What tells two things of one side apart: first by what is scored, then by what is not."""

Refine = Callable[[Ints, Ints, Ints], None]
"""Called with pairs (block, row, column): makes their weights exact where they are upper bounds."""

SMALL = 4
"""Rows up to which the best total is found by trying all sets of them at once."""


def decide(weights: Ints, refine: Refine | None = None) -> tuple[Ints, Ints, Ints]:
    """The pairs (block, row, column) that every best pairing has, of blocks of weights with shape
    (blocks, rows, columns). `weights` is left with the pairs that only some best pairings have,
    and 0 elsewhere.

    A pairing is proposed, and accepted by the duality theorem of linear programming (Kuhn, 1955):
    it is a best one if rows and columns can be given prices, 0 or more and 0 where unpaired, that
    add up to the weight of each of its pairs and to no less than the weight of any other. Every
    best pairing then consists of pairs whose prices add up to their weight.
    """
    if not weights.size:
        return (np.zeros(0, np.int64),) * 3
    column_of = _propose(weights, refine)
    low, feasible = _lowest_prices(weights, column_of)
    for b in np.flatnonzero(~feasible):
        column_of[b] = _solve(weights, int(b), refine)
        low[b] = _lowest_prices(weights[b : b + 1], column_of[b : b + 1])[0]
    row_of = _inverse(column_of, weights.shape[2])
    low_of_columns, _ = _lowest_prices(weights.transpose(0, 2, 1), row_of)
    # Half way between the lowest prices of the rows and the lowest of the columns, as few pairs as
    # can be are tight. Doubled, prices stay whole numbers.
    block, row = np.nonzero(column_of >= 0)
    column = column_of[block, row]
    rows, columns = np.zeros_like(low), np.zeros_like(low_of_columns)
    rows[block, row] = weights[block, row, column] + low[block, row]
    rows[block, row] -= low_of_columns[block, column]
    columns[block, column] = 2 * weights[block, row, column] - rows[block, row]
    tight = _tight(weights, rows, columns)
    if refine is not None:
        refine(*np.nonzero(tight))
        tight = _tight(weights, rows, columns)
    return _forced(weights, tight, column_of, rows, columns)


def _tight(weights: Ints, rows: Ints, columns: Ints) -> Bools:
    """The pairs whose (doubled) prices add up to their weight."""
    tight: Bools = rows[:, :, None] + columns[:, None, :] == 2 * weights
    return tight & (weights > 0)


def _propose(weights: Ints, refine: Refine | None) -> Ints:
    """A good pairing, the column of each row or -1: pairs that are the best of both their row and
    their column, then those of what is left. All of them are exact."""
    column_of = np.full(weights.shape[:2], -1)
    live, left = np.arange(len(weights)), weights.copy()
    while len(live):
        column, row = left.argmax(axis=2), left.argmax(axis=1)
        each = np.arange(len(live))[:, None]
        mutual = row[each, column] == np.arange(left.shape[1])
        mutual &= left[each, np.arange(left.shape[1]), column] > 0
        block, i = np.nonzero(mutual)
        j = column[block, i]
        if refine is not None:
            before = left[block, i, j]
            refine(live[block], i, j)
            left[block, i, j] = after = weights[live[block], i, j]
            block, i, j = (axis[before == after] for axis in (block, i, j))
        column_of[live[block], i] = j
        left[block, i, :] = 0
        left[block, :, j] = 0
        still = left.any(axis=(1, 2))
        live, left = live[still], left[still]
    return column_of


def _lowest_prices(weights: Ints, column_of: Ints) -> tuple[Ints, Bools]:
    """The lowest prices of the rows under which a pairing is a best one, and of which blocks it is
    one: an unpaired row has no price, a paired one none above its weight (Bellman and Ford)."""
    blocks, rows, columns = weights.shape
    block, row = np.nonzero(column_of >= 0)
    column = column_of[block, row]
    earned = np.zeros((blocks, rows), np.int64)
    earned[block, row] = weights[block, row, column]
    other = weights.copy()
    other[block, row, column] = 0
    prices, column_prices = np.zeros((blocks, rows), np.int64), np.zeros((blocks, columns), np.int64)
    feasible = np.zeros(blocks, np.bool_)
    for _ in range(rows + 1):  # prices that still rise then would rise for ever
        column_prices[block, column] = (earned - prices)[block, row]
        needed = np.maximum((other - column_prices[:, None, :]).max(axis=2), prices)
        settled = (needed == prices).all(axis=1)
        feasible = settled & (needed <= earned).all(axis=1)
        prices = needed
        if settled.all():
            break
    return prices, feasible


def _solve(weights: Ints, block: int, refine: Refine | None) -> Ints:
    """A best pairing of one block, whose pairs are exact: the column of each row or -1."""
    while True:
        column_of = np.full(weights.shape[1], -1)
        for row, column in _assign(weights[block]):
            column_of[row] = column
        rows = np.flatnonzero(column_of >= 0)
        at = np.full(len(rows), block), rows, column_of[rows]
        before = weights[at]
        if refine is not None:
            refine(*at)
        if (weights[at] == before).all():
            return column_of


def _inverse(column_of: Ints, columns: int) -> Ints:
    """The row of each column, or -1."""
    row_of = np.full((len(column_of), columns), -1)
    block, row = np.nonzero(column_of >= 0)
    row_of[block, column_of[block, row]] = row
    return row_of


def _forced(
    weights: Ints, tight: Bools, column_of: Ints, rows: Ints, columns: Ints
) -> tuple[Ints, Ints, Ints]:
    """Sort pairs that every best pairing has from those that can be exchanged for others.

    A row is open if it can be part of an exchange: a ring of rows each of which takes, by a tight
    pair, the column of the next. Being unpaired counts as a column for rows without a price, and
    a column without a price may be left to nobody.
    """
    block, row = np.nonzero(column_of >= 0)
    column = column_of[block, row]
    tight[block, row, column] = False
    unpriced = (rows[block, row] == 0) | (columns[block, column] == 0)
    suspect = tight.any(axis=(1, 2))
    suspect[block[unpriced]] = True
    tight[block, row, column] = True
    open_pairs = np.zeros_like(tight)
    for b in np.flatnonzero(suspect).tolist():
        open_pairs[b] = _exchangeable(tight[b], column_of[b], rows[b], columns[b])
    weights *= open_pairs
    settled = ~open_pairs[block, row, column]
    return block[settled], row[settled], column[settled]


def _exchangeable(tight: Bools, column_of: Ints, rows: Ints, columns: Ints) -> Bools:
    """The tight pairs of one block that are in rings of exchange, shape (rows, columns)."""
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
    """Which nodes of a graph can be reached from each other, themselves by a way round only."""
    reach = takes.astype(np.float32)
    while True:
        further = np.minimum(reach + reach @ reach, 1)
        if (further == reach).all():
            return (reach > 0) & (reach.T > 0)
        reach = further


def pair_off(
    weights: Ints,
    row_content: Callable[[int], Content],
    column_content: Callable[[int], Content],
) -> list[Pair]:
    """The pairs of highest total weight, shape (rows, columns); the contents break ties."""
    pairs: list[Pair] = []
    for rows, columns in _components(weights > 0):
        if len(rows) == len(columns) == 1:
            pairs.append((rows[0], columns[0]))
            continue
        sorted_rows = sorted((row_content(i), i) for i in rows)
        sorted_columns = sorted((column_content(j), j) for j in columns)
        pairs += _solve_in_order(weights, sorted_rows, sorted_columns)
    return pairs


def _components(allowed: Bools) -> Iterator[tuple[list[int], list[int]]]:
    """Groups of rows and columns that allowed pairs connect. Each is solved alone, so that a
    record which agrees with nothing can't sway how the others are paired."""
    left = allowed.any(axis=1)
    while left.any():
        rows, columns = np.zeros(len(left), np.bool_), np.zeros(allowed.shape[1], np.bool_)
        new = np.flatnonzero(left)[:1]
        while len(new):
            rows[new] = True
            columns |= allowed[new].any(axis=0)
            new = np.flatnonzero(allowed[:, columns].any(axis=1) & ~rows)
        left &= ~rows
        yield np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist()


def _solve_in_order(
    weights: Ints, rows: list[tuple[Content, int]], columns: list[tuple[Content, int]]
) -> list[Pair]:
    """Jonker-Volgenant on the weights. First comes the side whose contents sort first, so that the
    solver sees the same matrix, and breaks ties alike, when the sides are swapped."""
    i, j = np.array([row for _, row in rows]), np.array([column for _, column in columns])
    inner = weights[np.ix_(i, j)]
    if [content[0] for content, _ in columns] < [content[0] for content, _ in rows]:
        chosen = [(row, column) for column, row in _assign(inner.T)]
    else:
        chosen = _assign(inner)
    return [(int(i[row]), int(j[column])) for row, column in chosen]


def _assign(weights: Ints) -> list[Pair]:
    import lap

    rows, columns = lap.lapjvr(-weights.astype(np.float64), extend_cost=True, return_cost=False)
    return [(r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if weights[r, c]]


def best_totals(weights: Ints) -> Ints:
    """The total weight of each block's best pairing, shape (blocks,)."""
    if weights.shape[1] > weights.shape[2]:
        weights = weights.transpose(0, 2, 1)
    if weights.shape[1] <= SMALL:
        return _totals_of_small(weights)
    return np.array([sum(block[pair] for pair in _assign(block)) for block in weights], np.int64)


def _totals_of_small(weights: Ints) -> Ints:
    """Column after column, the best total of each set of rows (Held and Karp, 1962)."""
    blocks, rows, columns = weights.shape
    best = np.zeros((1 << rows, blocks), np.int64)
    for column in range(columns):
        before = best.copy()
        for row in range(rows):
            weight = weights[:, row, column]
            for taken in range(1 << rows):
                if taken >> row & 1:
                    np.maximum(best[taken], before[taken ^ 1 << row] + weight, out=best[taken])
    totals: Ints = best[-1] if rows else np.zeros(blocks, np.int64)
    return totals
