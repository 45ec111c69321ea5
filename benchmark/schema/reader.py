"""JSON Schema -> the field tree. What can't be scored is refused, with the path and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from benchmark.errors import SchemaError
from benchmark.schema.fields import Bag, Field, Json, Leaf, Record, Table
from benchmark.schema.paths import is_name, join
from benchmark.schema.resolver import Node, Resolver, listed_values
from benchmark.schema.x_compare import OPTIONS, compare_of

MOST_PROPERTIES = 10_000
"""With references followed: through them, a small file can have any number of properties."""


def read_schema(schema: Json) -> Record:
    """The field tree of a JSON Schema (a dict) or of a pydantic model class.

    Raises SchemaError, with the path and the reason, for what cannot be scored: a union of two
    non-null types, a tuple array, an open map, recursion, a reference outside the schema.
    """
    schema = json_schema(schema)
    if not isinstance(schema, dict):
        raise SchemaError("", "a schema is a JSON object")
    resolver = Resolver(schema)
    try:
        node = resolver.resolve(schema, "", ())
        if node.type != "object":
            raise SchemaError("", f"the top is an object with properties, not {node.type}")
        record = _Reader(resolver).record(node, "")
    except RecursionError:
        raise SchemaError("", "nested too deeply to be read") from None
    if not record.fields:
        raise SchemaError("", "no property of it is scored")
    return record


def json_schema(schema: Json) -> Json:
    """The JSON Schema of a pydantic model, as it is serialised; any other value as it is.

    Raises SchemaError for a model of which pydantic has none.
    """
    if not hasattr(schema, "model_json_schema"):
        return schema
    try:
        return schema.model_json_schema(mode="serialization")
    except Exception as error:
        raise SchemaError("", f"pydantic has no JSON Schema of {schema!r:.80}: {error}") from error


class _RecordParts(NamedTuple):
    """The parts of a Record (see there), collected while its objects are walked."""

    fields: list[Field]
    evidence: list[tuple[str, ...]]
    known: dict[tuple[str, ...], frozenset[str]]


class _Reader:
    """Reads the resolved nodes of one schema into records; counts their properties."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolve = resolver.resolve
        self.properties = 0

    def record(self, node: Node, path: str) -> Record:
        """The record of an object node: a document's, or that of a table's elements."""
        parts = _RecordParts([], [], {})
        self._collect(node, path, (), parts)
        return Record(tuple(parts.fields), tuple(parts.evidence), parts.known)

    def _collect(self, node: Node, path: str, steps: tuple[str, ...], parts: _RecordParts) -> None:
        """Add the properties of an object, at some steps of the record, to its parts."""
        if node.compare:
            raise SchemaError(path, "x-compare belongs on scalars and arrays, not on objects")
        properties = _properties(node, path)
        parts.known[steps] = frozenset(properties)
        self.properties += len(properties)
        if self.properties > MOST_PROPERTIES:
            raise SchemaError("", f"it has more than {MOST_PROPERTIES:,} properties")
        for name, schema in properties.items():
            _check_name(name, path)
            child_path = join(path, name)
            compare: Mapping[str, Json] = compare_of(schema, child_path)
            if compare.get("score") is not False:  # what is not scored need not be scorable
                child = self.resolve(schema, child_path, node.refs)
                if child.type == "object":
                    self._collect(child, child_path, (*steps, name), parts)
                    continue
                scored, compare = self._node(child, child_path)
            # Asked again: x-compare may also come with a reference or with the elements of a bag.
            if compare.get("score") is not False:
                key = compare.get("key", False)
                parts.fields.append(Field(child_path, (*steps, name), scored, key))
            elif compare.get("evidence"):
                parts.evidence.append((*steps, name))

    def _node(self, node: Node, path: str) -> tuple[Leaf | Bag | Table, Mapping[str, Json]]:
        """The node of a field and its x-compare; of a bag, the array's overrides its elements'."""
        if node.type != "array":
            return _leaf(node, path), node.compare
        items = node.keywords.get("items")
        if "prefixItems" in node.keywords or isinstance(items, list):
            raise SchemaError(path, "a tuple array has no one type; use an object with names")
        if not isinstance(items, dict):
            raise SchemaError(path, "an array needs `items`, the schema of its elements")
        element = self.resolve(items, path + "[]", node.refs)
        if element.type == "array":
            raise SchemaError(path, "an array of arrays; put the inner one into an object")
        if element.type == "object":
            if set(node.compare) - {"key"}:
                raise SchemaError(path, "of x-compare, only `key` applies to a table")
            return Table(self.record(element, path)), node.compare
        compare = {**element.compare, **node.compare}
        leaf = _leaf(replace(element, compare=compare), path, in_bag=True)
        return Bag(leaf, as_set=compare.get("as") == "set"), compare


def _properties(node: Node, path: str) -> dict[str, Json]:
    """The schemas of an object's properties. Raises SchemaError for an open map."""
    extra = node.keywords.get("additionalProperties")
    if "patternProperties" in node.keywords or (isinstance(extra, dict) and extra):
        raise SchemaError(path, "an open map; use an array of objects with a name and a value")
    properties = node.keywords.get("properties")
    if not isinstance(properties, dict) or not properties:
        raise SchemaError(
            path, "an object without `properties` is an open map; name its properties"
        )
    return properties


def _check_name(name: Json, path: str) -> None:
    if not is_name(name):
        reason = "the name of a property has no dot or bracket: paths are made of them"
        raise SchemaError(join(path, str(name)), reason)


def _leaf(node: Node, path: str, in_bag: bool = False) -> Leaf:
    if "as" in node.compare and not in_bag:
        raise SchemaError(path, "x-compare: `as` belongs on an array of scalars")
    values = listed_values(node.keywords)
    kind = node.type
    if values:
        kind = "enum"
    elif kind == "string" and node.keywords.get("format") == "date":
        kind = "date"
    options = {word: value for word, value in node.compare.items() if word not in OPTIONS}
    return Leaf(kind, tuple(values), str(node.compare.get("by", "")), options)
