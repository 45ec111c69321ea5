"""Runs ranked: better ones higher, what differs is caught, and nothing hostile gets through."""

import csv
import io
import json
import re
import shutil
import sys
from html.parser import HTMLParser

import pytest
from support.tasks import INTEGER, KEY, obj, table, write_lines, write_task

from benchmark import DataError, cli, load_task
from benchmark.runs.entries import read_entry
from benchmark.runs.leaderboard_files import FORMS, as_csv, as_html, as_json, as_latex, markdown
from benchmark.runs.ranking import rank

SCHEMA = obj(rows=table(k=KEY, n=INTEGER))
GOLD = {str(n): {"rows": [{"k": str(k), "n": k} for k in range(5)]} for n in range(30)}
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "-2+3",
    "a|b",
    "a`b",
    r"\input{x}",
    "\u202egnp.exe",
    "![x](http:x)",
    "a\nb",
    "é" * 100,
]


def answers(wrong):
    """Predictions in which every `wrong`-th figure is."""
    return {
        name: {"rows": [{**r, "n": r["n"] + (not (int(name) + r["n"]) % wrong)} for r in g["rows"]]}
        for name, g in GOLD.items()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A task and three runs of it, in which every so many figures are wrong."""
    folder = tmp_path_factory.mktemp("made")
    gold = [{"id": name, "text": "t", "gold": gold} for name, gold in GOLD.items()]
    task = write_task(folder / "mine", SCHEMA, gold)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, wrong in (("good", 9), ("same", 10), ("bad", 2)):
            lines = [{"id": n, "prediction": one} for n, one in answers(wrong).items()]
            file = write_lines(folder / f"{name}.jsonl", lines)
            replayed = ["run", f"replay:{file}", "--task", str(task), "--name", name]
            patch.setattr(sys, "argv", ["fieldmark", *replayed])
            with pytest.raises(SystemExit) as end:
                cli.main()
            assert not end.value.code
    return folder


@pytest.fixture
def task(made, tmp_path):
    """A copy of the task."""
    return shutil.copytree(made / "mine", tmp_path / "mine")


@pytest.fixture
def three(made, tmp_path):
    """Copies of the runs, and of the files that they replay."""
    for file in made.glob("*.jsonl"):
        shutil.copy(file, tmp_path)
    runs = shutil.copytree(
        made / "fieldmark-results" / "runs", tmp_path / "fieldmark-results" / "runs"
    )
    return [runs / name for name in ("good", "same", "bad")]


def board(folders, task):
    return rank([read_entry(folder, load_task(task)) for folder in folders])


def test_what_the_documents_cannot_tell_apart_shares_a_rank(three, task):
    rows = board(three, task)
    assert [(row.rank, row.name) for row in rows] == [(1, "same"), (1, "good"), (3, "bad")]
    assert rows[0].f1 > rows[1].f1 > rows[2].f1
    assert rows[0].kind == "replay"
    assert rows[0].interval[0] < rows[0].f1 < rows[0].interval[1]
    assert rows[0].valid == 1
    assert 0 < rows[2].perfect < rows[0].perfect < 1


def test_the_command_writes_every_format_and_the_readme(fieldmark, three, task, tmp_path):
    readme, old = tmp_path / "README.md", "before\n<!-- leaderboard -->\nold\n<!-- end -->\nafter\n"
    readme.write_text(old, "utf-8")
    mine, published = tmp_path / "fieldmark-results", tmp_path / "results"
    shutil.copytree(mine, published)
    status, out, _ = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "good" in out
    written = {file.name for file in mine.iterdir() if file.is_file()}
    assert written == {f"leaderboard.{ending}" for ending in FORMS}
    assert readme.read_text("utf-8") == old  # anyone's own runs are not for it
    publish = ("leaderboard", "--task", task, "--results", published)
    assert fieldmark(*publish)[0] == 0
    text = readme.read_text("utf-8")
    assert text.startswith(
        "before\n<!-- leaderboard -->\n| rank | system | kind | F1, 95% interval |"
    )
    assert text.endswith("<!-- end -->\nafter\n")
    assert "| 1 | `good` | " in text
    assert fieldmark(*publish, "--check")[0] == 0
    readme.write_text(text.replace("`good`", "`best`"), "utf-8")
    assert fieldmark(*publish, "--check")[0] == 1
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 0


def check(fieldmark, task):
    status, _, err = fieldmark("leaderboard", "--task", task, "--check")
    assert status == 1
    return err


def test_a_digit_changed_in_a_score_is_caught_by_name(fieldmark, three, task):
    fieldmark("leaderboard", "--task", task)
    file = three[0] / "scores.json"
    scores = json.loads(file.read_text("utf-8"))
    scores["fields"]["rows.n"]["cor"] = 999
    file.write_text(json.dumps(scores), "utf-8")
    err = check(fieldmark, task)
    assert 'good/scores.json: fields["rows.n"].cor is 999, its predictions give 13' in err


def test_a_prediction_that_is_changed_is_caught_by_name(fieldmark, three, task):
    fieldmark("leaderboard", "--task", task)
    file = three[1] / "predictions.jsonl"
    file.write_text(file.read_text("utf-8").replace('"n":4', '"n":5', 1), "utf-8")
    assert 'same/scores.json: fields["rows.n"].' in check(fieldmark, task)


def test_gold_that_is_changed_is_caught(fieldmark, three, task):
    fieldmark("leaderboard", "--task", task)
    file = task / "gold.jsonl"
    file.write_text(file.read_text("utf-8").replace('"n": 4', '"n": 5', 1), "utf-8")
    assert "good/manifest.json: signature is not" in check(fieldmark, task)


def test_a_table_that_is_changed_is_caught(fieldmark, three, task, tmp_path):
    fieldmark("leaderboard", "--task", task)
    (tmp_path / "fieldmark-results" / "leaderboard.tex").write_text("mine", "utf-8")
    assert "leaderboard.tex: not what the runs give" in check(fieldmark, task)


def test_what_is_no_run_of_the_task_is_left_out_and_said(fieldmark, three, task, tmp_path):
    stray = tmp_path / "fieldmark-results" / "runs" / "stray"
    stray.mkdir()
    (stray / "manifest.json").write_text('{"task": "other", "documents": []}', "utf-8")
    (tmp_path / "fieldmark-results" / "runs" / "list").mkdir()
    (tmp_path / "fieldmark-results" / "runs" / "list" / "manifest.json").write_text("[1]", "utf-8")
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "left out: fieldmark-results/runs/stray: no run of 'mine'" in err
    assert "list/manifest.json: a JSON object is expected" in err
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 1


def test_runs_over_twins_are_passed_by(fieldmark, three, task):
    manifest = json.loads((three[0] / "manifest.json").read_text("utf-8"))
    twins = {**manifest, "task_version": "0+twins3", "documents": ["0.dates-3"]}
    (three[0] / "manifest.json").write_text(json.dumps(twins), "utf-8")
    status, out, err = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "good" not in out + err


def test_runs_over_different_documents_are_not_ranked_together(fieldmark, three, task):
    fieldmark("run", "replay:good.jsonl", "--task", task, "--name", "few", "--limit", "3")
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 2
    assert "were scored over different gold" in err


def test_no_run_at_all_is_an_error_that_says_how_to_make_one(fieldmark, task):
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 2
    assert "`fieldmark run` makes one" in err


def test_a_run_is_checked_before_it_is_submitted(fieldmark, three, task):
    status, out, err = fieldmark("submit", "check", three[0], "--task", task)
    assert status == 0
    assert "good" in out
    assert "every figure is what its predictions give" in err
    file = three[0] / "predictions.jsonl"
    file.write_text(file.read_text("utf-8").replace('"n":4', '"n":5', 1), "utf-8")
    status, out, err = fieldmark("submit", "check", three[0], "--task", task)
    assert status == 1
    assert 'good/scores.json: fields["rows.n"].' in err
    assert fieldmark("submit", "check", "nowhere", "--task", task)[0] == 2


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


@pytest.fixture
def hostile(three, task):
    """A leaderboard of runs that are called what nobody should be."""
    rows = board(three, task)
    return [rows[0].__class__(**{**vars(rows[0]), "name": name}) for name in HOSTILE]


def test_html_of_a_hostile_name_has_no_tag_of_its_making(hostile):
    page = as_html(hostile)
    known = {"html", "meta", "title", "style", "h1", "div", "table", "thead", "tbody", "tr", "th"}
    assert Tags(page).found == known | {"td", "p"}
    assert "http:" not in re.sub(r"<td>[^<]*</td>", "", page)


def test_csv_of_a_hostile_name_has_no_formula_and_a_row_a_run(hostile):
    rows = list(csv.reader(io.StringIO(as_csv(hostile))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not any(cell[:1] in "=+-@\t\r" for row in rows[1:] for cell in row if cell)


def test_markdown_of_a_hostile_name_has_a_row_a_run(hostile):
    lines = [line for line in markdown(hostile).splitlines() if line.startswith("|")]
    assert len(lines) == len(HOSTILE) + 2
    assert {line.count("|") for line in lines} == {lines[0].count("|")}
    outside = re.sub(r"`[^`]*`", "", "\n".join(lines))
    assert not set("<!\\`\u202e") & set(outside)


def test_latex_and_json_of_a_hostile_name_are_sound(hostile):
    text = as_latex(hostile)
    assert r"\input{" not in text
    assert "\u202e" not in text
    assert text.count(r"\\") == len(HOSTILE) + 1
    assert len(json.loads(as_json(hostile))) == len(HOSTILE)


def test_what_a_model_cost_is_shown_for_each_document(three, task):
    file = three[0] / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    told = {"seconds": 60, "extractor": "openai:m", "run": {"cost_usd": 3}}
    file.write_text(json.dumps({**manifest, **told}), "utf-8")
    entry = read_entry(three[0], load_task(task))
    assert (entry.seconds, entry.cost, entry.kind) == (2.0, 0.1, "LLM")


def test_a_manifest_that_lies_about_types_breaks_nothing(three, task):
    file = three[0] / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    lies = {"started": 7, "seconds": "x", "run": [], "extractor": {"a": 1}}
    file.write_text(json.dumps({**manifest, **lies}), "utf-8")
    entry = read_entry(three[0], load_task(task))
    assert (entry.day, entry.seconds, entry.cost, entry.kind) == (None, None, None, "own")
    file.write_text(json.dumps({**manifest, "documents": ["nowhere"]}), "utf-8")
    with pytest.raises(DataError, match="'mine' has no document nowhere"):
        read_entry(three[0], load_task(task))
