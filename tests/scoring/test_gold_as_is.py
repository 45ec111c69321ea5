"""Gold that breaks its schema, scored against as it is."""

import json

import pytest
from support.tasks import INTEGER, KEY, STRING, array, compared, counted, obj, table, write_lines

from benchmark import DataError, Document, Task, load_task, make_task, score

SCHEMA = obj(
    n=INTEGER,
    fuzzy=compared(STRING, by="fuzzy", accept=0.8),
    tags=array(STRING),
    t=table(k=KEY, n=INTEGER),
)


def as_is(gold, predicted, schema=SCHEMA, **line):
    task = Task("broken", schema, (Document("d", gold, **line),), gold_as_is=True)
    return score(task, {"d": predicted})


@pytest.mark.parametrize(
    ("predicted", "outcome"),
    [("12", "COR"), (12, "INC"), ("12.0", "INC"), ("x", "INC"), (None, "MIS"), ([12], "INC")],
)
def test_a_value_of_another_type_equals_the_same_json_value_only(predicted, outcome):
    result = as_is({"n": "12"}, {"n": predicted})
    assert counted(result) == {"n": {outcome: 1}}
    assert result.as_is == {"n": 1}


def test_lists_and_objects_in_a_leafs_place_are_compared_whole():
    gold = {"fuzzy": {"a": [1, 2]}, "n": [1.0]}
    assert counted(as_is(gold, {"fuzzy": {"a": [1.0, 2]}, "n": [1]})) == {
        "n": {"COR": 1},
        "fuzzy": {"COR": 1},
    }
    assert counted(as_is(gold, {"fuzzy": {"a": [2, 1]}, "n": [True]})) == {
        "n": {"INC": 1},
        "fuzzy": {"INC": 1},
    }


def test_elements_and_fields_of_records_are_taken_as_they_are_too():
    gold = {"tags": ["a", 7, 7], "t": [{"k": 1, "n": 2}, {"k": "b", "n": "many"}]}
    result = as_is(gold, gold)
    assert result.micro().strict.f1 == 1.0
    assert result.as_is == {"tags": 2, "t.k": 1, "t.n": 1}
    assert result.invalid == {"tags": 2, "t.k": 1, "t.n": 1}  # the prediction breaks it as well
    assert result.statuses["d"].value == "invalid"


def test_graded_values_of_the_right_type_are_graded_as_ever():
    assert counted(as_is({"fuzzy": "abcdefghij"}, {"fuzzy": "abcdefghix"})) == {"fuzzy": {"COR": 1}}
    assert counted(as_is({"fuzzy": 5}, {"fuzzy": "5"})) == {"fuzzy": {"INC": 1}}


def test_what_is_no_list_where_one_belongs_is_reported_and_not_scored():
    result = as_is({"tags": "a", "t": {"k": "a"}, "n": 1}, {"n": 1})
    assert counted(result) == {"n": {"COR": 1}}
    assert result.as_is == {"tags": 1, "t": 1}


def test_alternatives_may_be_of_another_type_as_well():
    assert counted(as_is({"n": 1}, {"n": "one"}, alternatives={"n": ["one"]})) == {"n": {"COR": 1}}


def test_gold_of_the_right_types_is_scored_as_without_it():
    gold, predicted = {"n": 1, "tags": ["a"]}, {"n": "1", "tags": ["a", 3]}
    task = Task("plain", SCHEMA, (Document("d", gold),))
    plain = score(task, {"d": predicted})
    other = as_is(gold, predicted)
    assert (plain.counts == other.counts).all()
    assert plain.invalid == other.invalid
    assert not other.as_is


def folder(tmp_path, gold):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    write_lines(tmp_path / "gold.jsonl", [{"id": "d", "gold": gold}])
    return tmp_path


def test_gold_that_breaks_its_schema_is_refused_without_it(tmp_path):
    task = folder(tmp_path, {"n": "12"})
    with pytest.raises(DataError, match="--gold-as-is scores against it all the same"):
        load_task(task)
    assert load_task(task, gold_as_is=True).gold_as_is
    files = task / "gold.jsonl", task / "schema.json"
    with pytest.raises(DataError, match="--gold-as-is"):
        score(make_task(*files), {})
    result = score(make_task(*files, gold_as_is=True), {"d": {"n": "12"}}, jobs=2)
    assert result.micro().cor == 1


def test_the_command_line_counts_and_signs_it(fieldmark, tmp_path):
    task = folder(tmp_path, {"n": "12", "tags": ["a"]})
    write_lines(tmp_path / "p.jsonl", [{"id": "d", "prediction": {"n": "12", "tags": ["a"]}}])
    arguments = ["score", tmp_path / "p.jsonl", "--task", task]
    assert fieldmark(*arguments)[0] == 2
    status, out, _ = fieldmark(*arguments, "--gold-as-is")
    assert status == 0
    assert "gold values taken as they are: 1 (n 1)" in out
    assert "options:gold as is" in out
    data = fieldmark(*arguments, "--gold-as-is", "--format", "json")[1]
    assert json.loads(data)["gold_as_is"] == {"n": 1}
