"""JSON as columns: what a prediction holds is salvaged, and what does not fit is counted."""

import json
import math

import pytest
from support.tasks import (
    DATE,
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
    write_lines,
)
from support.tasks import task as make

from benchmark import Status, make_task, read_predictions, read_schema, score
from benchmark.scoring.columns.interning import intern_all
from benchmark.scoring.columns.reading import Reader
from benchmark.scoring.columns.tables import Tables

ROWS = obj(rows=table(k=KEY, n=INTEGER, tags=array(STRING)), title=STRING)
GOLD = {"rows": [{"k": "a", "n": 1, "tags": ["x"]}, {"k": "b", "n": 2, "tags": []}], "title": "t"}


def changed(path, value):
    """The gold as a prediction with one value replaced."""
    prediction = {**GOLD, "rows": [dict(row) for row in GOLD["rows"]]}
    place, last = prediction, path[-1]
    for step in path[:-1]:
        place = place[step]
    place[last] = value
    return prediction


ALL = {"rows.k": "COR COR", "rows.n": "COR COR", "rows.tags": "COR", "title": "COR"}


@pytest.mark.parametrize(
    ("path", "value", "differs", "invalid"),
    [
        (("rows", 0, "n"), "1", {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "n"), [1], {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "n"), {"value": 1}, {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "n"), [], {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "n"), True, {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "n"), math.nan, {"rows.n": "COR INC"}, {"rows.n": 1}),
        (("rows", 0, "tags"), "x", {"rows.tags": "MIS"}, {"rows.tags": 1}),
        (("rows", 0, "tags"), {"0": "x"}, {"rows.tags": "MIS"}, {"rows.tags": 1}),
        (("rows", 0, "tags"), [["x"]], {"rows.tags": "INC"}, {"rows.tags": 1}),
        (("rows", 0, "tags"), ["x", 5], {"rows.tags": "COR SPU"}, {"rows.tags": 1}),
        (("rows", 1, "tags"), [5, {}], {"rows.tags": "COR SPU SPU"}, {"rows.tags": 2}),
        (("title",), ["t"], {"title": "INC"}, {"title": 1}),
        (
            ("rows", 1),
            "b",
            {"rows.k": "COR MIS", "rows.n": "COR MIS"},
            {"rows": 1},
        ),
        (
            ("rows", 1),
            ["b", 2],
            {"rows.k": "COR MIS", "rows.n": "COR MIS"},
            {"rows": 1},
        ),
        (
            ("rows",),
            {"k": "a", "n": 1},
            {"rows.k": "MIS MIS", "rows.n": "MIS MIS", "rows.tags": "MIS"},
            {"rows": 1},
        ),
        (
            ("rows",),
            "a",
            {"rows.k": "MIS MIS", "rows.n": "MIS MIS", "rows.tags": "MIS"},
            {"rows": 1},
        ),
    ],
)
def test_an_invalid_prediction_is_salvaged_value_by_value(path, value, differs, invalid):
    result = scored(ROWS, GOLD, changed(path, value))
    assert outcomes(result) == {**ALL, **differs}
    assert result.invalid == invalid
    assert result.statuses == {"d": Status.INVALID}


def test_null_where_a_value_list_or_record_belongs_is_no_value_and_not_counted_as_invalid():
    for path, absent in [(("title",), "title"), (("rows", 0, "tags"), "rows.tags")]:
        result = scored(ROWS, GOLD, changed(path, None))
        assert outcomes(result) == {**ALL, absent: "MIS"}
        assert not result.invalid


def test_a_value_that_only_breaks_a_constraint_is_compared_as_it_is():
    schema = obj(code={"type": "string", "pattern": "^[A-Z]{3}$"})
    result = scored(schema, {"code": "MLI"}, {"code": "mli"})
    assert outcomes(result) == {"code": "COR"}
    assert result.statuses["d"] is Status.INVALID
    assert not result.invalid


def test_an_invalid_value_against_nothing_is_spurious():
    result = scored(obj(n=INTEGER, day=DATE), {}, {"n": "7", "day": "yesterday"})
    assert outcomes(result) == {"n": "SPU", "day": "SPU"}
    assert result.invalid == {"n": 1, "day": 1}


def test_an_object_segment_that_is_no_object_loses_only_what_it_holds():
    schema = obj(head=obj(title=STRING, by=obj(name=STRING)), n=INTEGER)
    gold = {"head": {"title": "t", "by": {"name": "x"}}, "n": 1}
    result = scored(schema, gold, {"head": {"title": "t", "by": "x"}, "n": 1})
    assert outcomes(result) == {"head.title": "COR", "head.by.name": "MIS", "n": "COR"}
    assert result.invalid == {"head.by": 1}
    result = scored(schema, gold, {"head": ["t"], "n": 1})
    assert outcomes(result) == {"head.title": "MIS", "head.by.name": "MIS", "n": "COR"}
    assert result.invalid == {"head": 1}


def test_an_object_segment_may_be_null_or_absent():
    schema = obj(head=obj(title=STRING), n=INTEGER)
    for prediction in ({"n": 1}, {"head": None, "n": 1}):
        result = scored(schema, {"head": {"title": "t"}, "n": 1}, prediction)
        assert outcomes(result) == {"head.title": "MIS", "n": "COR"}
        assert not result.invalid


