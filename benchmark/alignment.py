"""Records of two sides -> the best one-to-one pairing.

Weights are whole numbers, 0 for a pair that is not allowed. The pairing is optimal at every size.
It depends on the content of the records, never on the order in which they stand, and is the same
whichever side is called gold.

Many small blocks of weights are worked on at once. They lie in the last axis, so that every step
runs over blocks side by side in memory, however few rows and columns they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmark.interning import Bools, Ints

Pair = tuple[int, int]
Pairs = tuple[Ints, Ints, Ints]
"""Rows, columns and blocks."""

Content = tuple[Any, ...]
"""What tells two things of one side apart: first by what is scored, then by what is not."""

Refine = Callable[[Ints, Ints, Ints], None]
"""Called with pairs (rows, columns, blocks): makes their weights exact where they are upper
bounds."""

LARGE = 64
"""Rows or columns beyond which a block is worked on alone, and only where there is need."""

ROUNDS = 6
"""Times that best pairs are proposed; what is left then is solved outright."""

SMALL = 4
"""Rows up to which the best total is found by trying all sets of them at once."""


def decide(weights: Ints, refine: Refine | None = None) -> Pairs:
    """The pairs that every best pairing has, of blocks of weights with shape (rows, columns,
    blocks). `weights` is left with the pairs that only some best pairings have, and 0 elsewhere.

    A pairing is proposed, and accepted by the duality theorem of linear programming (Kuhn, 1955):
    it is a best one if rows and columns can be given prices, 0 or more and 0 where unpaired, that
    add up to the weight of each of its pairs and to no less than the weight of any other. Every
    best pairing then consists of pairs whose prices add up to their weight.
    """
    if not weights.size:
        return (np.zeros(0, np.int64),) * 3
    column_of = _propose(weights, refine)
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    # Half of a pair's weight for each side is a price that will do for most blocks. Prices are
    # doubled, so that they are whole numbers.
    rows, columns = np.zeros_like(weights[:, 0]), np.zeros_like(weights[0])
    rows[row, block] = columns[column, block] = earned = weights[row, column, block]
    weights[row, column, block] = 0
    rivals = (2 * weights >= rows[:, None] + columns) & (weights > 0)
    weights[row, column, block] = earned
    hard = rivals.any(axis=(0, 1))
    found = [_clear(weights, ~hard, (row, column, block))]
    if max(weights.shape[:2]) <= LARGE:
        found.append(_settle(weights, np.flatnonzero(hard), column_of[:, hard], refine))
    else:
        for b in np.flatnonzero(hard).tolist():
            prices = rows[:, b], columns[:, b]
            found.append(_settle_large(weights, b, column_of[:, b], prices, refine))
    rows, columns, blocks = (np.concatenate(axis) for axis in zip(*found, strict=True))
    return rows, columns, blocks


def _clear(weights: Ints, easy: Bools, pairs: Pairs) -> Pairs:
    """The pairs of the blocks in which they are the only best pairing: nothing is left there."""
    weights[:, :, easy] = 0
    row, column, block = (axis[easy[pairs[2]]] for axis in pairs)
    return row, column, block


def _propose(weights: Ints, refine: Refine | None) -> Ints:
    """A good pairing, the column of each row or -1: pairs that are the best of both their row and
    their column, then those of what is left. All of them are exact."""
    column_of = np.full((weights.shape[0], weights.shape[2]), -1)
    live, left = np.arange(weights.shape[2]), weights.copy()
    for _ in range(ROUNDS):
        if not len(live):
            break
        of_row, of_column = left.max(axis=1), left.max(axis=0)
        i, j, b = np.nonzero((left == of_row[:, None]) & (left == of_column) & (left > 0))
        once = _first(i * len(live) + b)
        once = once[_first(j[once] * len(live) + b[once])]
        i, j, b = i[once], j[once], b[once]
        if refine is not None:
            refine(i, j, live[b])
            left[i, j, b] = now = weights[i, j, live[b]]
            best = now > 0
            best &= (now >= left[i, :, b].max(axis=1)) & (now >= left[:, j, b].max(axis=0))
            i, j, b = i[best], j[best], b[best]
        column_of[i, live[b]] = j
        left[i, :, b] = 0
        left[:, j, b] = 0
        still = left.any(axis=(0, 1))
        live, left = live[still], left[:, :, still]
    return column_of


def _first(keys: Ints) -> Ints:
    """The positions at which each key stands first."""
    first = np.empty(int(keys.max(initial=0)) + 1, np.int64)
    at = np.arange(len(keys))
    first[keys[::-1]] = at[::-1]
    return np.flatnonzero(first[keys] == at)


def _settle(weights: Ints, blocks: Ints, column_of: Ints, refine: Refine | None) -> Pairs:
    """As decide, for some blocks, given a pairing of theirs which may not be a best one."""
    w = weights[:, :, blocks]

    def refine_here(i: Ints, j: Ints, b: Ints) -> None:
        if refine is not None:
            refine(i, j, blocks[b])
            w[i, j, b] = weights[i, j, blocks[b]]

    rows, columns = _priced(w, column_of, refine_here)
    tight = _tight(w, rows, columns)
    refine_here(*np.nonzero(tight))
    tight = _tight(w, rows, columns)
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    exchangeable = np.zeros_like(tight)
    for b in np.flatnonzero(_suspect(tight, rows, columns, (row, column, block))).tolist():
        exchangeable[:, :, b] = _exchangeable(
            tight[:, :, b], column_of[:, b], rows[:, b], columns[:, b]
        )
    weights[:, :, blocks] = w * exchangeable
    forced = ~exchangeable[row, column, block]
    return row[forced], column[forced], blocks[block[forced]]


def _settle_large(
    weights: Ints, block: int, column_of: Ints, prices: tuple[Ints, Ints], refine: Refine | None
) -> Pairs:
    """As _settle, for one block: only rows and columns whose prices will not do are worked on, and
    those that turn out to compete with them."""
    w, (rows, columns) = weights[:, :, block], prices
    some = np.zeros(len(rows), np.bool_), np.zeros(len(columns), np.bool_)
    while _grown(w, rows, columns, column_of, some):
        i, j = np.flatnonzero(some[0]), np.flatnonzero(some[1])
        part = w[np.ix_(i, j)][:, :, None]

        def refine_part(
            row: Ints, column: Ints, _: Ints, i: Ints = i, j: Ints = j, part: Ints = part
        ) -> None:
            if refine is not None:
                refine(i[row], j[column], np.full(len(row), block))
                part[row, column, 0] = w[i[row], j[column]]

        place = np.full(len(columns) + 1, -1)
        place[j] = np.arange(len(j))
        columns_of_part = place[column_of[i]][:, None]
        rows[i, None], columns[j, None] = _priced(part, columns_of_part, refine_part)
        column_of[i] = np.append(j, -1)[columns_of_part[:, 0]]
    row, column, _ = _settle(part, np.zeros(1, np.int64), columns_of_part, refine_part)
    others = np.flatnonzero(~some[0] & (column_of >= 0))
    row, column = np.append(others, i[row]), np.append(column_of[others], j[column])
    w[:] = 0
    w[np.ix_(i, j)] = part[:, :, 0]
    return row, column, np.full(len(row), block)


def _grown(
    w: Ints, rows: Ints, columns: Ints, column_of: Ints, some: tuple[Bools, Bools]
) -> bool:
    """Add to some rows and columns those with a pair, not chosen and not among them, that weighs as
    much as its prices or more; partners along with them."""
    rivals = (rows[:, None] + columns <= 2 * w) & (w > 0)
    paired = np.flatnonzero(column_of >= 0)
    rivals[paired, column_of[paired]] = False
    rivals[np.ix_(*some)] = False
    some[0][rivals.any(axis=1)] = True
    some[1][rivals.any(axis=0)] = True
    together = paired[some[0][paired] | some[1][column_of[paired]]]
    some[0][together] = True
    some[1][column_of[together]] = True
    return bool(rivals.any())


def _priced(weights: Ints, column_of: Ints, refine: Refine) -> tuple[Ints, Ints]:
    """Doubled prices of rows and columns that prove a pairing to be a best one, half way between
    the lowest of the rows and the lowest of the columns, so that few other pairs weigh as much as
    theirs. Where the pairing is not a best one, `column_of` is given one that is."""
    low, feasible = _lowest_prices(weights, column_of)
    for b in np.flatnonzero(~feasible).tolist():
        column_of[:, b] = _solve(weights, b, refine)
        low[:, b] = _lowest_prices(weights[:, :, b : b + 1], column_of[:, b : b + 1])[0][:, 0]
    row_of = np.full(weights.shape[1:], -1)
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    row_of[column, block] = row
    low_of_columns, _ = _lowest_prices(weights.transpose(1, 0, 2), row_of)
    rows, columns = np.zeros_like(low), np.zeros_like(low_of_columns)
    earned = weights[row, column, block]
    rows[row, block] = earned + low[row, block] - low_of_columns[column, block]
    columns[column, block] = 2 * earned - rows[row, block]
    return rows, columns


def _lowest_prices(weights: Ints, column_of: Ints) -> tuple[Ints, Bools]:
    """The lowest prices of the rows under which a pairing is a best one, and of which blocks it is
    one: an unpaired row has no price, a paired one none above its weight (Bellman and Ford)."""
    row, block = np.nonzero(column_of >= 0)
    column = column_of[row, block]
    earned = np.zeros_like(weights[:, 0])
    earned[row, block] = weights[row, column, block]
    others = weights.copy()
    others[row, column, block] = 0
    prices, of_columns = np.zeros_like(earned), np.zeros_like(weights[0])
    feasible = np.zeros(weights.shape[2], np.bool_)
    for _ in range(len(weights) + 1):  # prices that still rise then would rise for ever
        of_columns[column, block] = (earned - prices)[row, block]
        needed = np.maximum((others - of_columns).max(axis=1), prices)
        settled = (needed == prices).all(axis=0)
        feasible = settled & (needed <= earned).all(axis=0)
        prices = needed
        if settled.all():
            break
    return prices, feasible


def _solve(weights: Ints, block: int, refine: Refine) -> Ints:
    """A best pairing of one block, whose pairs are exact: the column of each row or -1."""
    while True:
        column_of = np.full(len(weights), -1)
        for row, column in _assign(weights[:, :, block]):
            column_of[row] = column
        rows = np.flatnonzero(column_of >= 0)
        at = rows, column_of[rows], np.full(len(rows), block)
        before = weights[at]
        refine(*at)
        if (weights[at] == before).all():
            return column_of


def _tight(weights: Ints, rows: Ints, columns: Ints) -> Bools:
    """The pairs whose (doubled) prices add up to their weight."""
    tight: Bools = rows[:, None] + columns == 2 * weights
    return tight & (weights > 0)


def _suspect(tight: Bools, rows: Ints, columns: Ints, pairs: Pairs) -> Bools:
    """The blocks in which some pair may be exchanged for another."""
    row, column, block = pairs
    others = tight.copy()
    others[pairs] = False
    suspect: Bools = others.any(axis=(0, 1))
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
    """The total weight of the best pairing of each block, shape (blocks,)."""
    if weights.shape[0] > weights.shape[1]:
        weights = weights.transpose(1, 0, 2)
    if len(weights) <= SMALL:
        return _totals_of_small(weights)
    blocks = (weights[:, :, b] for b in range(weights.shape[2]))
    return np.array([sum(int(w[pair]) for pair in _assign(w)) for w in blocks], np.int64)


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
