"""A field's comparator, bound to its type, options and alias list."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from benchmark.errors import DataError, SchemaError, UnknownNameError
from benchmark.schema.aliases import Aliases, alias_groups
from benchmark.schema.comparators import Comparator, Option, find
from benchmark.schema.comparing.grades import Grade
from benchmark.schema.comparing.texts import text
from benchmark.schema.comparing.values import exact
from benchmark.schema.fields import Json, Leaf, UnionLeaf
from benchmark.schema.kinds import KINDS, is_list_of_strings, is_number
from benchmark.schema.x_compare import ABSENT


@dataclass(frozen=True)
class FieldComparator:
    """The comparator of one field: valid values are folded, then graded in pairs.

    options: the comparator's, those left out with their defaults.
    groups: the alias list, folded name -> the folded first name of its line; empty unless values
        are compared by name.
    absent: the words that stand for no value, folded as texts.
    """

    leaf: Leaf
    name: str
    definition: Comparator
    options: Mapping[str, Option]
    groups: Mapping[Hashable, Hashable]
    absent: frozenset[str] = frozenset()

    @cached_property
    def by_equality(self) -> bool:
        """Whether only equal folded values earn credit."""
        return self.definition.grade is None or self.definition.by_equality(self.options)

    def is_absent(self, value: Json) -> bool:
        """Whether a value stands for none: null, and the words that the schema lists."""
        if value is None or not self.absent:
            return value is None
        return isinstance(value, str) and text(value) in self.absent

    def stated(self, values: Sequence[Json]) -> Sequence[Json]:
        """Values with null in place of the words that stand for no value."""
        if not self.absent:
            return values
        return [None if self.is_absent(value) else value for value in values]

    def is_valid(self, value: Json) -> bool:
        """Whether a value (not null) is of the leaf's JSON type. Nothing is coerced."""
        if not (self.definition.is_valid or KINDS[self.leaf.kind].is_valid)(value):
            return False
        return self.leaf.kind != "enum" or exact(value) in map(exact, self.leaf.values)

    def fold(self, value: Json) -> Hashable:
        """The folded form of a valid value; of an alias, that of the first name of its line."""
        try:
            folded = self.definition.fold(value)
            return self.groups.get(folded, folded)  # raises for what has no hash
        except Exception as error:
            raise self._broken(error, value) from error

    def folds(self, values: Sequence[Json]) -> list[Hashable]:
        """The folded forms of valid values (see `fold`), in their order."""
        try:
            folded = list(map(self.definition.fold, values))
            return [self.groups.get(value, value) for value in folded] if self.groups else folded
        except Exception:  # one by one, to name the value that broke it
            return [self.fold(value) for value in values]

    def grade(self, gold: Hashable, predicted: Hashable) -> Grade:
        """The grade of two folded values."""
        if gold == predicted:  # whatever the comparator would say
            return Grade.ACCEPTED
        if self.definition.grade is None:
            return Grade.NOT
        try:
            return _grade(self.definition.grade(gold, predicted, **self.options))
        except Exception as error:
            raise self._broken(error, gold, predicted) from error

    def grades(self, golds: Sequence[Hashable], predicted: Sequence[Hashable]) -> list[Grade]:
        """The grade of each pair of folded values."""
        if self.definition.grades is not None and golds:
            try:
                grades = self.definition.grades(golds, predicted, **self.options)
                return [
                    Grade.ACCEPTED if gold == prediction else _grade(grade)
                    for gold, prediction, grade in zip(golds, predicted, grades, strict=True)
                ]
            except Exception:  # noqa: S110 - one by one below, to name the values that broke it
                pass
        return list(map(self.grade, golds, predicted))

    def _broken(self, error: Exception, *values: Any) -> DataError:
        on = " and ".join(f"{value!r:.80}" for value in values)
        return DataError(f"comparator '{self.name}' broke on {on}: {type(error).__name__}: {error}")


def _grade(value: Any) -> Grade:
    """What a comparator returned as a Grade. Raises ValueError for anything but 0, 1 and 2."""
    return value if type(value) is Grade else Grade(value)


@dataclass(frozen=True)
class UnionComparator(FieldComparator):
    """A leaf of several types: values agree if one member takes both, and they are equal to it."""

    members: tuple[FieldComparator, ...] = ()

    def is_valid(self, value: Json) -> bool:
        """Whether a value (not null) is of the type of a member."""
        return any(member.is_valid(value) for member in self.members)


