"""Submissions made to do harm: each is refused in words, and none stops a board."""

import json
import os
import shutil
import socket
import subprocess
import unicodedata
from pathlib import Path

import pytest
from support.boards import answers, command, edit_json, make_task, write_answers

from benchmark.runs import untrusted
from benchmark.runs.submission import EXAMPLE

BOM_BIDI = "\u202egnp.exe"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make_task(folder / "mine")
    for name, wrong in (("honest", 5), ("evil", 3)):
        file = write_answers(folder / f"{name}.jsonl", answers(wrong))
        command(folder, "run", f"replay:{file}", "--task", "mine", "--name", name)
        run = folder / "fieldmark-results" / "runs" / name
        (run / "submission.toml").write_text(EXAMPLE, "utf-8")
    return folder


@pytest.fixture
def evil(made, tmp_path):
    """The folder of a run that a test makes hostile, beside an honest one."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "fieldmark-results" / "runs" / "evil"


def manifest(**changes):
    return lambda run: edit_json(run / "manifest.json", **changes)


def text(name, content):
    return lambda run: (run / name).write_text(content, "utf-8")


def raw(name, content):
    return lambda run: (run / name).write_bytes(content)


def submission(old, new):
    return text("submission.toml", EXAMPLE.replace(old, new))


def instead(name, make):
    """Something else in the place of a file."""

    def harm(run):
        (run / name).unlink(missing_ok=True)
        make(run / name)

    return harm


def link_to(target):
    return lambda path: path.symlink_to(target)


def listening(path):
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may not be long
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def sparse(name, size):
    def harm(run):
        with (run / name).open("wb") as file:
            file.truncate(size)

    return harm


def behind_a_link(run):
    run.rename(run.parent.parent / "elsewhere")
    run.symlink_to(run.parent.parent / "elsewhere")


def many_files(run):
    for n in range(untrusted.MOST_FILES + 1):
        (run / str(n)).touch()


def without_documents(run):
    edit_json(run / "manifest.json", documents=["0", "1"])


def hidden_sample(run):
    shutil.copy(run / "predictions.jsonl", run / "predictions-3.jsonl")


DEEP = "[" * 100_000
REFUSED = {
    "predictions, an endless link": (instead("predictions.jsonl", link_to("/dev/zero")), "a link"),
    "manifest, an endless link": (instead("manifest.json", link_to("/dev/zero")), "a link"),
    "a link out of the folder": (instead("notes", link_to("/etc/passwd")), "notes: a link"),
    "a link to a folder": (instead("more", link_to("/")), "more: a link"),
    "a broken link": (instead("manifest.json", link_to("nowhere")), "manifest.json: a link"),
    "a link to itself": (instead("scores.json", link_to("scores.json")), "scores.json: a link"),
    "the run, a link": (behind_a_link, "a run is a folder, not a link"),
    "predictions, a pipe": (instead("predictions.jsonl", os.mkfifo), "predictions.jsonl: a pipe"),
    "manifest, a pipe": (instead("manifest.json", os.mkfifo), "manifest.json: a pipe"),
    "submission, a pipe": (instead("submission.toml", os.mkfifo), "submission.toml: a pipe"),
    "a socket": (instead("sock", listening), "sock: a socket"),
    "manifest, a folder": (instead("manifest.json", Path.mkdir), "manifest.json: a folder"),
    "a thousand files": (many_files, "more than 1,000 files"),
    "manifest, 11 MiB": (sparse("manifest.json", 11 << 20), "more than 10 MiB"),
    "submission, 11 MiB": (sparse("submission.toml", 11 << 20), "more than 10 MiB"),
    "predictions, 2 GiB": (sparse("predictions.jsonl", 2 << 30), "more than 1,024 MiB"),
    "predictions, a line of 65 MiB": (sparse("predictions.jsonl", 65 << 20), "a line of more than"),
    "predictions, a bomb of gzip": (raw("predictions.jsonl", b"\x1f\x8b\x08bomb"), "by gzip"),
    "predictions, too many lines": (text("predictions.jsonl", "{}\n" * 13), "more lines than the"),
    "predictions, empty": (text("predictions.jsonl", ""), "there is no prediction in it"),
    "predictions, not UTF-8": (raw("predictions.jsonl", b'{"id": "\xff"}\n'), "is not UTF-8"),
    "predictions, nested": (text("predictions.jsonl", f'{{"id":"0","prediction":{DEEP}'), "line 1"),
    "a document of its own": (
        text("predictions.jsonl", '{"id": "x", "prediction": {}}\n'),
        "'x' is predicted",
    ),
    "manifest, nested": (text("manifest.json", DEEP), "not JSON"),
    "manifest, a list": (text("manifest.json", "[]"), "a JSON object is expected"),
    "manifest, another task": (manifest(task="../../etc"), "no run of 'mine'"),
    "manifest, no signature": (manifest(signature=None), "signature does not say gold"),
    "manifest, another schema": (
        manifest(signature="gold:mine@0#1|schema:beef|options:none"),
        "made with schema 'beef'",
    ),
    "manifest, other options": (
        lambda run: manifest(
            signature=json.loads((run / "manifest.json").read_text("utf-8"))["signature"].replace(
                "options:none", "options:lenient"
            )
        )(run),
        "made with options 'lenient'",
    ),
    "manifest, a document twice": (manifest(documents=["0", "0"]), "names a document twice"),
    "manifest, documents no ids": (manifest(documents=[1]), "lists ids, which are strings"),
    "without the hard documents": (without_documents, "over 2 of the board's 12 documents"),
    "samples with a gap": (hidden_sample, "without a gap"),
    "submission, an unknown key": (submission("version", "rank = 1\nversion"), "rank: Extra"),
    "submission, no system": (submission('system = "Our extractor"\n', ""), "system: Field req"),
    "submission, a link that runs": (submission("https://", "javascript:"), "link: String should"),
    "submission, turned around": (submission("Our", BOM_BIDI), "system: Value error, one line"),
    "submission, two lines": (submission('"1.2"', '"1\\n2"'), "version: Value error, one line"),
    "submission, a novel": (submission("Our", "O" * 200), "at most 100 characters"),
    "submission, no number": (submission("samples = 1", "samples = true"), "samples: Input should"),
    "submission, no TOML": (text("submission.toml", "= ["), "submission.toml: not TOML"),
    "submission, nested": (text("submission.toml", "a = " + DEEP), "submission.toml: not TOML"),
    "submission, not UTF-8": (raw("submission.toml", b"\xff"), "cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_listed_below_the_board_and_refused_by_the_check(evil, fieldmark, case):
    harm, reason = REFUSED[case]
    harm(evil)
    status, out, err = fieldmark("leaderboard", "--task", "mine")
    assert status == 0
    assert "honest" in out
    assert "not on the board: evil: " in err
    assert reason in err
    page = Path("fieldmark-results/leaderboard.md").read_text("utf-8")
    assert "- `evil`: `" in page
    assert str(evil.parent) not in page
    status, out, err = fieldmark("submit", "check", evil, "--task", "mine")
    assert (status, out) == (2, "")
    assert reason in err
    assert len(err) < 1500


NAMES = [
    "<!-- end -->",
    BOM_BIDI,
    "a|b",
    "a`b",
    "{{7*7}}",
    "-2+3 =cmd",
    "a\u0301\u0323\u0489",
    "$(touch x)",
    ".hidden",
    "n" * 101,
    "\x1b[31mred",
    "line\nbreak",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_run_can_have_is_listed_harmlessly(evil, fieldmark, name, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(tmp_path / "fieldmark-results", results)
    (results / "runs" / "evil").rename(results / "runs" / name)
    readme = tmp_path / "README.md"
    readme.write_text("<!-- leaderboard -->\n<!-- end -->\nafter\n", "utf-8")
    written = set()
    for _ in range(3):
        status, _, err = fieldmark("leaderboard", "--task", "mine", "--results", results)
        assert status == 0
        assert "can't name a run" in err
        written.add(readme.read_text("utf-8"))
    (text,) = written  # it does not grow
    assert text.count("<!--") == 2
    for file in results.glob("leaderboard.*"):
        shown = file.read_text("utf-8")
        assert all(sign.isprintable() or sign == "\n" for sign in shown), file
        assert not any(unicodedata.category(sign)[0] == "M" for sign in shown), file


CLAIMS = {
    "a cost of 300 digits": {"run": {"cost_usd": 1e300}},
    "a negative cost": {"run": {"cost_usd": -1}},
    "a cost of text": {"run": {"cost_usd": "free"}},
    "a time of text": {"seconds": "<b>fast</b>"},
    "an endless time": {"seconds": 10**400},
    "a date of no calendar": {"started": "9999999-99-99"},
    "a date of text": {"started": "<script>" * 99},
    "a kind of its own": {"extractor": "rules<script>|x"},
    "an extractor of a list": {"extractor": [[]] * 99},
    "a version of its own": {"task_version": "\x1b[2J"},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_that_is_not_of_this_world_is_no_claim(evil, fieldmark, claim):
    edit_json(evil / "manifest.json", **CLAIMS[claim])
    status, out, _ = fieldmark("leaderboard", "--task", "mine")
    assert status == 0
    assert "evil" in out
    for file in Path("fieldmark-results").glob("leaderboard.*"):
        content = file.read_text("utf-8")
        assert "e+300" not in content
        assert "0" * 30 not in content
        assert "<b>" not in content
        assert content.count("<script>") == (file.suffix == ".html")
        assert "1" + "0" * 20 not in content


def test_a_page_that_is_a_link_is_replaced_and_its_target_left_alone(evil, fieldmark, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious", "utf-8")
    for ending in ("md", "csv", "json", "tex", "html"):
        (tmp_path / "fieldmark-results" / f"leaderboard.{ending}").symlink_to(precious)
    assert fieldmark("leaderboard", "--task", "mine")[0] == 0
    assert precious.read_text("utf-8") == "precious"
    assert not (tmp_path / "fieldmark-results" / "leaderboard.md").is_symlink()


def test_a_page_that_is_a_pipe_is_not_waited_for(evil, fieldmark, tmp_path):
    os.mkfifo(tmp_path / "fieldmark-results" / "leaderboard.md")
    status, _, err = fieldmark("leaderboard", "--task", "mine", "--check")
    assert status == 1
    assert "leaderboard.md: not what the runs give" in err


def test_a_readme_that_is_a_link_is_left_alone(evil, fieldmark, tmp_path):
    shutil.copytree(tmp_path / "fieldmark-results", tmp_path / "results")
    kept = tmp_path / "kept"
    kept.write_text("<!-- leaderboard -->\n<!-- end -->\n", "utf-8")
    (tmp_path / "README.md").symlink_to(kept)
    assert fieldmark("leaderboard", "--task", "mine", "--results", "results")[0] == 0
    assert kept.read_text("utf-8") == "<!-- leaderboard -->\n<!-- end -->\n"


def test_runs_behind_a_link_are_refused(evil, fieldmark, tmp_path):
    (tmp_path / "fieldmark-results" / "runs").rename(tmp_path / "away")
    (tmp_path / "fieldmark-results" / "runs").symlink_to(tmp_path / "away")
    status, _, err = fieldmark("leaderboard", "--task", "mine")
    assert status == 2
    assert "runs: a link" in err


def test_an_older_gold_is_only_what_it_states_and_its_figures_are_rates(evil, fieldmark):
    manifest = json.loads((evil / "manifest.json").read_text("utf-8"))
    older = manifest["signature"].replace("mine@0#", f"mine@{BOM_BIDI}|<b>#0")
    parts = older.replace("|<b>", "<b>")
    edit_json(evil / "manifest.json", signature=parts)
    edit_json(evil / "scores.json", micro={"f1": 7.5, "precision": 0.5, "recall": 0.5})
    status, _, err = fieldmark("leaderboard", "--task", "mine")
    assert status == 0
    assert "evil: scores.json: a rate that is not between 0 and 1" in err
    edit_json(evil / "scores.json", micro={"f1": 0.5, "precision": 0.5, "recall": 0.5})
    assert fieldmark("leaderboard", "--task", "mine")[0] == 0
    for file in Path("fieldmark-results").glob("leaderboard.*"):
        content = file.read_text("utf-8")
        assert "\u202e" not in content
    assert "<b>" not in Path("fieldmark-results/leaderboard.html").read_text("utf-8")


def test_scores_that_lie_are_said_and_not_shown(evil, fieldmark):
    edit_json(evil / "scores.json", micro={"f1": 1.0})
    status, out, err = fieldmark("submit", "check", evil, "--task", "mine")
    assert status == 1
    assert "1.000" not in [
        cell for line in out.splitlines() if "F1  " in line for cell in line.split()
    ]
    assert "evil/scores.json: micro.pos is null" in err


def test_the_best_of_four_samples_is_not_the_run(evil, fieldmark):
    (evil / "submission.toml").write_text(EXAMPLE.replace("samples = 1", "samples = 4"), "utf-8")
    status, _, err = fieldmark("submit", "check", evil, "--task", "mine")
    assert status == 1
    assert "submission.toml: samples is 4, the folder holds 1" in err


def test_copied_gold_is_reported_and_not_judged(made, fieldmark, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    file = write_answers(tmp_path / "gold-itself.jsonl", answers(99))
    command(tmp_path, "run", f"replay:{file}", "--task", "mine", "--name", "copy")
    run = tmp_path / "fieldmark-results" / "runs" / "copy"
    (run / "submission.toml").write_text(EXAMPLE, "utf-8")
    status, _, err = fieldmark("submit", "check", run, "--task", "mine")
    assert status == 0
    assert "of 12 answers are gold to the letter" in err


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not on this machine")
def test_pdflatex_takes_any_name(tmp_path):
    from benchmark.reports.sheet import Sheet, latex_sheet

    names = [*NAMES, "é à ü ñ õ", "\u7cfb\u7edf", "#$%&_{}~^\\"]
    table = latex_sheet(Sheet("", ("name",), [(name,) for name in names]), "l")
    page = f"\\documentclass{{article}}\\usepackage{{booktabs}}\\begin{{document}}{table}"
    (tmp_path / "page.tex").write_text(page + "\\end{document}", "utf-8")
    made = subprocess.run(
        ["pdflatex", "-halt-on-error", "page.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    assert made.returncode == 0, made.stdout[-500:]
