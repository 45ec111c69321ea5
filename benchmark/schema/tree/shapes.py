"""JSON as a schema has it -> JSON as the field tree has it, where the two differ.

The field tree knows objects with named properties, and arrays of scalars and of such objects. An
open map becomes an array of its entries, a tuple an object, an array of arrays an array of objects,
and a single value an array of one where either may stand. What is not of the schema's type stays as
it is, to be counted as invalid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from benchmark.schema.fields import Json

KEY, VALUE, ENTRIES, REST, INNER, TOP = "<key>", "<value>", "<entries>", "<rest>", "[]", "$"
"""Names that stand in for what has none: an entry's name and value, the entries of a map that has
named properties too, what follows a tuple, an inner array, and a document that is no object."""
SPECIAL = frozenset({KEY, VALUE, ENTRIES, REST, INNER, TOP})


class Shape(Protocol):
    """How the JSON of one place differs from what the field tree takes there."""

    def canonical(self, value: Json) -> Json:
        """The value as the field tree takes it; the value itself is not changed."""

    def below(self, step: str | int, /) -> Shape | None:
        """The shape of what stands one step further down in the field tree; None if it has none."""


@dataclass(frozen=True)
class Properties:
    """An object some of whose properties have a shape."""

    shapes: Mapping[str, Shape]

    def canonical(self, value: Json) -> Json:
        if not isinstance(value, dict):
            return value
        changed = {
            name: shape.canonical(value[name])
            for name, shape in self.shapes.items()
            if name in value
        }
        return {**value, **changed}

    def below(self, step: str | int) -> Shape | None:
        return self.shapes.get(step) if isinstance(step, str) else None


@dataclass(frozen=True)
class Elements:
    """An array whose elements have a shape. single: a value by itself is an array of one. wrapped:
    each element becomes an object that holds it as INNER."""

    shape: Shape | None = None
    single: bool = False
    wrapped: bool = False

    def canonical(self, value: Json) -> Json:
        if not isinstance(value, (list, tuple)):
            if value is None or not self.single:
                return value
            value = [value]
        elements = [self.shape.canonical(e) if self.shape else e for e in value]
        if not self.wrapped:
            return elements
        return [{INNER: e} if isinstance(e, list) else _no(dict, e) for e in elements]

    def below(self, _step: str | int) -> Shape | None:
        if self.wrapped and self.shape:
            return Properties({INNER: self.shape})
        return self.shape


@dataclass(frozen=True)
class Entries:
    """An open map: its entries become records with KEY, and VALUE or the properties of the value.

    named: properties that are no entries. Where there are any, or `apart`, the entries become one
    more property of the object, ENTRIES.
    """

    shape: Shape | None = None
    objects: bool = False
    named: frozenset[str] = frozenset()
    apart: bool = False
    own: Properties = field(default_factory=lambda: Properties({}))

    def canonical(self, value: Json) -> Json:
        if not isinstance(value, dict):
            return value if self.apart else _no(list, value)
        entries = [
            self._entry(name, self.shape.canonical(inner) if self.shape else inner)
            for name, inner in value.items()
            if name not in self.named
        ]
        if not self.apart:
            return entries
        named = {name: inner for name, inner in value.items() if name in self.named}
        own = self.own.canonical(named)
        assert isinstance(own, dict)
        return {**own, ENTRIES: entries}

    def _entry(self, name: str, value: Json) -> dict[str, Json]:
        if self.objects and isinstance(value, dict):
            return {**value, KEY: name}
        return {KEY: name} if self.objects else {KEY: name, VALUE: value}

    def below(self, step: str | int) -> Shape | None:
        if isinstance(step, str):
            return replace(self, apart=False) if step == ENTRIES else self.own.below(step)
        if self.objects or not self.shape:
            return self.shape
        return Properties({VALUE: self.shape})


@dataclass(frozen=True)
class Positions:
    """A tuple: its elements become the properties 0, 1, ..., and what follows them REST."""

    shapes: Sequence[Shape | None]
    rest: Shape | None = None

    def canonical(self, value: Json) -> Json:
        if not isinstance(value, (list, tuple)):
            return _no(dict, value)
        shaped = {
            str(n): shape.canonical(value[n]) if shape else value[n]
            for n, shape in enumerate(self.shapes)
            if n < len(value)
        }
        rest = list(value[len(self.shapes) :])
        if not rest:
            return shaped
        return {**shaped, REST: self.rest.canonical(rest) if self.rest else rest}

    def below(self, step: str | int) -> Shape | None:
        return self.rest if step == REST else self.shapes[int(step)]


@dataclass(frozen=True)
class Top:
    """A document that is no object: it becomes the one property TOP of one."""

    shape: Shape | None = None

    def canonical(self, value: Json) -> Json:
        if value is None:
            return None
        return {TOP: self.shape.canonical(value) if self.shape else value}

    def below(self, _step: str | int) -> Shape | None:
        return self.shape


def shape_at(shape: Shape | None, steps: Sequence[str | int]) -> Shape | None:
    """The shape of what stands at some steps in the field tree; None if it has none."""
    for step in steps:
        shape = shape and shape.below(step)
    return shape


def _no(kind: type, value: Json) -> Json:
    """A value that is not of the schema's type. As it stands it might be of the `kind`, dict or
    list, that the field tree takes there, and be read as what the schema does not allow."""
    if not isinstance(value, kind):
        return value
    return [] if kind is dict else {}
