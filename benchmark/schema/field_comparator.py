"""A field's comparator, bound to its type, options and alias list."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from benchmark.errors import DataError, SchemaError, UnknownNameError
from benchmark.schema.aliases import Aliases, alias_groups
from benchmark.schema.comparators import Comparator, Grade, exact, find
from benchmark.schema.fields import Json, Leaf
from benchmark.schema.kinds import KINDS, is_number


@dataclass(frozen=True)
class FieldComparator:
    """A leaf's comparator with its options and aliases: what values of one field go through."""

    leaf: Leaf
    name: str
    definition: Comparator
    options: Mapping[str, float]
    groups: Mapping[Hashable, Hashable]

    @cached_property
    def by_equality(self) -> bool:
        """Whether only equal folded values earn credit."""
        return self.definition.grade is None or self.definition.by_equality(self.options)

    def is_valid(self, value: Json) -> bool:
        """Whether a value (not null) is of the leaf's JSON type. Nothing is coerced."""
        if not KINDS[self.leaf.kind].is_valid(value):
            return False
        return self.leaf.kind != "enum" or exact(value) in map(exact, self.leaf.values)

    def fold(self, value: Json) -> Hashable:
        """A valid value as compared; a name of the alias list as its line's first name."""
        try:
            folded = self.definition.fold(value)
            return self.groups.get(folded, folded)  # raises for what has no hash
        except Exception as error:
            raise self._broken(error, value) from error

    def folds(self, values: Sequence[Json]) -> list[Hashable]:
        """Valid values as compared."""
        try:
            folded = list(map(self.definition.fold, values))
            return [self.groups.get(one, one) for one in folded] if self.groups else folded
        except Exception:  # find the value that broke it
            return [self.fold(value) for value in values]

    def grade(self, gold: Hashable, predicted: Hashable) -> Grade:
        """How far two folded values agree."""
        if gold == predicted:
            return Grade.ACCEPTED
        if self.definition.grade is None:
            return Grade.NOT
        try:
            return _grade(self.definition.grade(gold, predicted, **self.options))
        except Exception as error:
            raise self._broken(error, gold, predicted) from error

    def grades(self, golds: Sequence[Hashable], predicted: Sequence[Hashable]) -> list[Grade]:
        """How far folded values agree, for each pair."""
        if self.definition.grades is not None and golds:
            try:
                found = self.definition.grades(golds, predicted, **self.options)
                return [
                    Grade.ACCEPTED if gold == given else _grade(one)
                    for gold, given, one in zip(golds, predicted, found, strict=True)
                ]
            except Exception:  # noqa: S110 - one by one, the values that broke it are found
                pass
        return list(map(self.grade, golds, predicted))

    def _broken(self, error: Exception, *values: Any) -> DataError:
        on = " and ".join(f"{value!r:.80}" for value in values)
        return DataError(f"comparator '{self.name}' broke on {on}: {type(error).__name__}: {error}")


def _grade(found: Any) -> Grade:
    return found if type(found) is Grade else Grade(found)


def bind(path: str, leaf: Leaf, aliases: Aliases) -> FieldComparator:
    """The comparator of a field, or SchemaError for one that does not fit its type or options."""
    by = leaf.by or KINDS[leaf.kind].comparator
    try:
        comparator = find(by)
    except UnknownNameError as error:
        raise SchemaError(path, str(error)) from None
    if not _kinds(leaf) & set(comparator.kinds):
        kinds = ", ".join(comparator.kinds)
        raise SchemaError(path, f"'{by}' compares {kinds}; this field is {leaf.kind}")
    options = _options(path, by, comparator, leaf.options)
    return FieldComparator(
        leaf, by, comparator, options, alias_groups(aliases) if by == "name" else {}
    )


def _kinds(leaf: Leaf) -> set[str]:
    """An enum of strings may be compared as strings are."""
    words = leaf.kind == "enum" and all(isinstance(value, str) for value in leaf.values)
    return {leaf.kind, "string"} if words else {leaf.kind}


def _options(
    path: str, by: str, comparator: Comparator, given: Mapping[str, Json]
) -> dict[str, float]:
    options = {**comparator.options, **given}
    if unknown := sorted(set(given) - set(comparator.options)):
        has = f"it has {', '.join(comparator.options)}" if comparator.options else "it has none"
        raise SchemaError(path, f"x-compare: '{by}' has no option {', '.join(unknown)}; {has}")
    if "accept" in given and "partial" in comparator.options.keys() - given:
        options["partial"] = options["accept"]
    for option, value in options.items():
        if not is_number(value):
            raise SchemaError(path, f"x-compare: `{option}` is a number")
    if wrong := _wrong(by, comparator, options):
        raise SchemaError(path, f"x-compare: {wrong}")
    return options


def _wrong(by: str, comparator: Comparator, options: Mapping[str, float]) -> str:
    """What the comparator finds wrong with its options."""
    try:
        return comparator.check(options)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(f"comparator '{by}' broke on its options {options}: {reason}") from error
