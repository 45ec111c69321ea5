"""The command line as a user meets it."""

import io
import json
import sys
from importlib.metadata import entry_points

import pytest
from filelock import FileLock
from typer.main import get_command

from benchmark import cli
from benchmark.cli.app import app

VERBS = {"run", "score", "compare", "leaderboard", "submit", "gold", "import", "schema"} | {
    "extractors"
}


def test_every_verb_is_documented(fieldmark):
    assert set(get_command(app).commands) == VERBS
    status, out, _ = fieldmark("--help")
    assert status == 0
    assert all(verb in out for verb in VERBS)


def test_the_console_script_is_the_command_line():
    (script,) = entry_points(group="console_scripts", name="fieldmark")
    assert script.load() is cli.main


def test_run_writes_a_run_that_scores_the_same(fieldmark, tmp_path):
    status, out, err = fieldmark("run", "empty", "--split", "dev")
    assert status == 0
    assert "events (all fields)" in out
    assert "mali-2025-07-01" in err
    folder = tmp_path / "fieldmark-results" / "runs" / "empty"
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "predictions.jsonl",
        "scores.json",
    }
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    scores = json.loads((folder / "scores.json").read_text("utf-8"))
    assert manifest["extractor"] == "empty"
    assert len(manifest["documents"]) == 7
    assert manifest["left_out"] == ["mali-2025-07-01"]
    assert manifest["signature"] == scores["signature"]
    assert {"python", "fieldmark"} <= manifest["versions"].keys()
    again = ("score", folder / "predictions.jsonl", "--split", "dev", "--format", "json")
    status, out, _ = fieldmark(*again)
    assert status == 0
    assert json.loads(out) == scores
    assert scores["micro"]["pos"] > 0
    assert scores["micro"]["precision"] is None


def test_a_run_gives_way_to_the_same_extractor_only(fieldmark, tmp_path):
    fieldmark("run", "empty", "--name", "mine")
    manifest = tmp_path / "fieldmark-results" / "runs" / "mine" / "manifest.json"
    assert fieldmark("run", "empty", "--name", "mine")[0] == 0
    manifest.write_text(manifest.read_text("utf-8").replace('"empty"', '"other"'), "utf-8")
    before = manifest.read_bytes()
    status, _, err = fieldmark("run", "empty", "--name", "mine")
    assert status == 2
    assert "--name" in err
    assert manifest.read_bytes() == before


def test_a_run_over_another_task_is_not_written_over(fieldmark, tmp_path):
    fieldmark("run", "empty")
    kept = (tmp_path / "fieldmark-results" / "runs" / "empty" / "predictions.jsonl").read_bytes()
    task = tmp_path / "other"
    task.mkdir()
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    (task / "schema.json").write_text(json.dumps(schema), "utf-8")
    (task / "gold.jsonl").write_text('{"id": "x", "text": "t", "gold": {"a": "b"}}', "utf-8")
    status, _, err = fieldmark("run", "empty", "--task", task)
    assert status == 2
    assert "empty over sitrep" in err
    assert (
        tmp_path / "fieldmark-results" / "runs" / "empty" / "predictions.jsonl"
    ).read_bytes() == kept


def test_two_runs_do_not_write_into_one_folder(fieldmark, tmp_path):
    fieldmark("run", "empty")
    with FileLock(tmp_path / "fieldmark-results" / "runs" / ".empty.lock"):
        status, _, err = fieldmark("run", "empty")
    assert status == 2
    assert "another run" in err


def test_a_hostile_gold_commands_no_terminal(fieldmark, tmp_path):
    task = tmp_path / "mine"
    task.mkdir()
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    (task / "schema.json").write_text(json.dumps(schema), "utf-8")
    bad = "\x1b[31mX\x07"
    line = {"id": bad, "meta": {bad: bad}, "gold": {"a": bad}, "spans": {bad: [[0, 1]]}}
    (task / "gold.jsonl").write_text(json.dumps(line), "utf-8")
    (task / "README.md").write_text(f'---\nversion: "{"1" + chr(92) + "e[31m"}"\n---\n', "utf-8")
    for arguments in (["gold", "check"], ["gold", "show"], ["gold", "show", bad]):
        _, out, err = fieldmark(*arguments, "--task", task)
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_score_in_every_format(fieldmark, tmp_path, form):
    predictions = tmp_path / "p.jsonl"
    predictions.write_text('{"id": "wire-kayes", "error": "none"}\n', "utf-8")
    status, out, _ = fieldmark("score", predictions, "--format", form, "--fields")
    assert status == 0
    assert "events.place" in out
    bare = fieldmark("score", predictions, "--format", form)[1]
    assert (bare == out) == (form != "table")
    assert ("events.place" in bare) == (form != "table")
    assert "\033" not in out


def test_a_withheld_document_counts_once_it_is_predicted(fieldmark, tmp_path):
    predictions = tmp_path / "p.jsonl"
    lines = [{"id": f"mali-2025-07-01{end}", "error": "none"} for end in ("", "-wire")]
    predictions.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    _, out, err = fieldmark("score", predictions, "--split", "dev", "--format", "json")
    assert json.loads(out)["documents"]["failed"] == 2
    assert "left out" not in err


def test_gold_and_schema_go_together(fieldmark, tmp_path):
    (tmp_path / "p.jsonl").write_text("", "utf-8")
    status, out, err = fieldmark("score", "p.jsonl", "--gold", "g.jsonl")
    assert (status, out) == (2, "")
    assert "--schema" in err


def test_schema_prints_what_an_answer_must_follow(fieldmark):
    status, out, _ = fieldmark("schema")
    assert status == 0
    assert set(json.loads(out)["properties"]) == {"events", "tallies", "measures", "speakers"}


