"""JSON Schema -> the field tree."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from support.tasks import (
    BOOLEAN,
    DATE,
    EVIDENCE,
    INTEGER,
    KEY,
    NUMBER,
    STRING,
    array,
    compared,
    obj,
    outcomes,
    scored,
    table,
)

from benchmark import Document, SchemaError, Task, read_schema, score
from benchmark.reports.schema_table import rows
from benchmark.schema.fields import Bag, Leaf, Table, table_paths, value_paths

NULL = {"type": "null"}


def node_of(schema, **defs):
    """The node of the one property `f`."""
    (field,) = read_schema({**obj(f=schema), "$defs": defs}).fields
    assert field.path == "f"
    return field.node


def refused(schema, **defs) -> str:
    with pytest.raises(SchemaError) as error:
        read_schema({**schema, "$defs": defs})
    return str(error.value)


KINDS = [
    (STRING, "string", ()),
    (INTEGER, "integer", ()),
    (NUMBER, "number", ()),
    (BOOLEAN, "boolean", ()),
    (DATE, "date", ()),
    ({"type": "string", "format": "date-time"}, "date-time", ()),
    ({"type": "string", "enum": ["a", "b"]}, "enum", ("a", "b")),
    ({"enum": ["a", "b"]}, "enum", ("a", "b")),
    ({"enum": [1, 2]}, "enum", (1, 2)),
    ({"enum": ["a", None]}, "enum", ("a",)),
    ({"const": "a"}, "enum", ("a",)),
    ({"const": 0}, "enum", (0,)),
    ({"type": "boolean", "const": True}, "enum", (True,)),
    ({"type": ["string"]}, "string", ()),
]


@pytest.mark.parametrize(("schema", "kind", "values"), KINDS)
def test_a_scalar_is_a_leaf_of_its_kind(schema, kind, values):
    assert node_of(schema) == Leaf(kind, values)


NULLABLES = [
    lambda node: {"anyOf": [node, NULL]},
    lambda node: {"anyOf": [NULL, node]},
    lambda node: {"oneOf": [node, NULL], "default": None},
    lambda node: {"anyOf": [node, {"const": None}]},
    lambda node: {"anyOf": [{"anyOf": [node, NULL]}, NULL]},
    lambda node: {"allOf": [{"anyOf": [node, NULL]}]},
]


@pytest.mark.parametrize("nullable", NULLABLES)
@pytest.mark.parametrize(("schema", "kind", "values"), KINDS)
def test_a_union_with_null_is_the_other_type(nullable, schema, kind, values):
    assert node_of(nullable(schema)) == Leaf(kind, values)


@pytest.mark.parametrize("name", ["string", "integer", "number", "boolean"])
def test_a_type_list_with_null_is_the_other_type(name):
    assert node_of({"type": [name, "null"]}) == Leaf(name)
    assert node_of({"type": ["null", name]}) == Leaf(name)


def test_a_type_list_with_null_keeps_format_and_values():
    assert node_of({"type": ["string", "null"], "format": "date"}).kind == "date"
    assert node_of({"type": ["string", "null"], "enum": ["a", None]}).values == ("a",)


def test_a_nullable_bag_table_or_object_is_what_it_would_be_without_null():
    rows = {"anyOf": [table(k=STRING), NULL]}
    assert isinstance(node_of({"anyOf": [array(STRING), NULL]}), Bag)
    assert isinstance(node_of(rows), Table)
    assert value_paths(read_schema(obj(f={"anyOf": [obj(g=STRING), NULL]}))) == ("f.g",)


def test_a_union_of_two_enums_of_one_type_has_the_values_of_both():
    assert node_of({"anyOf": [{"enum": ["a"]}, {"const": "b"}, NULL]}) == Leaf("enum", ("a", "b"))


def test_a_union_of_an_enum_and_any_string_is_a_string():
    assert node_of({"anyOf": [{"enum": ["a"]}, STRING]}) == Leaf("string")


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/Day"},
        {"allOf": [{"$ref": "#/$defs/Day"}], "description": "a day"},
        {"anyOf": [{"$ref": "#/$defs/Day"}, NULL]},
        {"$ref": "#/$defs/Again"},
        {"$ref": "#/$defs/a~1b~0c"},
    ],
)
def test_a_reference_is_followed(schema):
    defs = {"Day": DATE, "Again": {"$ref": "#/$defs/Day"}, "a/b~c": DATE}
    assert node_of(schema, **defs) == Leaf("date")


def test_one_definition_may_be_used_twice_side_by_side():
    schema = {
        **obj(a={"$ref": "#/$defs/P"}, b={"$ref": "#/$defs/P"}),
        "$defs": {"P": obj(x=STRING)},
    }
    assert value_paths(read_schema(schema)) == ("a.x", "b.x")


def test_the_top_may_be_a_reference():
    schema = {"$ref": "#/$defs/Top", "$defs": {"Top": obj(a=STRING)}}
    assert value_paths(read_schema(schema)) == ("a",)


def test_x_compare_beside_a_reference_wins_over_the_one_in_it():
    schema = {"$ref": "#/$defs/Name", "x-compare": {"by": "exact"}}
    leaf = node_of(schema, Name=compared(STRING, by="name"))
    assert leaf == Leaf("string", by="exact")


def test_x_compare_in_the_branch_of_a_nullable_is_kept():
    assert node_of({"anyOf": [compared(STRING, by="name"), NULL]}).by == "name"


def test_an_array_of_scalars_is_a_bag():
    assert node_of(array(STRING)) == Bag(Leaf("string"))
    assert node_of(array(DATE)) == Bag(Leaf("date"))
    assert node_of(array({"anyOf": [INTEGER, NULL]})) == Bag(Leaf("integer"))


def test_as_set_makes_a_bag_a_set_and_is_no_option_of_its_comparator():
    assert node_of(array(STRING, **{"as": "set"})) == Bag(Leaf("string"), as_set=True)
    assert node_of(array(STRING, **{"as": "bag"})) == Bag(Leaf("string"), as_set=False)


def test_a_bag_is_compared_as_the_array_or_its_items_say_the_array_first():
    assert node_of(array(compared(STRING, by="name"))).element.by == "name"
    assert node_of(array(STRING, by="name")).element.by == "name"
    assert node_of(array(compared(STRING, by="name"), by="text")).element.by == "text"


def test_paths_join_property_names_by_dots_without_indexes():
    schema = obj(
        events=table(place=STRING, targets=array(STRING), casualties=table(low=INTEGER)),
        head=obj(title=STRING, by=obj(name=STRING)),
    )
    tree = read_schema(schema)
    assert value_paths(tree) == (
        "events.place",
        "events.targets",
        "events.casualties.low",
        "head.title",
        "head.by.name",
    )
    assert table_paths(tree) == ("events", "events.casualties")


def test_an_object_in_a_record_is_a_segment_and_no_record_of_its_own():
    tree = read_schema(obj(rows=table(when=obj(start=DATE, end=DATE))))
    assert table_paths(tree) == ("rows",)
    assert value_paths(tree) == ("rows.when.start", "rows.when.end")
    (rows,) = tree.fields
    assert [field.steps for field in rows.node.record.fields] == [
        ("when", "start"),
        ("when", "end"),
    ]


def test_key_is_read_from_leaves_bags_and_tables():
    row = {
        "a": KEY,
        "b": array(STRING, key=True),
        "c": {**table(x=STRING), "x-compare": {"key": True}},
        "d": compared(STRING, key=False),
        "e": STRING,
    }
    (rows,) = read_schema(obj(rows=table(**row))).fields
    keys = {field.path: field.key for field in rows.node.record.fields}
    assert keys == {
        "rows.a": "any",
        "rows.b": "any",
        "rows.c": "any",
        "rows.d": "",
        "rows.e": "",
    }


def test_score_false_leaves_a_field_out_whatever_its_type():
    unscored = {"x-compare": {"score": False}}
    schema = obj(
        a=STRING,
        comment=compared(STRING, score=False),
        anything=unscored,
        union={"type": ["string", "integer"], **unscored},
        map={"type": "object", "additionalProperties": STRING, **unscored},
        rows={**table(k=STRING), **unscored},
    )
    tree = read_schema(schema)
    assert value_paths(tree) == ("a",)
    assert tree.evidence == ()
    assert tree.known[()] == {"a", "comment", "anything", "union", "map", "rows"}


def test_evidence_is_unscored_and_remembered_where_it_stands():
    tree = read_schema(obj(rows=table(k=STRING, quote=EVIDENCE, at=obj(line=EVIDENCE, n=INTEGER))))
    assert value_paths(tree) == ("rows.k", "rows.at.n")
    (rows,) = tree.fields
    assert rows.node.record.evidence == (("quote",), ("at", "line"))


def test_other_words_of_x_compare_are_options_of_the_comparator():
    leaf = node_of(compared(NUMBER, by="number", abs=0.5, key=True))
    assert leaf == Leaf("number", by="number", options={"abs": 0.5})


MADE = [
    # unions
    ({"type": ["string", "integer"]}, ["f: integer or string"]),
    ({"type": ["string", "integer", "null"]}, ["f: integer or string"]),
    ({"type": ["integer", "number"]}, ["f: number"]),
    ({"anyOf": [STRING, INTEGER]}, ["f: integer or string"]),
    ({"oneOf": [STRING, BOOLEAN, NULL]}, ["f: boolean or string"]),
    ({"anyOf": [STRING, array(STRING)]}, ["f: bag of string"]),
    ({"anyOf": [obj(a=STRING), obj(b=STRING)]}, ["f.a: string", "f.b: string"]),
    ({"anyOf": [obj(a=STRING), table(a=INTEGER)]}, ["f: table", "f.a: integer or string"]),
    ({"anyOf": [obj(a=STRING), STRING]}, ["f: json"]),
    ({"enum": ["a", 1]}, ["f: enum of 2 values"]),
    ({"enum": [True, 1]}, ["f: enum of 2 values"]),
    (array({"anyOf": [STRING, INTEGER]}), ["f: bag of integer or string"]),
    (table(g={"type": ["string", "number"]}), ["f: table", "f.g: number or string"]),
    ({"anyOf": []}, ["f: json"]),
    ({"anyOf": [NULL]}, ["f: json"]),
    # keywords that combine
    ({"allOf": [STRING, {"minLength": 1}]}, ["f: string"]),
    ({"allOf": [obj(a=STRING), obj(b=INTEGER)]}, ["f.a: string", "f.b: integer"]),
    ({**obj(a=STRING), "allOf": [{"required": ["a"]}]}, ["f.a: string"]),
    (
        {**obj(a=STRING), "anyOf": [{"required": ["a"]}, obj(b=INTEGER)]},
        ["f.a: string", "f.b: integer"],
    ),
    (
        {**obj(a=STRING), "then": obj(b=INTEGER), "else": obj(c=STRING)},
        ["f.a: string", "f.b: integer", "f.c: string"],
    ),
    ({**obj(a=STRING), "dependentSchemas": {"a": obj(b=INTEGER)}}, ["f.a: string", "f.b: integer"]),
    (
        {
            "allOf": [
                {"if": {}, "then": obj(a={"enum": ["x", "y"]})},
                {"then": obj(a={"const": "y"})},
                obj(a=STRING),
            ]
        },
        ["f.a: string"],
    ),
    (
        {"type": "string", "allOf": [{"enum": ["x", "y"]}, {"enum": ["y", "z"]}]},
        ["f: enum of 1 value"],
    ),
    # tuples and arrays
    ({"type": "array", "prefixItems": [STRING, INTEGER]}, ["f.0: string", "f.1: integer"]),
    ({"type": "array", "items": [STRING, INTEGER]}, ["f.0: string", "f.1: integer"]),
    (
        {"type": "array", "prefixItems": [STRING], "items": INTEGER},
        ["f.0: string", "f.<rest>: bag of integer"],
    ),
    ({"type": "array"}, ["f: json"]),
    (array(True), ["f: bag of json"]),
    (array(array(STRING)), ["f: table", 'f["[]"]: bag of string']),
    (
        array({"type": "array", "prefixItems": [STRING, NUMBER]}),
        ["f: table", "f.0: string", "f.1: number"],
    ),
    # open maps
    ({"type": "object"}, ["f: table", "f.<key>: string", "f.<value>: json"]),
    ({"type": "object", "properties": {}}, ["f: table", "f.<key>: string", "f.<value>: json"]),
    (
        {"type": "object", "additionalProperties": STRING},
        ["f: table", "f.<key>: string", "f.<value>: string"],
    ),
    (
        {"type": "object", "patternProperties": {"^x": obj(a=STRING)}},
        ["f: table", "f.<key>: string", "f.a: string"],
    ),
    (
        {**obj(a=STRING), "additionalProperties": INTEGER},
        [
            "f.a: string",
            "f.<entries>: table",
            "f.<entries>.<key>: string",
            "f.<entries>.<value>: integer",
        ],
    ),
    (
        table(g={"type": "object", "additionalProperties": INTEGER}),
        ["f: table", "f.g: table", "f.g.<key>: string", "f.g.<value>: integer"],
    ),
    # places that say nothing
    ({}, ["f: json"]),
    (True, ["f: json"]),
    # names
    (obj(**{"No.": STRING, "": INTEGER}), ['f["No."]: string', 'f[""]: integer']),
]


@pytest.mark.parametrize(("schema", "fields"), MADE)
def test_every_place_of_a_schema_is_a_field_of_some_kind(schema, fields):
    tree = read_schema(obj(f=schema))
    assert [f"{row.path}: {row.kind}" for row in rows(tree)] == fields


REFUSED = [
    ({"$ref": "#/$defs/Nowhere"}, "f", "#/.defs/Nowhere leads nowhere"),
    ({"$ref": "other.json#/a"}, "f", "other.json#/a is outside the schema"),
]


@pytest.mark.parametrize(("schema", "path", "reason"), REFUSED)
def test_what_is_no_schema_is_refused_with_path_and_reason(schema, path, reason):
    with pytest.raises(SchemaError, match=rf"^schema, at {path}: .*{reason}"):
        read_schema(obj(f=schema))


@pytest.mark.parametrize(
    ("ref", "field"),
    [
        ("#/$defs/A/anyOf/1", "f: integer"),
        ("#named", "f: boolean"),
        ("http://example.org/b", "f: number"),
        ("#/$defs/a~1b", "f: string"),
    ],
)
def test_a_reference_is_a_pointer_through_lists_too_or_a_name(ref, field):
    defs = {
        "A": {"anyOf": [STRING, INTEGER]},
        "N": {"$anchor": "named", **BOOLEAN},
        "B": {"$id": "http://example.org/b", **NUMBER},
        "a/b": STRING,
    }
    (row,) = rows(read_schema({**obj(f={"$ref": ref}), "$defs": defs}))
    assert f"{row.path}: {row.kind}" == field


NODE = {"$ref": "#/$defs/Node"}
RECURSIVE = {
    "through a definition": ({"Node": obj(name=STRING, next=NODE)}, "f.next.next"),
    "through an array": ({"Node": obj(name=STRING, next=array(NODE))}, "f.next.next"),
    "through a nullable": (
        {"Node": obj(name=STRING, next={"anyOf": [NODE, NULL]})},
        "f.next.next",
    ),
    "of a reference to itself": ({"Node": NODE}, "f"),
}


@pytest.mark.parametrize(("defs", "path"), RECURSIVE.values(), ids=RECURSIVE)
def test_a_definition_entered_a_third_time_is_compared_as_a_whole(defs, path):
    kinds = {row.path: row.kind for row in rows(read_schema({**obj(f=NODE), "$defs": defs}))}
    assert kinds[path] in {"json", "bag of json"}
    assert not any(below.startswith(f"{path}.") for below in kinds)


def test_the_whole_schema_may_contain_itself():
    kinds = {row.path: row.kind for row in rows(read_schema(obj(a=STRING, again={"$ref": "#"})))}
    assert list(kinds) == ["a", "again.a", "again.again.a", "again.again.again"]
    assert kinds["again.again.again"] == "json"


def test_beyond_ten_thousand_properties_objects_are_compared_as_a_whole():
    wide = obj(**{f"p{n}": STRING for n in range(6000)})
    tree = read_schema({**obj(a=wide, b=wide, c=wide)})
    kinds = {row.path: row.kind for row in rows(tree)}
    assert kinds["c"] == "json"
    assert kinds["b.p5999"] == "string"
    assert ("c", "too many properties: compared as a whole") in tree.notes


COMPARE_ERRORS = [
    (compared(STRING, key=1), "f", '`key` is true, "all" or false'),
    (compared(STRING, score="no"), "f", "`score` is true or false"),
    (compared(STRING, score=False, evidence="yes"), "f", "`evidence` is true or false"),
    (compared(STRING, evidence=True), "f", "evidence is not scored"),
    ({**STRING, "x-compare": "name"}, "f", "x-compare is an object"),
    (compared(array(STRING), **{"as": "list"}), "f", '`as` is "bag", "set" or "sequence"'),
    (compared(STRING, **{"as": "set"}), "f", "`as` belongs on an array"),
    (
        compared(table(k=STRING), by="name"),
        "f",
        'only `key` and `"as": "sequence"` apply to a table',
    ),
    (
        compared(table(k=STRING), **{"as": "set"}),
        "f",
        'only `key` and `"as": "sequence"` apply to a table',
    ),
    (compared(obj(k=STRING), key=True), "f", "x-compare belongs on scalars and arrays"),
    (table(k=compared(STRING, key="yes")), "f.k", '`key` is true, "all" or false'),
]


@pytest.mark.parametrize(("schema", "path", "reason"), COMPARE_ERRORS)
def test_a_wrong_x_compare_is_refused_with_its_path(schema, path, reason):
    message = refused(obj(f=schema))
    assert message.startswith(f"schema, at {path}: ")
    assert reason in message


@pytest.mark.parametrize("name", ["a b", "naïve", "名前", "a|b", "-", "x-compare", "type"])
def test_any_other_name_of_a_property_is_taken_as_it_is(name):
    assert value_paths(read_schema(obj(**{name: STRING}))) == (name,)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ([], "a schema is a JSON object"),
        ("x", "a schema is a JSON object"),
        (None, "a schema is a JSON object"),
        (obj(a=compared(STRING, score=False)), "no property of it is scored"),
    ],
)
def test_what_is_no_schema_or_has_nothing_scored_is_refused(schema, reason):
    with pytest.raises(SchemaError, match=f"at the top: {reason}"):
        read_schema(schema)


def deep(levels, wrap):
    schema = STRING
    for _ in range(levels):
        schema = wrap(schema)
    return obj(a=schema)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda schema: obj(a=schema),
        lambda schema: table(a=schema),
        lambda schema: {"anyOf": [schema, NULL]},
        lambda schema: {"allOf": [schema]},
    ],
    ids=["objects", "tables", "unions", "allOf"],
)
def test_a_schema_of_ten_thousand_levels_is_refused_and_one_of_forty_read(wrap):
    assert len(value_paths(read_schema(deep(40, wrap)))) == 1
    with pytest.raises(SchemaError, match="nested too deeply"):
        read_schema(deep(10_000, wrap))


Name = Annotated[str, Field(json_schema_extra={"x-compare": {"by": "name", "key": True}})]
EXTRA: dict[str, Any] = {"x-compare": {"score": False, "evidence": True}}


class Part(BaseModel):
    kind: Literal["a", "b"]
    when: date | None = None


class Whole(BaseModel):
    name: Name
    size: float | None = None
    flag: bool
    parts: list[Part]
    first: Part
    tags: Annotated[list[str], Field(json_schema_extra={"x-compare": {"as": "set"}})] = []
    evidence: Annotated[str, Field(json_schema_extra=EXTRA)]


class Tree(BaseModel):
    name: str
    children: list["Tree"]


class Loose(BaseModel):
    counts: dict[str, int]


class Pair(BaseModel):
    both: tuple[int, str]


class Either(BaseModel):
    one: int | str


def test_a_pydantic_model_is_read_as_its_schema():
    tree = read_schema(Whole)
    nodes = {field.path: field.node for field in tree.fields}
    assert nodes["name"] == Leaf("string", by="name")
    assert nodes["size"] == Leaf("number")
    assert nodes["flag"] == Leaf("boolean")
    assert nodes["tags"] == Bag(Leaf("string"), as_set=True)
    assert nodes["first.kind"] == Leaf("enum", ("a", "b"))
    assert nodes["first.when"] == Leaf("date")
    assert [field.path for field in nodes["parts"].record.fields] == ["parts.kind", "parts.when"]
    assert [field.path for field in tree.fields if field.key] == ["name"]
    assert tree.evidence == (("evidence",),)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Loose, ["counts: table", "counts.<key>: string", "counts.<value>: integer"]),
        (Pair, ["both.0: integer", "both.1: string"]),
        (Either, ["one: integer or string"]),
    ],
)
def test_any_pydantic_model_is_read(model, fields):
    assert [f"{row.path}: {row.kind}" for row in rows(read_schema(model))] == fields


def test_a_recursive_pydantic_model_is_read_as_far_as_its_third_level():
    assert value_paths(read_schema(Tree)) == ("name", "children.name", "children.children")


def _evidence_of(schema):
    tree = read_schema(schema)
    return value_paths(tree), tree.evidence


@pytest.mark.parametrize(
    "node",
    [
        {"$ref": "#/$defs/E"},
        {"anyOf": [{"$ref": "#/$defs/E"}, {"type": "null"}]},
        {"allOf": [EVIDENCE]},
        array(EVIDENCE),
    ],
)
def test_what_is_not_scored_is_known_through_references_unions_and_items(node):
    schema = {**obj(place=STRING, quote=node), "$defs": {"E": EVIDENCE}}
    assert _evidence_of(schema) == (("place",), (("quote",),))


def test_a_key_may_stand_on_the_elements_of_a_bag():
    (field,) = read_schema(obj(who=array(KEY))).fields
    assert field.key


@pytest.mark.parametrize(
    "schema",
    [
        compared(obj(a=STRING), key=True),
        obj(rows=array(compared(obj(a=STRING), key=True))),
        obj(a=STRING, t={**table(b=STRING), "x-compare": {"key": True, "score": False}}),
        obj(a=compared({"type": "object"}, by="exact")),
        obj(a={"type": "string", "x-compare": {"by": "number"}}),
    ],
)
def test_an_x_compare_that_would_do_nothing_is_refused(schema):
    with pytest.raises(SchemaError):
        score(Task("t", schema, (Document("d", {}),)), {})


def test_two_kinds_of_dates_are_dates():
    (field,) = read_schema(obj(day={"anyOf": [DATE, {**DATE, "pattern": "^2"}]})).fields
    assert field.node.kind == "date"


def test_an_enum_of_numbers_is_an_enum():
    (field,) = read_schema(obj(n={"enum": [1, 1.5]})).fields
    assert field.node.values == (1, 1.5)


def test_a_schema_fetches_nothing(monkeypatch):
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("asked the network"))
    schema = obj(a=STRING, b={"$ref": "http://example.org/s.json", "x-compare": {"score": False}})
    with pytest.raises(SchemaError, match=r"outside|no valid"):
        score(Task("t", schema, (Document("d", {"a": "x"}),)), {})


def test_words_for_no_value_may_stand_once_at_the_top_of_a_schema():
    schema = {**obj(a=STRING, n={"type": ["number", "string"]}), "x-compare": {"absent": ["NR"]}}
    result = scored(schema, {"a": "nr", "n": "NR"}, {"a": "x", "n": "nr"})
    assert outcomes(result) == {"a": "SPU"}
