"""One field of many pairs of records: its slots by outcome.

Values that are accepted only if equal are compared all at once, by their ids. The others are
compared pair by pair, and once for each pair of rows, however often it is asked for.
"""

from __future__ import annotations

import numpy as np

from benchmark.schema.comparing.grades import Grade
from benchmark.scoring.arrays import Ints, equal_pairs, to_lengths, to_offsets
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.matches import slots_of
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import bag_value
from benchmark.scoring.counts import Outcome

COR, PAR, INC, MIS, SPU = Outcome

AT_ONCE = 1 << 14
"""Pairs of records whose ids are gathered at once: it bounds the memory that they take."""


def outcomes(gold: Tables, predicted: Tables, i: Ints, j: Ints) -> Ints:
    """Count the slots of each pair of rows, gold row i[k] with predicted row j[k], by outcome.

    Returns shape (leaves and bags, 5, pairs), the second axis in the order of Outcome.
    """
    counts = np.zeros((len(gold.flat), 5, len(i)), np.int64)
    cor, par, inc, mis, spu = counts.transpose(1, 0, 2)  # views: to fill one fills `counts`
    _count_equal(gold, predicted, i, j, cor)
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Leaves) and not g.by_equality:
            assert isinstance(p, Leaves)
            grades = g.grades(i, p, j)
            cor[n], par[n] = grades == Grade.ACCEPTED, grades == Grade.PARTLY
    # What is not accepted follows from the numbers of values alone: of g gold and p predicted ones
    # left over, min(g, p) face each other and are INC, the rest is MIS or SPU. Accepted matches can
    # outnumber the gold values, where gold states none and accepts one: hence the maximum with 0.
    gold_values, predicted_values = gold.counts.take(i, axis=1), predicted.counts.take(j, axis=1)
    accepted = cor + par
    inc[:] = np.maximum(np.minimum(gold_values, predicted_values) - accepted, 0)
    mis[:] = np.maximum(gold.required.take(i, axis=1) - predicted_values, 0)
    spu[:] = predicted_values - accepted - inc
    # Bags with a graded comparator, and rows of bags for which gold accepts alternatives, do not
    # follow that rule: which elements match decides, and which of the lists or absences count.
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Bags) and (g.others or not g.by_equality):
            assert isinstance(p, Bags)
            at = np.flatnonzero(~g.plain[i] | (not g.by_equality))
            counts[n][:, at] = of_bags(g, p, i[at], j[at])
    return counts


def _count_equal(gold: Tables, predicted: Tables, i: Ints, j: Ints, counts: Ints) -> None:
    """Add to `counts` the equal values of each pair of rows, in leaves and bags compared by
    equality, shape (leaves and bags, pairs)."""
    fields = gold.equality.places.keys() & predicted.equality.places.keys()
    here, there, field = gold.equality.slot_pairs(predicted.equality, sorted(fields))
    filled, first = np.unique(field, return_index=True)
    for start in range(0, len(i) if here else 0, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        gold_ids = gold.equality.ids.take(i[part], axis=1)
        predicted_ids = predicted.equality.predicted_ids.take(j[part], axis=1)
        equal = gold_ids[here] == predicted_ids[there]
        # `field` is sorted, so that the slots of one field are a run: reduceat sums each run.
        counts[filled, part] = np.add.reduceat(equal, first, axis=0, dtype=np.int64)
    for n, (g, p) in enumerate(zip(gold.flat, predicted.flat, strict=True)):
        if isinstance(g, Bags) and n not in fields and g.by_equality:
            assert isinstance(p, Bags)  # too long to compare each element with each
            counts[n] = _in_common(g, p, i, j)
        elif isinstance(g, Leaves) and g.others and n in fields:
            rows, ids = g.other_ids
            at, other = equal_pairs(i, rows)
            np.add.at(counts[n], at, ids[other] == p.ids[j[at]])


def of_bags(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Count the slots of pairs of bags by outcome, where equality of elements does not decide alone
    (a graded comparator, or alternatives in gold), shape (5, pairs)."""
    if not gold.by_equality:
        return _one_by_one(gold, predicted, i, j)
    counts = np.zeros((5, len(i)), np.int64)
    # Alternatives are either whole lists, all of which can be compared by ids at once, or stand in
    # the place of single elements, and then a matching has to be found for each pair of bags.
    offsets, lists = gold.lists
    listed = to_lengths(offsets)[i] > 0
    counts[:, listed] = _best_list(offsets, lists, predicted, i[listed], j[listed])
    counts[:, ~listed] = _one_by_one(gold, predicted, i[~listed], j[~listed])
    return counts


def _by_equality(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Count the slots of bags without alternatives by outcome, shape (5, pairs)."""
    counts = np.zeros((5, len(i)), np.int64)
    gold_values, predicted_values = gold.counts[i], predicted.counts[j]
    counts[COR] = _in_common(gold, predicted, i, j)
    counts[INC] = np.minimum(gold_values, predicted_values) - counts[COR]
    counts[MIS] = gold_values - counts[COR] - counts[INC]
    counts[SPU] = predicted_values - counts[COR] - counts[INC]
    return counts


def _in_common(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Count the elements that both bags of each pair have, shape (pairs,): a join of both sides on
    (pair, element id)."""
    here, there = gold.of(i), predicted.of(j)
    # Ids are numbered anew, without gaps, so that pair and id fit one key.
    ids, number = np.unique(np.concatenate([here.ids, there.ids]), return_inverse=True)
    left = here.rows * len(ids) + number[: len(here.ids)]
    right = there.rows * len(ids) + number[len(here.ids) :]
    at, _ = equal_pairs(left[here.ids >= 0], right[there.ids >= 0])  # invalid values equal nothing
    return np.bincount(here.rows[here.ids >= 0][at], minlength=len(i))


def _best_list(offsets: Ints, lists: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Count slots under the best of the lists that gold accepts for each bag, shape (5, pairs).

    The lists of gold row r are rows offsets[r] : offsets[r + 1] of `lists`. The best one has the
    most credit; on a tie the fewest errors; then it is the first.
    """
    if not len(i):
        return np.zeros((5, 0), np.int64)
    number = to_lengths(offsets)[i]
    first = to_offsets(number)
    pair = np.repeat(np.arange(len(i)), number)
    accepted = offsets[i][pair] + np.arange(len(pair)) - first[pair]
    counts = _by_equality(lists, predicted, accepted, j[pair])
    errors = counts[INC:].sum(axis=0)
    order = np.lexsort((errors, -counts[COR], pair))  # stable, so that the first comes first
    return counts[:, order[first[:-1]]]


def _one_by_one(gold: Bags, predicted: Bags, i: Ints, j: Ints) -> Ints:
    """Count the slots of each pair of bags in Python, shape (5, pairs); results are kept, as pairs
    that were weighed are asked for again when they are counted."""
    cache = gold.outcomes_by_pair
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    for pair in pairs:
        if pair not in cache:
            g, p = bag_value(gold, pair[0]), bag_value(predicted, pair[1])
            slots = [
                match.outcome for match in slots_of(gold.interner, g, p, in_order=gold.in_order)
            ]
            cache[pair] = [slots.count(outcome) for outcome in Outcome]
    return np.array([cache[pair] for pair in pairs], np.int64).reshape(-1, 5).T
