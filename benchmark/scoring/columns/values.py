"""One value or bag of gold against one that is predicted: slots with their outcomes.

The slow way, one pair at a time, for verdicts and for what cannot be compared for many pairs at
once. It decides the same as the columns do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.schema.comparators import Grade
from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from benchmark.scoring.assignment.tie_break import pair_off
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.interning import Interner
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.counts import Outcome


class _Invalid:
    """The folded form of a value of the wrong type: equal to nothing that gold can hold."""

    def __repr__(self) -> str:
        return "invalid"


INVALID = _Invalid()


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf's value or a bag's element, with all that is accepted in its place.

    path: where it stands in the document, indexes included. raw: the value as given in JSON, None
    where gold states nothing and yet accepts a value. given: the values that are accepted, as in
    JSON. accepted: the same as compared, in the same order. optional: whether absence is accepted
    too.
    """

    path: str
    raw: Json
    given: tuple[Json, ...]
    accepted: tuple[Hashable, ...]
    optional: bool = False

    @property
    def required(self) -> bool:
        """Whether it is missing (MIS) if nothing is predicted."""
        return self.raw is not None and not self.optional

    def content(self) -> str:
        """The value as text to sort by: the same for values that score alike."""
        stated = "?" if self.optional else "" if self.raw is not None else "null"
        return stated + " | ".join(map(repr, self.accepted))


Elements = tuple[Value, ...]
FieldValue = Value | tuple[Elements, ...] | None
"""A leaf's value; of a bag the lists that gold accepts, the stated one first; None for no value."""

CREDIT = {Outcome.COR: 2, Outcome.PAR: 1}
"""The credit of an outcome, in half credits as everywhere in scoring: whole numbers."""


class Match(NamedTuple):
    """The outcome of one slot, with the values of both sides in it, None where a side has none."""

    outcome: Outcome
    gold: Value | None
    predicted: Value | None


def field_value(column: Leaves | Bags, row: int, path: str = "") -> FieldValue:
    """The value in one row of a column.

    path: that of the value, indexes included; needed for verdicts only.
    """
    comparator = column.interner.comparator
    if isinstance(column, Leaves):
        return _value(comparator, column.raw[row], path, column.others.get(row, ()))
    others = column.others.get(row, {})
    stated = [
        _value(comparator, element, join(path, place), others.get(place, ()))
        for place, element in enumerate(column.raw[row] or ())
    ]
    lists = [stated]
    for other in others.get(None, ()):
        lists.append([_value(comparator, element, path, ()) for element in other or ()])
    choices = tuple(_elements(values, column.as_set) for values in lists)
    return choices if any(choices) or len(choices) > 1 else None


def bag_value(column: Bags, row: int) -> FieldValue:
    """The value of a bag in one row, worked out once for each row."""
    if row not in column.values_by_row:
        column.values_by_row[row] = field_value(column, row)
    value: FieldValue = column.values_by_row[row]
    return value


def _value(
    comparator: FieldComparator, raw: Json, path: str, others: Sequence[Json]
) -> Value | None:
    """A value with its alternatives, or None where gold accepts no value at all."""
    given = tuple(value for value in (raw, *others) if value is not None)
    if not given:
        return None
    accepted = tuple(
        comparator.fold(value) if comparator.is_valid(value) else INVALID for value in given
    )
    return Value(path, raw, given, accepted, optional=None in others)


def _elements(values: Sequence[Value | None], as_set: bool) -> Elements:
    """The elements of a bag, without null ones; of a set, one for each value as compared.

    Where a set's elements coincide, the one that stays accepts what any of them accepts, and is
    optional if all are.
    """
    elements = tuple(value for value in values if value is not None)
    if not as_set:
        return elements
    groups: dict[tuple[bool, Hashable], list[Value]] = {}
    for element in elements:
        # Invalid ones are equal to nothing, not even to each other: each is a group of its own.
        valid = element.accepted[0] is not INVALID
        key = element.accepted[0] if valid else element.path
        groups.setdefault((valid, key), []).append(element)
    return tuple(_merged(group) for group in groups.values())


def _merged(group: Sequence[Value]) -> Value:
    """The one element of a set that stands for several, stated at the first one's place."""
    given_of: dict[Hashable, Json] = {}
    for value in group:
        for folded, given in zip(value.accepted, value.given, strict=True):
            given_of.setdefault(folded, given)  # of several spellings the first is kept
    optional = all(value.optional for value in group)
    return Value(
        path=group[0].path,
        raw=group[0].raw,
        given=tuple(given_of.values()),
        accepted=tuple(given_of),
        optional=optional,
    )


def slots_of(interner: Interner, gold: FieldValue, predicted: FieldValue) -> list[Match]:
    """The slots of a leaf or a bag, gold against prediction.

    Of the lists that gold accepts for a bag, the one that gives the most credit counts; on a tie
    the one with the fewest errors, then the first.
    """
    if isinstance(gold, Value) or isinstance(predicted, Value):
        assert not isinstance(gold, tuple)
        assert not isinstance(predicted, tuple)
        return list(_leaf(interner, gold, predicted))
    elements = predicted[0] if predicted else ()
    by_list = [list(_bag(interner, choice, elements)) for choice in gold or ((),)]
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


def _bag(interner: Interner, gold: Elements, predicted: Elements) -> Iterator[Match]:
    """The slots of a bag, against one of the lists that gold accepts."""
    pairs = _pairs(interner, gold, predicted)
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
    if interner.comparator.by_equality and all(g.required and len(g.accepted) == 1 for g in gold):
        return _equal_pairs(gold, predicted)
    # Beside its credit in units a pair adds 2 or 1, all pairs of a bag less than a unit: so credit
    # comes first, then the number of pairs plus that of pairs with required gold. Two pairings of
    # most credit differ by alternating paths and cycles. Each can be exchanged by itself, and none
    # raises one number and lowers the other; so where the sum is largest, both are. Then the errors
    # are fewest: the larger of the numbers of unmatched predicted and unmatched required elements.
    unit = 2 * (len(gold) + 1)
    weights = {
        (i, j): grade * unit + (2 if g.required else 1)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if (grade := _grade(interner, g, p))
    }
    if len(weights) <= 1:
        return dict(weights.keys())
    matrix = np.zeros((len(gold), len(predicted)), np.int64)
    for pair, weight in weights.items():
        matrix[pair] = weight
    return dict(
        pair_off(matrix, lambda i: (gold[i].content(),), lambda j: (predicted[j].content(),))
    )


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
