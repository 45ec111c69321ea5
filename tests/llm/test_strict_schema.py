"""The strict dialect: an answer by the strict schema, its added nulls dropped, is an instance of
the schema that was given."""

import re

import jsonschema_rs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from benchmark.errors import DataError
from runners.llm.strict_schema import strict, without_added_nulls

STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def obj(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


# By hand


def test_all_properties_are_required_and_nothing_else_is_taken():
    found = strict(obj(["b"], a=obj(c=STRING), b={"type": "array", "items": obj(d=STRING)}))
    inner, rows = found["properties"]["a"]["anyOf"][0], found["properties"]["b"]["items"]
    for node in (found, inner, rows):
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_what_may_be_left_out_may_be_null():
    found = strict(obj(["b"], a=STRING, b=STRING))["properties"]
    assert found == {"a": {"anyOf": [STRING, NULL]}, "b": STRING}


@pytest.mark.parametrize(
    "node",
    [
        {"type": ["string", "null"]},
        {"anyOf": [STRING, NULL]},
        {"enum": ["a", None]},
    ],
)
def test_what_takes_null_already_is_left_as_it_is(node):
    assert strict(obj(a=node))["properties"]["a"] == node


def test_oneof_and_const_are_said_by_other_keywords():
    found = strict(obj(["a", "b"], a={"oneOf": [STRING, INTEGER]}, b={"const": "x"}))["properties"]
    assert found == {"a": {"anyOf": [STRING, INTEGER]}, "b": {"enum": ["x"]}}


def test_what_grammars_do_not_know_is_dropped():
    text = {
        "type": "string",
        "minLength": 1,
        "format": "country",
        "default": "x",
        "title": "T",
        "x-compare": {"key": True},
    }
    assert strict(obj(["a"], a=text))["properties"] == {"a": STRING}


DEFINED = [
    ({"$defs": {"n": STRING}}, "#/$defs/n"),
    ({"definitions": {"n": STRING}}, "#/definitions/n"),
    ({"$defs": {"a/b c": STRING}}, "#/$defs/a~1b%20c"),
    ({"$defs": {"n": {"items": STRING}}}, "#/$defs/n/items"),
]


@pytest.mark.parametrize(("definitions", "ref"), DEFINED)
def test_a_reference_leads_to_the_same_place(definitions, ref):
    schema = {**obj(["a"], a={"$ref": ref}, b={"$ref": ref}), **definitions}
    found = strict(schema)
    assert set(found) == {"type", "properties", "required", "additionalProperties", "$defs"}
    check = jsonschema_rs.validator_for(found)
    assert check.is_valid({"a": "x", "b": None})
    assert not check.is_valid({"a": 1, "b": None})


@pytest.mark.parametrize(("definitions", "ref"), DEFINED)
def test_a_null_behind_a_reference_is_dropped(definitions, ref):
    schema = {**obj(["a"], a={"$ref": ref}, b={"$ref": ref}), **definitions}
    assert without_added_nulls(schema, {"a": "x", "b": None}) == {"a": "x"}


def test_a_reference_back_to_where_it_stands_is_kept():
    schema = {
        "$defs": {"n": obj(["a"], a=STRING, next={"$ref": "#/$defs/n"})},
        "$ref": "#/$defs/n",
    }
    answer = {"a": "x", "next": {"a": "y", "next": None}}
    assert jsonschema_rs.validator_for(strict(schema)).is_valid(answer)
    assert without_added_nulls(schema, answer) == {"a": "x", "next": {"a": "y"}}


@pytest.mark.parametrize("ref", ["#/$defs/none", "#anchor", "other.json"])
def test_a_reference_that_cannot_be_sent_is_an_error(ref):
    with pytest.raises(DataError, match=f"{re.escape(ref)} .*--mode tools"):
        strict(obj(a={"$ref": ref}))


def test_what_stands_beside_allof_of_one_is_kept():
    schema = {**obj(["a"], a=STRING), "allOf": [obj(["b"], b=STRING)]}
    found = strict(schema)
    assert found["required"] == ["a", "b"]
    assert jsonschema_rs.validator_for(found).is_valid({"a": "x", "b": "y"})


def test_a_null_is_dropped_where_the_chosen_schema_does_not_take_it():
    one = obj(["kind"], kind={"const": 1}, a=STRING)
    other = obj(["kind", "a"], kind={"const": 2}, a={"type": ["string", "null"]})
    schema = obj(["rows"], rows={"type": "array", "items": {"anyOf": [one, other]}})
    answer = {"rows": [{"kind": 1, "a": None}, {"kind": 2, "a": None}]}
    assert without_added_nulls(schema, answer) == {"rows": [{"kind": 1}, {"kind": 2, "a": None}]}


def test_what_is_no_answer_to_the_schema_is_left_as_it_is():
    schema = obj(["a"], a=STRING, b=INTEGER)
    for answer in (None, [], "x", {"a": None}, {"c": None}, {"b": {"c": None}}):
        assert without_added_nulls(schema, answer) == answer


# By Hypothesis

LEAVES = [
    STRING,
    INTEGER,
    {"type": "number", "minimum": 0, "maximum": 2},
    {"type": "boolean", "description": "Yes or no."},
    {"type": ["integer", "null"]},
    {"enum": ["x", "y"]},
    {"type": "string", "enum": ["x", "y"]},
    {"type": ["string", "null"], "enum": ["x", None]},
    {"const": "z"},
    {"type": "string", "format": "date"},
]
EXAMPLES = {
    "string": ["", "a"],
    "integer": [0, 1],
    "number": [0, 0.5, 2],
    "boolean": [False, True],
    "null": [None],
}


@st.composite
def nodes(draw, defs, depth):
    kind = draw(st.sampled_from(["leaf", "object", "array", "union"] if depth else ["leaf"]))
    if kind == "leaf":
        node = draw(st.sampled_from(LEAVES))
    elif kind == "object":
        node = draw(objects(defs, depth - 1))
    elif kind == "array":
        node = {"type": "array", "items": draw(nodes(defs, depth - 1)), "maxItems": 2}
    else:
        branches = [draw(objects(defs, depth - 1, const=n)) for n in (1, 2)]
        node = {draw(st.sampled_from(["anyOf", "oneOf"])): branches}
    return _wrapped(draw, node, defs)


def _wrapped(draw, node, defs):
    match draw(st.sampled_from(["", "", "anyOf", "oneOf", "allOf", "$ref", "beside"])):
        case "":
            return node
        case "allOf":
            return {"allOf": [node], "description": "One."}
        case "anyOf" | "oneOf" as union:
            takes_null = jsonschema_rs.is_valid({**node, "$defs": defs}, None)
            return node if takes_null else {union: [node, NULL]}
        case how:
            name = f"d{len(defs)}"
            defs[name] = node
            ref = {"$ref": f"#/$defs/{name}"}
            return ref if how == "$ref" else {**ref, "title": "T"}


@st.composite
def objects(draw, defs, depth, const=None):
    names = draw(st.lists(st.sampled_from("pqr"), max_size=3, unique=True))
    properties = {name: draw(nodes(defs, depth)) for name in names}
    required = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    if const is not None:
        properties["kind"] = {"const": const}
        required = [*required, "kind"]
    found = {"type": "object", "properties": properties, "required": required}
    return found if draw(st.booleans()) else {**found, "additionalProperties": False}


@st.composite
def schemas(draw):
    defs = {}
    found = draw(objects(defs, 3))
    return {**found, "$defs": defs} if defs else found


def instance(draw, root, node):
    """An instance of a strict schema."""
    if "$ref" in node:
        return instance(draw, root, root["$defs"][node["$ref"].rpartition("/")[2]])
    if "anyOf" in node:
        return instance(draw, root, draw(st.sampled_from(node["anyOf"])))
    if "enum" in node:
        return draw(st.sampled_from(node["enum"]))
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    match draw(st.sampled_from(kinds)):
        case "object":
            return {name: instance(draw, root, one) for name, one in node["properties"].items()}
        case "array":
            count = draw(st.integers(0, node.get("maxItems", 2)))
            return [instance(draw, root, node["items"]) for _ in range(count)]
        case kind:
            return draw(st.sampled_from(["2025-07-01"] if "format" in node else EXAMPLES[kind]))


@settings(max_examples=60)
@given(st.data())
def test_an_instance_of_the_strict_schema_is_one_of_the_given_schema(data):
    given_ = data.draw(schemas())
    sent = strict(given_)
    jsonschema_rs.meta.validate(sent)
    answer = instance(data.draw, sent, sent)
    assert jsonschema_rs.validator_for(sent, validate_formats=True).is_valid(answer)
    restored = without_added_nulls(given_, answer)
    event(f"nulls dropped: {restored != answer}")
    jsonschema_rs.validator_for(given_, validate_formats=True).validate(restored)


@settings(max_examples=40)
@given(st.data())
def test_a_strict_schema_is_closed_everywhere(data):
    def check(node):
        if isinstance(node, list):
            for one in node:
                check(one)
        if isinstance(node, dict):
            if "properties" in node:
                assert node["required"] == list(node["properties"])
                assert node["additionalProperties"] is False
            assert not node.keys() & {"oneOf", "allOf", "const", "title", "x-compare"}
            for name, one in node.items():
                check([*one.values()] if name in {"properties", "$defs"} else one)

    check(strict(data.draw(schemas())))


def test_a_place_of_any_shape_is_sent_as_such():
    assert strict(obj(a=True))["properties"]["a"] == {"anyOf": [{}, {"type": "null"}]}