def test_properties_that_the_schema_lacks_are_counted_by_path_and_not_scored():
    schema = obj(rows=table(k=STRING, at=obj(x=STRING)), title=STRING)
    gold = {"rows": [{"k": "a"}, {"k": "b"}], "title": "t"}
    rows = [{"k": "a", "note": 1}, {"k": "b", "note": None, "at": {"y": [1, 2]}}]
    result = scored(schema, gold, {"rows": rows, "title": "t", "rowz": []})
    assert result.unknown == {"rows.note": 2, "rows.at.y": 1, "rowz": 1}
    assert outcomes(result) == {"rows.k": "COR COR", "title": "COR"}
    assert not result.invalid


def test_an_unscored_property_is_known_and_never_invalid():
    schema = obj(k=STRING, comment=compared(STRING, score=False))
    result = scored(schema, {"k": "a"}, {"k": "a", "comment": 5})
    assert not result.unknown
    assert not result.invalid


def test_what_is_counted_of_several_documents_adds_up():
    schema = obj(n=INTEGER)
    one = make(schema, {"n": 1})
    two = one.only([*one.documents, type(one.documents[0])("e", {"n": 2})])
    result = score(two, {"d": {"n": "1", "x": 0}, "e": {"n": "2", "x": 0, "y": 0}})
    assert result.invalid == {"n": 2}
    assert result.unknown == {"x": 2, "y": 1}


def test_a_prediction_that_is_no_object_is_counted_as_invalid():
    result = scored(obj(n=INTEGER), {"n": 1}, "[1]")
    assert result.statuses["d"] is Status.INVALID
    assert result.invalid == {"$": 1}
    assert outcomes(result) == {"n": "MIS"}


def test_a_model_is_read_by_the_names_of_its_schema():
    from pydantic import BaseModel, Field

    class Place(BaseModel):
        place: str = Field(serialization_alias="Place")

    result = scored(Place, {"Place": "a"}, Place(place="a"))
    assert outcomes(result) == {"Place": "COR"}
    assert not result.unknown


SALVAGED = obj(
    title=STRING,
    head=obj(by=STRING, at=obj(day=DATE)),
    rows=table(n=INTEGER, tags=array(STRING), below=table(x=STRING)),
)
ANYTHING_ELSE = ["a", "", 0, 5, 1.5, True, False]


def read(*documents, slices=None):
    """The reader of some documents, all at once or in slices of some size."""
    tree = read_schema(SALVAGED)
    reader = Reader(tree, intern_all(tree, ()))
    step = slices or len(documents)
    for first in range(0, len(documents), step):
        reader.add(documents[first : first + step])
    return reader, reader.rows()


@pytest.mark.parametrize("wrong", ANYTHING_ELSE)
@pytest.mark.parametrize(
    ("document", "path"),
    [
        (lambda wrong: wrong, "$"),
        (lambda wrong: [wrong], "$"),
        (lambda wrong: {"head": wrong}, "head"),
        (lambda wrong: {"head": [wrong]}, "head"),
        (lambda wrong: {"head": {"at": wrong}}, "head.at"),
        (lambda wrong: {"rows": wrong}, "rows"),
        (lambda wrong: {"rows": {"0": wrong}}, "rows"),
        (lambda wrong: {"rows": [wrong]}, "rows"),
        (lambda wrong: {"rows": [[wrong]]}, "rows"),
        (lambda wrong: {"rows": [{"tags": wrong}]}, "rows.tags"),
        (lambda wrong: {"rows": [{"tags": {"0": wrong}}]}, "rows.tags"),
        (lambda wrong: {"rows": [{"below": wrong}]}, "rows.below"),
        (lambda wrong: {"rows": [{"below": [wrong]}]}, "rows.below"),
        (lambda wrong: {"rows": [{"below": [{"x": [wrong]}]}]}, "rows.below.x"),
        (lambda wrong: {"title": {"a": wrong}}, "title"),
    ],
)
def test_what_is_of_the_wrong_type_is_counted_where_it_stands(document, path, wrong):
    reader, _ = read(document(wrong), {}, document(wrong))
    assert reader.invalid == {path: 2}
    assert not reader.unknown


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"title": None, "head": None, "rows": None},
        {"head": {"by": None, "at": None}},
        {"rows": [None, {"n": None, "tags": None, "below": None}]},
        {"rows": [{"tags": [None, None], "below": [None]}]},
        {"rows": [{"below": [{"x": None}]}]},
    ],
)
def test_null_is_nothing_at_every_level(document):
    reader, rows = read(document)
    assert not reader.invalid
    assert not reader.unknown
    assert not rows.states(tuple(range(len(rows.columns)))).any()


def test_only_objects_are_answers():
    reader, rows = read({}, None, [], {"title": "a"}, "x", 0)
    assert reader.answered.tolist() == [True, False, False, True, False, False]
    assert reader.invalid == {"$": 3}
    assert len(rows) == 6


