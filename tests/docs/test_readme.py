"""What the README says is so."""

import json
import re
import sys
from pathlib import Path

import pytest

from benchmark import cli, load_task
from benchmark.labels.agreement import agreement
from benchmark.schema.comparators import COMPARATORS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
RUN = ROOT / "results" / "runs" / "rules-0.1.0"


def test_its_table_is_what_scoring_the_committed_run_prints(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fieldmark", "score", str(RUN / "predictions.jsonl")])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (None, 0)
    (shown,) = re.findall(
        r"<!-- table: results/runs/rules-0.1.0 -->\n```\n(.*?)```\n<!-- end -->", README, re.DOTALL
    )
    assert shown.strip() == capsys.readouterr().out.strip()


def test_its_rates_by_split_are_what_the_commands_give(fieldmark):
    (table,) = re.findall(r"<!-- splits -->\n.*?\|---\|\n(.*?)<!-- end -->", README, re.DOTALL)
    shown = {row.split(" | ")[0].strip("| "): row for row in table.splitlines()}
    second = agreement(load_task("sitrep")).micro().strict.f1
    assert f"| {second:.3f} (two documents) |" in shown["second labelling pass"]
    for system in ("rules", "empty"):
        command = ("run", system, "--format", "json", "--split")
        scores = [json.loads(fieldmark(*command, split)[1]) for split in ("dev", "test", "hard")]
        rates = " | ".join(f"{one['micro']['f1']:.3f}" for one in scores)
        assert shown[system] == f"| {system} | {rates} |"


def test_its_leaderboard_is_that_of_the_committed_runs(monkeypatch, capfd):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["fieldmark", "leaderboard", "--check"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (None, 0), capfd.readouterr().err


def test_its_lines_of_python_run(capsys):
    five, verdicts = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    scope = {"my_extractor": lambda text: {"events": []}}
    exec(five, scope)
    capsys.readouterr()
    exec(verdicts, scope)
    assert "events.place MIS nothing is predicted" in capsys.readouterr().out
    assert scope["predictions"].keys() == {d.id for d in load_task("sitrep").documents if d.text}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_its_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_it_lists_every_comparator():
    rows = re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)
    assert rows == list(COMPARATORS)


@pytest.mark.parametrize(
    "verb",
    [
        "run",
        "score",
        "compare",
        "leaderboard",
        "submit check",
        "schema",
        "gold check",
        "gold show",
        "gold build",
        "gold new",
        "gold agreement",
        "gold perturb",
        "gold export",
    ],
)
def test_it_shows_every_command(verb):
    assert f"fieldmark {verb}" in README
