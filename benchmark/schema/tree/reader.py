"""JSON Schema -> the field tree. What has no natural comparison is compared as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmark.errors import SchemaError
from benchmark.schema.fields import Bag, Field, Json, Key, Leaf, Record, Table, UnionLeaf
from benchmark.schema.paths import join
from benchmark.schema.tree.dialects import json_schema
from benchmark.schema.tree.resolver import SCALARS, Place, Resolver, Sub, Variant, json_type
from benchmark.schema.tree.shapes import (
    ENTRIES,
    INNER,
    KEY,
    REST,
    TOP,
    VALUE,
    Elements,
    Entries,
    Positions,
    Properties,
    Shape,
    Top,
)
from benchmark.schema.x_compare import ABSENT, ALL, OPTIONS, SEQUENCE, SET, compare_of

MOST_PROPERTIES = 10_000
"""With references followed: beyond these, objects are compared as a whole."""

FORMATS = {"date": "date", "date-time": "date-time", "decimal": "decimal"}
"""Formats of strings that are kinds of their own."""


def read_schema(schema: Json) -> Record:
    """The field tree of a JSON Schema (a dict, true or false) or of a pydantic model class.

    Every place has a node: one without a type, with a union of unlike types, or where a definition
    enters itself again and again is a leaf of kind "json", compared as a whole. Raises SchemaError,
    with the path and the reason, for what is no schema, for a reference outside the schema, and if
    nothing of it is scored.
    """
    schema = json_schema(schema)
    if not isinstance(schema, (dict, bool)):
        raise SchemaError("", "a schema is a JSON object")
    absent = compare_of(schema, "").get(ABSENT, [])
    reader = _Reader(Resolver(schema if isinstance(schema, dict) else {}), absent)
    try:
        record = reader.document(((Sub(schema),),))
    except RecursionError:
        raise SchemaError("", "nested too deeply to be read") from None
    if not record.fields:
        raise SchemaError("", "no property of it is scored")
    return record


@dataclass
class _Parts:
    """The parts of a Record (see there), collected while its objects are walked."""

    fields: list[Field] = field(default_factory=list)
    evidence: list[tuple[str, ...]] = field(default_factory=list)
    known: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    keys: list[Field] = field(default_factory=list)

    def add(self, item: Field, compare: Mapping[str, Json]) -> None:
        """Add a field, to what its x-compare says."""
        key: Key = ""
        if compare.get("key"):
            key = "all" if compare["key"] == ALL else "any"
        if compare.get("score") is not False:
            self.fields.append(replace(item, key=key))
        elif key and isinstance(item.node, Table):
            raise SchemaError(item.path, "x-compare: a key that is a table is scored")
        elif key:
            self.keys.append(replace(item, key=key))
        elif compare.get("evidence"):
            self.evidence.append(item.steps)

    def record(self) -> Record:
        return Record(tuple(self.fields), tuple(self.evidence), self.known, tuple(self.keys))


class _Reader:
    """Reads the places of one schema into records; counts their properties, notes odd ones."""

    def __init__(self, resolver: Resolver, absent: Sequence[str]) -> None:
        self.resolver = resolver
        self.absent = absent  # words that stand for no value in any field
        self.properties = 0
        self.notes: list[tuple[str, str]] = []

    def document(self, place: Place) -> Record:
        """The record of a document, with the shape and the notes of the whole tree."""
        ways = self.ways(place, "")
        parts = _Parts()
        kind = self.kind(ways, "")
        if kind == "object":
            shape = self._collect(ways, "", (), parts)
        else:
            if kind != "map":
                self._note(TOP, "a document is no object: it stands under this path")
            parts.known[()] = frozenset({TOP})
            inner = self._add(TOP, place, "", (), parts)
            shape = Top(inner)
        return replace(parts.record(), shape=shape, notes=tuple(self.notes))

    def ways(self, place: Place, path: str) -> list[Variant]:
        """The ways to fill a place, each of one type; several where types are listed."""
        singles = [
            single
            for variant in self.resolver.variants(place, path)
            for single in _singles(variant)
        ]
        if not self.absent:
            return singles
        return [
            replace(way, compare={ABSENT: self.absent, **way.compare})
            if _type(way) in SCALARS
            else way
            for way in singles
        ]

    def kind(self, ways: Sequence[Variant], path: str) -> str:
        """What a place is: leaf, object, map, tuple, array, single (or a list of such) or json."""
        types = {_type(way) for way in ways}
        if types and types <= set(SCALARS):
            return "leaf"
        if types == {"object"}:
            return "object" if any(way.properties for way in ways) else "map"
        if "array" in types and "" not in types:
            return self._array_kind(ways, path)
        return "json"

    def _array_kind(self, ways: Sequence[Variant], path: str) -> str:
        """The kind of a place where arrays may stand: by themselves, or beside what they hold."""
        arrays = [way for way in ways if _type(way) == "array"]
        others = [way for way in ways if _type(way) != "array"]
        if any(way.prefix for way in arrays):
            return "tuple" if not others and all(way.prefix for way in arrays) else "json"
        items = _concatenated(way.items for way in arrays)
        if not items:
            return "json"
        if not others:
            return "array"
        inner = self.kind(self.ways(items, join(path, "[]")), join(path, "[]"))
        return "single" if inner == self.kind(others, path) in ("leaf", "object") else "json"

    def _collect(
        self, ways: Sequence[Variant], path: str, steps: tuple[str, ...], parts: _Parts
    ) -> Shape | None:
        """Add the properties of an object, at some steps of the record, to its parts; returns how
        the object differs from what the tree takes."""
        if any(set(way.compare) - (set() if path else {ABSENT}) for way in ways):
            raise SchemaError(path, "x-compare belongs on scalars and arrays, not on objects")
        places: dict[str, Place] = {}
        for way in ways:
            for name, place in way.properties.items():
                places[name] = _concatenated([places.get(name, ()), place])
        entries = _concatenated(way.entries for way in ways)
        if len(ways) > 1:
            self._note(path, f"{len(ways)} kinds of objects: one with the properties of all")
        self.properties += len(places)
        parts.known[steps] = frozenset(places) | ({ENTRIES} if entries else set())
        shapes = {
            name: shape
            for name, place in places.items()
            if (shape := self._add(name, place, path, steps, parts)) is not None
        }
        own = Properties(shapes)
        if not entries:
            return own if shapes else None
        node, shape = self._map(entries, join(path, ENTRIES))
        parts.fields.append(Field(join(path, ENTRIES), (*steps, ENTRIES), node))
        return replace(shape, named=frozenset(places), apart=True, own=own)

    def _add(
        self, name: str, place: Place, path: str, steps: tuple[str, ...], parts: _Parts
    ) -> Shape | None:
        """Add one property of an object to the parts of its record; returns its shape."""
        child_path, child_steps = join(path, name), (*steps, name)
        ways = self.ways(place, child_path)
        compare = _compare(ways)
        if compare.get("score") is False and not compare.get("key"):
            # What is not compared may be of any shape.
            if compare.get("evidence"):
                parts.evidence.append(child_steps)
            return None
        kind = self.kind(ways, child_path)
        if kind == "object" and self.properties <= MOST_PROPERTIES:
            return self._collect(ways, child_path, child_steps, parts)
        if kind == "tuple":
            return self._positions(ways, child_path, child_steps, parts)
        node, shape, compare = self._node(kind, ways, child_path)
        # Asked again: x-compare may also come with the elements of a bag.
        parts.add(Field(child_path, child_steps, node), compare)
        return shape

    def _node(
        self, kind: str, ways: Sequence[Variant], path: str
    ) -> tuple[Leaf | Bag | Table, Shape | None, Mapping[str, Json]]:
        """The node of a field, its shape and its x-compare; of a bag, the array's overrides its
        elements'."""
        compare = _compare(ways)
        if kind == "leaf":
            return _leaf(ways, compare, path), None, compare
        if kind == "map":
            if set(compare) - {"key", "score"}:
                raise SchemaError(path, "of x-compare, only `key` applies to an open map")
            node, shape = self._map(_concatenated(way.entries for way in ways), path)
            return node, shape, compare
        if kind in ("array", "single"):
            return self._array(ways, path, single=kind == "single")
        why = "too many properties" if kind == "object" else "no one type"
        self._note(path, f"{why}: compared as a whole")
        return _opaque(compare, path), None, compare

    def _array(
        self, ways: Sequence[Variant], path: str, single: bool
    ) -> tuple[Leaf | Bag | Table, Shape | None, Mapping[str, Json]]:
        """An array, or what may stand by itself or in an array."""
        arrays = [way for way in ways if _type(way) == "array"]
        others = [way for way in ways if _type(way) != "array"]
        element_path = f"{path}[]"
        elements = [*others, *self.ways(_concatenated(way.items for way in arrays), element_path)]
        kind = self.kind(elements, element_path)
        stated = _compare(arrays) or {}
        if single:
            self._note(path, "a single one is a list of one")
        if kind in ("leaf", "json"):
            compare = {**_compare(elements), **stated}
            element = (
                _leaf(elements, compare, path, in_bag=True)
                if kind == "leaf"
                else _opaque(compare, path, in_bag=True)
            )
            shape = Elements(single=True) if single else None
            how = compare.get("as")
            return Bag(element, as_set=how == SET, in_order=how == SEQUENCE), shape, compare
        if set(stated) - {"key", "score", "as"} or stated.get("as") == SET:
            raise SchemaError(
                path, f'of x-compare, only `key` and `"as": "{SEQUENCE}"` apply to a table'
            )
        parts, wrapped = _Parts(), False
        if kind == "object":
            inner = self._collect(elements, path, (), parts)
        elif kind == "tuple":
            inner = self._positions(elements, path, (), parts)
        else:
            wrapped = True
            self._note(path, f"an array of arrays: each inner one is a record with `{INNER}`")
            node, inner, _ = self._node(kind, elements, join(path, INNER))
            parts.known[()] = frozenset({INNER})
            parts.fields.append(Field(join(path, INNER), (INNER,), node))
        shape = Elements(inner, single, wrapped) if inner or single or wrapped else None
        return Table(parts.record(), in_order=stated.get("as") == SEQUENCE), shape, stated

    def _positions(
        self, ways: Sequence[Variant], path: str, steps: tuple[str, ...], parts: _Parts
    ) -> Shape:
        """A tuple: its elements by their positions, and what follows them."""
        self._note(path, "a tuple: its elements are the fields 0, 1, ...")
        longest = max((way.prefix for way in ways), key=len)
        rest = _concatenated(way.items for way in ways)
        names = [str(n) for n in range(len(longest))]
        parts.known[steps] = frozenset([*names, *([REST] if rest else [])])
        self.properties += len(names)
        shapes = [
            self._add(name, place, path, steps, parts)
            for name, place in zip(names, longest, strict=True)
        ]
        if not rest:
            return Positions(shapes)
        array = Variant(types=frozenset({"array"}), items=rest)
        node, shape, _ = self._node(self.kind([array], path), [array], join(path, REST))
        parts.fields.append(Field(join(path, REST), (*steps, REST), node))
        return Positions(shapes, shape)

    def _map(self, entries: Place, path: str) -> tuple[Table, Entries]:
        """An open map: a table with a record an entry."""
        self._note(path, "an open map: a record an entry, with its name as the key")
        entries = entries or ((Sub(True),),)
        value_path = join(path, VALUE)
        ways = self.ways(entries, value_path)
        kind = self.kind(ways, value_path)
        parts = _Parts()
        name = Leaf("string", by="exact")
        parts.fields.append(Field(join(path, KEY), (KEY,), name, key="any"))
        objects = kind == "object" and self.properties <= MOST_PROPERTIES
        if objects:
            shape = self._collect(ways, path, (), parts)
            parts.known[()] |= {KEY}
        else:
            parts.known[()] = frozenset({KEY, VALUE})
            shape = self._add(VALUE, entries, path, (), parts)
        return Table(parts.record()), Entries(shape, objects)

    def _note(self, path: str, note: str) -> None:
        self.notes.append((path or TOP, note))


