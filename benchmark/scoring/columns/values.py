"""One value or bag of gold against one that is predicted: slots with their outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.schema.comparators import Grade
from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json
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
    """A leaf's value or a bag's element: as given (`raw`), and all that is accepted, as `given`
    and, in the same order, as compared (`accepted`).

    `raw` is None where gold states nothing and yet accepts a value. `optional`: absence is
    accepted too.
    """

    path: str
    raw: Json
    given: tuple[Json, ...]
    accepted: tuple[Hashable, ...]
    optional: bool = False

    @property
    def required(self) -> bool:
        """Whether leaving it out is an error."""
        return self.raw is not None and not self.optional

    def content(self) -> str:
        """The same for values that score alike."""
        stated = "?" if self.optional else "" if self.raw is not None else "null"
        return stated + " | ".join(map(repr, self.accepted))


Elements = tuple[Value, ...]
FieldValue = Value | tuple[Elements, ...] | None
"""A leaf's value, or of a bag the lists that are accepted, the stated one first."""

CREDIT = {Outcome.COR: 2, Outcome.PAR: 1}
"""In half credits, as everywhere in scoring."""


class Match(NamedTuple):
    """The outcome of one slot, with the values that met in it and how far they agree."""

    outcome: Outcome
    gold: Value | None
    predicted: Value | None


def field_value(column: Leaves | Bags, row: int, path: str = "") -> FieldValue:
    """What stands in one row of a column; `path` is that of the value, indexes included."""
    comparator = column.interner.comparator
    if isinstance(column, Leaves):
        return _value(comparator, column.raw[row], path, column.others.get(row, ()))
    others = column.others.get(row, {})
    stated = [
        _value(comparator, element, f"{path}[{place}]", others.get(place, ()))
        for place, element in enumerate(column.raw[row] or ())
    ]
    lists = [stated]
    for other in others.get(None, ()):
        lists.append([_value(comparator, element, path, ()) for element in other or ()])
    choices = tuple(_elements(one, column.as_set) for one in lists)
    return choices if any(choices) or len(choices) > 1 else None


def bag_value(column: Bags, row: int) -> FieldValue:
    """The same of a bag, worked out once."""
    if row not in column.values_by_row:
        column.values_by_row[row] = field_value(column, row)
    found: FieldValue = column.values_by_row[row]
    return found


def _value(
    comparator: FieldComparator, raw: Json, path: str, others: Sequence[Json]
) -> Value | None:
    given = tuple(one for one in (raw, *others) if one is not None)
    if not given:
        return None
    accepted = tuple(comparator.fold(one) if comparator.is_valid(one) else INVALID for one in given)
    return Value(path, raw, given, accepted, optional=None in others)


def _elements(values: Sequence[Value | None], as_set: bool) -> Elements:
    """A bag's elements. In a set, one of each folded value; it accepts what any of them accepts,
    and is optional if all are."""
    found = tuple(value for value in values if value is not None)
    if not as_set:
        return found
    groups: dict[tuple[bool, Hashable], list[Value]] = {}
    for value in found:
        valid = value.accepted[0] is not INVALID
        groups.setdefault((valid, value.accepted[0] if valid else value.path), []).append(value)
    return tuple(_merged(group) for group in groups.values())


def _merged(group: Sequence[Value]) -> Value:
    accepted = {
        folded: given
        for value in reversed(group)
        for folded, given in zip(reversed(value.accepted), reversed(value.given), strict=True)
    }
    given = tuple(reversed(accepted.values()))
    optional = all(value.optional for value in group)
    return Value(group[0].path, group[0].raw, given, tuple(reversed(accepted)), optional)


def slots_of(interner: Interner, gold: FieldValue, predicted: FieldValue) -> list[Match]:
    """The slots of a leaf or a bag. Of the lists that gold accepts for a bag, the one of most
    credit counts; on a tie the one of fewest errors, then the first."""
    if isinstance(gold, Value) or isinstance(predicted, Value):
        assert not isinstance(gold, tuple)
        assert not isinstance(predicted, tuple)
        return list(_leaf(interner, gold, predicted))
    elements = predicted[0] if predicted else ()
    found = [list(_bag(interner, choice, elements)) for choice in gold or ((),)]
    return max(found, key=lambda matches: (credit(matches), -errors(matches)))


