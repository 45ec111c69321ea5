"""Schemas as people have them -> as JSON Schema has them: pydantic models, wrappers, OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.tree.resolver import TYPES

if TYPE_CHECKING:
    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
    from pydantic_core.core_schema import DecimalSchema

WRAPPERS = (
    *("schema", "json_schema", "schema_definition", "function", "parameters"),
    *("input_schema", "inputSchema", "response_schema", "responseSchema"),
)
"""Properties of an object that carries a schema, as requests to models have it."""
KEYWORDS = {"$ref", "type", "properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"}
DATA = {"enum", "const", "default", "example", "examples", "x-compare"}
"""Keywords whose values are no schemas."""


def json_schema(schema: Json) -> Json:
    """The JSON Schema of a pydantic model, as it is serialised; any other schema in the words of
    JSON Schema, taken out of what carries it.

    Raises SchemaError for a model of which pydantic has none.
    """
    if not hasattr(schema, "model_json_schema"):
        try:
            return standard(unwrapped(schema))
        except RecursionError:
            raise SchemaError("", "nested too deeply to be read") from None
    try:
        return schema.model_json_schema(mode="serialization", schema_generator=_generator())
    except Exception as error:
        raise SchemaError("", f"pydantic has no JSON Schema of {schema!r:.80}: {error}") from error


def _generator() -> type[GenerateJsonSchema]:
    """pydantic's generator, which says of a Decimal only that it is a string: here it is told from
    other strings, so that 12.50 is 12.5."""
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
            return {**super().decimal_schema(schema), "format": "decimal"}

    return Generator


def unwrapped(schema: Json) -> Json:
    """The schema that an object such as {"name": ..., "schema": {...}} carries; else the same."""
    while isinstance(schema, Mapping) and not _is_schema(schema):
        inner = [schema[word] for word in WRAPPERS if isinstance(schema.get(word), Mapping)]
        if len(inner) != 1:
            break
        schema = inner[0]
    return schema


def _is_schema(content: Mapping[str, Json]) -> bool:
    """Whether an object says something of values; the type of a wrapper ("function") does not."""
    words = KEYWORDS & content.keys()
    stated = content.get("type")
    is_of_wrapper = isinstance(stated, str) and stated.lower() not in TYPES
    return bool(words - {"type"} if is_of_wrapper else words)


def standard(schema: Json) -> Json:
    """The same schema in the words of JSON Schema: `nullable` of OpenAPI becomes a union with null,
    and type names in upper case their lower case. The very same object where nothing differs."""
    if isinstance(schema, list):
        inner = [standard(element) for element in schema]
        return inner if any(a is not b for a, b in zip(inner, schema, strict=True)) else schema
    if not isinstance(schema, dict):
        return schema
    changed = {
        word: new
        for word, value in schema.items()
        if word not in DATA and (new := standard(value)) is not value
    }
    words = {**schema, **changed} if changed else schema
    stated = words.get("type")
    if isinstance(stated, str) and stated not in TYPES and stated.lower() in TYPES:
        words = {**words, "type": stated.lower()}
    return _nullable(words) if words.get("nullable") is True else words


def _nullable(schema: dict[str, Json]) -> Json:
    """A schema that OpenAPI calls nullable, as a union with null."""
    rest = {word: value for word, value in schema.items() if word != "nullable"}
    stated = rest.get("type")
    if isinstance(stated, str) and not {"enum", "const", "$ref"} & rest.keys():
        return {**rest, "type": [stated, "null"]}
    compare = {word: rest.pop(word) for word in ("x-compare",) if word in rest}
    return {"anyOf": [rest, {"type": "null"}], **compare}
