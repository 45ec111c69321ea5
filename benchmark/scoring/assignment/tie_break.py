"""A best pairing where several are equally good: contents decide, not the order of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.solver import assign

Pair = tuple[int, int]

Content = tuple[Any, ...]
"""What tells two records or elements of one side apart, in sorting order.

The first entry is what is scored, in words; the others are what is not."""


def pair_off(
    weights: Ints,
    row_content: Callable[[int], Content],
    column_content: Callable[[int], Content],
) -> list[Pair]:
    """The pairs (row, column) of a best pairing of one block; contents break ties.

    weights: shape (rows, columns), 0 for a pair that is not allowed. `row_content` and
    `column_content` return the content of a row or column, and are called only where it matters.
    """
    pairs: list[Pair] = []
    for rows, columns in _components(weights > 0):
        if len(rows) == len(columns) == 1:
            pairs.append((rows[0], columns[0]))  # no tie, so no need for contents
            continue
        sorted_rows = sorted((row_content(i), i) for i in rows)
        sorted_columns = sorted((column_content(j), j) for j in columns)
        pairs += _solve_in_order(weights, sorted_rows, sorted_columns)
    return pairs


def _components(allowed: Bools) -> Iterator[tuple[list[int], list[int]]]:
    """The connected components of the graph of allowed pairs: the rows and columns of each.

    Each is solved alone, so that a record which agrees with nothing can't sway which of several
    best pairings of the others is taken.
    """
    left = np.asarray(allowed.any(axis=1))
    while left.any():
        rows, columns = np.zeros(len(left), np.bool_), np.zeros(allowed.shape[1], np.bool_)
        new = np.flatnonzero(left)[:1]
        while len(new):
            rows[new] = True
            columns |= allowed[new].any(axis=0)
            new = np.flatnonzero(allowed[:, columns].any(axis=1) & ~rows)
        left &= ~rows
        yield np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist()


def _solve_in_order(
    weights: Ints, rows: list[tuple[Content, int]], columns: list[tuple[Content, int]]
) -> list[Pair]:
    """A best pairing, by a solver that sees rows and columns in the order of their contents.

    Which of several best pairings the solver takes depends on the matrix alone. So rows and columns
    are sorted, and the side whose scored contents sort first becomes its rows: the matrix is the
    same in whatever order records stand, and when the sides are swapped.
    """
    i, j = np.array([row for _, row in rows]), np.array([column for _, column in columns])
    block = weights[np.ix_(i, j)]
    # Contents that are not scored, as quotations, are left out: the matrix does not depend on them.
    if [content[0] for content, _ in columns] < [content[0] for content, _ in rows]:
        chosen_columns, chosen_rows = assign(block.T)
    else:
        chosen_rows, chosen_columns = assign(block)
    return list(zip(i[chosen_rows].tolist(), j[chosen_columns].tolist(), strict=True))
