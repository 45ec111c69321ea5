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
from benchmark.runs.board import LeftOut, board_of
from benchmark.runs.entries import read_entry
from benchmark.runs.leaderboard_files import FORMS, as_csv, as_html, as_json, as_latex, markdown
from benchmark.runs.other_gold import StatedRow
from benchmark.runs.ranking import rank
from benchmark.runs.submission import EXAMPLE
from benchmark.runs.terms import terms_of

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
    "<!-- end -->",
    "a\u0301\u0323",
    "\u7cfb\u7edf",
    "x\ufdfa\U0001f600",
    "]]>&amp;",
    "</script>",
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
    terms = terms_of(load_task(task))
    return rank([read_entry(folder, terms) for folder in folders])


def test_what_the_documents_cannot_tell_apart_shares_a_rank(three, task):
    rows = board(three, task)
    assert [(row.rank, row.name) for row in rows] == [(1, "same"), (1, "good"), (3, "bad")]
    assert rows[0].f1 > rows[1].f1 > rows[2].f1
    assert rows[0].stated.kind == "replay"
    assert rows[0].interval[0] < rows[0].f1 < rows[0].interval[1]
    assert rows[0].valid == 1
    assert 0 < rows[2].whole < rows[0].whole < 1


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
        "before\n<!-- leaderboard -->\n| rank | system | kind* | F1, 95% interval |"
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


def change_gold(task):
    file = task / "gold.jsonl"
    file.write_text(file.read_text("utf-8").replace('"n": 4', '"n": 5', 1), "utf-8")


def test_runs_of_older_gold_stay_in_a_table_of_their_own(fieldmark, three, task, tmp_path):
    fieldmark("leaderboard", "--task", task)
    change_gold(task)
    assert "leaderboard.md: not what the runs give" in check(fieldmark, task)
    fieldmark("run", "replay:same.jsonl", "--task", task, "--name", "new")
    status, out, _ = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert out.index("new") < out.index("Runs of other gold: as they state") < out.index("good")
    board = json.loads((tmp_path / "fieldmark-results" / "leaderboard.json").read_text("utf-8"))
    assert [row["name"] for row in board["rows"]] == ["new"]
    assert [row["name"] for row in board["other_gold"]] == ["bad", "good", "same"]
    assert board["left_out"] == []
    assert {row["gold"].partition("#")[0] for row in board["other_gold"]} == {"mine@0"}
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 0


def test_a_table_that_is_changed_is_caught(fieldmark, three, task, tmp_path):
    fieldmark("leaderboard", "--task", task)
    (tmp_path / "fieldmark-results" / "leaderboard.tex").write_text("mine", "utf-8")
    assert "leaderboard.tex: not what the runs give" in check(fieldmark, task)


def test_what_is_no_run_of_the_task_is_listed_below_the_table(fieldmark, three, task, tmp_path):
    stray = tmp_path / "fieldmark-results" / "runs" / "stray"
    stray.mkdir()
    (stray / "manifest.json").write_text('{"task": "other", "documents": []}', "utf-8")
    (tmp_path / "fieldmark-results" / "runs" / "list").mkdir()
    (tmp_path / "fieldmark-results" / "runs" / "list" / "manifest.json").write_text("[1]", "utf-8")
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "not on the board: stray: no run of 'mine'" in err
    assert "not on the board: list: manifest.json: a JSON object is expected" in err
    page = (tmp_path / "fieldmark-results" / "leaderboard.md").read_text("utf-8")
    assert page.endswith(
        "**Not on the board**\n\n- `list`: `manifest.json: a JSON object is expected`\n"
        "- `stray`: `no run of 'mine'`\n"
    )
    assert fieldmark("leaderboard", "--task", task, "--check")[0] == 0


def test_runs_over_twins_are_passed_by(fieldmark, three, task):
    manifest = json.loads((three[0] / "manifest.json").read_text("utf-8"))
    twins = {**manifest, "task_version": "0+twins3", "documents": ["0.dates-3"]}
    (three[0] / "manifest.json").write_text(json.dumps(twins), "utf-8")
    status, out, err = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "good" not in out + err


def test_a_run_over_a_few_documents_is_listed_and_stops_nothing(fieldmark, three, task):
    fieldmark("run", "replay:good.jsonl", "--task", task, "--name", "few", "--limit", "3")
    status, out, err = fieldmark("leaderboard", "--task", task)
    assert status == 0
    assert "good" in out
    assert "few: over 3 of the board's 30 documents; without 10, 11, 12 and 24 more" in err