def _singles(variant: Variant) -> list[Variant]:
    """A variant for each type that one lists; an enum with its values of that type."""
    if variant.types is None or len(variant.types) == 1:
        return [variant]
    singles = []
    for name in sorted(variant.types):
        if variant.values is None:
            singles.append(replace(variant, types=frozenset({name})))
        elif values := tuple(v for v in variant.values if _is_of(v, name)):
            singles.append(replace(variant, types=frozenset({name}), values=values))
    return singles


def _is_of(value: Json, name: str) -> bool:
    found = json_type(value)
    return found == name or (found == "integer" and name == "number")


def _type(way: Variant) -> str:
    """The one type of a way; empty for any."""
    return "" if way.types is None else next(iter(way.types), "")


def _compare(ways: Sequence[Variant]) -> Mapping[str, Json]:
    """The x-compare of a place: of several ways, the first word on each option."""
    merged: dict[str, Json] = {}
    for way in reversed(ways):
        merged.update(way.compare)
    return merged


def _concatenated(places: Iterable[Place]) -> Place:
    """The alternatives of several places, each once: branches of a union share what stands around
    it, and would multiply at every level below."""
    ways = {
        tuple((id(sub.schema), sub.refs) for sub in way): way for place in places for way in place
    }
    return tuple(ways.values())


