"""What docs/extractors.md says is so."""

import json
import re
import shlex
import shutil
import sys
import tomllib
from importlib.metadata import entry_points

import pytest
from support.tasks import ROOT

from runners import command, functions, program
from runners.plugins import ENTRY_POINTS

PAGE = (ROOT / "docs" / "extractors.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
LINES = [
    line
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if not language and line.startswith("fieldmark ")
]


@pytest.fixture
def folder(fieldmark, tmp_path, monkeypatch, fresh_imports):
    """A folder with the page's files, its package installed, and what it replays."""
    for name in ("mytask/schema.json", "mytask/gold.jsonl", "totals.py", "totals.sh", "answer.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BLOCKS[name], "utf-8")
    (tmp_path / "totals.sh").chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (snippet,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    ((name, target),) = tomllib.loads(snippet)["project"]["entry-points"][ENTRY_POINTS].items()
    info = tmp_path / "totals-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{name} = {target}\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_it_shows_a_command_for_every_kind():
    kinds = {shlex.split(line)[2].partition(":")[0] for line in LINES}
    assert kinds == {"python", "command", "replay", "totals"}


@pytest.mark.parametrize("line", LINES)
def test_every_command_runs_and_finds_the_total(fieldmark, folder, line):
    if "totals.sh" in line and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    if "replay:" in line:
        fieldmark("run", "python:totals:extract", "--task", "mytask")
    status, out, err = fieldmark(*shlex.split(line)[1:], "--format", "json")
    assert status == 0, err
    assert json.loads(out)["documents"]["ok"] == 2
    assert json.loads(out)["micro"]["f1"] == 1


def test_its_list_is_the_one_that_is_printed(fieldmark):
    known = {point.name for point in entry_points(group=ENTRY_POINTS)}
    _, out, _ = fieldmark("extractors")
    printed = [line for line in out.splitlines() if line.split()[0] not in known]
    assert BLOCKS["extractors"].splitlines() == printed


def test_a_question_and_the_answers_look_as_it_shows(folder, monkeypatch):
    from benchmark import load_task

    (first, _) = load_task("mytask").documents
    assert json.loads(BLOCKS["question"]) == json.loads(command._line(first))
    answers = [json.loads(line) for line in BLOCKS["answers"].splitlines()]
    assert [set(answer) for answer in answers] == [{"id", "prediction"}, {"id", "error"}]


def test_its_figures_are_those_of_the_code():
    said = " ".join(PAGE.split())
    for figure in (
        f"up to {functions.IN_FLIGHT} documents at a time",
        f"has {program.GRACE:g} seconds to end",
        f"within {command.TIME_LIMIT:g} seconds",
        f"longer than {program.LONGEST // 1_000_000} MB",
    ):
        assert figure in said
    assert command.STARTS == 3


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https:)([^)#]+)", PAGE))
def test_its_links_lead_somewhere(link):
    assert (ROOT / "docs" / link).exists()
