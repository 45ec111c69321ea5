"""Rates that a score must reach."""

import json

import pytest
from support.tasks import INTEGER, KEY, STRING, obj, scored, table, write_task

from benchmark import DataError, Task, UnknownNameError, score
from benchmark.data.documents import Document
from benchmark.reports.thresholds import Threshold, check_names, failures, read_threshold

SCHEMA = obj(rows=table(k=KEY, n=INTEGER), title=STRING)
GOLD = {"rows": [{"k": "a", "n": 1}, {"k": "b", "n": 2}], "title": "t"}
RESULT = scored(SCHEMA, GOLD, {"rows": [{"k": "a", "n": 1}], "title": None})


def failed(*thresholds):
    return failures(RESULT, [read_threshold(threshold) for threshold in thresholds])


def test_a_gate_is_a_name_a_rate_and_a_number():
    assert read_threshold("events.place.recall=0.9") == Threshold("events.place", "recall", 0.9)
    assert read_threshold("micro.f1=1") == Threshold("micro", "f1", 1)


@pytest.mark.parametrize(
    "text",
    [
        "micro.f1",
        "micro=0.8",
        "=0.8",
        "micro.f1=",
        "micro.f1=x",
        "micro.f1=1.1",
        "f1=-1",
        "micro.f1=nan",
        ".f1=0.8",
    ],
)
def test_what_is_no_gate_is_an_error_that_shows_one(text):
    with pytest.raises(DataError, match=r"is no gate: write NAME\.RATE=LEAST"):
        read_threshold(text)


def test_an_unknown_rate_is_an_error_that_names_those_there_are():
    with pytest.raises(UnknownNameError, match="did you mean recall"):
        read_threshold("micro.recal=0.8")


def test_a_score_passes_what_it_reaches_exactly():
    assert failed("micro.precision=1", "rows.recall=0.5", "rows.k.recall=0.5") == []


def test_what_it_does_not_reach_is_told_with_the_figure():
    assert failed("micro.recall=0.9", "rows.k.f1=0.7") == [
        "micro.recall is 0.400, under 0.9",
        "rows.k.f1 is 0.667, under 0.7",
    ]


def test_whole_records_of_a_table_have_gates():
    wrong = {"rows": [{"k": "a", "n": 1}, {"k": "b", "n": 9}, {"k": "c"}]}
    result = scored(SCHEMA, GOLD, wrong)

    def missed(*thresholds):
        return failures(result, [read_threshold(threshold) for threshold in thresholds])

    assert missed("rows.perfect_recall=0.5", "rows.perfect_precision=0.33") == []
    assert missed("rows.perfect_f1=0.5", "rows.perfect_precision=0.34") == [
        "rows.perfect_f1 is 0.400, under 0.5",
        "rows.perfect_precision is 0.333, under 0.34",
    ]


@pytest.mark.parametrize("name", ["micro", "macro", "rows.k"])
def test_only_a_table_has_whole_records(name):
    with pytest.raises(UnknownNameError, match=f"unknown table '{name}'"):
        failed(f"{name}.perfect_f1=0.5")


def test_a_field_may_be_called_perfect():
    schema = obj(rows=table(perfect=INTEGER, perfect_f1=INTEGER))
    gold = {"rows": [{"perfect": 1, "perfect_f1": 1}, {"perfect": 2, "perfect_f1": 2}]}
    result = scored(schema, gold, {"rows": [{"perfect": 1, "perfect_f1": 3}]})
    gates = ["rows.perfect.recall=1", "rows.perfect_f1.recall=1", "rows.perfect_f1=1"]
    assert failures(result, [read_threshold(gate) for gate in gates]) == [
        "rows.perfect.recall is 0.500, under 1",
        "rows.perfect_f1.recall is 0.000, under 1",
        "rows.perfect_f1 is 0.000, under 1",
    ]


def test_an_undefined_rate_of_whole_records_passes_no_gate():
    empty = scored(SCHEMA, GOLD, {})
    assert failures(empty, [read_threshold("rows.perfect_precision=0")]) == [
        "rows.perfect_precision is n/a, under 0"
    ]


def test_macro_is_a_name_too():
    assert failed("macro.recall=0.4") == ["macro.recall is 0.333, under 0.4"]


