"""The places within an object or an array for which several schemas hold together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from benchmark.schema.fields import Json
from runners.llm.schemas.ways import Schema, UnsayableError, Way

Place = tuple[Json, ...]
"""The schemas that hold together for what stands at a place."""


def object_of(properties: Mapping[str, Json]) -> dict[str, Any]:
    """The keywords of an object of the strict subset with these properties."""
    return {
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def properties(way: Way, path: str) -> tuple[dict[str, Place], set[str]]:
    """The places of an object's properties, and the names that are required.

    Raises UnsayableError for an object whose properties have no fixed names.
    """
    listed = [names for names in way.all("required") if isinstance(names, list)]
    required = [name for names in listed for name in names]
    stated = [name for part in way.parts for name in part.get("properties") or ()]
    names = list(dict.fromkeys([*stated, *required]))
    is_map = any(map(_is_map, way.parts)) or not names
    if is_map and not any(map(_is_closed, way.parts)):
        raise UnsayableError(path, "is an open map")
    return {name: tuple(_of(name, way)) for name in names}, set(required)


def _is_map(part: Schema) -> bool:
    """Whether a schema describes properties other than those it names."""
    more = part.get("additionalProperties")
    return bool(part.get("patternProperties")) or (isinstance(more, Mapping) and bool(more))


def _is_closed(part: Schema) -> bool:
    """Whether a schema takes no properties but those that are named."""
    words = ("additionalProperties", "unevaluatedProperties")
    return any(part.get(word) is False for word in words) and not _is_map(part)


def _of(name: str, way: Way) -> Iterator[Json]:
    """What the schemas of a way say of one property."""
    for part in way.parts:
        named = part.get("properties") or {}
        own = [named[name]] if name in named else []
        own += [
            schema
            for pattern, schema in (part.get("patternProperties") or {}).items()
            if _matches(pattern, name)
        ]
        yield from own or [part.get("additionalProperties", True)]


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # JSON Schema's patterns are those of ECMA-262
        return False


def elements(way: Way, path: str) -> Place:
    """The schemas of an array's elements. Raises UnsayableError for a tuple, and for an array of
    anything."""
    place = tuple(schema for part in way.parts for schema in _elements(part, path))
    if all(schema is True or schema == {} for schema in place):
        raise UnsayableError(path, "is an array of any values")
    return place


def _elements(part: Schema, path: str) -> Place:
    first, rest = part.get("prefixItems") or [], part.get("items", True)
    if isinstance(rest, list):  # a tuple before 2020-12
        first, rest = rest, part.get("additionalItems", True)
    if not first:
        return (rest,)
    # Of elements that are all alike a tuple is a list of bounded length.
    ends = part.get("maxItems", len(first) + 1) <= len(first)
    if all(schema == first[0] for schema in first) and (ends or rest == first[0]):
        return (first[0],)
    raise UnsayableError(path, "is a tuple")
