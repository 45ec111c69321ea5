"""Gold that is kept elsewhere: all run over its documents, and only who has it scores them."""

import json

import pytest
from support.boards import GOLD, answers, make_task, write_answers
from support.tasks import write_lines

from benchmark import DataError, load_task
from benchmark.data.held_out import with_gold_of
from benchmark.runs.submission import EXAMPLE

HELD = {f"h{n}": {"rows": [{"k": "a", "n": n}]} for n in range(6)}


@pytest.fixture
def task(tmp_path):
    """A task with the texts of six documents more, whose gold is in a file beside it."""
    folder = make_task(tmp_path / "mine")
    write_lines(folder / "held-out.jsonl", [{"id": name, "text": f"text {name}"} for name in HELD])
    write_lines(tmp_path / "secret.jsonl", [{"id": n, "gold": g} for n, g in HELD.items()])
    return folder


@pytest.fixture
def run(task, fieldmark, tmp_path):
    """A run over all documents, right in the public ones and wrong in the others."""
    wrong = {name: {"rows": [{"k": "a", "n": 99}]} for name in HELD}
    write_answers(tmp_path / "p.jsonl", {**GOLD, **wrong})
    status, out, _ = fieldmark("run", "replay:p.jsonl", "--task", task, "--name", "mine")
    assert status == 0
    assert "held-out" not in out
    return tmp_path / "fieldmark-results" / "runs" / "mine"


def board(tmp_path):
    return json.loads((tmp_path / "fieldmark-results" / "leaderboard.json").read_text("utf-8"))


def test_a_run_answers_the_documents_whose_gold_it_does_not_have(run):
    lines = (run / "predictions.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == {*GOLD, *HELD}
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert set(manifest["documents"]) == {*GOLD, *HELD}
    assert "|documents:12|" in manifest["signature"]


def test_everyone_ranks_by_the_public_gold_and_its_keeper_by_all(run, task, fieldmark, tmp_path):
    assert fieldmark("leaderboard", "--task", task)[0] == 0
    public = board(tmp_path)
    assert public["rows"][0]["f1"] == 1
    assert public["held_out"] == {}
    kept = ("--gold-url", tmp_path / "secret.jsonl")
    assert fieldmark("leaderboard", "--task", task, *kept)[0] == 0
    whole = board(tmp_path)
    assert whole["rows"][0]["splits"] == {"test": 1, "hard": 1, "held-out": 0.5}
    assert whole["held_out"] == {"held-out": 6}
    assert whole["documents"] == 18
    assert "the gold of some is not public: 6 of held-out" in " ".join(whole["legend"])
    assert fieldmark("leaderboard", "--task", task, *kept, "--check")[0] == 0
    text = (tmp_path / "fieldmark-results" / "leaderboard.html").read_text("utf-8")
    assert "secret" not in text


def test_a_submission_is_checked_with_and_without_it(run, task, fieldmark, tmp_path):
    (run / "submission.toml").write_text(EXAMPLE, "utf-8")
    for kept in ((), ("--gold-url", (tmp_path / "secret.jsonl").as_uri())):
        status, out, err = fieldmark("submit", "check", run, "--task", task, *kept)
        assert status == 0, err
        assert ("held-out F1" in out) == bool(kept)


def test_a_run_without_the_held_out_documents_is_no_whole_run(task, fieldmark, tmp_path):
    write_answers(tmp_path / "p.jsonl", answers(3))
    fieldmark("run", "replay:p.jsonl", "--task", task, "--name", "some", "--split", "test")
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 2
    assert "some: over 6 of the board's 18 documents" in err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"id": "h0", "gold": {}}], "lacks the gold of 'h1'"),
        (
            [*({"id": n, "gold": g} for n, g in HELD.items()), {"id": "x", "gold": {}}],
            "has gold of another document: 'x'",
        ),
        (
            [{"id": n, "gold": g, "text": "other"} for n, g in HELD.items()],
            "the text of 'h0' is not the one in held-out.jsonl",
        ),
        ([{"id": n, "gold": {"rows": 7}} for n in HELD], "h0"),
    ],
)
def test_gold_that_does_not_fit_is_refused(task, fieldmark, run, tmp_path, lines, said):
    secret = write_lines(tmp_path / "wrong.jsonl", lines)
    status, _, err = fieldmark("leaderboard", "--task", task, "--gold-url", secret)
    assert status == 2
    assert said in err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "0", "text": "t"}, "'0' has gold in the task; keep one"),
        ({"id": "h", "gold": {}, "text": "t"}, "has id, text and meta, not gold"),
        ({"id": "h"}, "needs `text`, a string"),
    ],
)
def test_held_out_documents_are_texts_alone(task, line, said):
    write_lines(task / "held-out.jsonl", [line])
    with pytest.raises(DataError, match=said):
        load_task(task)


def test_a_task_without_held_out_documents_says_so(tmp_path):
    with pytest.raises(DataError, match=r"has no held-out\.jsonl"):
        with_gold_of(load_task(make_task(tmp_path / "mine")), "nowhere.jsonl")
