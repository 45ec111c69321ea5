"""`fieldmark compare` of runs that do not compare: it says which, and in what they differ."""

import json

import pytest
from support.boards import answers, edit_json, make_task, write_answers


@pytest.fixture
def runs(fieldmark, tmp_path):
    """The folder of two runs of one task."""
    task = make_task(tmp_path / "mine")
    for name, wrong in (("a", 3), ("b", 5)):
        write_answers(tmp_path / f"{name}.jsonl", answers(wrong))
        fieldmark("run", f"replay:{name}.jsonl", "--task", task, "--name", name)
    return tmp_path / "fieldmark-results" / "runs"


def signed(run, old, new):
    file = run / "manifest.json"
    signature = json.loads(file.read_text("utf-8"))["signature"]
    assert old in signature
    edit_json(file, signature=signature.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gold:mine@0#", "gold:mine@1#", "'b' was made with other gold: 'mine@1#"),
        ("schema:", "schema:0", "'b' was made with other schema: '0"),
        ("options:none", "options:lax", "'b' was made with other options: 'lax', not 'none'"),
    ],
)
def test_runs_of_another_signature_are_refused(runs, fieldmark, old, new, said):
    signed(runs / "b", old, new)
    status, out, err = fieldmark("compare", "a", "b", "--task", "mine")
    assert (status, out) == (2, "")
    assert said in err
    assert "to compare it all the same, name fieldmark-results/runs/b/predictions.jsonl" in err
    again = fieldmark("compare", "a", runs / "b" / "predictions.jsonl", "--task", "mine")
    assert again[0] == 0


def test_a_run_of_another_task_is_refused_by_name(runs, fieldmark):
    edit_json(runs / "b" / "manifest.json", task="theirs")
    status, _, err = fieldmark("compare", "a", "b", "--task", "mine")
    assert status == 2
    assert "'b' is a run of the task 'theirs', not of 'mine'" in err


def test_runs_of_a_split_that_is_not_asked_for_are_no_traceback(runs, fieldmark):
    for name in ("a", "b"):
        chosen = ("--split", "test", "--name", f"{name}-test")
        fieldmark("run", f"replay:{name}.jsonl", "--task", "mine", *chosen)
    status, _, err = fieldmark("compare", "a-test", "b-test", "--task", "mine", "--split", "hard")
    assert status == 2
    assert "'a-test' is of no document of the split hard" in err
    status, _, err = fieldmark("compare", "a", "b-test", "--task", "mine")
    assert status == 2
    assert "'a' and 'b-test' are of different documents: 1, 11" in err


def test_a_few_predictions_against_all_are_compared_with_a_note(runs, fieldmark, tmp_path):
    few = dict(list(answers(3).items())[:5])
    write_answers(tmp_path / "few.jsonl", few)
    status, _, err = fieldmark("compare", "a", "few.jsonl", "--task", "mine")
    assert status == 0
    assert "'few' has no prediction for 7 of 12 documents: all of it is missed" in err


def test_board_and_comparison_say_the_same_of_two_runs(runs, fieldmark, tmp_path):
    write_answers(tmp_path / "c.jsonl", answers(1))
    fieldmark("run", "replay:c.jsonl", "--task", "mine", "--name", "c")
    fieldmark("leaderboard", "--task", "mine")
    rows = json.loads((runs.parent / "leaderboard.json").read_text("utf-8"))["rows"]
    ranks = {row["name"]: row["rank"] for row in rows}
    for first, second in (("a", "b"), ("a", "c"), ("b", "c")):
        _, out, _ = fieldmark("compare", first, second, "--task", "mine", "--format", "json")
        (line,) = [line for line in json.loads(out)["lines"] if line["level"] == "all"]
        assert (line["verdict"] == "first better") == (ranks[first] < ranks[second])
