"""A JSON Schema in the dialect that strict structured outputs take.

Every property is required, so one that may be left out may be null instead; nothing is open, and
keywords that grammars do not know are dropped. What they said is checked when the answer is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from benchmark.schema.fields import Json

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

NULL = {"type": "null"}


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The whole schema, with the definitions that it refers to."""
    writer = _Writer(schema)
    found = writer.node(_followed(schema, schema))
    return {**found, "$defs": writer.defs} if writer.defs else found


class _Writer:
    """Writes nodes of one schema. What they refer to, wherever it stands, becomes a definition."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.defs: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}

    def node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """A node and all below it."""
        if "$ref" in node:
            return {"$ref": f"#/$defs/{self._name(node['$ref'])}"}
        if len(node.get("allOf", ())) == 1:
            return self.node(_merged(self.root, node))
        found = {key: value for key, value in node.items() if key in KEPT}
        if node.get("format") in FORMATS:
            found["format"] = node["format"]
        if "const" in node:
            found["enum"] = [node["const"]]
        if options := node.get("anyOf") or node.get("oneOf"):
            found["anyOf"] = [self.node(one) for one in options]
        if "items" in node:
            found["items"] = self.node(node["items"])
        if "properties" in node:
            required = node.get("required", ())
            found["properties"] = {
                name: self.node(one) if name in required else _nullable(self.node(one))
                for name, one in node["properties"].items()
            }
            found["required"] = list(node["properties"])
            found["additionalProperties"] = False
        return found

    def _name(self, ref: str) -> str:
        if ref not in self._names:
            name = re.sub(r"[^A-Za-z0-9_-]+", "_", unquote(ref.rpartition("/")[2]))
            while name in self.defs:
                name += "_"
            self._names[ref] = name
            self.defs[name] = {}  # it may refer to itself
            self.defs[name] = self.node(_target(self.root, ref))
        return self._names[ref]


def _merged(root: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    """A node with its allOf of one. Where it has properties itself, those of both."""
    outer = {key: value for key, value in node.items() if key != "allOf"}
    inner = node["allOf"][0]
    if "properties" not in outer:
        return {**outer, **inner}
    inner = _followed(root, inner)
    both = {**outer, **inner}
    both["properties"] = {**outer["properties"], **inner.get("properties", {})}
    both["required"] = [*outer.get("required", ()), *inner.get("required", ())]
    return both


def _target(root: Mapping[str, Any], ref: str) -> Mapping[str, Any]:
    """What a reference within the schema points to."""
    found: Any = root
    for escaped in filter(None, ref.removeprefix("#").split("/")):
        found = found[unquote(escaped).replace("~1", "/").replace("~0", "~")]
    return found if isinstance(found, Mapping) else {}


def _followed(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        node = _target(root, node["$ref"])
    return node


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    return node if _takes_null(node) else {"anyOf": [node, NULL]}


def _takes_null(node: Mapping[str, Any]) -> bool:
    kind = node.get("type")
    return (
        kind == "null"
        or (isinstance(kind, list) and "null" in kind)
        or None in node.get("enum", ())
        or any(map(_takes_null, node.get("anyOf", ())))
    )


def adds_nulls(schema: Json) -> bool:
    """Whether an answer may hold null for a property that is left out."""
    if isinstance(schema, list):
        return any(map(adds_nulls, schema))
    if not isinstance(schema, dict):
        return False
    known = schema.get("properties")
    required = schema.get("required", ())
    if isinstance(known, dict) and any(name not in required for name in known):
        return True
    return any(map(adds_nulls, schema.values()))


def without_added_nulls(schema: Mapping[str, Any], answer: Json) -> Json:
    """The answer without the nulls that stand for properties left out, where the schema itself does
    not take null."""
    return _dropped(schema, schema, answer)


def _dropped(root: Mapping[str, Any], node: Mapping[str, Any], value: Json) -> Json:
    for option in _options(root, node, value):
        if isinstance(value, dict) and "properties" in option:
            known, required = option["properties"], option.get("required", ())
            value = {
                name: _dropped(root, known[name], one) if name in known else one
                for name, one in value.items()
                if one is not None
                or name not in known
                or name in required
                or any(map(_takes_null, _options(root, known[name], None)))
            }
        elif isinstance(value, list) and "items" in option:
            value = [_dropped(root, option["items"], one) for one in value]
    return value


def _options(
    root: Mapping[str, Any], node: Mapping[str, Any], value: Json
) -> Iterator[Mapping[str, Any]]:
    """What a value may be: the node itself, or what it refers to or chooses from."""
    node = _followed(root, node)
    union = [one for key in ("anyOf", "oneOf") for one in node.get(key, ())]
    fitting = [one for one in union if _fits(_followed(root, one), value)] or union
    for one in (*node.get("allOf", ()), *fitting):
        yield from _options(root, one, value)
    yield node


def _fits(option: Mapping[str, Any], value: Json) -> bool:
    """Whether an object can be meant by this schema of several: it has just its properties, and
    what is constant in it."""
    if not isinstance(value, dict):
        return True
    known = option.get("properties", {})
    listed = {name: one["enum"] for name, one in known.items() if "enum" in one}
    listed |= {name: [one["const"]] for name, one in known.items() if "const" in one}
    return value.keys() == known.keys() and all(value[name] in listed[name] for name in listed)
