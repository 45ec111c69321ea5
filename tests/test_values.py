"""A document's values: salvage of predictions, what gold adds, sets."""

import math

import pytest
from handmade import (
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
)
from handmade import task as make

from benchmark import DataError, Status, score
from benchmark.values import Reader, bind_all

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


EVENTS = obj(events=table(place=KEY, targets=array(STRING), low=INTEGER, hurt=table(group=STRING)))
EVENT = {"place": "Kayes", "targets": ["a", "b"], "low": None, "hurt": [{"group": "g"}]}


@pytest.mark.parametrize(
    ("alternatives", "reason"),
    [
        ({"events[1].place": ["x"]}, "'events[1].place': gold has no such value"),
        ({"events.place": ["x"]}, "'events.place': gold has no such value"),
        ({"events[0].plaice": ["x"]}, "'events[0].plaice': gold has no such value"),
        ({"events[0].targets[2]": ["x"]}, "'events[0].targets[2]': gold has no such value"),
        ({"events[0].hurt[1].group": ["x"]}, "'events[0].hurt[1].group': gold has no such value"),
        ({"events[0]": [{}]}, "'events[0]': gold has no such value"),
        ({"": ["x"]}, "'': gold has no such value"),
        ({"events[0].place": "x"}, "alternatives of 'events[0].place' are a list"),
        ({"events[0].place": None}, "alternatives of 'events[0].place' are a list"),
        ({"events[0].place": [5]}, "alternatives of 'events[0].place': 5 is no string"),
        ({"events[0].low": ["5"]}, "alternatives of 'events[0].low': '5' is no integer"),
        ({"events[0].low": [True]}, "alternatives of 'events[0].low': True is no integer"),
        ({"events[0].targets": ["a"]}, "alternatives of 'events[0].targets': 'a' is no list"),
        ({"events[0].targets": [[5]]}, "alternatives of 'events[0].targets': 5 is no string"),
        ({"events[0].targets[0]": [["a"]]}, "alternatives of 'events[0].targets[0]': ['a'] is no"),
    ],
)
def test_a_wrong_alternative_is_an_error_that_names_document_and_path(alternatives, reason):
    with pytest.raises(DataError) as error:
        scored(EVENTS, {"events": [EVENT]}, {}, alternatives=alternatives)
    assert str(error.value).startswith("gold of 'd': ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    "path", ["events[1]", "events", "events[0].place", "events[0].hurt[1]", "events[0].targets[0]"]
)
def test_an_optional_path_that_is_no_record_of_gold_is_an_error_that_names_it(path):
    with pytest.raises(DataError) as error:
        scored(EVENTS, {"events": [EVENT]}, {}, optional=[path])
    assert f"gold of 'd': '{path}': gold has no such record (optional)" in str(error.value)


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [("Kayes", "COR"), ("Kay", "COR"), ("kay ", "COR"), ("Kidal", "INC"), (None, "MIS")],
)
def test_an_alternative_of_a_leaf_is_accepted_as_the_comparator_says(predicted, expected):
    result = scored(obj(f=STRING), {"f": "Kayes"}, {"f": predicted}, alternatives={"f": ["Kay"]})
    assert outcomes(result) == {"f": expected}


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("Kayes", None, {}),
        ("Kayes", "Kayes", {"f": "COR"}),
        ("Kayes", "Kidal", {"f": "INC"}),
        (None, None, {}),
        (None, "Kay", {"f": "COR"}),
        (None, "Kidal", {"f": "SPU"}),
    ],
)
def test_an_accepted_absence_counts_nothing_and_an_answer_is_scored(gold, predicted, expected):
    given = {"f": ["Kay", None]}
    result = scored(obj(f=STRING), {"f": gold}, {"f": predicted}, alternatives=given)
    assert outcomes(result) == expected


def test_the_best_verdict_over_all_accepted_values_counts():
    day = compared(DATE, days=1)
    given = {"f": ["2025-07-10", "2025-07-11"]}
    for predicted, expected in [
        ("2025-07-02", "PAR"),
        ("2025-07-11", "COR"),
        ("2025-07-12", "PAR"),
        ("2025-07-13", "INC"),
    ]:
        gold = {"f": "2025-07-01"}
        result = scored(obj(f=day), gold, {"f": predicted}, alternatives=given)
        assert outcomes(result) == {"f": expected}


def test_a_relative_tolerance_is_relative_to_the_accepted_value():
    near = compared(NUMBER, rel=0.1)
    gold, given = {"f": 10}, {"f": [1000]}
    assert outcomes(scored(obj(f=near), gold, {"f": 1100}, alternatives=given)) == {"f": "COR"}
    assert outcomes(scored(obj(f=near), gold, {"f": 12}, alternatives=given)) == {"f": "INC"}


