"""Several schemas that hold together, as one by the keywords that the strict subset takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from benchmark.schema.fields import Json
from benchmark.schema.tree.resolver import json_type
from runners.llm.schemas.ways import Schema, UnsayableError, Way, listed

FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
"""Values of `format` that the subset takes."""

BOUNDS: dict[str, tuple[str, Callable[..., Any]]] = {
    "minimum": ("number", max),
    "maximum": ("number", min),
    "exclusiveMinimum": ("number", max),
    "exclusiveMaximum": ("number", min),
    "minItems": ("array", max),
    "maxItems": ("array", min),
}
"""Keywords of which the narrowest holds, and the type that each is about."""

FIRST = {"pattern": "string", "format": "string", "multipleOf": "number"}
"""Keywords of which the subset takes one in a schema, and the type that each is about."""

CHECKED = {
    *("minLength", "maxLength", "minProperties", "maxProperties", "propertyNames"),
    *("uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"),
    *FIRST,
}
"""Keywords that are left to the check of the answer where they are not sent."""

CONDITIONS = ("not", "if", "dependentRequired", "dependentSchemas", "dependencies")

_LOOKAROUND = re.compile(r"\(\?<?[=!]|\\[1-9]|\\k<")
"""In a pattern, what grammars cannot follow: a look around, or back to a group."""


def refuse_conditions(way: Way, path: str) -> None:
    """Raise UnsayableError for values that depend on others."""
    for word in CONDITIONS:
        for value in way.all(word):
            idle = word == "if" and not (way.all("then") or way.all("else"))
            if value and not idle:
                raise UnsayableError(path, f"has a condition (`{word}`)")


def listed_values(way: Way, types: Collection[str], path: str) -> list[Json] | None:
    """The values that all schemas of a way list and its types take; None if it lists none."""
    lists = [values for part in way.parts if (values := listed(part)) is not None]
    if not lists:
        return None
    first, *others = lists
    values = [
        value
        for value in first
        if _is_of(value, types) and all(any(_same(value, v) for v in other) for other in others)
    ]
    if any(isinstance(value, (dict, list)) for value in values):
        raise UnsayableError(path, "lists objects or arrays as its values")
    return values


def _is_of(value: Json, types: Collection[str]) -> bool:
    is_whole = isinstance(value, float) and value.is_integer()
    name = "integer" if is_whole else json_type(value)
    return name in types or (name == "integer" and "number" in types)


def _same(first: Json, second: Json) -> bool:
    return isinstance(first, bool) == isinstance(second, bool) and first == second


def bounded(way: Way, types: Collection[str]) -> dict[str, Any]:
    """The keywords that bound the values of some types, the narrowest of each."""
    names = {"number" if name == "integer" else name for name in types}
    found: dict[str, Any] = {}
    for part in map(_with_numbers, way.parts):
        for word, (name, narrowest) in BOUNDS.items():
            if name in names and word in part:
                found[word] = narrowest(found.get(word, part[word]), part[word])
        for word, name in FIRST.items():
            if name in names and word in part and word not in found and _is_taken(word, part[word]):
                found[word] = part[word]
    return found


def unsent(way: Way, sent: Schema) -> set[str]:
    """The keywords of a way that ask for something and are not sent."""
    return {
        word for part in way.parts for word in CHECKED & part.keys() if sent.get(word) != part[word]
    }


def _with_numbers(part: Schema) -> Schema:
    """The same with exclusive bounds as numbers: up to draft 4 they were true or false."""
    found = dict(part)
    for word, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(stated := found.get(word), bool):
            del found[word]
            if stated and inclusive in found:
                found[word] = found.pop(inclusive)
    return found


def _is_taken(word: str, value: Json) -> bool:
    if word == "format":
        return value in FORMATS
    return word != "pattern" or not _LOOKAROUND.search(value)
