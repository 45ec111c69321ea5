"""NumPy helpers: rows of different lengths in one array, and grids of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Bools = npt.NDArray[np.bool_]
T = TypeVar("T", Ints, Bools)


def to_offsets(lengths: Ints | Bools | Sequence[int]) -> Ints:
    """Where each row's elements start, and at last where they end: row r is offsets[r] :
    offsets[r + 1] of the elements. Shape (rows + 1,)."""
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends


def to_lengths(offsets: Ints) -> Ints:
    """How many elements each row has, shape (rows,)."""
    return offsets[1:] - offsets[:-1]


def sums(values: Ints | Bools, offsets: Ints) -> Ints:
    """Sums over offsets[r] to offsets[r + 1], along the last axis."""
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.int64)
    np.cumsum(values, axis=-1, out=total[..., 1:])
    found: Ints = total[..., offsets[1:]] - total[..., offsets[:-1]]
    return found


def with_last(values: T, last: int) -> T:
    """The same array with one more element."""
    longer = np.empty(len(values) + 1, values.dtype)
    longer[:-1], longer[-1] = values, last
    return longer


def without(dropped: Bools, offsets: Ints) -> Ints:
    """The offsets that are left when elements are dropped."""
    return offsets - to_offsets(dropped)[offsets]


def grid(offsets: Ints, rows: Ints, nothing: int) -> Ints:
    """offsets[r] to offsets[r + 1] for each of some rows, one below another; `nothing` where a row
    has no more. Shape (most, rows)."""
    first, last = offsets[rows], offsets[rows + 1]
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
