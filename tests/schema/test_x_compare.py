"""`compare(...)` on the fields of pydantic models says what `x-compare` says."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Optional

import pytest
from pydantic import BaseModel, Field, PlainSerializer, create_model
from support.tasks import array, obj, table
from typing_extensions import TypeAliasType

from benchmark import Document, SchemaError, Task, compare, load_task, read_schema, score
from benchmark.schema.fields import Bag, Leaf, Table

NAME = compare(by="name")
Name = Annotated[str, NAME]


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    code: Annotated[str, compare(key=True)]


def field_of(annotation, default=...):
    """The one scored field of a model: its property `f`, beside an `other` string."""
    model = create_model("M", other=(str, ...), f=(annotation, default))
    fields = {field.path: field for field in read_schema(model).fields}
    return fields["f"]


LEAVES = {
    "string": (Annotated[str, NAME], Leaf("string", by="name")),
    "nullable": (Annotated[str | None, NAME], Leaf("string", by="name")),
    "inside a union": (Name | None, Leaf("string", by="name")),
    "Optional": (Optional[Name], Leaf("string", by="name")),  # noqa: UP045 - as many write it
    "literal": (Annotated[Literal["a", "b"], compare(by="text")], Leaf("enum", ("a", "b"), "text")),
    "enum class": (Annotated[Colour, compare(by="text")], Leaf("enum", ("red", "blue"), "text")),
    "date": (Annotated[date, compare(days=1)], Leaf("date", options={"days": 1})),
    "nullable date": (Annotated[date | None, compare(days=1)], Leaf("date", options={"days": 1})),
    "number": (Annotated[float, compare(rel=0.01)], Leaf("number", options={"rel": 0.01})),
    "constrained": (
        Annotated[int, Field(ge=0), compare(abs=1)],
        Leaf("integer", options={"abs": 1}),
    ),
    "alias": (TypeAliasType("Alias", Name), Leaf("string", by="name")),
    "serializer before": (
        Annotated[datetime, PlainSerializer(str, return_type=str), compare(by="exact")],
        Leaf("string", by="exact"),
    ),
    "serializer after": (
        Annotated[datetime, compare(by="exact"), PlainSerializer(str, return_type=str)],
        Leaf("string", by="exact"),
    ),
    "nested, outer wins": (Annotated[Name, compare(by="exact")], Leaf("string", by="exact")),
    "thresholds": (
        Annotated[str, compare(by="fuzzy", accept=0.9, partial=0.5)],
        Leaf("string", by="fuzzy", options={"accept": 0.9, "partial": 0.5}),
    ),
}


@pytest.mark.parametrize(("annotation", "leaf"), LEAVES.values(), ids=LEAVES)
def test_a_scalar_is_compared_as_it_says(annotation, leaf):
    assert field_of(annotation).node == leaf


@pytest.mark.parametrize("default", ["x", Field("x", description="d")])
def test_a_default_and_a_description_change_nothing(default):
    assert field_of(Annotated[str, NAME], default).node == Leaf("string", by="name")


BAGS = {
    "a set": (Annotated[list[str], compare(as_set=True)], Bag(Leaf("string"), as_set=True)),
    "a bag again": (
        Annotated[list[str], compare(as_set=True), compare(as_set=False)],
        Bag(Leaf("string")),
    ),
    "nullable": (
        Annotated[list[str] | None, compare(as_set=True, by="name")],
        Bag(Leaf("string", by="name"), as_set=True),
    ),
    "inside a union": (
        Annotated[list[str], compare(as_set=True)] | None,
        Bag(Leaf("string"), as_set=True),
    ),
    "elements": (list[Name], Bag(Leaf("string", by="name"))),
    "both": (
        Annotated[list[Name], compare(as_set=True)],
        Bag(Leaf("string", by="name"), as_set=True),
    ),
}


@pytest.mark.parametrize(("annotation", "bag"), BAGS.values(), ids=BAGS)
def test_a_list_is_compared_as_it_says(annotation, bag):
    assert field_of(annotation).node == bag


KEYS = {
    "string": Annotated[str, compare(key=True)],
    "nested": Annotated[Name, compare(key=True)],
    "enum class": Annotated[Colour, compare(key=True)],
    "alias": Annotated[TypeAliasType("Other", Name), compare(key=True)],
    "list": Annotated[list[str], compare(key=True)],
    "models": Annotated[list[Part], compare(key=True)],
}


@pytest.mark.parametrize("annotation", KEYS.values(), ids=KEYS)
def test_a_field_is_marked_as_key(annotation):
    assert field_of(annotation).key
    assert not field_of(Annotated[annotation, compare(key=False)]).key


def test_what_nested_annotations_say_is_put_together():
    field = field_of(Annotated[Name, compare(key=True)])
    assert (field.node, field.key) == (Leaf("string", by="name"), "any")


def test_a_model_used_twice_is_marked_where_it_is_used():
    class Whole(BaseModel):
        a: Annotated[list[Part], compare(key=True)]
        b: list[Part]
        c: Annotated[Part, compare(score=False)]
        d: Annotated[dict[str, int], compare(score=False)]

    a, b = read_schema(Whole).fields
    assert (a.key, b.key) == ("any", "")
    assert isinstance(a.node, Table)


def test_evidence_is_a_quotation():
    class Row(BaseModel):
        name: str
        quote: Annotated[str, compare(score=False, evidence=True)]

    assert read_schema(Row).evidence == (("quote",),)


def test_it_changes_nothing_but_the_schema():
    row = create_model("Row", f=(Annotated[int, Field(ge=0), compare(abs=1, key=True)], ...))
    assert row(f="3").f == 3
    stated = row.model_json_schema()["properties"]["f"]
    assert stated["minimum"] == 0
    assert stated["x-compare"] == {"key": True, "abs": 1}


WRONG = [
    (Annotated[str, compare(key="yes")], '`key` is true, "all" or false'),
    (Annotated[str, compare(score=0)], "`score` is true or false"),
    (Annotated[list[str], compare(as_set="yes")], '`as` is "bag", "set" or "sequence"'),
    (Annotated[str, compare(as_set=True)], "`as` belongs on an array"),
    (Annotated[str, compare(evidence=True)], "evidence is not scored"),
    (Annotated[Part, compare(key=True)], "x-compare belongs on scalars and arrays"),
    (
        Annotated[list[Part], compare(by="name")],
        'only `key` and `"as": "sequence"` apply to a table',
    ),
    (Annotated[str, compare(by="nmae")], "unknown comparator 'nmae'; did you mean name"),
    (Annotated[str, compare(by=5)], "unknown comparator '5'"),
    (Annotated[str, compare(days=1)], "'text' has no option days"),
    (Annotated[date, compare(day=1)], "'date' has no option day; it has days"),
    (Annotated[date, compare(days="1")], "`days` is a number"),
    (Annotated[date, compare(days=None)], "`days` is a number"),
    (Annotated[float, compare(abs=object())], "`abs` is a number"),
    (Annotated[date, compare(days=-1)], "a tolerance is 0 or more"),
]


@pytest.mark.parametrize(("annotation", "reason"), WRONG, ids=[reason for _, reason in WRONG])
def test_what_does_not_fit_is_refused_as_in_x_compare(annotation, reason):
    model = create_model("M", f=(annotation, ...))
    with pytest.raises(SchemaError) as error:
        score(Task("t", model, (Document("d", {}),)), {})
    assert str(error.value).startswith("schema, at f: ")
    assert reason in str(error.value)


def test_x_compare_that_is_no_object_is_refused_beside_it():
    extra = Field(json_schema_extra={"x-compare": "name"})
    with pytest.raises(SchemaError, match="x-compare is an object"):
        field_of(Annotated[str, compare(key=True), extra])


@pytest.mark.parametrize(
    "key", ["x-Compare", "x_compare", "xcompare", "X-COMPARE", "xCompare", "x compare", "X_Compare"]
)
@pytest.mark.parametrize("wrap", [lambda node: node, array, lambda node: table(k=node)])
def test_a_key_that_looks_like_x_compare_is_refused(key, wrap):
    with pytest.raises(SchemaError, match=rf"at f.*: '{key}' is spelt x-compare"):
        read_schema(obj(f=wrap({"type": "string", key: {"by": "name"}})))


@pytest.mark.parametrize("key", ["x-compared", "x-comparator", "compare", "x", "xx-compare"])
def test_other_keys_mean_nothing(key):
    (field,) = read_schema(obj(f={"type": "string", key: {"by": "name"}})).fields
    assert field.node == Leaf("string")


def test_a_property_may_have_such_a_name():
    (field,) = read_schema(obj(xcompare={"type": "string"})).fields
    assert field.path == "xcompare"


@pytest.mark.parametrize("absent", ["None", [1], [None], {"a": 1}, None])
def test_words_that_stand_for_no_value_are_a_list_of_strings(absent):
    with pytest.raises(SchemaError, match="at f: x-compare: `absent` is a list of strings"):
        read_schema(obj(f={"type": "number", "x-compare": {"absent": absent}}))


def test_it_needs_no_pydantic():
    code = (
        "import sys, benchmark; benchmark.compare(key=True); assert 'pydantic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_shipped_schema_could_say_the_same_with_it():
    """gold/sitrep/schema.py needs pydantic alone; compare() must say no less than it does."""
    said = load_task("sitrep").schema["$defs"]["Event"]["properties"]
    model = create_model(
        "Event",
        place=(Annotated[str, compare(by="name", key=True)], ...),
        evidence=(Annotated[str, compare(score=False, evidence=True)], ...),
    )
    assert {name: said[name] for name in ("place", "evidence")} == model.model_json_schema()[
        "properties"
    ]


def test_amounts_of_a_pydantic_decimal_are_compared_as_decimals():
    class Bill(BaseModel):
        total: Decimal
        tip: Decimal | None = None
        parts: list[Decimal] = []

    gold = {"total": "12.50", "tip": "1", "parts": ["2.0", "3"]}
    task = Task("bills", Bill, (Document("d", gold),))
    found = score(task, {"d": {"total": "12.5", "tip": "1.00", "parts": ["3.00", "2"]}})
    assert (found.micro().cor, found.micro().inc) == (4, 0)
