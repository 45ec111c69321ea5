"""The strict dialect: an answer by the strict schema, its added nulls dropped, is an instance of
the schema that was given."""

import re

import jsonschema_rs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from strict_subset import check

from runners.llm.schemas.restoring import Restorer
from runners.llm.schemas.strict import Strict
from runners.llm.schemas.ways import UnsayableError

STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def strict(schema):
    return Strict(schema).schema


def without_added_nulls(schema, answer):
    return Restorer(Strict(schema)).restored(answer)


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
        {"type": ["string", "null"], "enum": ["a", None]},
    ],
)
def test_what_takes_null_already_is_left_as_it_is(node):
    assert strict(obj(a=node))["properties"]["a"] == node


def test_oneof_and_const_are_said_by_other_keywords():
    found = strict(obj(["a", "b"], a={"oneOf": [STRING, INTEGER]}, b={"const": "x"}))["properties"]
    assert found == {"a": {"anyOf": [STRING, INTEGER]}, "b": {**STRING, "enum": ["x"]}}


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


# What the subset says in other words

CLOSED = {**obj(["a"], a=STRING), "additionalProperties": False}
PAIR = {"type": "array", "prefixItems": [INTEGER, INTEGER], "minItems": 2, "maxItems": 2}
SAYABLE = {
    # schema -> instances by the strict schema, each with what it is read back to
    "allOf": (
        {"allOf": [obj(["a"], a=STRING), obj(b=INTEGER)]},
        [({"a": "x", "b": None}, {"a": "x"}), ({"a": "x", "b": 1}, {"a": "x", "b": 1})],
    ),
    "beside a $ref": (
        {**obj(["a"], a={"$ref": "#/$defs/n", "minimum": 3}), "$defs": {"n": INTEGER}},
        [({"a": 3}, {"a": 3})],
    ),
    "required by branches": (
        {**obj(a=STRING, b=STRING), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        [
            ({"answer": {"a": None, "b": "x"}}, {"b": "x"}),
            ({"answer": {"a": "x", "b": None}}, {"a": "x"}),
        ],
    ),
    "union at the top": (
        {"oneOf": [obj(["a"], a=STRING), obj(["b"], b=INTEGER)]},
        [({"answer": {"b": 1}}, {"b": 1})],
    ),
    "array at the top": (
        {"type": "array", "items": obj(["a"], a=STRING, b=INTEGER)},
        [({"answer": [{"a": "x", "b": None}]}, [{"a": "x"}]), ({"answer": []}, [])],
    ),
    "scalar at the top": (STRING, [({"answer": "x"}, "x")]),
    "null or an object": (
        {"type": ["object", "null"], "properties": {"a": STRING}},
        [({"answer": None}, None), ({"answer": {"a": None}}, {})],
    ),
    "a schema that refers to its top": (
        obj(["a"], a=STRING, rows={"type": "array", "items": {"$ref": "#"}}),
        [({"a": "x", "rows": [{"a": "y", "rows": None}]}, {"a": "x", "rows": [{"a": "y"}]})],
    ),
    "a tuple of like elements": (obj(["a"], a=PAIR), [({"a": [1, 2]}, {"a": [1, 2]})]),
    "values of several types": (
        obj(["a"], a={"enum": ["x", 1, True, None]}),
        [({"a": value}, {"a": value}) for value in ("x", 1, True, None)],
    ),
    "draft 4": (
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            **obj(["a"], a={"type": "number", "minimum": 0, "exclusiveMinimum": True}),
        },
        [({"a": 0.5}, {"a": 0.5})],
    ),
    "a property that may not be there": (obj(["a"], a=STRING, b=False), [({"a": "x"}, {"a": "x"})]),
    "an object without properties": (
        {"type": "object", "additionalProperties": False},
        [({}, {})],
    ),
    "names with other signs": (
        obj(['"'], **{'"': STRING, "a.b": STRING, "é\n{}": INTEGER, "": STRING}),
        [({'"': "x", "a.b": None, "é\n{}": 1, "": None}, {'"': "x", "é\n{}": 1})],
    ),
}


@pytest.mark.parametrize("name", SAYABLE)
def test_what_the_subset_says_in_other_words_is_read_back(name):
    schema, answers = SAYABLE[name]
    sent = strict(schema)
    check(sent)
    for answer, restored in answers:
        assert jsonschema_rs.validator_for(sent).is_valid(answer)
        assert jsonschema_rs.validator_for(schema).is_valid(restored)
        assert without_added_nulls(schema, answer) == restored


