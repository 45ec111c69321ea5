"""How large a schema the strict subset takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

MOST_PROPERTIES, MOST_LEVELS = 5_000, 10
"""Properties of all objects of a schema together, and objects within each other."""
MOST_VALUES, MOST_CHARACTERS = 1_000, 120_000
"""Values of all enums together; characters of all names and listed texts together."""
MANY_VALUES, MOST_OF_MANY = 250, 15_000
"""An enum of more than so many texts has at most so many characters."""


def excess(schema: Node) -> str:
    """In what a schema of the strict subset is larger than the subset takes; "" if in nothing."""
    defs: Mapping[str, Node] = schema.get("$defs", {})
    properties = values = characters = 0
    characters += sum(map(len, defs))
    for node in _nodes(schema):
        names, texts = node.get("properties", {}), _texts(node)
        properties += len(names)
        values += len(node.get("enum", ()))
        characters += sum(map(len, [*names, *texts]))
        if len(texts) > MANY_VALUES and sum(map(len, texts)) > MOST_OF_MANY:
            return f"a list of {len(texts):,} values of more than {MOST_OF_MANY:,} characters"
        if properties > MOST_PROPERTIES:
            return f"more than {MOST_PROPERTIES:,} properties"
    if values > MOST_VALUES:
        return f"{values:,} listed values, more than {MOST_VALUES:,}"
    if characters > MOST_CHARACTERS:
        return f"names and listed values of more than {MOST_CHARACTERS:,} characters"
    deep = _levels(schema, defs, {}) > MOST_LEVELS
    return f"more than {MOST_LEVELS} objects within each other" if deep else ""


def _inner(node: Node) -> list[Node]:
    items = [node["items"]] if "items" in node else []
    return [*node.get("properties", {}).values(), *node.get("anyOf", ()), *items]


def _nodes(schema: Node) -> Iterator[Node]:
    pending = [schema, *schema.get("$defs", {}).values()]
    while pending:
        node = pending.pop()
        yield node
        pending += _inner(node)


def _texts(node: Node) -> list[str]:
    return [value for value in node.get("enum", ()) if isinstance(value, str)]


def _levels(node: Node, defs: Mapping[str, Node], known: dict[str, int]) -> int:
    """Objects within each other; a definition within itself is counted once."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in known:
            known[name] = 0  # while it is counted
            known[name] = _levels(defs[name], defs, known)
        return known[name]
    below = max((_levels(inner, defs, known) for inner in _inner(node)), default=0)
    return below + ("properties" in node)
