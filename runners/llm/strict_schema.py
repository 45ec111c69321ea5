"""A JSON Schema in the dialect that strict structured outputs take.

In that dialect every property is required and no other is allowed, so an optional property becomes
nullable; and keywords that servers' grammars do not support are dropped. An answer is validated
against the original schema, dropped keywords included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from benchmark.errors import DataError
from benchmark.schema.fields import Json
from benchmark.schema.tree.resolver import RefError, target

KEPT = {
    "type",
    "enum",
    "description",
    "pattern",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
}
"""Keywords that are sent as they are."""

FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
"""Values of `format` that are sent: those that OpenAI's structured outputs support."""

NULL = {"type": "null"}


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Translate a whole JSON Schema, together with the definitions that it refers to.

    Raises DataError for a `$ref` that is no JSON Pointer to a part of the schema.
    """
    writer = _Writer(schema)
    # The top itself must be an object: a schema that is itself a $ref is written out.
    translated = writer.node(_dereferenced(schema, schema))
    return {**translated, "$defs": writer.defs} if writer.defs else translated


class _Writer:
    """Translates nodes of one schema. What they refer to becomes a definition under `$defs`,
    wherever it stands in the schema."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.defs: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}

    def node(self, node: Json) -> dict[str, Any]:
        """Translate a node and all below it; a boolean one is sent as {}, which takes all."""
        if isinstance(node, bool):
            return {}
        if "$ref" in node:
            return {"$ref": f"#/$defs/{self._name(node['$ref'])}"}
        if len(node.get("allOf", ())) == 1:
            return self.node(_merged(self.root, node))
        strict_node = {key: value for key, value in node.items() if key in KEPT}
        if node.get("format") in FORMATS:
            strict_node["format"] = node["format"]
        if "const" in node:  # a list of one says the same, and every server knows enum
            strict_node["enum"] = [node["const"]]
        if branches := node.get("anyOf") or node.get("oneOf"):
            strict_node["anyOf"] = [self.node(branch) for branch in branches]
        if "items" in node:
            strict_node["items"] = self.node(node["items"])
        if "properties" in node:
            required = node.get("required", ())
            # All are required from here on: null stands for an optional one that is absent.
            strict_node["properties"] = {
                name: self.node(schema) if name in required else _nullable(self.node(schema))
                for name, schema in node["properties"].items()
            }
            strict_node["required"] = list(node["properties"])
            strict_node["additionalProperties"] = False
        return strict_node

    def _name(self, ref: str) -> str:
        """The name of the definition that a reference becomes; it is written at first use."""
        if ref not in self._names:
            # Names are limited to these characters; references to different places may end alike.
            name = re.sub(r"[^A-Za-z0-9_-]+", "_", unquote(ref.rpartition("/")[2]))
            while name in self.defs:
                name += "_"
            self._names[ref] = name
            self.defs[name] = {}  # takes the name: the definition may refer to itself
            self.defs[name] = self.node(_referent(self.root, ref))
        return self._names[ref]


def _merged(root: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the only schema of a node's `allOf` into the node; the inner keywords win.

    Up to draft 7 of JSON Schema, keywords beside a `$ref` had to be written so. Where the node has
    properties itself, the properties and the required names of both are joined.
    """
    outer = {key: value for key, value in node.items() if key != "allOf"}
    inner = node["allOf"][0]
    if "properties" not in outer:
        return {**outer, **inner}
    inner = _dereferenced(root, inner)
    merged = {**outer, **inner}
    merged["properties"] = {**outer["properties"], **inner.get("properties", {})}
    merged["required"] = [*outer.get("required", ()), *inner.get("required", ())]
    return merged


def _referent(root: Mapping[str, Any], ref: str) -> Mapping[str, Any]:
    """The schema that a reference points to; the boolean schema `true` takes all, as {} does."""
    try:
        schema = target(root, ref)
    except RefError as error:
        raise DataError(f"schema: {error}; --mode tools sends references as they are") from None
    return schema if isinstance(schema, Mapping) else {}


def _dereferenced(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first schema in a chain of references that is none itself."""
    while "$ref" in node:
        node = _referent(root, node["$ref"])
    return node


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    """The same schema, with null as a further value."""
    return node if _takes_null(node) else {"anyOf": [node, NULL]}


def _takes_null(node: Mapping[str, Any]) -> bool:
    """Whether null is a value of the schema; references are not followed."""
    kind = node.get("type")
    return (
        kind == "null"
        or (isinstance(kind, list) and "null" in kind)
        or None in node.get("enum", ())
        or any(map(_takes_null, node.get("anyOf", ())))
    )


def adds_nulls(schema: Json) -> bool:
    """Whether the strict dialect of a schema has properties that are nullable only because they
    are optional."""
    if isinstance(schema, list):
        return any(map(adds_nulls, schema))
    if not isinstance(schema, dict):
        return False
    properties = schema.get("properties")
    required = schema.get("required", ())
    if isinstance(properties, dict) and any(name not in required for name in properties):
        return True
    return any(map(adds_nulls, schema.values()))


def without_added_nulls(schema: Mapping[str, Any], answer: Json) -> Json:
    """Translate an answer from the strict dialect back to the schema itself.

    Removes the properties whose value is null where `schema` has them optional and not nullable:
    there null means that the property is absent.
    """
    return _without_nulls(schema, schema, answer)


def _without_nulls(root: Mapping[str, Any], node: Mapping[str, Any], value: Json) -> Json:
    # Every schema that describes the value removes its own optional nulls, one after the other.
    for schema in _alternatives(root, node, value):
        if isinstance(value, dict) and "properties" in schema:
            properties, required = schema["properties"], schema.get("required", ())
            value = {
                name: _without_nulls(root, properties[name], item) if name in properties else item
                for name, item in value.items()
                if item is not None
                or name not in properties
                or name in required
                or any(map(_takes_null, _alternatives(root, properties[name], None)))
            }
        elif isinstance(value, list) and "items" in schema:
            value = [_without_nulls(root, schema["items"], item) for item in value]
    return value


def _alternatives(
    root: Mapping[str, Any], node: Mapping[str, Any], value: Json
) -> Iterator[Mapping[str, Any]]:
    """The schemas that may describe a value, without references: those in the node's `allOf`, the
    branches of its unions that the value fits (all of them if it fits none), and the node."""
    node = _dereferenced(root, node)
    branches = [branch for key in ("anyOf", "oneOf") for branch in node.get(key, ())]
    fitting = [branch for branch in branches if _fits(_dereferenced(root, branch), value)]
    for schema in (*node.get("allOf", ()), *(fitting or branches)):
        yield from _alternatives(root, schema, value)
    yield node


def _fits(branch: Mapping[str, Any], value: Json) -> bool:
    """Whether an object may be an instance of this branch of a union.

    An answer in the strict dialect has every property of its branch, so their names tell the
    branches apart; where they are the same, a property with listed values (a discriminator) does.
    """
    if not isinstance(value, dict):
        return True
    properties = branch.get("properties", {})
    listed = {name: schema["enum"] for name, schema in properties.items() if "enum" in schema}
    listed |= {name: [schema["const"]] for name, schema in properties.items() if "const" in schema}
    return value.keys() == properties.keys() and all(value[name] in listed[name] for name in listed)