BAG = obj(f=array(STRING))


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (["a", "b"], "COR COR"),
        (["A", "b"], "COR COR"),
        (["alpha", "b"], "COR COR"),
        (["alpha", "a"], "COR INC"),
        (["alpha", "a", "b"], "COR COR SPU"),
        (["b"], "COR MIS"),
        ([], "MIS MIS"),
    ],
)
def test_an_alternative_of_an_element_stands_in_for_that_element(predicted, expected):
    given = {"f[0]": ["alpha"]}
    result = scored(BAG, {"f": ["a", "b"]}, {"f": predicted}, alternatives=given)
    assert outcomes(result) == {"f": expected}


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (["a", "b"], {"f": "COR COR"}),
        (["b"], {"f": "COR"}),
        (["a"], {"f": "COR MIS"}),
        (["x", "b"], {"f": "COR INC"}),
        (["x"], {"f": "INC"}),
        (["x", "y"], {"f": "INC INC"}),
        (["x", "y", "z"], {"f": "INC INC SPU"}),
        ([], {"f": "MIS"}),
    ],
)
def test_wrong_elements_pair_off_with_required_gold_first_then_with_optional(predicted, expected):
    given = {"f[0]": [None]}
    result = scored(BAG, {"f": ["a", "b"]}, {"f": predicted}, alternatives=given)
    assert outcomes(result) == expected


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (["a", "b"], {"f": "COR COR"}),
        (["c"], {"f": "COR"}),
        ([], {}),
        (["a", "b", "c"], {"f": "COR COR SPU"}),
        (["x"], {"f": "INC"}),
        (["x", "b"], {"f": "COR INC"}),
    ],
)
def test_of_whole_lists_the_one_with_most_credit_then_fewest_errors_is_taken(predicted, expected):
    given = {"f": [["c"], []]}
    result = scored(BAG, {"f": ["a", "b"]}, {"f": predicted}, alternatives=given)
    assert outcomes(result) == expected


def test_null_among_the_lists_accepts_the_empty_one():
    result = scored(BAG, {"f": ["a"]}, {"f": []}, alternatives={"f": [None]})
    assert outcomes(result) == {}


def test_a_list_may_be_accepted_where_gold_has_none():
    result = scored(BAG, {}, {"f": ["a", "b"]}, alternatives={"f": [["a", "b"]]})
    assert outcomes(result) == {"f": "COR COR"}
    result = scored(BAG, {}, {}, alternatives={"f": [["a", "b"]]})
    assert outcomes(result) == {}


def test_an_optional_record_counts_as_any_when_paired_and_adds_no_slot_when_not():
    gold = {"events": [EVENT]}
    result = scored(EVENTS, gold, {}, optional=["events[0]"])
    assert outcomes(result) == {}
    result = scored(EVENTS, gold, {"events": [{"place": "Kayes"}]}, optional=["events[0]"])
    assert outcomes(result) == {
        "events.place": "COR",
        "events.targets": "MIS MIS",
        "events.hurt.group": "MIS",
    }


def test_a_nested_record_may_be_optional_by_its_path():
    gold = {"events": [EVENT]}
    prediction = {"events": [{**EVENT, "hurt": []}]}
    result = scored(EVENTS, gold, prediction, optional=["events[0].hurt[0]"])
    assert outcomes(result) == {"events.place": "COR", "events.targets": "COR COR"}


SET = obj(f=array(STRING, **{"as": "set"}))


@pytest.mark.parametrize(
    ("gold", "predicted", "as_set", "as_bag"),
    [
        (["a"], ["a", "a"], "COR", "COR SPU"),
        (["a", "a"], ["a"], "COR", "COR MIS"),
        (["a", "A ", "a"], ["a", "a"], "COR", "COR COR MIS"),
        (["a", "b"], ["b", "b", "a"], "COR COR", "COR COR SPU"),
        (["a", "a", "b"], ["c", "c"], "INC MIS", "INC INC MIS"),
        (["a"], [5, 5], "INC SPU", "INC SPU"),
    ],
)
def test_a_set_collapses_what_folds_alike_on_both_sides_and_a_bag_does_not(
    gold, predicted, as_set, as_bag
):
    assert outcomes(scored(SET, {"f": gold}, {"f": predicted})) == {"f": as_set}
    assert outcomes(scored(BAG, {"f": gold}, {"f": predicted})) == {"f": as_bag}


def test_collapsed_elements_accept_what_any_of_them_accepts():
    gold, given = {"f": ["a", "A"]}, {"f[1]": ["alpha"]}
    result = scored(SET, gold, {"f": ["alpha"]}, alternatives=given)
    assert outcomes(result) == {"f": "COR"}


