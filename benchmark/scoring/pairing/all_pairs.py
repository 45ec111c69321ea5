"""All gold rows of a group of documents against all predicted rows of the same document.

A grid holds the rows of many documents: one document a column, its rows one below another. So one
NumPy call compares the rows of all documents of a group, however few each of them has.
"""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Bools, Ints, appended, equal_pairs
from benchmark.scoring.columns.bags import Bags

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


def count_common_elements(
    gold: Bags, predicted: Bags, gold_rows: Ints, predicted_rows: Ints, counts: Ints
) -> None:
    """Add to `counts` the elements that bags have in common, by a join of both sides on (document,
    id).

    counts: shape (gold rows, predicted rows, documents). gold_rows, predicted_rows: the row at each
    place of its first axes, shape (rows, documents), one past the last where there are fewer.
    For long bags: it takes time in the number of elements and of matches, not of pairs.
    """
    g_ids, g_place, g_document = _elements(gold, gold_rows, appended(gold.plain, False))
    size = len(predicted.counts)
    p_ids, p_place, p_document = _elements(predicted, predicted_rows, np.arange(size + 1) < size)
    both = np.concatenate([g_ids, p_ids])
    # Values of the wrong type share one negative id and yet are equal to no other.
    both[both < 0] = np.arange(-1, -1 - np.count_nonzero(both < 0), -1)
    ids, number = np.unique(both, return_inverse=True)
    g, p = g_document * len(ids), p_document * len(ids)
    i, j = equal_pairs(g + number[: len(g)], p + number[len(g) :])
    # A pair of records may have several elements in common: `+=` would count it once.
    np.add.at(counts, (g_place[i], p_place[j], g_document[i]), 1)


def _elements(bags: Bags, laid_out: Ints, wanted: Bools) -> tuple[Ints, Ints, Ints]:
    """The ids of the elements of wanted rows in a grid, with the grid row and grid column (the
    document) of each."""
    place, document = np.nonzero(wanted[laid_out])
    part = bags.of(laid_out[place, document])
    return part.ids, place[part.rows], document[part.rows]
