"""Runs that answered each document several times: the mean over samples, everywhere the same."""

import json

import pytest
from support.boards import answers, edit_json, make_task, write_answers

from benchmark import load_task, score
from benchmark.runs.samples import mean_score

ERRORS = (2, 3, 5, 7)


@pytest.fixture
def run(fieldmark, tmp_path):
    """A run of four samples, and a run of the best of them alone."""
    task = make_task(tmp_path / "mine")
    for n, wrong in enumerate(ERRORS):
        write_answers(tmp_path / f"s{n}.jsonl", answers(wrong))
    fieldmark("run", "replay:s0.jsonl", "--task", task, "--name", "four", "--repeat", "4")
    fieldmark("run", "replay:s3.jsonl", "--task", task, "--name", "best")
    folder = tmp_path / "fieldmark-results" / "runs" / "four"
    samples = []
    for n, wrong in enumerate(ERRORS):
        name = f"predictions-{n + 1}.jsonl" if n else "predictions.jsonl"
        write_answers(folder / name, answers(wrong))
        samples.append(score(load_task(task), answers(wrong)))
    return task, folder, samples


def test_the_mean_over_samples_is_on_the_board_and_the_spread_apart(run, fieldmark):
    task, folder, samples = run
    status, _, _ = fieldmark("leaderboard", "--task", task)
    assert status == 0
    board = json.loads((folder.parent.parent / "leaderboard.json").read_text("utf-8"))
    (row,) = [row for row in board["rows"] if row["name"] == "four"]
    counts = [sample.micro() for sample in samples]
    correct = sum(one.cor for one in counts) / 4
    filled = sum(one.pos + one.act for one in counts) / 4
    assert row["f1"] == pytest.approx(2 * correct / filled)
    assert row["samples"] == 4
    rates = [one.strict.f1 for one in counts]
    mean = sum(rates) / 4
    assert row["spread"] == pytest.approx((sum((rate - mean) ** 2 for rate in rates) / 3) ** 0.5)
    assert row["interval"] != samples[0].micro()
    page = (folder.parent.parent / "leaderboard.md").read_text("utf-8")
    assert "| samples | sd of F1 |" in page
    assert f"| 4 | {row['spread']:.3f} |" in page


def test_a_comparison_is_of_the_mean_over_samples(run, fieldmark):
    task, _, samples = run
    status, out, _ = fieldmark("compare", "best", "four", "--task", task, "--format", "json")
    assert status == 0
    (line,) = [line for line in json.loads(out)["lines"] if line["level"] == "all"]
    assert line["second"] == pytest.approx(mean_score(samples).micro().strict.f1)
    assert line["second"] != pytest.approx(samples[0].micro().strict.f1)


def test_a_sample_that_fails_makes_its_document_invalid_and_its_counts_a_mean(run):
    task, _, samples = run
    failed = score(load_task(task), {**answers(7), "0": "no JSON"})
    mean = mean_score([samples[3], failed])
    assert mean.statuses["0"] == "unparsable"
    assert mean.reasons["0"]
    assert mean.valid_share() == pytest.approx(11 / 12)
    before, after = samples[3].micro(), failed.micro()
    assert mean.micro().cor == (before.cor + after.cor) / 2


def test_figures_of_samples_in_the_manifest_are_held_against_predictions(run, fieldmark):
    task, _, _ = run
    _, _, err = fieldmark("leaderboard", "--task", task, "--check")
    assert "four/manifest.json: samples is not what each sample gives" in err
    assert "four/scores.json: " in err


def test_what_a_repeated_run_states_is_the_mean(fieldmark, tmp_path):
    task = make_task(tmp_path / "mine")
    write_answers(tmp_path / "s.jsonl", answers(3))
    fieldmark("run", "replay:s.jsonl", "--task", task, "--name", "twice", "--repeat", "2")
    assert fieldmark("leaderboard", "--task", task)[0] == 0
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 0
    once = score(load_task(task), answers(3))
    scores = tmp_path / "fieldmark-results" / "runs" / "twice" / "scores.json"
    assert json.loads(scores.read_text("utf-8"))["micro"]["cor"] == once.micro().cor
    edit_json(scores, micro={})
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 1


def test_several_samples_of_one_document_have_no_interval(tmp_path):
    task = load_task(make_task(tmp_path / "mine"))
    one = task.only([task.documents[0]])
    from benchmark.statistics.intervals import estimates

    samples = [score(one, {"0": answers(wrong)["0"]}) for wrong in (2, 3)]
    assert estimates(mean_score(samples)).micro.f1 == (None, None)
    assert estimates(samples[0]).unit == "records"
