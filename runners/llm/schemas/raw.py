"""A JSON Schema as it was given, for the modes that are not strict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmark.schema.fields import Json
from runners.llm.schemas.strict import WRAPPER
from runners.llm.schemas.ways import only_objects

NAMING = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
"""Keywords whose values have names of the schema's own."""


def raw(schema: Json) -> tuple[dict[str, Any], bool]:
    """A schema without `x-compare`, which only scoring reads, and whether it is wrapped.

    Functions and JSON modes give one object: a schema that takes anything else is wrapped, which
    means that the answer stands in the property WRAPPER of one.
    """
    given = plain(schema)
    if only_objects(schema) and isinstance(given, dict):
        return {"type": "object", **given}, False
    moved = _moved(given, str(given.get("$id", given.get("id", ""))) if _is(given) else "")
    if _is(moved):
        moved = {word: value for word, value in moved.items() if word not in {"$schema", "$id"}}
    wrapper = {"properties": {WRAPPER: moved}, "required": [WRAPPER]}
    return {"type": "object", **wrapper, "additionalProperties": False}, True


def plain(schema: Json, names: bool = False) -> Any:
    """The schema without `x-compare`. names: the keys are those of properties, not keywords."""
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: plain(value, not names and key in NAMING)
        for key, value in schema.items()
        if names or key != "x-compare"
    }


def _is(schema: Json) -> bool:
    return isinstance(schema, Mapping)


def _moved(schema: Json, base: str) -> Any:
    """The schema with its references as they are within the wrapper."""
    if isinstance(schema, list):
        return [_moved(item, base) for item in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _moved(value, base) for key, value in schema.items()}
    if isinstance(ref := schema.get("$ref"), str):
        pointer = ref.removeprefix(base.rstrip("#")) if base else ref
        if pointer in {"", "#"} or pointer.startswith("#/"):
            moved["$ref"] = f"#/properties/{WRAPPER}{pointer.removeprefix('#')}"
    return moved