def credit(matches: Sequence[Match]) -> int:
    return sum(CREDIT.get(match.outcome, 0) for match in matches)


def errors(matches: Sequence[Match]) -> int:
    return sum(match.outcome >= Outcome.INC for match in matches)


def alone(gold: FieldValue) -> int:
    """The values that are missing where nothing is predicted."""
    if isinstance(gold, tuple):
        return min(sum(element.required for element in choice) for choice in gold)
    return int(gold is not None and gold.required)


def _leaf(interner: Interner, gold: Value | None, predicted: Value | None) -> Iterator[Match]:
    if predicted is None:
        if gold is not None and gold.required:
            yield Match(Outcome.MIS, gold, None)
        return
    grade = _grade(interner, gold, predicted) if gold else Grade.NOT
    if grade:
        yield Match(Outcome.COR if grade is Grade.ACCEPTED else Outcome.PAR, gold, predicted)
    else:
        stated = gold is not None and gold.raw is not None
        yield Match(Outcome.INC if stated else Outcome.SPU, gold, predicted)


def _grade(interner: Interner, gold: Value, predicted: Value) -> Grade:
    """The best over all that gold accepts."""
    given = predicted.accepted[0]
    if given is INVALID:
        return Grade.NOT
    if given in gold.accepted:
        return Grade.ACCEPTED
    if interner.comparator.by_equality:
        return Grade.NOT
    return max(interner.grades([(one, predicted.raw) for one in gold.given]))


def _bag(interner: Interner, gold: Elements, predicted: Elements) -> Iterator[Match]:
    pairs = _pairs(interner, gold, predicted)
    for i, j in pairs.items():
        yield from _leaf(interner, gold[i], predicted[j])
    left = [g for i, g in enumerate(gold) if i not in pairs]
    required = [g for g in left if g.required]
    unmatched = [*required, *(g for g in left if g.optional and g.raw is not None)]
    matched = set(pairs.values())
    over = [p for j, p in enumerate(predicted) if j not in matched]
    for position, p in enumerate(over):
        against = unmatched[position] if position < len(unmatched) else None
        yield Match(Outcome.INC if against else Outcome.SPU, against, p)
    for missed in required[len(over) :]:
        yield Match(Outcome.MIS, missed, None)


def _pairs(interner: Interner, gold: Elements, predicted: Elements) -> dict[int, int]:
    """Which elements go together, by their positions: most credit first, and of pairs of equal
    credit rather one with required gold than one with optional gold."""
    if interner.comparator.by_equality and all(g.required and len(g.accepted) == 1 for g in gold):
        return _equal_pairs(gold, predicted)
    unit = 2 * (len(gold) + 1)
    weights = {
        (i, j): grade * unit + (2 if g.required else 1)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if (grade := _grade(interner, g, p))
    }
    if len(weights) <= 1:
        return dict(weights.keys())
    laid_out = np.zeros((len(gold), len(predicted)), np.int64)
    for pair, weight in weights.items():
        laid_out[pair] = weight
    return dict(
        pair_off(laid_out, lambda i: (gold[i].content(),), lambda j: (predicted[j].content(),))
    )


def _equal_pairs(gold: Elements, predicted: Elements) -> dict[int, int]:
    """Where elements are accepted only if equal, any that are equal can be paired."""
    waiting: Mapping[Hashable, list[int]] = defaultdict(list)
    for i, g in enumerate(gold):
        waiting[g.accepted[0]].append(i)
    pairs = {}
    for j, p in enumerate(predicted):
        if p.accepted[0] is not INVALID and waiting.get(p.accepted[0]):
            pairs[waiting[p.accepted[0]].pop(0)] = j
    return pairs
