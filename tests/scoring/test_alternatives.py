"""What gold accepts besides its values: alternatives and optional records."""

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
)

from benchmark import Counts, DataError

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
        ({"events[0]": [{}]}, "alternatives of 'events[0]' are a list of objects"),
        ({"events[9]": [{"place": "x"}]}, "'events[9]': gold has no such value"),
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


@pytest.mark.parametrize("field", [STRING, DATE, compared(DATE, days=1)])
@pytest.mark.parametrize("given", [[], [None], [[]]])
def test_absence_alone_may_be_accepted_where_gold_has_nothing(field, given):
    schema, alternatives = obj(rows=table(k=KEY, f=field)), {"rows[0].f": given}
    gold = {"rows": [{"k": "a"}, {"k": "b", "f": "2025-07-01"}]}
    assert outcomes(scored(schema, gold, gold, alternatives=alternatives))["rows.f"] == "COR"
    filled = {"rows": [{"k": "a", "f": "2025-07-01"}, {"k": "b", "f": "2025-07-01"}]}
    result = scored(schema, gold, filled, alternatives=alternatives)
    assert outcomes(result)["rows.f"] == "COR SPU"
    assert result.field_counts("rows.f") == Counts(cor=1, spu=1)


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


def test_the_indexes_of_elements_count_the_nulls_among_them():
    schema = obj(f=array({"anyOf": [STRING, {"type": "null"}]}))
    given = {"f[2]": ["beta"]}
    result = scored(schema, {"f": ["a", None, "b"]}, {"f": ["a", "beta"]}, alternatives=given)
    assert outcomes(result) == {"f": "COR COR"}


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
