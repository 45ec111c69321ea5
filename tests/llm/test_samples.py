"""Examples that a model is shown, and several answers to each document."""

import json

import orjson

WRONG = {"kind": "answer", "content": {"events": [{"place": 5}]}}
RIGHT = {"kind": "answer", "content": {"events": []}}
SCHEMA = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"place": {"type": "string"}},
                "required": ["place"],
            },
        }
    },
    "required": ["events"],
}


def make(folder, documents=4, dev=()):
    """A task of documents with one event each, some of them of the split dev."""
    folder.mkdir()
    (folder / "schema.json").write_bytes(orjson.dumps(SCHEMA))
    lines = [
        {
            "id": f"d{n}",
            "text": f"doc-{n} happened.",
            "meta": {"split": "dev" if n in dev else "test"},
            "gold": {"events": [{"place": f"place {n}"}]},
        }
        for n in range(documents)
    ]
    (folder / "gold.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def lines(path):
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def run(fieldmark, server, *options):
    at = ("run", "openai:test", "--task", "t", "--base-url", server.url, "--name", "r")
    return fieldmark(*at, *options)


def test_examples_are_shown_and_not_scored(fieldmark, server, tmp_path):
    make(tmp_path / "t", dev=(1, 3))
    status, _, _ = run(fieldmark, server, "--few-shot", "1")
    assert status == 0
    assert {one.marker for one in server.requests()} == {"doc-0", "doc-2"}
    for one in server.requests():
        system = one.body["messages"][0]["content"]
        assert "doc-1 happened." in system
        assert '{"events":[{"place":"place 1"}]}' in system
    manifest = orjson.loads((tmp_path / "fieldmark-results/runs/r/manifest.json").read_bytes())
    assert manifest["run"]["examples"] == ["d1"]
    assert manifest["documents"] == ["d0", "d2"]


def test_more_examples_than_there_are_is_an_error(fieldmark, server, tmp_path):
    make(tmp_path / "t", dev=(1,))
    status, _, err = run(fieldmark, server, "--few-shot", "2")
    assert status == 2
    assert "--few-shot 2: 't' has 1 documents with text in its split dev" in err
    assert not server.requests()


def test_each_sample_is_asked_for_once_and_kept_in_a_file_of_its_own(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    right = {"kind": "answer", "content": {"events": [{"place": "place 0"}]}}
    server.plan({"doc-0": [RIGHT, right, RIGHT]}, default=RIGHT)
    status, _, err = run(fieldmark, server, "--repeat", "3")
    assert status == 0
    assert "micro F1 of samples: mean 0.133, sd 0.231 (0.000, 0.400, 0.000)" in err
    assert server.count() == 12
    folder = tmp_path / "fieldmark-results/runs/r"
    found = [lines(folder / f"predictions{n}.jsonl")[0] for n in ("", "-2", "-3")]
    assert [len(one["prediction"]["events"]) for one in found] == [0, 1, 0]
    samples = orjson.loads((folder / "manifest.json").read_bytes())["samples"]
    assert [one["f1"] for one in samples] == [0, 0.4, 0]
    status, _, again = run(fieldmark, server, "--repeat", "3")
    assert again.splitlines()[-3] == err.splitlines()[-3]
    run(fieldmark, server)
    assert server.count() == 12
    run(fieldmark, server, "--repeat", "4")
    assert server.count() == 16


def test_a_fresh_start_sets_the_journal_aside_once_for_all_samples(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    for _ in range(2):
        run(fieldmark, server, "--repeat", "2", "--fresh")
    assert server.count() == 16
    folder = tmp_path / "fieldmark-results/runs/r"
    kept = [sum(line["type"] == "final" for line in lines(one)) for one in folder.glob("j*.jsonl")]
    assert kept == [8, 8]


def test_first_answers_are_kept_where_invalid_ones_are_asked_for_again(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    server.plan({"doc-0": [WRONG, RIGHT], "doc-2": [WRONG, WRONG, RIGHT]}, default=RIGHT)
    status, _, _ = run(fieldmark, server, "--repairs", "2")
    assert status == 0
    folder = tmp_path / "fieldmark-results/runs/r"
    first, last = lines(folder / "first.jsonl"), lines(folder / "predictions.jsonl")
    found = {line["id"]: line["prediction"]["events"] for line in first}
    assert found == {"d0": [{"place": 5}], "d1": [], "d2": [{"place": 5}], "d3": []}
    assert [line["prediction"] for line in last] == [RIGHT["content"]] * 4
    assert server.count("doc-2") == 3
    status, out, _ = fieldmark("score", folder / "first.jsonl", "--task", "t", "--format", "json")
    assert status == 0
    assert orjson.loads(out)["documents"]["invalid"] == 2
    run(fieldmark, server, "--repairs", "2")
    assert server.count("doc-2") == 3
    run(fieldmark, server)
    assert not (folder / "first.jsonl").exists()


def test_files_of_samples_that_are_not_of_the_run_go(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    run(fieldmark, server, "--repeat", "3")
    run(fieldmark, server, "--repeat", "2", "--temperature", "1")
    found = (tmp_path / "fieldmark-results/runs/r").glob("predictions*")
    assert sorted(one.name for one in found) == ["predictions-2.jsonl", "predictions.jsonl"]


def test_a_journal_replayed_scores_as_the_run_did(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    with (tmp_path / "t/gold.jsonl").open("a") as gold:  # the same request as that of d1
        gold.write('{"id": "again", "text": "doc-1 happened.", "meta": {"split": "test"}, ')
        gold.write('"gold": {"events": []}}\n')
    right = {"kind": "answer", "content": {"events": [{"place": "place 0"}]}}
    server.plan({"doc-0": [right, RIGHT]}, default=RIGHT)
    run(fieldmark, server, "--repeat", "2")
    assert server.count() == 8
    first = tmp_path / "fieldmark-results/runs/r/predictions.jsonl"
    _, out, _ = fieldmark("score", first, "--task", "t", "--format", "json")
    journal = tmp_path / "fieldmark-results/runs/r/journal.jsonl"
    status, replayed, _ = fieldmark("run", f"replay:{journal}", "--task", "t", "--format", "json")
    assert status == 0
    assert orjson.loads(replayed) == orjson.loads(out)


def test_all_samples_are_priced_before_any_is_sent(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    _, _, err = run(fieldmark, server, "--dry-run", "--repeat", "3")
    assert "12 calls, about " in err
    assert not server.requests()


def test_what_is_for_models_is_refused_by_others(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    for option in (["--temperature", "0"], ["--dry-run"], ["--few-shot", "1"], ["--mode", "json"]):
        status, _, err = fieldmark("run", "empty", "--task", "t", *option)
        assert status == 2
        assert f"{option[0]} says nothing to 'empty'" in err


def test_a_weaker_mode_that_was_found_is_said(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    server.reject(["json_schema"])
    _, _, err = run(fieldmark, server)
    assert "--mode tools-strict: the strictest that the endpoint takes" in err
    server.reject()


def test_no_answer_at_all_is_said(fieldmark, server, tmp_path):
    make(tmp_path / "t")
    server.plan(default={"kind": "status", "code": 404})
    status, _, err = run(fieldmark, server)
    assert status == 0
    assert "there is no prediction at all" in err