@pytest.mark.parametrize(("given", "expected"), [(["f[0]"], {"f": "MIS"}), (["f[0]", "f[1]"], {})])
def test_a_collapsed_element_is_optional_only_if_all_of_it_is(given, expected):
    alternatives = {path: [None] for path in given}
    result = scored(SET, {"f": ["a", "a"]}, {"f": []}, alternatives=alternatives)
    assert outcomes(result) == expected


def test_the_indexes_of_elements_count_the_nulls_among_them():
    schema = obj(f=array({"anyOf": [STRING, {"type": "null"}]}))
    given = {"f[2]": ["beta"]}
    result = scored(schema, {"f": ["a", None, "b"]}, {"f": ["a", "beta"]}, alternatives=given)
    assert outcomes(result) == {"f": "COR COR"}


def test_records_with_equal_content_are_told_apart_by_nothing_but_content():
    schema = obj(rows=table(k=STRING, n=INTEGER, tags=array(STRING)))
    tree = make(schema, {}).tree
    reader = Reader(bind_all(tree, ()))
    one = reader.document(tree, {"rows": [{"k": "A", "n": 1, "tags": ["x", "y"]}, {"k": "b"}]})
    two = reader.document(tree, {"rows": [{"k": "B "}, {"tags": ["y", "X"], "n": 1, "k": "a"}]})
    other = reader.document(tree, {"rows": [{"k": "a", "n": 2, "tags": ["x", "y"]}, {"k": "b"}]})
    assert one.content() == two.content()
    assert one.content() != other.content()


def test_the_indexes_of_records_count_the_nulls_among_them():
    schema = obj(rows=array({"anyOf": [obj(k=STRING), {"type": "null"}]}))
    gold, given = {"rows": [None, {"k": "a"}]}, {"rows[1].k": ["alpha"]}
    result = scored(schema, gold, {"rows": [{"k": "alpha"}]}, alternatives=given)
    assert outcomes(result) == {"rows.k": "COR"}


@pytest.mark.parametrize("index", [0, 1])
def test_of_two_equal_elements_the_required_one_is_matched(index):
    given = {f"f[{index}]": [None]}
    result = scored(BAG, {"f": ["a", "a"]}, {"f": ["a"]}, alternatives=given)
    assert outcomes(result) == {"f": "COR"}


@pytest.mark.parametrize("index", [0, 1])
def test_a_wrong_element_is_shown_against_the_required_gold(index):
    gold, given = ["a", "b"], {f"f[{index}]": [None]}
    (slot,) = scored(BAG, {"f": gold}, {"f": ["x"]}, alternatives=given).verdicts("d").slots
    assert slot.gold.raw == gold[1 - index]


def test_gold_of_the_wrong_type_is_an_error_that_names_it():
    with pytest.raises(DataError, match=r"'d'.*\bn\b"):
        scored(obj(n=INTEGER), {"n": "x"}, {"n": "x"})


def test_a_prediction_that_is_no_object_is_counted_as_invalid():
    result = scored(obj(n=INTEGER), {"n": 1}, "[1]")
    assert result.statuses["d"] is Status.INVALID
    assert result.invalid == {"$": 1}
    assert outcomes(result) == {"n": "MIS"}


def test_an_optional_record_left_out_counts_nowhere():
    schema = obj(rows=table(k=KEY))
    gold = {"rows": [{"k": "a"}, {"k": "b"}]}
    result = scored(schema, gold, {"rows": [{"k": "a"}]}, optional=["rows[1]"])
    assert result.record_counts("rows") == (1, 1, 1, 1)


def test_an_empty_list_among_a_leafs_alternatives_accepts_absence():
    assert outcomes(scored(obj(a=STRING), {"a": "x"}, {}, alternatives={"a": [[]]})) == {}


def test_the_document_itself_is_no_optional_record():
    with pytest.raises(DataError, match="optional"):
        scored(obj(a=STRING), {"a": "x"}, {}, optional=[""])


def test_a_model_is_read_by_the_names_of_its_schema():
    from pydantic import BaseModel, Field

    class Place(BaseModel):
        place: str = Field(serialization_alias="Place")

    result = scored(Place, {"Place": "a"}, Place(place="a"))
    assert outcomes(result) == {"Place": "COR"}
    assert not result.unknown


def test_a_record_that_states_no_key_can_be_paired_with_one_that_states_none():
    schema = obj(rows=table(k=KEY, n=INTEGER))
    assert outcomes(scored(schema, {"rows": [{"n": 1}]}, {"rows": [{"n": 1}]})) == {"rows.n": "COR"}
    keyed = scored(schema, {"rows": [{"n": 1}]}, {"rows": [{"k": "a", "n": 1}]})
    assert outcomes(keyed) == {"rows.k": "SPU", "rows.n": "MIS SPU"}
