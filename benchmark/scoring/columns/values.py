"""One value or bag of a column by itself, with all that gold accepts in its place."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves


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
