"""The schemas that meet at one place of a document, united: references, unions, conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from urllib.parse import unquote

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.x_compare import compare_of

SCALARS = ("string", "integer", "number", "boolean")
TYPES = frozenset({*SCALARS, "object", "array", "null"})

MOST_COMBINED = 64
"""Combinations of alternatives that are told apart; beyond them alternatives are pooled."""

MOST_ENTERED = 2
"""Times that a definition is entered on its own path; the next time it is compared as a whole."""


@dataclass(frozen=True)
class Sub:
    """A schema within a schema, and the references followed on the way to it."""

    schema: Json
    refs: tuple[str, ...] = ()


Place = tuple[tuple[Sub, ...], ...]
"""The schemas of one place: alternatives, each of which is of schemas that hold together; one of
no schemas says nothing of the place."""


@dataclass(frozen=True)
class Variant:
    """One way to fill a place, with all keywords that combine united.

    types: names of JSON types, None for any. values: those of an enum or const, None without one.
    properties, entries, items, prefix: the places of named properties, of the values of an open
    map, of the elements of an array, and of a tuple's first elements.
    """

    types: frozenset[str] | None = None
    values: tuple[Json, ...] | None = None
    format: str = ""
    properties: Mapping[str, Place] = field(default_factory=dict)
    entries: Place = ()
    items: Place = ()
    prefix: tuple[Place, ...] = ()
    compare: Mapping[str, Json] = field(default_factory=dict)


class RefError(ValueError):
    """A `$ref` that leads to no schema; the text begins with it and says why."""


def target(root: Mapping[str, Json], ref: str) -> Json:
    """The schema that a `$ref` such as "#/$defs/Event" points to within `root`.

    The fragment is a JSON Pointer (RFC 6901, section 6), or the `$anchor`, `$id` or `id` of a
    schema. Raises RefError for a reference that leaves `root` or leads nowhere.
    """
    fragment = ref.partition("#")[2]
    if not ref.startswith("#") or (fragment and not fragment.startswith("/")):
        named = _named(root, ref)
        if named is None:
            if ref.startswith("#"):
                raise RefError(f"{ref} leads nowhere")
            raise RefError(f"{ref} is outside the schema; copy it under $defs")
        return named
    schema: Json = root
    for escaped in fragment.split("/")[1:]:
        # ~0 comes last, so that "~01" is the name "~1" and not "/" (RFC 6901, section 4).
        step = unquote(escaped).replace("~1", "/").replace("~0", "~")
        if isinstance(schema, list) and step.isdecimal() and int(step) < len(schema):
            schema = schema[int(step)]
        elif isinstance(schema, Mapping) and step in schema:
            schema = schema[step]
        else:
            raise RefError(f"{ref} leads nowhere")
    return schema


def _named(root: Json, ref: str) -> Json:
    """The schema within another that has a name of its own; None if there is none."""
    names = {ref, ref.rstrip("#")}
    pending = [root]
    while pending:
        schema = pending.pop()
        if isinstance(schema, Mapping):
            anchors = {f"#{schema.get(word)}" for word in ("$anchor", "$dynamicAnchor")}
            stated = {schema.get("$id"), schema.get("id")} - {None}
            own = {str(name).rstrip("#") for name in stated if isinstance(name, str)} | anchors
            if own & names or ("" in names and schema is root):
                return schema
            pending += schema.values()
        elif isinstance(schema, list):
            pending += schema
    return None


class Resolver:
    """Unites the schemas that stand in one JSON Schema, `root`."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self.root = root

    def variants(self, place: Place, path: str) -> list[Variant]:
        """The ways to fill a place, null aside. Raises SchemaError, with the path, for a reference
        that leads nowhere and for x-compare that contradicts itself."""
        ways = [
            variant
            for together in place
            if together
            for variant in _together([self._variants(sub, path) for sub in together])
        ]
        return [replace(v, types=_without_null(v)) for v in ways if not _is_null(v)]

    def _variants(self, sub: Sub, path: str) -> list[Variant]:
        """The ways to fill a place by one schema, null among them."""
        schema, refs = sub.schema, sub.refs
        if isinstance(schema, bool):
            return [Variant()] if schema else []
        if not isinstance(schema, Mapping):
            raise SchemaError(path, f"{schema!r:.40} is no schema; it is an object, true or false")
        own = _own(schema, refs, compare_of(schema, path))
        parts = [[own], *self._parts(schema, refs, path)]
        together = _together(parts)
        conditional = [
            variant
            for branch in _conditional(schema)
            for variant in self._variants(Sub(branch, refs), path)
        ]
        return [_with_properties(variant, conditional) for variant in together]

    def _parts(
        self, schema: Mapping[str, Json], refs: tuple[str, ...], path: str
    ) -> Iterator[list[Variant]]:
        """What holds together with the keywords of a schema: references, allOf, alternatives."""
        for word in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(ref := schema.get(word), str):
                if refs.count(ref) >= MOST_ENTERED:
                    yield [Variant()]
                else:
                    yield self._variants(Sub(self._target(ref, path), (*refs, ref)), path)
        for branch in _list(schema, "allOf"):
            yield self._variants(Sub(branch, refs), path)
        for word in ("anyOf", "oneOf"):
            branches = [self._variants(Sub(one, refs), path) for one in _list(schema, word)]
            if branches:
                yield [variant for ways in branches for variant in ways]

    def _target(self, ref: str, path: str) -> Json:
        try:
            return target(self.root, ref)
        except RefError as error:
            raise SchemaError(path, str(error)) from None


