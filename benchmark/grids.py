"""Records of a group of documents laid out as grids: a column of the grid for each document."""

from __future__ import annotations

import numpy as np

from benchmark.interning import Ints

AT_ONCE = 1 << 21
"""Comparisons that are made at once: they stay in the processor's cache."""

MOST = 127
"""What a byte can count."""


def grid(start: Ints, rows: Ints, nothing: int) -> Ints:
    """start[r] to start[r + 1] for each of some rows, one below another; `nothing` where a row has
    no more. Shape (most, rows)."""
    first, last = start[rows], start[rows + 1]
    found = np.arange(int((last - first).max(initial=0)))[:, None] + first
    return np.where(found < last, found, nothing)


def places(laid_out: Ints, rows: Ints, nothing: int) -> tuple[Ints, Ints, Ints]:
    """Which of `rows` are in a grid, and where: their positions, grid rows and grid columns."""
    where = np.full(nothing + 1, -1)
    where[laid_out.ravel()] = np.arange(laid_out.size)
    where[nothing] = -1
    found = where[rows]
    at = np.flatnonzero(found >= 0)
    row, column = np.divmod(found[at], max(1, laid_out.shape[1]))
    return at, row, column


def common(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The positions i, j of all pairs of equal numbers, left[i] == right[j]."""
    order = np.argsort(right, kind="stable")
    first = np.searchsorted(right, left, "left", order)
    found = np.searchsorted(right, left, "right", order) - first
    i = np.repeat(np.arange(len(left)), found)
    within = np.arange(len(i)) - np.repeat(np.cumsum(found) - found, found)
    return i, order[np.repeat(first, found) + within]


def agreements(left: Ints, right: Ints) -> Ints:
    """In how many slots rows of both sides are equal: of shapes (slots, rows, columns of the grid)
    and (slots, others, columns of the grid) -> (rows, others, columns of the grid)."""
    return _sum(np.equal, left, right, MOST)


def shared(left: Ints, right: Ints) -> Ints:
    """As agreements, the sums of the smaller of two counts."""
    most = min(int(left.max(initial=0)), int(right.max(initial=0)))
    if most <= MOST:
        left, right = (side.clip(max=most).astype(np.int8) for side in (left, right))
    return _sum(np.minimum, left, right, MOST // max(1, most))


def _sum(compare: np.ufunc, left: Ints, right: Ints, most: int) -> Ints:
    """The sums over slots of what comes out of comparing all with all, of at most so many slots at
    once."""
    total = np.zeros((left.shape[1], *right.shape[1:]), np.int32)
    step = max(1, min(most, AT_ONCE // max(1, total.size)))
    for first in range(0, len(left), step):
        part = slice(first, first + step)
        found = compare(left[part, :, None], right[part, None])
        counts = found.view(np.int8) if found.itemsize == 1 else found
        total += counts.sum(axis=0, dtype=counts.dtype)
    return total
