"""All gold rows of a group of documents against all predicted rows of the same document.

A grid holds the rows of many documents: one document a column, its rows one below another. So one
NumPy call compares the rows of all documents of a group, however few each of them has.
"""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Ints

AT_ONCE = 1 << 21
"""Comparisons made by one NumPy call: their results, a byte each, stay in the processor's cache."""

MOST = 127
"""The largest number that an int8 holds."""


def agreements(left: Ints, right: Ints) -> Ints:
    """In how many slots each row of `left` equals each row of `right`.

    left: shape (slots, rows, documents); right: shape (slots, others, documents). Returns shape
    (rows, others, documents).
    """
    return _sum(np.equal, left, right, MOST)


def shared(left: Ints, right: Ints) -> Ints:
    """As agreements, with the smaller of the two counts in each slot instead of 1 or 0."""
    # A minimum never exceeds the smaller of the two maxima. Where that fits a byte, larger counts
    # are clipped to it, which leaves every minimum as it is and moves a quarter of the memory.
    most = min(int(left.max(initial=0)), int(right.max(initial=0)))
    if most <= MOST:
        left, right = (side.clip(max=most).astype(np.int8) for side in (left, right))
    return _sum(np.minimum, left, right, MOST // max(1, most))


def _sum(compare: np.ufunc, left: Ints, right: Ints, most_slots: int) -> Ints:
    """Sum the results of `compare` over the slots, at most `most_slots` of them at a time."""
    total = np.zeros((left.shape[1], *right.shape[1:]), np.int32)
    step = max(1, min(most_slots, AT_ONCE // max(1, total.size)))
    for first in range(0, len(left), step):
        part = slice(first, first + step)
        results = compare(left[part, :, None], right[part, None])
        # Bytes are summed as bytes, without a wider copy: `most_slots` keeps the sum of a part
        # within 127.
        counts = results.view(np.int8) if results.itemsize == 1 else results
        total += counts.sum(axis=0, dtype=counts.dtype)
    return total
