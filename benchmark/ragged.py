"""Rows of different lengths that stand one behind another in one array.

Row r is start[r] : start[r + 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from benchmark.interning import Bools, Ints

T = TypeVar("T", Ints, Bools)


def starts(widths: Ints | Bools | Sequence[int]) -> Ints:
    """Where each row's elements start, and at last where they end."""
    found = np.zeros(len(widths) + 1, np.int64)
    np.cumsum(widths, out=found[1:])
    return found


def widths(start: Ints) -> Ints:
    """How many elements each row has."""
    return start[1:] - start[:-1]


def sums(values: Ints | Bools, start: Ints) -> Ints:
    """Sums over start[r] to start[r + 1], along the last axis."""
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.int64)
    np.cumsum(values, axis=-1, out=total[..., 1:])
    found: Ints = total[..., start[1:]] - total[..., start[:-1]]
    return found


def with_last(values: T, last: int) -> T:
    """The same array with one more element."""
    longer = np.empty(len(values) + 1, values.dtype)
    longer[:-1], longer[-1] = values, last
    return longer


def without(dropped: Bools, start: Ints) -> Ints:
    """The starts that are left when elements are dropped."""
    return start - starts(dropped)[start]