def test_an_undefined_rate_passes_no_gate():
    assert failed("title.precision=0") == ["title.precision is n/a, under 0"]


def test_an_unknown_field_is_an_error_that_names_the_near_ones():
    with pytest.raises(UnknownNameError, match=r"did you mean rows\.n"):
        failed("rows.m.f1=0.5")


@pytest.fixture
def run(fieldmark, tmp_path):
    write_task(tmp_path / "mine", SCHEMA, [{"id": "d", "text": "t", "gold": GOLD}])
    line = {"id": "d", "prediction": {"rows": [{"k": "a", "n": 1}], "title": None}}
    (tmp_path / "p.jsonl").write_text(json.dumps(line), "utf-8")
    return lambda *more: fieldmark("score", "p.jsonl", "--task", "mine", *more)


def test_the_exit_status_is_1_if_a_gate_fails_and_the_score_is_printed_all_the_same(run):
    status, out, err = run("--fail-under", "micro.f1=0.5", "--fail-under", "micro.recall=0.9")
    assert status == 1
    assert "micro.recall is 0.400, under 0.9" in err
    assert "micro.f1" not in err
    assert "rows (all fields)" in out
    assert run("--fail-under", "micro.f1=0.5")[0] == 0
    assert run("--fail-under", "micro.f1")[0] == 2


def test_the_verdicts_of_a_document_are_printed_in_place_of_the_tables(run):
    status, out, _ = run("--explain", "d")
    assert status == 0
    assert "rows[0] and predicted rows[0] (perfect)" in out
    assert "P " not in out
    status, _, err = run("--explain", "e")
    assert status == 2
    assert "unknown document 'e'" in err


SPLIT = {
    "a": ({"rows": [{"k": "a", "n": 1}], "title": "t"}, "test"),
    "b": ({"rows": [{"k": "b", "n": 2}], "title": "u"}, "hard"),
}


def split_score():
    task = make(SPLIT)
    return score(task, {"a": SPLIT["a"][0], "b": "no JSON"})


def make(documents):
    gold = [Document(id=n, gold=g, meta={"split": s}) for n, (g, s) in documents.items()]
    return Task("mine", SCHEMA, gold)


def test_splits_whole_records_valid_answers_and_the_mean_have_gates():
    passed = ["split.test.f1=1", "split.hard.f1=0", "valid=0.5", "perfect.recall=0.5"]
    gates = [*passed, "mean_over_documents.recall=0.5"]
    assert failures(split_score(), [read_threshold(gate) for gate in gates]) == []
    missed = ["split.hard.recall=0.1", "valid=0.51", "perfect.recall=0.6", "perfect.f1=0.7"]
    assert failures(split_score(), [read_threshold(gate) for gate in missed]) == [
        "split.hard.recall is 0.000, under 0.1",
        "valid is 0.500, under 0.51",
        "perfect.recall is 0.500, under 0.6",
        "perfect.f1 is 0.667, under 0.7",
    ]


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("split.tset.f1=0.5", "unknown split 'tset'; did you mean test"),
        ("split.dev.f1=0.5", "unknown split 'dev'; there are: hard, test"),
        ("rows.m.f1=0.5", "unknown field or table 'rows.m'; did you mean rows.n"),
        ("valid.f1=0.5", "unknown field or table 'valid'"),
        ("test.f1=0.5", "unknown field or table 'test'; there are: .*split.test"),
    ],
)
def test_an_unknown_name_is_known_from_the_task_alone(gate, said):
    with pytest.raises(UnknownNameError, match=said):
        check_names([read_threshold(gate)], make(SPLIT))


def test_fields_called_valid_and_perfect_have_gates_of_their_own():
    task = Task("mine", obj(valid=INTEGER, perfect=INTEGER), [Document("a", {"valid": 1})])
    result = score(task, {"a": {"valid": 2, "perfect": 1}})
    gates = ["valid.f1=0.5", "valid=1", "perfect.precision=0.5"]
    assert failures(result, [read_threshold(gate) for gate in gates]) == [
        "valid.f1 is 0.000, under 0.5",
        "perfect.precision is 0.000, under 0.5",
    ]
