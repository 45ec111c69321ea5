"""One field of many pairs of records: its slots by outcome.

Values that are accepted only if equal are compared all at once, by their ids. The others are
compared one by one, and once for each pair of rows, however often it is asked for.
"""

from __future__ import annotations

import numpy as np

from benchmark.bags import Bags
from benchmark.cells import Cell, alone, cell, compare
from benchmark.columns import Leaves, Rows
from benchmark.comparators import Grade
from benchmark.counts import Outcome
from benchmark.grids import common
from benchmark.interning import ABSENT, NOTHING, Ints
from benchmark.ragged import starts, sums, widths

COR, PAR, INC, MIS, SPU = Outcome

FEW = 16
"""Comparisons of elements, for a pair of bags, up to which all are made; beyond that, equal
elements are looked up in order."""


def outcomes(gold: Rows, predicted: Rows, n: int, i: Ints, j: Ints) -> Ints:
    """The slots of field `n` in each pair of rows i[k], j[k], by outcome, shape (5, pairs)."""
    g, p = gold.columns[n], predicted.columns[n]
    if isinstance(g, Leaves) and isinstance(p, Leaves):
        return _of_leaves(g, p, i, j)
    assert isinstance(g, Bags)
    assert isinstance(p, Bags)
    return of_bags(g, p, i, j)


def _of_leaves(gold: Leaves, predicted: Leaves, i: Ints, j: Ints) -> Ints:
    result = np.zeros((5, len(i)), np.int64)
    g, p = gold.ids[i], predicted.ids[j]
    answered, stated = p != NOTHING, g != NOTHING
    if gold.interner.bound.by_equality:
        accepted = (g == p) & answered
        if gold.others:
            rows, ids = gold.other_ids()
            at, other = common(i, rows)
            np.logical_or.at(accepted, at, ids[other] == p[at])
        partly = np.zeros_like(accepted)
    else:
        grade = gold.grades(i, predicted, j)
        accepted, partly = grade == Grade.ACCEPTED, grade == Grade.PARTLY
    result[COR], result[PAR] = accepted, partly
    wrong = answered & ~accepted & ~partly
    result[INC], result[SPU] = wrong & stated, wrong & ~stated
    result[MIS] = gold.required[i] & ~answered
    return result


def of_bags(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """As outcomes, of two bags' columns."""
    if not gold.interner.bound.by_equality:
        return _one_by_one(gold, predicted, i, j)
    result = _by_equality(gold, predicted, i, j)
    if gold.others:
        start, lists = gold.lists
        listed = np.flatnonzero(widths(start)[i])
        result[:, listed] = _best_list(start, lists, predicted, i[listed], j[listed])
        rest = np.flatnonzero(~gold.plain[i] & (widths(start)[i] == 0))
        result[:, rest] = _one_by_one(gold, predicted, i[rest], j[rest])
    return result


def _by_equality(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Of bags for which gold accepts nothing else."""
    result = np.zeros((5, len(i)), np.int64)
    many, given = gold.counts[i], predicted.counts[j]
    result[COR] = _in_common(gold, predicted, i, j)
    result[INC] = np.minimum(many, given) - result[COR]
    result[MIS] = many - result[COR] - result[INC]
    result[SPU] = given - result[COR] - result[INC]
    return result


def _in_common(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """The elements that each pair of bags has in common."""
    if int(gold.counts.max(initial=0)) * int(predicted.counts.max(initial=0)) <= FEW:
        g, p = gold.padded(i, NOTHING), predicted.padded(j, ABSENT)
        found: Ints = (g[:, None] == p).sum(axis=(0, 1))
        return found
    here, there = gold.of(i), predicted.of(j)
    ids, number = np.unique(np.concatenate([here.ids, there.ids]), return_inverse=True)
    left = here.rows * len(ids) + number[: len(here.ids)]
    right = there.rows * len(ids) + number[len(here.ids) :]
    at, _ = common(left[here.ids >= 0], right[there.ids >= 0])
    return np.bincount(here.rows[here.ids >= 0][at], minlength=len(i))


def _best_list(start: Ints, lists: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Of the lists that gold accepts for each bag, start[r] : start[r + 1] for row r, the outcomes
    of the one of most credit; on a tie that of fewest errors, then of the first."""
    if not len(i):
        return np.zeros((5, 0), np.int64)
    many = widths(start)[i]
    first = starts(many)
    pair = np.repeat(np.arange(len(i)), many)
    found = _by_equality(
        lists, predicted, start[i][pair] + np.arange(len(pair)) - first[pair], j[pair]
    )
    errors = found[INC:].sum(axis=0)
    order = np.lexsort((errors, -found[COR], pair))  # stable, so that the first comes first
    return found[:, order[first[:-1]]]


def _one_by_one(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    met = gold.met
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    for pair in pairs:
        if pair not in met:
            g, p = _cell(gold, pair[0]), _cell(predicted, pair[1])
            found = [match.outcome for match in compare(gold.interner, g, p)]
            met[pair] = [found.count(outcome) for outcome in Outcome]
    return np.array([met[pair] for pair in pairs], np.int64).reshape(-1, 5).T


def _cell(column: Bags, row: int) -> Cell:
    if row not in column.cells:
        column.cells[row] = cell(column, row)
    found: Cell = column.cells[row]
    return found


def missing(column: Leaves | Bags | Rows) -> Ints:
    """The values of one field that are missing where a gold record is, shape (N,)."""
    if isinstance(column, Leaves):
        return column.required[:-1].astype(np.int64)
    if isinstance(column, Rows):
        return sums(required_values(column) * ~column.optional, column.start)
    if column.missing is None:
        column.missing = column.counts.copy()
        for row in column.others:
            column.missing[row] = alone(_cell(column, row))
    return column.missing


def required_values(rows: Rows) -> Ints:
    """The values that are missing where a gold record is, nested ones included, shape (N,)."""
    total = np.zeros(len(rows), np.int64)
    for column in rows.columns:
        total += missing(column)
    return total