def _opaque(compare: Mapping[str, Json], path: str, in_bag: bool = False) -> Leaf:
    if "as" in compare and not in_bag:
        raise SchemaError(path, "x-compare: `as` belongs on an array")
    return Leaf("json", (), str(compare.get("by", "")), _options(compare))


def _leaf(
    ways: Sequence[Variant], compare: Mapping[str, Json], path: str, in_bag: bool = False
) -> Leaf:
    """The leaf of a place where nothing but scalars stand."""
    if "as" in compare and not in_bag:
        raise SchemaError(path, "x-compare: `as` belongs on an array")
    by, options = str(compare.get("by", "")), _options(compare)
    if all(way.values is not None for way in ways):
        values = _unique([value for way in ways for value in way.values or ()])
        return Leaf("enum", tuple(values), by, options)
    types = {_type(way) for way in ways}
    if "number" in types:
        types -= {"integer"}
    members = [
        _one_type(name, [way for way in ways if _is_named(way, name)], by, options)
        for name in sorted(types)
    ]
    return members[0] if len(members) == 1 else UnionLeaf("union", (), by, options, tuple(members))


def _is_named(way: Variant, name: str) -> bool:
    return _type(way) == name or (name == "number" and _type(way) == "integer")


def _one_type(name: str, ways: Sequence[Variant], by: str, options: Mapping[str, Json]) -> Leaf:
    if all(way.values is not None for way in ways):
        return Leaf("enum", tuple(_unique([v for w in ways for v in w.values or ()])), by, options)
    formats = {way.format for way in ways}
    kind = FORMATS.get(formats.pop(), name) if name == "string" and len(formats) == 1 else name
    return Leaf(kind, (), by, options)


def _options(compare: Mapping[str, Json]) -> dict[str, Json]:
    return {word: value for word, value in compare.items() if word not in OPTIONS}


def _unique(values: Sequence[Json]) -> list[Json]:
    """The values in their order, each once; true is not 1."""
    unique: list[Json] = []
    for value in values:
        if not any(type(value) is type(other) and value == other for other in unique):
            unique.append(value)
    return unique
