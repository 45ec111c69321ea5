"""Records of a group of documents laid out as grids: a column of the grid for each document."""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Ints

AT_ONCE = 1 << 21
"""Comparisons that are made at once: they stay in the processor's cache."""

MOST = 127
"""What a byte can count."""


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


def _sum(slots_of: np.ufunc, left: Ints, right: Ints, most: int) -> Ints:
    """The sums over slots of what comes out of comparing all with all, of at most so many slots at
    once."""
    total = np.zeros((left.shape[1], *right.shape[1:]), np.int32)
    step = max(1, min(most, AT_ONCE // max(1, total.size)))
    for first in range(0, len(left), step):
        part = slice(first, first + step)
        found = slots_of(left[part, :, None], right[part, None])
        counts = found.view(np.int8) if found.itemsize == 1 else found
        total += counts.sum(axis=0, dtype=counts.dtype)
    return total