def test_ranks_do_not_depend_on_who_else_is_there(fieldmark, three, task):
    ranks = {row.name: row.rank for row in board(three, task)}
    for name in ("junk", "trash", "rubbish"):
        fieldmark("run", "replay:bad.jsonl", "--task", task, "--name", name)
    more = [*three, *(three[0].parent / name for name in ("junk", "trash", "rubbish"))]
    after = {row.name: row.rank for row in board(more, task)}
    assert {name: after[name] for name in ranks} == ranks


def test_no_run_at_all_is_an_error_that_says_how_to_make_one(fieldmark, task):
    status, _, err = fieldmark("leaderboard", "--task", task)
    assert status == 2
    assert "`fieldmark run` makes one" in err


def test_a_run_is_checked_before_it_is_submitted(fieldmark, three, task):
    status, _, err = fieldmark("submit", "check", three[0], "--task", task)
    assert status == 2
    assert "good/submission.toml is missing; it says, a line each: system = " in err
    (three[0] / "submission.toml").write_text(EXAMPLE, "utf-8")
    status, out, err = fieldmark("submit", "check", three[0], "--task", task)
    assert status == 0
    known = dict(
        re.findall(r"^  (\S.*?)  .*  (recomputed|stated, not checked)$", out, re.MULTILINE)
    )
    assert {name for name, how in known.items() if how == "recomputed"} == {
        *("F1", "mean over documents", "precision", "recall", "whole records", "valid"),
        "samples kept",
    }
    assert {"kind", "date", "s/doc", "$/doc", "system", "trained on these texts"} <= set(known)
    assert "every figure that can be recomputed is what its predictions give" in err
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
    """A leaderboard of runs that are called what nobody should be, and say it of all."""
    row = board(three, task)[0]
    rows = [row.__class__(**{**vars(row), "name": name}) for name in HOSTILE]
    stated = [StatedRow(name, name, 3, 0.5, (0.1, 0.9), 0.5, 0.5) for name in HOSTILE]
    left_out = [LeftOut(name, name) for name in HOSTILE]
    return board_of(terms_of(load_task(task)), rows, stated, left_out)


def test_html_of_a_hostile_name_has_no_tag_of_its_making(hostile):
    page = as_html(hostile)
    known = {"html", "meta", "title", "style", "h1", "h2", "div", "table", "thead", "tbody", "tr"}
    more = {"th", "td", "p", "ul", "li", "code", "button", "label", "input", "span", "script"}
    assert Tags(page).found == known | more
    assert page.count("</script>") == 1
    assert "http:" not in re.sub(r"<(td|li)\b.*?</\1>", "", page)


def test_csv_of_a_hostile_name_has_no_formula_and_a_row_a_run(hostile):
    rows = list(csv.reader(io.StringIO(as_csv(hostile))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == len(HOSTILE) + 1
    assert not any(cell[:1] in "=+-@\t\r" for row in rows[1:] for cell in row if cell)


def test_markdown_of_a_hostile_name_has_a_row_a_run(hostile):
    text = markdown(hostile)
    lines = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert len(lines) == len(HOSTILE)
    assert {line.count("|") for line in lines} == {lines[0].count("|")}
    outside = re.sub(r"`[^`]*`|\\\*", "", text)
    assert not set("<!\\`\u202e") & set(outside)


def test_latex_of_a_hostile_name_is_ascii_and_accents_that_pdflatex_knows(hostile):
    text = as_latex(hostile)
    assert r"\input{" not in text
    assert text.count(r"\\") == len(HOSTILE) + 1
    assert {sign for sign in text if not sign.isascii()} == {"é"}
    assert r"\textbackslash{}u7cfb\textbackslash{}u7edf" in text


def test_json_of_a_hostile_name_shows_all_signs(hostile):
    text = as_json(hostile)
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert [row["name"] for row in json.loads(text)["rows"]] == HOSTILE


def test_what_a_model_cost_is_shown_for_each_document(three, task):
    file = three[0] / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    told = {"seconds": 60, "extractor": "openai:m", "run": {"cost_usd": 3}}
    file.write_text(json.dumps({**manifest, **told}), "utf-8")
    stated = read_entry(three[0], terms_of(load_task(task))).stated
    assert (stated.seconds, stated.cost, stated.kind) == (2.0, 0.1, "LLM")


def test_a_manifest_that_lies_about_types_breaks_nothing(three, task):
    file = three[0] / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    lies = {"started": 7, "seconds": "x", "run": [], "extractor": {"a": 1}}
    file.write_text(json.dumps({**manifest, **lies}), "utf-8")
    stated = read_entry(three[0], terms_of(load_task(task))).stated
    assert (stated.day, stated.seconds, stated.cost, stated.kind) == (None, None, None, "own")
    file.write_text(json.dumps({**manifest, "documents": ["nowhere"]}), "utf-8")
    with pytest.raises(DataError, match="over 0 of the board's 30 documents; without 0, 1, 10"):
        read_entry(three[0], terms_of(load_task(task)))
