"""Best pairings that keep the order of both sides, as in a longest common subsequence.

Weights and blocks are those of `certain`, all exact.
"""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Ints
from benchmark.scoring.assignment.solver import BlockPairs


def pair_in_order(weights: Ints) -> BlockPairs:
    """The pairs of a best pairing of each block in which no two pairs cross.

    weights: shape (rows, columns, blocks), 0 for a pair that is not allowed. Returns rows, columns
    and blocks of the pairs. Of several best pairings the one of the earliest rows and columns is
    taken: here their order is part of what is compared.
    """
    best = _best(weights)
    pairs: list[tuple[int, int, int]] = []
    for block in range(weights.shape[2]):
        row, column, _ = weights.shape
        here = best[:, :, block]
        while here[row, column]:
            if here[row - 1, column] == here[row, column]:
                row -= 1
            elif here[row, column - 1] == here[row, column]:
                column -= 1
            else:
                row, column = row - 1, column - 1
                pairs.append((row, column, block))
    rows, columns, blocks = np.array(pairs, np.int64).reshape(-1, 3).T
    return rows, columns, blocks


def totals_in_order(weights: Ints) -> Ints:
    """The total weight of the best pairing of each block that keeps the order, shape (blocks,)."""
    totals: Ints = _best(weights)[-1, -1]
    return totals


def _best(weights: Ints) -> Ints:
    """The best total of the first r rows and c columns, shape (rows + 1, columns + 1, blocks).

    best[r, c] = max(best[r - 1, c], best[r, c - 1], best[r - 1, c - 1] + weight), the recurrence of
    the longest common subsequence (Wagner and Fischer, 1974) with weights in the place of ones.
    """
    rows, columns, blocks = weights.shape
    best = np.zeros((rows + 1, columns + 1, blocks), np.int64)
    for row in range(rows):
        # The term in the same row is a running maximum: so each row is a few NumPy calls.
        np.maximum(best[row, 1:], best[row, :-1] + weights[row], out=best[row + 1, 1:])
        np.maximum.accumulate(best[row + 1], axis=0, out=best[row + 1])
    return best
