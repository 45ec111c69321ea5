"""`--fail-under`, of `score` and of `run`."""

import pytest
from support.boards import answers, make_task, write_answers


@pytest.fixture
def task(tmp_path):
    write_answers(tmp_path / "some.jsonl", answers(3))
    return make_task(tmp_path / "mine")


def test_a_run_that_misses_a_gate_is_kept_and_ends_with_status_1(fieldmark, task, tmp_path):
    call = ("run", "replay:some.jsonl", "--task", task)
    assert fieldmark(*call, "--fail-under", "split.test.f1=0.5", "--fail-under", "valid=1")[0] == 0
    status, out, err = fieldmark(*call, "--fail-under", "split.hard.f1=0.99")
    assert status == 1
    assert "split.hard.f1 is 0.8" in err
    assert "micro" in out
    assert (tmp_path / "fieldmark-results/runs/replay-some.jsonl/scores.json").exists()


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("split.dev.f1=0.5", "unknown split 'dev'"),
        ("rows.m.f1=0.5", "did you mean rows.n"),
        ("micro=0.5", "is no gate"),
    ],
)
def test_a_gate_on_nothing_is_refused_before_anything_runs(fieldmark, task, tmp_path, gate, said):
    for call in (("run", "replay:some.jsonl"), ("score", "some.jsonl")):
        status, out, err = fieldmark(*call, "--task", task, "--fail-under", gate)
        assert (status, out) == (2, "")
        assert said in err
    assert not (tmp_path / "fieldmark-results").exists()


def test_a_split_that_is_not_scored_has_no_gate(fieldmark, task):
    chosen = ("--task", task, "--split", "test", "--fail-under", "split.hard.f1=0.5")
    status, _, err = fieldmark("run", "replay:some.jsonl", *chosen)
    assert status == 2
    assert "unknown split 'hard'; there are: test" in err
