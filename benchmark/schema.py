"""JSON Schema -> the field tree. What can't be scored is refused, with the path and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote

from benchmark.errors import SchemaError
from benchmark.tree import Bag, Field, Json, Leaf, Record, Table

SCALARS = ("string", "integer", "number", "boolean")
OPTIONS = ("by", "key", "as", "score", "evidence")


def read_schema(schema: Json) -> Record:
    """The field tree of a JSON Schema (a dict) or of a pydantic model class.

    Raises SchemaError, with the path and the reason, for what cannot be scored: a union of two
    non-null types, a tuple array, an open map, recursion, a reference outside the schema.
    """
    schema = json_schema(schema)
    if not isinstance(schema, dict):
        raise SchemaError("", "a schema is a JSON object")
    reader = _Reader(schema)
    try:
        node = reader.resolve(schema, "", ())
        if node.type != "object":
            raise SchemaError("", f"the top is an object with properties, not {node.type}")
        record = reader.record(node, "")
    except RecursionError:
        raise SchemaError("", "nested too deeply to be read") from None
    if not record.fields:
        raise SchemaError("", "no property of it is scored")
    return record


def json_schema(schema: Json) -> Json:
    """A pydantic model's JSON Schema, that of its JSON; any other value as it is."""
    if hasattr(schema, "model_json_schema"):
        return schema.model_json_schema(mode="serialization")
    return schema


@dataclass(frozen=True)
class _Node:
    """One schema object with its references followed: its one type, keywords and x-compare."""

    type: str
    keywords: Mapping[str, Json]
    compare: Mapping[str, Json]
    refs: tuple[str, ...]


class _Parts(NamedTuple):
    """What a record is made of, while its objects are walked."""

    fields: list[Field]
    evidence: list[tuple[str, ...]]
    known: dict[tuple[str, ...], frozenset[str]]


class _Reader:
    def __init__(self, root: dict[str, Json]) -> None:
        self.root = root

    def record(self, node: _Node, path: str) -> Record:
        parts = _Parts([], [], {})
        self._collect(node, path, (), parts)
        return Record(tuple(parts.fields), tuple(parts.evidence), parts.known)

    def _collect(self, node: _Node, path: str, steps: tuple[str, ...], parts: _Parts) -> None:
        if node.compare:
            raise SchemaError(path, "x-compare belongs on scalars and arrays, not on objects")
        properties = _properties(node, path)
        parts.known[steps] = frozenset(properties)
        for name, schema in properties.items():
            _check_name(name, path)
            below = f"{path}.{name}" if path else name
            compare: Mapping[str, Json] = _compare_of(schema, below)
            if compare.get("score") is not False:  # what is not scored need not be scorable
                child = self.resolve(schema, below, node.refs)
                if child.type == "object":
                    self._collect(child, below, (*steps, name), parts)
                    continue
                scored, compare = self._node(child, below)
            if compare.get("score") is not False:
                key = compare.get("key", False)
                parts.fields.append(Field(below, (*steps, name), scored, key))
            elif compare.get("evidence"):
                parts.evidence.append((*steps, name))

    def _node(self, node: _Node, path: str) -> tuple[Leaf | Bag | Table, Mapping[str, Json]]:
        """A field and its x-compare: of a bag, that of the array over that of its elements."""
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

    def resolve(self, schema: Json, path: str, refs: tuple[str, ...]) -> _Node:
        """Follow $ref, allOf of one and unions with null to one schema of one type."""
        if not isinstance(schema, dict):
            raise SchemaError(path, f"{schema!r:.40} says nothing of the type; say which it is")
        compare = _compare_of(schema, path)
        keywords = {k: v for k, v in schema.items() if k != "x-compare"}
        if "$ref" in keywords:
            ref = str(keywords.pop("$ref"))
            if ref in refs:
                raise SchemaError(path, f"recursive through {ref}; scoring needs a finite schema")
            return self._under(self._target(ref, path), path, (*refs, ref), keywords, compare)
        for word in ("allOf", "anyOf", "oneOf"):
            if word in keywords:
                branches = _branches(keywords.pop(word), word, path)
                return self._union(branches, path, refs, keywords, compare)
        return _Node(_type_of(keywords, path), keywords, compare, refs)

    def _under(
        self,
        schema: Json,
        path: str,
        refs: tuple[str, ...],
        outer: Mapping[str, Json],
        compare: Mapping[str, Json],
    ) -> _Node:
        """A schema that stands under another: the outer keywords and x-compare win."""
        node = self.resolve(schema, path, refs)
        return _Node(node.type, {**node.keywords, **outer}, {**node.compare, **compare}, node.refs)

    def _union(
        self,
        branches: list[Json],
        path: str,
        refs: tuple[str, ...],
        outer: Mapping[str, Json],
        compare: Mapping[str, Json],
    ) -> _Node:
        if len(branches) == 1:
            return self._under(branches[0], path, refs, outer, compare)
        nodes = [self._under(branch, path, refs, outer, compare) for branch in branches]
        types = {node.type for node in nodes}
        if len(types) > 1 or not types <= set(SCALARS):
            raise SchemaError(
                path,
                f"a union of {len(nodes)} schemas ({', '.join(n.type for n in nodes)}) has no one "
                'way to be compared; choose one, or leave it out with x-compare: {"score": false}',
            )
        values = [_values(node.keywords) for node in nodes]
        merged = {**outer, "type": types.pop()}
        if all(values):
            merged["enum"] = [value for group in values for value in group]
        if all(node.keywords.get("format") == "date" for node in nodes):
            merged["format"] = "date"
        return _Node(merged["type"], merged, nodes[0].compare, refs)

    def _target(self, ref: str, path: str) -> Json:
        if not ref.startswith("#"):
            raise SchemaError(path, f"{ref} is outside the schema; copy it under $defs")
        target: Json = self.root
        for escaped in filter(None, ref[1:].split("/")):
            part = unquote(escaped).replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or part not in target:
                raise SchemaError(path, f"{ref} leads nowhere")
            target = target[part]
        return target