def test_extractors_are_listed(fieldmark):
    _, out, _ = fieldmark("extractors")
    assert [line.split()[0] for line in out.splitlines()] == [
        "command:PROGRAM",
        "empty",
        "openai:MODEL",
        "python:MODULE:FUNCTION",
        "replay:FILE",
        "rules",
    ]


def test_gold_check_of_the_shipped_task(fieldmark):
    status, out, err = fieldmark("gold", "check")
    assert status == 0
    assert "nothing wrong" in out
    assert "unchecked" in err


def test_gold_check_lists_problems_and_fails(fieldmark, tmp_path):
    task = tmp_path / "mine"
    task.mkdir()
    fields = {name: {"type": "integer"} for name in ("low", "high")}
    schema = {"type": "object", "properties": fields}
    (task / "schema.json").write_text(json.dumps(schema), "utf-8")
    gold = {"id": "a", "text": "one two", "gold": {"low": 2, "high": 1}, "spans": {"low": [[1, 3]]}}
    (task / "gold.jsonl").write_text(json.dumps(gold), "utf-8")
    status, out, _ = fieldmark("gold", "check", "--task", task)
    assert status == 1
    assert "low 2 is after high 1" in out
    assert "cuts the word" in out


def test_rules_are_hyphens_where_the_encoding_has_no_lines(fieldmark, monkeypatch, tmp_path):
    (tmp_path / "p.jsonl").write_text('{"id": "d", "prediction": {"k": "x"}}', "utf-8")
    (tmp_path / "g.jsonl").write_text('{"id": "d", "gold": {"k": "x"}}', "utf-8")
    schema = {"type": "object", "properties": {"k": {"type": "string"}}}
    (tmp_path / "s.json").write_text(json.dumps(schema), "utf-8")
    arguments = ("score", "p.jsonl", "--gold", "g.jsonl", "--schema", "s.json")
    _, lines, _ = fieldmark(*arguments)
    buffer = io.BytesIO()
    windows = io.TextIOWrapper(buffer, "cp1252", errors="backslashreplace")
    monkeypatch.setattr(sys, "stdout", windows)
    fieldmark(*arguments)
    assert buffer.getvalue().decode("cp1252") == lines.replace("\u2500", "-")
    assert "\u2500" in lines


def test_gold_check_tells_breaches_of_the_schema_in_groups(fieldmark, tmp_path):
    task = tmp_path / "mine"
    task.mkdir()
    fields = {name: {"type": "integer"} for name in ("low", "high")}
    (task / "schema.json").write_text(json.dumps({"type": "object", "properties": fields}), "utf-8")
    lines = [{"id": one, "gold": {"low": "1", "high": "2"}} for one in "abcdef"]
    (task / "gold.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    status, out, err = fieldmark("gold", "check", "--task", task)
    assert status == 1
    assert out.splitlines() == [
        f'\'a\' breaks the schema at {name}: "{n}" is not of type "integer", '
        f"as do 'b' at {name}, 'c' at {name}, and 3 more of this kind"
        for name, n in (("low", 1), ("high", 2))
    ]
    assert "2 problems" in err


def test_gold_show_lists_and_shows(fieldmark):
    _, out, _ = fieldmark("gold", "show")
    assert "withheld" in out
    status, out, _ = fieldmark("gold", "show", "mali-2025-07-01-wire")
    assert status == 0
    assert "place: Niono" in out
    status, _, err = fieldmark("gold", "show", "mali-2025-07-01-wir")
    assert status == 2
    assert "did you mean mali-2025-07-01-wire" in err


def test_gold_agreement_gives_a_table(fieldmark):
    status, out, err = fieldmark("gold", "agreement")
    assert status == 0
    assert "events.place" in out
    assert "pass-b against the adjudicated gold" in err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["run", "rule"], "did you mean rules"),
        (["run", "empty", "--task", "sitrap"], "did you mean sitrep"),
        (["run", "empty", "--name", "../up"], "can't name a run"),
        (["score", "missing.jsonl"], "cannot be read"),
        (["run", "empty", "--texts", "nowhere"], "not a folder"),
    ],
)
def test_a_wrong_name_is_one_message_and_status_2(fieldmark, arguments, hint):
    status, out, err = fieldmark(*arguments)
    assert (status, out) == (2, "")
    assert hint in err
    assert [line.split(":")[0] for line in err.splitlines()].count("error") == 1


def test_rules_refuses_a_task_of_another_kind(fieldmark, tmp_path):
    (tmp_path / "schema.json").write_text(
        '{"type": "object", "properties": {"total": {"type": "number"}}}', "utf-8"
    )
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "text": "b", "gold": {"total": 1}}', "utf-8")
    status, _, err = fieldmark("run", "rules", "--task", tmp_path)
    assert status == 2
    assert "total" in err
    assert not (tmp_path / "fieldmark-results").exists()


def test_a_document_without_a_text_cannot_be_run(fieldmark, tmp_path):
    (tmp_path / "schema.json").write_text(
        '{"type": "object", "properties": {"total": {"type": "number"}}}', "utf-8"
    )
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "gold": {"total": 1}}', "utf-8")
    status, _, err = fieldmark("run", "empty", "--task", tmp_path)
    assert status == 2
    assert "no text" in err


def test_help_needs_no_heavy_package(fieldmark, monkeypatch):
    heavy = {
        "numpy",
        "spacy",
        "datasets",
        "pandas",
        "sklearn",
        "openai",
        "instructor",
        "scipy",
        "pydantic",
    }
    code = (
        "import sys; sys.argv = ['fieldmark', '--help']\n"
        "from benchmark.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('LOADED', *(m for m in sys.modules if '.' not in m))"
    )
    import subprocess

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split("LOADED")[1].split())
    assert not heavy & loaded
