"""What the README says is so."""

import re
import sys
from pathlib import Path

import pytest

from benchmark import cli, load_task

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
RUN = ROOT / "results" / "runs" / "rules-0.1.0"
INVOICE, OWN = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def table(name):
    pattern = rf"<!-- table: {re.escape(name)} -->\n```\n(.*?)```\n<!-- end -->"
    (shown,) = re.findall(pattern, README, re.DOTALL)
    return shown.strip()


def test_it_can_be_read_in_two_minutes():
    lines = README.splitlines()
    assert len(lines) <= 130
    assert len(INVOICE.splitlines()) == 12


def test_its_first_commands_stand_in_one_block():
    first = "pip install -e . && fieldmark run rules\npip install -e '.[test]' && pytest\n"
    assert f"```\n{first}```" in README


def test_its_first_example_prints_its_table(capsys):
    exec(INVOICE, {})
    assert capsys.readouterr().out.strip() == table("invoice")


def test_its_table_is_what_scoring_the_committed_run_prints(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fieldmark", "score", str(RUN / "predictions.jsonl")])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (None, 0)
    assert capsys.readouterr().out.strip() == table("results/runs/rules-0.1.0")


def test_its_leaderboard_is_that_of_the_committed_runs(monkeypatch, capfd):
    monkeypatch.chdir(ROOT)
    argv = ["fieldmark", "leaderboard", "--results", "results", "--check"]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (None, 0), capfd.readouterr().err


def test_its_lines_on_an_extractor_of_ones_own_run():
    scope = {"my_extractor": lambda text: {"events": []}}
    exec(INVOICE, scope)
    exec(OWN, scope)
    assert set(scope["predictions"]) == {d.id for d in load_task("sitrep").scored().documents}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README))
def test_its_links_lead_somewhere(link):
    assert (ROOT / link).exists()