def listed_values(keywords: Mapping[str, Json]) -> list[Json]:
    """The values of a schema's enum or const, null aside."""
    listed = [keywords["const"]] if "const" in keywords else keywords.get("enum", [])
    return [value for value in listed if value is not None] if isinstance(listed, list) else []


def _list(schema: Mapping[str, Json], word: str) -> Sequence[Json]:
    branches = schema.get(word)
    return branches if isinstance(branches, list) else ()


def _conditional(schema: Mapping[str, Json]) -> Iterator[Json]:
    """The schemas that hold under a condition: a document may have their properties."""
    for word in ("if", "then", "else"):
        if isinstance(schema.get(word), Mapping):
            yield schema[word]
    for word in ("dependentSchemas", "dependencies"):
        stated = schema.get(word)
        for branch in stated.values() if isinstance(stated, Mapping) else ():
            if isinstance(branch, Mapping):
                yield branch


def _own(schema: Mapping[str, Json], refs: tuple[str, ...], compare: Mapping[str, Json]) -> Variant:
    """What a schema says by its own keywords, those that combine others aside."""

    def place(inner: Json) -> Place:
        return ((Sub(inner, refs),),)

    stated = schema.get("properties")
    properties = {
        str(name): place(inner)
        for name, inner in (stated.items() if isinstance(stated, Mapping) else ())
    }
    extra, patterns = schema.get("additionalProperties"), schema.get("patternProperties")
    entries = tuple(
        (Sub(inner, refs),)
        for inner in [*(patterns.values() if isinstance(patterns, Mapping) else ()), extra]
        if isinstance(inner, Mapping) and inner
    )
    items, prefix = schema.get("items"), schema.get("prefixItems")
    if isinstance(items, list):  # a tuple before 2020-12
        items, prefix = schema.get("additionalItems"), items
    listed = "const" in schema or isinstance(schema.get("enum"), list)
    types = _types(schema)
    values = tuple(listed_values(schema)) if listed else None
    if types is None and values is not None:
        nullable = schema.get("const", 0) is None or None in _list(schema, "enum")
        types = frozenset(map(json_type, values)) | ({"null"} if nullable else set())
    elif types is None and (properties or entries):
        types = frozenset({"object"})
    elif types is None and (isinstance(items, Mapping) or isinstance(prefix, list)):
        types = frozenset({"array"})
    return Variant(
        types=types,
        values=values,
        format=str(schema.get("format", "")),
        properties=properties,
        entries=entries,
        items=place(items) if isinstance(items, Mapping) or items is True else (),
        prefix=tuple(map(place, prefix)) if isinstance(prefix, list) else (),
        compare=compare,
    )


