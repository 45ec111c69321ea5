"""Schemas as requests to models carry them."""

import pytest

from benchmark import Document, SchemaError, Task, score
from benchmark.schema.tree.dialects import unwrapped

SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}}
NAMED = {"name": "bill", "strict": True}


@pytest.mark.parametrize(
    "wrapped",
    [
        {**NAMED, "schema": SCHEMA},
        {"schema_definition": SCHEMA},
        {"type": "json_schema", "json_schema": {**NAMED, "schema": SCHEMA}},
        {"type": "json_schema", **NAMED, "schema": SCHEMA},
        {"type": "function", "function": {**NAMED, "parameters": SCHEMA}},
        {"type": "function", **NAMED, "parameters": SCHEMA},
        {"name": "bill", "description": "one bill", "input_schema": SCHEMA},
        {"name": "bill", "inputSchema": SCHEMA},
        {"response_mime_type": "application/json", "response_schema": SCHEMA},
        {"responseMimeType": "application/json", "responseSchema": SCHEMA},
    ],
)
def test_wrappers_are_opened(wrapped):
    assert unwrapped(wrapped) == SCHEMA
    assert list(Task("bills", wrapped, ()).tree.known[()]) == ["total"]


@pytest.mark.parametrize("name", ["schema", "parameters", "function", "json_schema"])
def test_properties_may_be_called_so(name):
    schema = {"properties": {name: SCHEMA}}
    assert unwrapped(schema) is schema


@pytest.mark.parametrize("path", ["type", "properties.a.type"])
def test_a_type_that_is_none_is_told_with_its_path(path):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    (schema["properties"]["a"] if "." in path else schema)["type"] = "function"
    with pytest.raises(SchemaError, match=f"at {path}: .*'function' is no type"):
        score(Task("bills", schema, (Document("d", {"a": "x"}),)), {})
