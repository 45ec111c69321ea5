"""One value or bag of gold against one that is predicted: slots with their outcomes.

The slow way, one pair at a time, for verdicts and for what cannot be compared for many pairs at
once. It decides the same as the columns do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmark.schema.comparing.grades import Grade
from benchmark.scoring.arrays import Ints
from benchmark.scoring.assignment.in_order import pair_in_order
from benchmark.scoring.assignment.tie_break import pair_off
from benchmark.scoring.columns.interning import Interner
from benchmark.scoring.columns.values import INVALID, Elements, FieldValue, Value
from benchmark.scoring.counts import Outcome

CREDIT = {Outcome.COR: 2, Outcome.PAR: 1}
"""The credit of an outcome, in half credits as everywhere in scoring: whole numbers."""


class Match(NamedTuple):
    """The outcome of one slot, with the values of both sides in it, None where a side has none."""

    outcome: Outcome
    gold: Value | None
    predicted: Value | None


def slots_of(
    interner: Interner, gold: FieldValue, predicted: FieldValue, *, in_order: bool = False
) -> list[Match]:
    """The slots of a leaf or a bag, gold against prediction.

    Of the lists that gold accepts for a bag, the one that gives the most credit counts; on a tie
    the one with the fewest errors, then the first. in_order: whether elements of a bag are matched
    in their order.
    """
    if isinstance(gold, Value) or isinstance(predicted, Value):
        assert not isinstance(gold, tuple)
        assert not isinstance(predicted, tuple)
        return list(_leaf(interner, gold, predicted))
    elements = predicted[0] if predicted else ()
    by_list = [list(_bag(interner, choice, elements, in_order)) for choice in gold or ((),)]
    return max(by_list, key=lambda matches: (credit(matches), -errors(matches)))


def credit(matches: Sequence[Match]) -> int:
    """The credit of some slots, in half credits: 2 COR + PAR."""
    return sum(CREDIT.get(match.outcome, 0) for match in matches)


def errors(matches: Sequence[Match]) -> int:
    """The number of slots that are incorrect, missing or spurious."""
    return sum(match.outcome >= Outcome.INC for match in matches)


def fewest_missing(gold: FieldValue) -> int:
    """The number of missing slots (MIS) if nothing is predicted; of a bag, by its best list."""
    if isinstance(gold, tuple):
        return min(sum(element.required for element in choice) for choice in gold)
    return int(gold is not None and gold.required)


def _leaf(interner: Interner, gold: Value | None, predicted: Value | None) -> Iterator[Match]:
    """The slot of a leaf, or of a pair of elements; none where absence is right."""
    if predicted is None:
        if gold is not None and gold.required:
            yield Match(Outcome.MIS, gold, None)
        return
    grade = _grade(interner, gold, predicted) if gold else Grade.NOT
    if grade:
        yield Match(Outcome.COR if grade is Grade.ACCEPTED else Outcome.PAR, gold, predicted)
    else:
        # Where gold only accepts a value and states none, a wrong one is spurious.
        stated = gold is not None and gold.raw is not None
        yield Match(Outcome.INC if stated else Outcome.SPU, gold, predicted)


def _grade(interner: Interner, gold: Value, predicted: Value) -> Grade:
    """The best grade over all that gold accepts."""
    folded = predicted.accepted[0]
    if folded is INVALID:
        return Grade.NOT
    if folded in gold.accepted:
        return Grade.ACCEPTED
    if interner.comparator.by_equality:
        return Grade.NOT
    return max(interner.grades([(value, predicted.raw) for value in gold.given]))


def _bag(
    interner: Interner, gold: Elements, predicted: Elements, in_order: bool
) -> Iterator[Match]:
    """The slots of a bag, against one of the lists that gold accepts."""
    pairs = (_pairs_in_order if in_order else _pairs)(interner, gold, predicted)
    for i, j in pairs.items():
        yield from _leaf(interner, gold[i], predicted[j])
    # What is left over on both sides pairs off as INC: required gold first, then optional gold, as
    # in MUC-4.
    left = [g for i, g in enumerate(gold) if i not in pairs]
    required = [g for g in left if g.required]
    unmatched = [*required, *(g for g in left if g.optional and g.raw is not None)]
    matched = set(pairs.values())
    extra = [p for j, p in enumerate(predicted) if j not in matched]
    for position, p in enumerate(extra):
        against = unmatched[position] if position < len(unmatched) else None
        yield Match(Outcome.INC if against else Outcome.SPU, against, p)
    for missing in required[len(extra) :]:
        yield Match(Outcome.MIS, missing, None)


def _pairs(interner: Interner, gold: Elements, predicted: Elements) -> dict[int, int]:
    """The elements that go together: position in gold -> position in the prediction.

    A pairing of most credit; of these one of fewest errors; of these one by content.
    """
    if _only_equal(interner, gold):
        return _equal_pairs(gold, predicted)
    weights = _weights(interner, gold, predicted)
    if np.count_nonzero(weights) <= 1:
        return {int(i): int(j) for i, j in np.argwhere(weights)}
    return dict(
        pair_off(weights, lambda i: (gold[i].content(),), lambda j: (predicted[j].content(),))
    )


def _pairs_in_order(interner: Interner, gold: Elements, predicted: Elements) -> dict[int, int]:
    """_pairs of elements that are matched in their order, so that no two pairs cross."""
    if _only_equal(interner, gold):
        weights = _equalities(gold, predicted)
    else:
        weights = _weights(interner, gold, predicted)
    i, j, _ = pair_in_order(weights[:, :, None])
    return dict(zip(i.tolist(), j.tolist(), strict=True))


def _only_equal(interner: Interner, gold: Elements) -> bool:
    """Whether each element of gold has to be there, and accepts nothing but what equals it."""
    return interner.comparator.by_equality and all(
        g.required and len(g.accepted) == 1 for g in gold
    )


def _equalities(gold: Elements, predicted: Elements) -> Ints:
    """1 where an element of gold equals a predicted one, shape (gold, predicted)."""
    number: dict[Hashable, int] = {}
    g = [number.setdefault(value.accepted[0], len(number)) for value in gold]
    # Invalid values get a number that no element of gold has.
    p = [number.get(value.accepted[0], -1) for value in predicted]
    return np.equal.outer(np.array(g, np.int64), np.array(p, np.int64)).astype(np.int64)


def _weights(interner: Interner, gold: Elements, predicted: Elements) -> Ints:
    """What each pair of elements adds to a pairing, shape (gold, predicted); 0 without credit."""
    # Beside its credit in units a pair adds 2 or 1, all pairs of a bag less than a unit: so credit
    # comes first, then the number of pairs plus that of pairs with required gold. Two pairings of
    # most credit differ by alternating paths and cycles. Each can be exchanged by itself, and none
    # raises one number and lowers the other; so where the sum is largest, both are. Then the errors
    # are fewest: the larger of the numbers of unmatched predicted and unmatched required elements.
    # In a sequence, where pairs may not cross, that holds as long as no element is optional.
    unit = 2 * (len(gold) + 1)
    weights = np.zeros((len(gold), len(predicted)), np.int64)
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            if grade := _grade(interner, g, p):
                weights[i, j] = grade * unit + (2 if g.required else 1)
    return weights


def _equal_pairs(gold: Elements, predicted: Elements) -> dict[int, int]:
    """_pairs of elements that are accepted only if equal: any two that are equal can be paired."""
    unpaired: Mapping[Hashable, list[int]] = defaultdict(list)
    for i, g in enumerate(gold):
        unpaired[g.accepted[0]].append(i)
    pairs = {}
    for j, p in enumerate(predicted):
        if p.accepted[0] is not INVALID and unpaired.get(p.accepted[0]):
            pairs[unpaired[p.accepted[0]].pop(0)] = j
    return pairs
