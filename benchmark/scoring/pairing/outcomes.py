"""One field of many pairs of records: its slots by outcome.

Values that are accepted only if equal are compared all at once, by their ids. The others are
compared one by one, and once for each pair of rows, however often it is asked for.
"""

from __future__ import annotations

import numpy as np

from benchmark.schema.comparators import Grade
from benchmark.scoring.arrays import Ints, common, to_lengths, to_offsets
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import bag_value, slots_of
from benchmark.scoring.counts import Outcome

COR, PAR, INC, MIS, SPU = Outcome

AT_ONCE = 1 << 14
"""Pairs of records whose values are compared at once."""


def outcomes(gold: Tables, predicted: Tables, i: Ints, j: Ints) -> Ints:
    """The slots of each pair of rows i[k], j[k], by leaf or bag and by outcome, shape (leaves and
    bags, 5, pairs)."""
    found = np.zeros((len(gold.flat), 5, len(i)), np.int64)
    cor, par, inc, mis, spu = found.transpose(1, 0, 2)
    _count_equal(gold, predicted, i, j, cor)
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Leaves) and not g.interner.comparator.by_equality:
            assert isinstance(p, Leaves)
            grades = g.grades(i, p, j)
            cor[n], par[n] = grades == Grade.ACCEPTED, grades == Grade.PARTLY
    stated, given = gold.counts.take(i, axis=1), predicted.counts.take(j, axis=1)
    accepted = cor + par
    inc[:] = np.maximum(np.minimum(stated, given) - accepted, 0)
    mis[:] = np.maximum(gold.required.take(i, axis=1) - given, 0)
    spu[:] = given - accepted - inc
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Bags) and (g.others or not g.interner.comparator.by_equality):
            assert isinstance(p, Bags)
            at = np.flatnonzero(~g.plain[i] | (not g.interner.comparator.by_equality))
            found[n][:, at] = of_bags(g, p, i[at], j[at])
    return found


def _count_equal(gold: Tables, predicted: Tables, i: Ints, j: Ints, counts: Ints) -> None:
    """Count the values of pairs of rows that are equal, of each leaf and bag that earns nothing
    else, shape (leaves and bags, pairs)."""
    fields = gold.equality.places.keys() & predicted.equality.places.keys()
    here, there, field = gold.equality.facing(predicted.equality, sorted(fields))
    filled, first = np.unique(field, return_index=True)
    for start in range(0, len(i) if here else 0, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        ids = gold.equality.ids.take(i[part], axis=1)
        given = predicted.equality.given.take(j[part], axis=1)
        equal = ids[here] == given[there]
        counts[filled, part] = np.add.reduceat(equal, first, axis=0, dtype=np.int64)
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Bags) and n not in fields and g.interner.comparator.by_equality:
            assert isinstance(p, Bags)
            counts[n] = _in_common(g, p, i, j)
        elif isinstance(g, Leaves) and g.others and n in fields:
            rows, ids = g.other_ids
            at, other = common(i, rows)
            np.add.at(counts[n], at, ids[other] == p.ids[j[at]])


def of_bags(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """The outcomes of bags that are compared one by one, or for which gold accepts anything else,
    shape (5, pairs)."""
    if not gold.interner.comparator.by_equality:
        return _one_by_one(gold, predicted, i, j)
    result = np.zeros((5, len(i)), np.int64)
    offsets, lists = gold.lists
    listed = to_lengths(offsets)[i] > 0
    result[:, listed] = _best_list(offsets, lists, predicted, i[listed], j[listed])
    result[:, ~listed] = _one_by_one(gold, predicted, i[~listed], j[~listed])
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
    here, there = gold.of(i), predicted.of(j)
    ids, number = np.unique(np.concatenate([here.ids, there.ids]), return_inverse=True)
    left = here.rows * len(ids) + number[: len(here.ids)]
    right = there.rows * len(ids) + number[len(here.ids) :]
    at, _ = common(left[here.ids >= 0], right[there.ids >= 0])
    return np.bincount(here.rows[here.ids >= 0][at], minlength=len(i))


def _best_list(offsets: Ints, lists: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Of the lists that gold accepts for each bag, offsets[r] : offsets[r + 1] for row r, the
    outcomes of the one of most credit; on a tie that of fewest errors, then of the first."""
    if not len(i):
        return np.zeros((5, 0), np.int64)
    many = to_lengths(offsets)[i]
    first = to_offsets(many)
    pair = np.repeat(np.arange(len(i)), many)
    found = _by_equality(
        lists, predicted, offsets[i][pair] + np.arange(len(pair)) - first[pair], j[pair]
    )
    errors = found[INC:].sum(axis=0)
    order = np.lexsort((errors, -found[COR], pair))  # stable, so that the first comes first
    return found[:, order[first[:-1]]]


def _one_by_one(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    met = gold.outcomes_by_pair
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    for pair in pairs:
        if pair not in met:
            g, p = bag_value(gold, pair[0]), bag_value(predicted, pair[1])
            found = [match.outcome for match in slots_of(gold.interner, g, p)]
            met[pair] = [found.count(outcome) for outcome in Outcome]
    return np.array([met[pair] for pair in pairs], np.int64).reshape(-1, 5).T