def _bind_union(path: str, leaf: UnionLeaf, aliases: Aliases) -> UnionComparator:
    """The comparator of a leaf of several types. A comparator that x-compare names is that of the
    members that it can compare; it has to be one at least."""
    members = []
    absent = {word: value for word, value in leaf.options.items() if word == ABSENT}
    for member in leaf.members:
        fits = not leaf.by or _kinds(member) & set(_found(path, leaf.by).kinds)
        plain = replace(member, by="", options=absent)
        members.append(bind(path, member if fits else plain, aliases))
    if leaf.by and not any(member.name == leaf.by for member in members):
        kinds = " or ".join(member.kind for member in leaf.members)
        raise SchemaError(path, f"'{leaf.by}' compares none of what this field is, {kinds}")

    def fold(value: Json) -> Hashable:
        for number, member in enumerate(members):
            if member.is_valid(value):
                return number, member.fold(value)
        raise ValueError("not of any type of the union")

    definition = Comparator(fold, ("union",))
    name = " or ".join(dict.fromkeys(member.name for member in members))
    words = frozenset(map(text, absent.get(ABSENT, ())))
    return UnionComparator(leaf, name, definition, {}, {}, words, tuple(members))


def _found(path: str, by: str) -> Comparator:
    try:
        return find(by)
    except UnknownNameError as error:
        raise SchemaError(path, str(error)) from None


def bind(path: str, leaf: Leaf, aliases: Aliases) -> FieldComparator:
    """The comparator of the leaf at a path.

    Raises SchemaError for an unknown comparator and one that does not take the leaf's kind or
    options, DataError for a plugin that fails.
    """
    if isinstance(leaf, UnionLeaf):
        return _bind_union(path, leaf, aliases)
    by = leaf.by or KINDS[leaf.kind].comparator
    comparator = _found(path, by)
    if not _kinds(leaf) & set(comparator.kinds):
        kinds = ", ".join(comparator.kinds)
        raise SchemaError(path, f"'{by}' compares {kinds}; this field is {leaf.kind}")
    # "absent" may stand on the field; what the schema says once for all fields, the reader adds.
    absent = frozenset(map(text, leaf.options.get(ABSENT, ())))
    own = {word: value for word, value in leaf.options.items() if word != ABSENT}
    options = _options(path, by, comparator, own)
    comparator = replace(comparator, **comparator.adapt(leaf.kind, options))
    groups = alias_groups(aliases, comparator.fold) if by == "name" else {}
    return FieldComparator(leaf, by, comparator, options, groups, absent)


def _kinds(leaf: Leaf) -> set[str]:
    """The kinds that a leaf may be compared as: its own, and what is always a string as string."""
    strings = leaf.kind == "enum" and all(isinstance(value, str) for value in leaf.values)
    return {leaf.kind, "string"} if strings or leaf.kind == "date-time" else {leaf.kind}


def _options(
    path: str, by: str, comparator: Comparator, stated: Mapping[str, Json]
) -> dict[str, Option]:
    """The comparator's options: those stated in the schema, the others by default."""
    options = {**comparator.options, **stated}
    if unknown := sorted(set(stated) - set(comparator.options)):
        has = f"it has {', '.join(comparator.options)}" if comparator.options else "it has none"
        raise SchemaError(path, f"x-compare: '{by}' has no option {', '.join(unknown)}; {has}")
    # A threshold for accepting alone gives no partial credit below it.
    if "accept" in stated and "partial" in comparator.options.keys() - stated:
        options["partial"] = options["accept"]
    for option, value in options.items():
        if wrong := _type_wanted(comparator.options[option], value):
            raise SchemaError(path, f"x-compare: `{option}` is {wrong}")
    if wrong := _wrong(by, comparator, options):
        raise SchemaError(path, f"x-compare: {wrong}")
    return options


def _type_wanted(default: Option, value: Json) -> str:
    """What an option has to be, by its default, if a value is not of that type; otherwise ""."""
    if isinstance(default, str):
        return "" if isinstance(value, str) else "a string"
    if not isinstance(default, (int, float)):
        return "" if is_list_of_strings(value) else "a list of strings"
    return "" if is_number(value) and abs(value) <= sys.float_info.max else "a number"


def _wrong(by: str, comparator: Comparator, options: Mapping[str, Option]) -> str:
    """What the comparator finds wrong with its options; "" if nothing is."""
    try:
        return comparator.check(options)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(f"comparator '{by}' broke on its options {options}: {reason}") from error
