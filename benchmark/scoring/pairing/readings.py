"""Gold records of several readings: of each, the one that earns most with a predicted record."""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Bools, Ints


def best_readings(weights: Ints, is_reading: Bools) -> tuple[Ints, Ints]:
    """Weights in which records stand for all their readings, and the row of the best one.

    weights: exact ones, shape (rows, columns, blocks). is_reading: which rows are other readings of
    the record above them, shape (rows, blocks). Returns two arrays of the shape of `weights`: what
    the best reading of each row's record weighs, 0 in rows that are readings themselves; and the
    row of that reading, the first of equals.
    """
    best = weights.copy()
    taken = np.empty(weights.shape, np.int64)
    taken[:] = np.arange(len(weights))[:, None, None]
    # From below, so that the last of several readings rises to its record step by step.
    for row in range(len(weights) - 1, 0, -1):
        here = is_reading[row]
        better = here & (best[row] > best[row - 1])
        best[row - 1] = np.where(better, best[row], best[row - 1])
        taken[row - 1] = np.where(better, taken[row], taken[row - 1])
        best[row] = np.where(here, 0, best[row])
    return best, taken
