"""A JSON Schema in the dialect that strict structured outputs take.

Every property is required, so one that may be left out may be null instead; nothing is open, and
keywords that grammars do not know are dropped. What they said is checked when the answer is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmark.tree import Json

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

Change = Callable[[Json], Json]


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The whole schema, definitions included."""
    found = _node(schema)
    if defs := schema.get("$defs"):
        found["$defs"] = {name: _node(one) for name, one in defs.items()}
    return found


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    if len(node.get("allOf", ())) == 1:
        return _node({**{k: v for k, v in node.items() if k != "allOf"}, **node["allOf"][0]})
    found = {key: value for key, value in node.items() if key in KEPT}
    if node.get("format") in FORMATS:
        found["format"] = node["format"]
    if "const" in node:
        found["enum"] = [node["const"]]
    if options := node.get("anyOf") or node.get("oneOf"):
        found["anyOf"] = [_node(one) for one in options]
    if "items" in node:
        found["items"] = _node(node["items"])
    if "properties" in node:
        required = node.get("required", ())
        found["properties"] = {
            name: _node(one) if name in required else _nullable(_node(one))
            for name, one in node["properties"].items()
        }
        found["required"] = list(node["properties"])
        found["additionalProperties"] = False
    return found


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


def null_dropper(schema: Mapping[str, Any]) -> Change:
    """What takes out of an answer the nulls that stand for properties left out, where the schema
    itself does not take null. The schema is read once, not for each answer."""
    return _dropper(schema, schema) or _unchanged


def _unchanged(value: Json) -> Json:
    return value


def _dropper(root: Mapping[str, Any], node: Mapping[str, Any]) -> Change | None:
    """The same for a part of the schema; None where nothing can be dropped in it."""
    changes: list[Change] = []
    for option in _options(root, node):
        if "properties" in option and (of_object := _of_object(root, option)):
            changes.append(of_object)
        if "items" in option and (of_element := _dropper(root, option["items"])):
            changes.append(_of_list(of_element))
    if not changes:
        return None

    def change(value: Json) -> Json:
        for one in changes:
            value = one(value)
        return value

    return change


def _of_object(root: Mapping[str, Any], node: Mapping[str, Any]) -> Change | None:
    known, required = node["properties"], node.get("required", ())
    droppable = {
        name
        for name, one in known.items()
        if name not in required and not any(map(_takes_null, _options(root, one)))
    }
    below = {name: one for name in known if (one := _dropper(root, known[name]))}
    if not droppable and not below:
        return None

    def change(value: Json) -> Json:
        if not isinstance(value, dict):
            return value
        left = {k: v for k, v in value.items() if v is not None or k not in droppable}
        for name in below.keys() & left.keys():
            left[name] = below[name](left[name])
        return left

    return change


def _of_list(of_element: Change) -> Change:
    return lambda value: [*map(of_element, value)] if isinstance(value, list) else value


def _options(root: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a value may be: the node itself, or what it refers to or chooses from."""
    if "$ref" in node:
        yield from _options(root, root.get("$defs", {}).get(node["$ref"].rpartition("/")[2], {}))
        return
    inner = [one for key in ("allOf", "anyOf", "oneOf") for one in node.get(key, ())]
    if inner:
        for one in inner:
            yield from _options(root, one)
    yield node