def test_records_keep_their_places_where_their_array_holds_anything_else():
    mixed = [None, {"n": 1}, 5, [], {"n": 2}]
    _, rows = read({"rows": mixed}, {"rows": [{"n": 3}]}, {"rows": ["x", {"n": 4}]})
    records = rows.columns[-1]
    assert list(records.columns[0].raw) == [1, 2, 3, 4]
    assert records.offsets.tolist() == [0, 2, 3, 4]
    assert records.places.tolist() == [1, 4, 0, 1]


def test_nested_records_keep_their_places_and_parents_too():
    below = [{"x": "a"}, None, {"x": "b"}]
    _, rows = read({"rows": [None, {"below": [0, *below]}, "x", {"below": below}]})
    records = rows.columns[-1]
    nested = records.columns[-1]
    assert records.places.tolist() == [1, 3]
    assert nested.places.tolist() == [1, 3, 0, 2]
    assert nested.offsets.tolist() == [0, 2, 4]
    assert nested.documents.tolist() == [0, 4]


def test_arrays_of_records_alone_need_no_places():
    _, rows = read({"rows": [{"n": 1}, {}]}, {})
    assert rows.columns[-1].places is None


MANY = [
    {"title": "a", "rows": [{"n": 1, "tags": ["x", None, "x"]}, None, {"below": [{"x": "p"}]}]},
    None,
    {"head": {"by": 5, "more": 1}, "rows": [{"tags": "x"}, {"n": "1"}]},
    [],
    {"rows": [{"below": [{"x": "q"}, 5]}, {"n": 1, "tags": ["X"]}], "other": None},
]


@pytest.mark.parametrize("slices", [1, 2, 3, 4])
def test_documents_read_in_slices_are_the_same(slices):
    (together, rows), (apart, others) = read(*MANY), read(*MANY, slices=slices)
    assert apart.invalid == together.invalid
    assert apart.unknown == together.unknown
    assert apart.answered.tolist() == together.answered.tolist()
    assert laid_out(others) == laid_out(rows)


def laid_out(rows):
    """All that columns hold of values."""
    found = [rows.offsets.tolist(), rows.documents.tolist()]
    for column in rows.columns:
        if isinstance(column, Tables):
            found.append(laid_out(column))
        else:
            found.append((list(column.raw), column.ids.tolist()))
    return found


def test_no_documents_are_no_rows():
    tree = read_schema(SALVAGED)
    rows = Reader(tree, intern_all(tree, ())).rows()
    assert len(rows) == len(rows.columns[-1]) == len(rows.columns[-1].columns[-1]) == 0


def test_verdicts_name_the_places_that_records_have_in_their_arrays():
    schema = obj(rows=array({"anyOf": [obj(k=STRING), {"type": "null"}]}))
    result = scored(schema, {"rows": [None, {"k": "a"}]}, {"rows": [5, None, {"k": "a"}]})
    (slot,) = result.verdicts("d").slots
    assert (slot.gold.path, slot.predicted.path) == ("rows[1].k", "rows[2].k")


@pytest.mark.parametrize("node", [INTEGER, NUMBER, compared(NUMBER, abs=0.5)])
@pytest.mark.parametrize("digits", [18, 19, 20, 21, 80, 400, 4_000])
def test_integers_of_any_length_in_files_are_compared_exactly(tmp_path, node, digits):
    number = "1" * digits
    lines = [{"id": name, "gold": {"n": 0}} for name in "ab"]
    gold = write_lines(tmp_path / "g.jsonl", lines)
    gold.write_text(gold.read_text("utf-8").replace(": 0", f": {number}"), "utf-8")
    predicted = tmp_path / "p.jsonl"
    predicted.write_text(
        f'{{"id": "a", "prediction": {{"n": {number}}}}}\n'
        f'{{"id": "b", "prediction": {{"n": {number[:-1]}2}}}}\n',
        "utf-8",
    )
    schema = tmp_path / "s.json"
    schema.write_text(json.dumps(obj(n=node)), "utf-8")
    result = score(make_task(gold, schema), read_predictions(predicted))
    assert result.counts.sum((0, 1)).tolist() == [1, 0, 1, 0, 0]


@pytest.mark.parametrize("node", [INTEGER, NUMBER])
@pytest.mark.parametrize(("predicted", "expected"), [(1e30, "COR"), (1.1e30, "INC")])
def test_a_long_integer_may_be_written_with_an_exponent(node, predicted, expected):
    assert outcomes(scored(obj(n=node), {"n": 10**30}, {"n": predicted})) == {"n": expected}


def test_an_integer_that_cannot_be_written_is_none():
    result = scored(obj(n=INTEGER), {"n": 5}, {"n": 10**5_000})
    assert result.counts.sum((0, 1)).tolist() == [0, 0, 1, 0, 0]
    assert result.invalid == {"n": 1}


def test_a_tuple_is_a_list():
    result = scored(
        obj(rows=table(tags=array(STRING))),
        {"rows": [{"tags": ["a"]}]},
        {"rows": ({"tags": ("a",)},)},
    )
    assert outcomes(result) == {"rows.tags": "COR"}
    assert not result.invalid