def _branches(branches: Json, word: str, path: str) -> list[Json]:
    if not isinstance(branches, list) or not branches:
        raise SchemaError(path, f"`{word}` is a list of schemas")
    if word == "allOf" and len(branches) > 1:
        raise SchemaError(path, "allOf of several schemas; merge them into one")
    rest = [branch for branch in branches if not _is_null(branch)]
    if not rest:
        raise SchemaError(path, "only null is allowed here: there is nothing to score")
    return rest


def _is_null(schema: Json) -> bool:
    return isinstance(schema, dict) and (
        schema.get("type") == "null"
        or schema.get("enum") == [None]
        or schema.get("const", 0) is None
    )


def _values(keywords: Mapping[str, Json]) -> list[Json]:
    """The listed values of an enum or const, null aside."""
    listed = [keywords["const"]] if "const" in keywords else keywords.get("enum", [])
    return [value for value in listed if value is not None] if isinstance(listed, list) else []


def _type_of(keywords: Mapping[str, Json], path: str) -> str:
    listed = keywords.get("type")
    types = [
        t for t in (listed if isinstance(listed, list) else [listed]) if t not in (None, "null")
    ]
    if not types:
        types = sorted({_json_type(value) for value in _values(keywords)})
        types = ["number"] if types == ["integer", "number"] else types
    if not types and "properties" in keywords:
        types = ["object"]
    if not types and "items" in keywords:
        types = ["array"]
    if len(types) > 1:
        raise SchemaError(
            path,
            f"a union of {' and '.join(map(str, types))}; choose one, or leave it out with "
            'x-compare: {"score": false}',
        )
    if not types or types[0] not in (*SCALARS, "object", "array"):
        raise SchemaError(path, "no type is given; say which it is")
    return str(types[0])


def _json_type(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _properties(node: _Node, path: str) -> dict[str, Json]:
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
    if not isinstance(name, str) or not name or set(name) & set(".[]"):
        below = f"{path}.{name}" if path else str(name)
        raise SchemaError(
            below, "the name of a property has no dot or bracket: paths are made of them"
        )


def _compare_of(schema: Json, path: str) -> dict[str, Json]:
    compare = schema.get("x-compare", {}) if isinstance(schema, dict) else {}
    if not isinstance(compare, dict):
        raise SchemaError(path, "x-compare is an object")
    for option in ("key", "score", "evidence"):
        if not isinstance(compare.get(option, False), bool):
            raise SchemaError(path, f"x-compare: `{option}` is true or false")
    if compare.get("as", "bag") not in ("bag", "set"):
        raise SchemaError(path, 'x-compare: `as` is "bag" or "set"')
    if compare.get("key") and compare.get("score") is False:
        raise SchemaError(path, "x-compare: a key is scored")
    if compare.get("evidence") and compare.get("score") is not False:
        raise SchemaError(path, "x-compare: evidence is not scored; add `score: false`")
    return compare


def _leaf(node: _Node, path: str, in_bag: bool = False) -> Leaf:
    if "as" in node.compare and not in_bag:
        raise SchemaError(path, "x-compare: `as` belongs on an array of scalars")
    values = _values(node.keywords)
    kind = node.type
    if values:
        kind = "enum"
    elif kind == "string" and node.keywords.get("format") == "date":
        kind = "date"
    options = {k: v for k, v in node.compare.items() if k not in OPTIONS}
    return Leaf(kind, tuple(values), str(node.compare.get("by", "")), options)
