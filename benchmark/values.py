"""A document's JSON, read by the field tree: the values that scoring compares.

Gold brings what else is accepted (alternatives, optional records). A prediction is untrusted: it
is salvaged value by value, and what does not fit the schema is counted, never coerced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from benchmark.aliases import Aliases
from benchmark.binding import Bound, bind
from benchmark.errors import DataError
from benchmark.tree import Bag, Field, Json, Leaf, Record, Table, join, walk


class _Invalid:
    """The folded form of a value of the wrong type: equal to nothing that gold can hold."""

    def __repr__(self) -> str:
        return "invalid"


INVALID = _Invalid()


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf's value or a bag's element: as given (`raw`), and folded, all that is accepted.

    `raw` is None where gold states nothing and yet accepts a value. `optional`: absence is
    accepted too. On the predicted side `accepted` holds the one folded value.
    """

    path: str
    raw: Json
    accepted: tuple[Hashable, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """A bag's elements, followed by the other lists that gold accepts in their place."""

    choices: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class RecordValue:
    """One record: a value per field of its tree (None: nothing there), and its quotations."""

    path: str
    values: tuple[Value | Lists | tuple[RecordValue, ...] | None, ...]
    evidence: tuple[Json, ...] = ()
    optional: bool = False

    def content(self) -> str:
        """The same for records that score alike, however their lists and keys are ordered."""
        return f"{'?' if self.optional else ''}{[content_of(value) for value in self.values]}"

    @property
    def quotations(self) -> list[str]:
        """The evidence that is text."""
        return [quotation for quotation in self.evidence if isinstance(quotation, str)]


def content_of(value: Value | Lists | tuple[RecordValue, ...] | None) -> str:
    """What tells two values apart, as text that sorts: spelling, order and path aside."""
    if value is None:
        return ""
    if isinstance(value, Value):
        stated = "?" if value.optional else "" if value.raw is not None else "null"
        return stated + " | ".join(map(repr, value.accepted))
    if isinstance(value, Lists):
        return " || ".join(str(sorted(map(content_of, choice))) for choice in value.choices)
    return str(sorted(record.content() for record in value))


def bind_all(tree: Record, aliases: Aliases) -> dict[str, Bound]:
    """The comparator of each leaf and bag, by path."""
    bound = {}
    for item in walk(tree):
        if not isinstance(item.node, Table):
            leaf = item.node.element if isinstance(item.node, Bag) else item.node
            bound[item.path] = bind(item.path, leaf, aliases)
    return bound


class Reader:
    """Reads one document of one side. After reading a prediction, `invalid` counts by path what
    is not of the schema's type and `unknown` the properties that the schema lacks."""

    def __init__(
        self,
        bound: Mapping[str, Bound],
        alternatives: Mapping[str, Json] | None = None,
        optional: Iterable[str] = (),
    ) -> None:
        self.bound = bound
        self.alternatives = dict(alternatives or {})
        self.optional = set(optional)
        self.invalid: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def document(self, tree: Record, value: Json) -> RecordValue:
        """The document as one record. What gold adds must all have found its place."""
        record = self._record(tree, value, "", "")
        for left in (*self.alternatives, *self.optional):
            raise DataError(f"'{left}': gold has no such {_thing(left, self.alternatives)}")
        return record

    def _record(
        self, tree: Record, value: dict[str, Json], path: str, schema_path: str
    ) -> RecordValue:
        objects = self._objects(tree, value, schema_path)

        def at(steps: tuple[str, ...]) -> Json:
            return objects[steps[:-1]].get(steps[-1])

        return RecordValue(
            path,
            tuple(
                self._field(item, at(item.steps), join(path, item.steps)) for item in tree.fields
            ),
            tuple(at(steps) for steps in tree.evidence),
            self._take_optional(path),
        )

    def _objects(
        self, tree: Record, value: dict[str, Json], schema_path: str
    ) -> dict[tuple[str, ...], dict[str, Json]]:
        """The record's objects by their steps; one that is missing or no object is empty."""
        objects: dict[tuple[str, ...], dict[str, Json]] = {}
        for steps, names in tree.known.items():
            found = objects[steps[:-1]].get(steps[-1]) if steps else value
            if found is not None and not isinstance(found, dict):
                self.invalid[join(schema_path, steps)] += 1
            objects[steps] = found if isinstance(found, dict) else {}
            for name in objects[steps].keys() - names:
                self.unknown[join(schema_path, (*steps, str(name)))] += 1
        return objects

    def _field(
        self, item: Field, value: Json, path: str
    ) -> Value | Lists | tuple[RecordValue, ...] | None:
        if isinstance(item.node, Leaf):
            return self._value(self.bound[item.path], item.path, value, path)
        if value is not None and not isinstance(value, list):
            self.invalid[item.path] += 1
            value = None
        if isinstance(item.node, Table):
            return self._records(item.node.record, item.path, value or [], path)
        return self._lists(item, value or [], path)

    def _records(
        self, tree: Record, schema_path: str, rows: list[Json], path: str
    ) -> tuple[RecordValue, ...]:
        records = []
        for index, row in enumerate(rows):
            if isinstance(row, dict):
                records.append(self._record(tree, row, f"{path}[{index}]", schema_path))
            elif row is not None:
                self.invalid[schema_path] += 1
        return tuple(records)

    def _lists(self, item: Field, elements: list[Json], path: str) -> Lists | None:
        assert isinstance(item.node, Bag)
        choices = [self._elements(item, elements, path)]
        for other in self._take_alternatives(path):
            if other is not None and not isinstance(other, list):
                raise DataError(f"alternatives of '{path}': {other!r:.60} is no list")
            choices.append(self._elements(item, other or [], path, alternative=True))
        return Lists(tuple(choices)) if len(choices) > 1 or choices[0] else None

    def _elements(
        self, item: Field, elements: list[Json], path: str, alternative: bool = False
    ) -> tuple[Value, ...]:
        assert isinstance(item.node, Bag)
        bound = self.bound[item.path]
        read: list[Value | None] = []
        for index, element in enumerate(elements):
            if alternative and element is not None:
                read.append(Value(path, element, (self._accepted(bound, element, path),)))
            elif not alternative:
                read.append(self._value(bound, item.path, element, f"{path}[{index}]"))
        values = [value for value in read if value is not None]
        return tuple(_collapse(values) if item.node.as_set else values)

    def _value(self, bound: Bound, schema_path: str, value: Json, path: str) -> Value | None:
        others = self._take_alternatives(path)
        accepted: list[Hashable] = []
        if value is not None and bound.is_valid(value):
            accepted.append(bound.fold(value))
        elif value is not None:
            self.invalid[schema_path] += 1
            accepted.append(INVALID)
        accepted += [self._accepted(bound, other, path) for other in others if other is not None]
        if not accepted:
            return None
        return Value(path, value, tuple(accepted), optional=None in others)

    def _accepted(self, bound: Bound, other: Json, path: str) -> Hashable:
        if not bound.is_valid(other):
            raise DataError(f"alternatives of '{path}': {other!r:.60} is no {bound.leaf.kind}")
        return bound.fold(other)

    def _take_alternatives(self, path: str) -> list[Json]:
        others = self.alternatives.pop(path, []) if self.alternatives else []
        if not isinstance(others, list):
            raise DataError(f"alternatives of '{path}' are a list of what else is accepted")
        return [None if other == [] else other for other in others]

    def _take_optional(self, path: str) -> bool:
        if path and path in self.optional:
            self.optional.remove(path)
            return True
        return False


def _collapse(values: list[Value]) -> list[Value]:
    """A bag as a set: one element of each folded value; it accepts what any of them accepts, and
    is optional if all are."""
    groups: dict[tuple[bool, Hashable], list[Value]] = {}
    for value in values:
        valid = value.accepted[0] is not INVALID
        groups.setdefault((valid, value.accepted[0] if valid else value.path), []).append(value)
    return [
        Value(
            group[0].path,
            group[0].raw,
            tuple(dict.fromkeys(folded for value in group for folded in value.accepted)),
            all(value.optional for value in group),
        )
        for group in groups.values()
    ]


def _thing(path: str, alternatives: Mapping[str, Json]) -> str:
    return "value (alternatives)" if path in alternatives else "record (optional)"
