"""Records of a group of documents laid out as grids: a column of the grid for each document."""

from __future__ import annotations

import numpy as np

from benchmark.interning import Bools, Ints


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


class Tally:
    """A grid of counts that many masks are added to, in bytes as long as these hold them."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._few = np.zeros(shape, np.int8)
        self._added = 0
        self._many = np.zeros(shape, np.int32)

    def add(self, mask: Bools) -> None:
        """One more wherever the mask is true."""
        if self._added == 127:
            self.total()
        self._few += mask.view(np.int8)
        self._added += 1

    def add_at(self, *where: Ints) -> None:
        """One more at each place, as often as it is given."""
        np.add.at(self._many, where, 1)

    def add_counts(self, counts: Ints) -> None:
        """So many more at each place."""
        self._many += counts

    def total(self) -> Ints:
        """The counts so far."""
        self._many += self._few
        self._few[:] = 0
        self._added = 0
        return self._many
