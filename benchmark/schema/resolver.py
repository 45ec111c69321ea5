"""One schema of a JSON Schema -> its one type: references, allOf of one and nulls followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.x_compare import compare_of

SCALARS = ("string", "integer", "number", "boolean")


@dataclass(frozen=True)
class Node:
    """One schema object with its references followed: its one type, keywords and x-compare."""

    type: str
    keywords: Mapping[str, Json]
    compare: Mapping[str, Json]
    refs: tuple[str, ...]


class RefError(ValueError):
    """A `$ref` that leads to no schema; the text begins with it and says why."""


def target(root: Mapping[str, Json], ref: str) -> Json:
    """The schema that a `$ref` such as "#/$defs/Event" points to within `root`.

    The fragment is a JSON Pointer (RFC 6901, section 6) through objects. Raises RefError for a
    reference that leaves `root` or leads nowhere.
    """
    if not ref.startswith("#"):
        raise RefError(f"{ref} is outside the schema; copy it under $defs")
    schema: Json = root
    for escaped in filter(None, ref[1:].split("/")):
        # ~0 comes last, so that "~01" is the name "~1" and not "/" (RFC 6901, section 4).
        name = unquote(escaped).replace("~1", "/").replace("~0", "~")
        if not isinstance(schema, Mapping) or name not in schema:
            raise RefError(f"{ref} leads nowhere")
        schema = schema[name]
    return schema


class Resolver:
    """Resolves the schemas that stand in one JSON Schema, `root`."""

    def __init__(self, root: dict[str, Json]) -> None:
        self.root = root

    def resolve(self, schema: Json, path: str, refs: tuple[str, ...]) -> Node:
        """Follow $ref, allOf of one and unions with null to one schema of one type."""
        if not isinstance(schema, dict):
            raise SchemaError(path, f"{schema!r:.40} says nothing of the type; say which it is")
        compare = compare_of(schema, path)
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
        return Node(_type_of(keywords, path), keywords, compare, refs)

    def _under(
        self,
        schema: Json,
        path: str,
        refs: tuple[str, ...],
        outer: Mapping[str, Json],
        compare: Mapping[str, Json],
    ) -> Node:
        """A schema that stands under another: the outer keywords and x-compare win."""
        node = self.resolve(schema, path, refs)
        return Node(node.type, {**node.keywords, **outer}, {**node.compare, **compare}, node.refs)

    def _union(
        self,
        branches: list[Json],
        path: str,
        refs: tuple[str, ...],
        outer: Mapping[str, Json],
        compare: Mapping[str, Json],
    ) -> Node:
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
        values = [listed_values(node.keywords) for node in nodes]
        merged = {**outer, "type": types.pop()}
        if all(values):
            merged["enum"] = [value for group in values for value in group]
        if all(node.keywords.get("format") == "date" for node in nodes):
            merged["format"] = "date"
        return Node(merged["type"], merged, nodes[0].compare, refs)

    def _target(self, ref: str, path: str) -> Json:
        try:
            return target(self.root, ref)
        except RefError as error:
            raise SchemaError(path, str(error)) from None


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


def listed_values(keywords: Mapping[str, Json]) -> list[Json]:
    """The listed values of an enum or const, null aside."""
    listed = [keywords["const"]] if "const" in keywords else keywords.get("enum", [])
    return [value for value in listed if value is not None] if isinstance(listed, list) else []


def _type_of(keywords: Mapping[str, Json], path: str) -> str:
    listed = keywords.get("type")
    types = [
        t for t in (listed if isinstance(listed, list) else [listed]) if t not in (None, "null")
    ]
    if not types:
        types = sorted({_json_type(value) for value in listed_values(keywords)})
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
    if not types:
        raise SchemaError(path, "no type is given; say which it is")
    if types[0] not in (*SCALARS, "object", "array"):
        raise SchemaError(path, f"no type is called {types[0]!r:.40}")
    return str(types[0])


def _json_type(value: Json) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")