@pytest.mark.parametrize(
    ("schema", "weaker"),
    [
        (SAYABLE["allOf"][0], [{"a": "x"}, {"a": 1, "b": None}, {"b": 1}]),
        (SAYABLE["beside a $ref"][0], [{"a": 2}]),
        (SAYABLE["required by branches"][0], [{"answer": {"a": None, "b": None}}]),
        (SAYABLE["draft 4"][0], [{"a": 0}]),
        (SAYABLE["values of several types"][0], [{"a": False}, {"a": "1"}]),
        (SAYABLE["a tuple of like elements"][0], [{"a": [1]}, {"a": [1, 2, 3]}, {"a": ["x", 1]}]),
        (
            {"allOf": [obj(["a"], a=STRING), obj(["a"], a={"enum": ["x", 1]})]},
            [{"a": 1}, {"a": "y"}],
        ),
    ],
)
def test_what_is_said_in_other_words_is_no_weaker(schema, weaker):
    check_one = jsonschema_rs.validator_for(strict(schema))
    assert not any(map(check_one.is_valid, weaker))


# What it cannot say

DEEP = STRING
for _ in range(11):
    DEEP = obj(["a"], a=DEEP)
UNSAYABLE = {
    "map": (obj(prices={"type": "object", "additionalProperties": INTEGER}), "`prices` is an open"),
    "patterns": (obj(a={"patternProperties": {"^x": STRING}}), "`a` is an open map"),
    "any object": (obj(a={"type": "object"}), "`a` is an open map"),
    "map beside": ({**obj(a=STRING), "additionalProperties": INTEGER}, "the top is an open map"),
    "tuple": (obj(a={"type": "array", "prefixItems": [STRING, INTEGER]}), "`a` is a tuple"),
    "old tuple": (obj(a={"type": "array", "items": [STRING, INTEGER]}), "`a` is a tuple"),
    "any": (obj(a=obj(["b"], b=True)), "`a.b` takes any value"),
    "any by words": (obj(a={"description": "A thing."}), "`a` takes any value"),
    "any elements": (obj(a={"type": "array"}), "`a` is an array of any values"),
    "any at the top": (True, "the top takes any value"),
    "required only": (obj(["a", "b"], a=STRING), "`b` takes any value"),
    "not": ({**obj(a=STRING), "not": {"required": ["a"]}}, "a condition (`not`)"),
    "if": ({**obj(a=STRING), "if": obj(["a"]), "then": obj(["b"])}, "a condition (`if`)"),
    "dependent": ({**obj(a=STRING), "dependentRequired": {"a": ["b"]}}, "`dependentRequired`"),
    "objects listed": (obj(a={"enum": [{"x": 1}]}), "`a` lists objects"),
    "nowhere": (obj(a={"$ref": "#/$defs/none"}), "#/$defs/none leads nowhere"),
    "outside": (obj(a={"$ref": "other.json"}), "other.json is outside the schema"),
    "nothing": ({"allOf": [STRING, INTEGER]}, "the top takes no value"),
    "deep": (DEEP, "more than 10 objects within each other"),
    "wide": (obj(**{f"p{n}": STRING for n in range(5001)}), "more than 5,000 properties"),
    "listed": (obj(a={"enum": list(range(1001))}), "1,001 listed values"),
    "long": (obj(a={"enum": [f"{n:061}" for n in range(251)]}), "a list of 251 values"),
    "long names": (obj(**{f"{n:0610}": STRING for n in range(200)}), "120,000 characters"),
}


@pytest.mark.parametrize("name", UNSAYABLE)
def test_what_the_subset_cannot_say_is_told(name):
    schema, words = UNSAYABLE[name]
    with pytest.raises(UnsayableError, match=re.escape(words)):
        strict(schema)


def test_the_largest_schema_is_taken():
    deep = obj(["a"], a=STRING)
    for _ in range(9):
        deep = obj(["a"], a=deep)
    check(strict(deep))
    check(strict(obj(**{f"p{n}": STRING for n in range(5000)})))
    check(strict(obj(a={"enum": list(range(1000))})))


def test_keywords_left_to_the_check_of_the_answer_are_told():
    text = {"type": "string", "minLength": 1, "format": "country", "pattern": "^(?=x)"}
    assert Strict(obj(["a"], a=text)).unsent == ("format", "minLength", "pattern")
    assert Strict(obj(["a"], a={"type": "string", "format": "date", "title": "T"})).unsent == ()


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
    names = draw(st.lists(st.sampled_from("pqr"), min_size=1, max_size=3, unique=True))
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
def test_a_strict_schema_keeps_the_rules_of_the_subset(data):
    check(strict(data.draw(schemas())))
