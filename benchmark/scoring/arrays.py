"""NumPy helpers: rows of different lengths in one array, and grids of rows.

Rows of different lengths stand one behind another in one array, as in a compressed sparse row
matrix: an array of *offsets* says where each begins and ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.number[Any]]
Bools = npt.NDArray[np.bool_]
T = TypeVar("T", Ints, Bools)


def to_offsets(lengths: Ints | Bools | Sequence[int]) -> Ints:
    """Offsets of rows of some lengths: row r is elements[offsets[r] : offsets[r + 1]].

    lengths: shape (rows,). Returns shape (rows + 1,); the last offset is the number of elements.
    """
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def to_lengths(offsets: Ints) -> Ints:
    """The number of elements of each row, shape (rows,), from offsets of shape (rows + 1,)."""
    return offsets[1:] - offsets[:-1]


def row_sums(values: Ints | Bools, offsets: Ints) -> Ints:
    """The sum of each row, along the last axis: shape (..., elements) -> (..., rows)."""
    # Differences of running totals: np.add.reduceat has no sum for a row without elements.
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.int64)
    np.cumsum(values, axis=-1, out=total[..., 1:])
    by_row: Ints = total[..., offsets[1:]] - total[..., offsets[:-1]]
    return by_row


def appended(values: T, last: int) -> T:
    """A copy of `values`, shape (n,), with `last` appended, shape (n + 1,)."""
    longer = np.empty(len(values) + 1, values.dtype)
    longer[:-1], longer[-1] = values, last
    return longer


def offsets_without(dropped: Bools, offsets: Ints) -> Ints:
    """The offsets of the same rows once some elements are dropped.

    dropped: shape (elements,), true for an element to drop. Returns shape (rows + 1,).
    """
    return offsets - to_offsets(dropped)[offsets]


def grid(offsets: Ints, rows: Ints, nothing: int) -> Ints:
    """Lay out the positions of some rows' elements as the columns of a grid.

    Column k counts up from offsets[rows[k]]; it is filled up with `nothing` below the row's last
    element. Shape (elements of the longest row, len(rows)).
    """
    start, stop = offsets[rows], offsets[rows + 1]
    positions = np.arange(int((stop - start).max(initial=0)))[:, None] + start
    return np.where(positions < stop, positions, nothing)


def places(laid_out: Ints, rows: Ints, nothing: int) -> tuple[Ints, Ints, Ints]:
    """Look up numbers in a grid that holds each of 0 ... nothing - 1 once at most.

    Returns three arrays of one length, an entry for each of `rows` that the grid holds: its
    position in `rows`, its row in the grid and its column in the grid.
    """
    cell_of = np.full(nothing + 1, -1)
    cell_of[laid_out.ravel()] = np.arange(laid_out.size)
    cell_of[nothing] = -1  # the filler of short columns stands for no row
    cells = cell_of[rows]
    at = np.flatnonzero(cells >= 0)
    row, column = np.divmod(cells[at], max(1, laid_out.shape[1]))
    return at, row, column


def equal_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Join two arrays on equality: the positions i, j of all pairs with left[i] == right[j].

    A sort-merge join: equal numbers lie side by side in the sorted `right`, so each of `left`
    has a run of partners there. Pairs are ordered by i, then by j.
    """
    order = np.argsort(right, kind="stable")
    start = np.searchsorted(right, left, "left", order)
    partners = np.searchsorted(right, left, "right", order) - start
    i = np.repeat(np.arange(len(left)), partners)
    within = np.arange(len(i)) - np.repeat(np.cumsum(partners) - partners, partners)
    return i, order[np.repeat(start, partners) + within]