def _types(schema: Mapping[str, Json]) -> frozenset[str] | None:
    """The stated types; None for none, and if any other word is among them."""
    stated = schema.get("type")
    types = frozenset(map(str, stated if isinstance(stated, list) else [stated]))
    return types if stated is not None and types <= TYPES else None


def json_type(value: Json) -> str:
    """The JSON type of a parsed value; a number without fraction is an integer."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")


def _together(parts: Sequence[list[Variant]]) -> list[Variant]:
    """The ways to fill a place in which one variant of each part holds."""
    return reduce(_both, [ways for ways in parts if ways], [Variant()])


def _both(first: list[Variant], second: list[Variant]) -> list[Variant]:
    if len(first) * len(second) > MOST_COMBINED:
        return [*first, *second]
    merged = [m for a, b in product(first, second) if (m := _merge(a, b)) is not None]
    # Parts that exclude each other allow nothing; what they say is kept all the same.
    return merged or [*first, *second]


def _merge(outer: Variant, inner: Variant) -> Variant | None:
    """Both at once, the outer's word before the inner's; None if no value can be both."""
    types = _common_types(outer.types, inner.types)
    if types is not None and not types:
        return None
    values = inner.values if outer.values is None else outer.values
    if outer.values is not None and inner.values is not None:
        values = tuple(v for v in outer.values if any(_same(v, w) for w in inner.values))
        if not values:
            return None
    return Variant(
        types=types,
        values=values,
        format=outer.format or inner.format,
        properties=_merge_places(outer.properties, inner.properties),
        entries=_merge_place(outer.entries, inner.entries),
        items=_merge_place(outer.items, inner.items),
        prefix=outer.prefix or inner.prefix,
        compare={**inner.compare, **outer.compare},
    )


def _same(first: Json, second: Json) -> bool:
    return isinstance(first, bool) == isinstance(second, bool) and first == second


def _common_types(
    first: frozenset[str] | None, second: frozenset[str] | None
) -> frozenset[str] | None:
    if first is None or second is None:
        return second if first is None else first
    common = first & second
    if "integer" in first | second and "number" in first | second:
        common |= {"integer"}
    return common


def _merge_place(first: Place, second: Place) -> Place:
    """The place where one alternative of each holds."""
    if not first or not second:
        return first or second
    if len(first) * len(second) > MOST_COMBINED:
        return (*first, *second)
    return tuple((*a, *b) for a, b in product(first, second))


def _merge_places(first: Mapping[str, Place], second: Mapping[str, Place]) -> Mapping[str, Place]:
    names = [*first, *(name for name in second if name not in first)]
    return {name: _merge_place(first.get(name, ()), second.get(name, ())) for name in names}


def _with_properties(variant: Variant, others: Sequence[Variant]) -> Variant:
    """The same with the properties and elements that others add under a condition."""
    if not others:
        return variant
    properties = dict(variant.properties)
    for other in others:
        for name, place in other.properties.items():
            # An alternative of no schemas: where the condition does not hold, nothing is said.
            properties[name] = (*properties.get(name, ((),)), *place)
    items = (*variant.items, *(way for other in others for way in other.items))
    types = variant.types
    if types is None and properties:
        types = frozenset({"object"})
    return replace(variant, types=types, properties=properties, items=items)


def _is_null(variant: Variant) -> bool:
    return variant.types == frozenset({"null"})


def _without_null(variant: Variant) -> frozenset[str] | None:
    return None if variant.types is None else variant.types - {"null"}
