"""Best pairings of which several are equally good: the contents of the records decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.assignment.solver import assign

Pair = tuple[int, int]

Content = tuple[Any, ...]
"""What tells two things of one side apart: first by what is scored, then by what is not."""


def pair_off(
    weights: Ints,
    row_content: Callable[[int], Content],
    column_content: Callable[[int], Content],
) -> list[Pair]:
    """The pairs of highest total weight, shape (rows, columns); the contents break ties."""
    pairs: list[Pair] = []
    for rows, columns in _components(weights > 0):
        if len(rows) == len(columns) == 1:
            pairs.append((rows[0], columns[0]))
            continue
        sorted_rows = sorted((row_content(i), i) for i in rows)
        sorted_columns = sorted((column_content(j), j) for j in columns)
        pairs += _solve_in_order(weights, sorted_rows, sorted_columns)
    return pairs


def _components(allowed: Bools) -> Iterator[tuple[list[int], list[int]]]:
    """Groups of rows and columns that allowed pairs connect. Each is solved alone, so that a
    record which agrees with nothing can't sway how the others are paired."""
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
    """Jonker-Volgenant on the weights. First comes the side whose contents sort first, so that the
    solver sees the same matrix, and breaks ties alike, when the sides are swapped."""
    i, j = np.array([row for _, row in rows]), np.array([column for _, column in columns])
    inner = weights[np.ix_(i, j)]
    if [content[0] for content, _ in columns] < [content[0] for content, _ in rows]:
        chosen_columns, chosen_rows = assign(inner.T)
    else:
        chosen_rows, chosen_columns = assign(inner)
    return list(zip(i[chosen_rows].tolist(), j[chosen_columns].tolist(), strict=True))
