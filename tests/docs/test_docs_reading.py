"""What docs/reading-a-score.md, comparators-and-schemas.md and tasks-and-gold.md say is so."""

import json
import re
import sys

import pytest
from support.tasks import ROOT

from benchmark import as_table, load_task, read_predictions, score
from benchmark.labels.agreement import pairwise
from benchmark.schema.comparators import COMPARATORS

DOCS = ROOT / "docs"
PAGE = (DOCS / "reading-a-score.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- ([^>]+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
RUN = ROOT / "results" / "runs" / "rules-0.1.0" / "predictions.jsonl"


def test_its_lines_of_python_run(capsys):
    scope = {"my_extractor": lambda text: {"events": []}}
    exec(BLOCKS["my_extractor"], scope)
    capsys.readouterr()
    exec(BLOCKS["verdicts"], scope)
    assert "events.place MIS nothing is predicted" in capsys.readouterr().out


def test_its_traps_print_what_it_shows(capsys):
    exec(BLOCKS["traps"], {})
    assert capsys.readouterr().out == BLOCKS["traps print"]


def test_the_readme_has_the_same_figures():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"^\|.*\| (\d\.\d{3}) \| (\d\.\d{3}) \|$", readme, re.MULTILINE)
    said = [tuple(line.split()[1:]) for line in BLOCKS["traps print"].splitlines()]
    assert shown == said[:3]


def test_its_table_is_the_whole_one():
    task = load_task("sitrep")
    whole = as_table(score(task, read_predictions(RUN)), fields=True)
    assert BLOCKS["table: results/runs/rules-0.1.0 --fields"].strip() == whole.strip()


def test_the_rates_by_split_are_what_the_commands_give(fieldmark):
    page = (DOCS / "tasks-and-gold.md").read_text("utf-8")
    (table,) = re.findall(r"<!-- splits -->\n.*?\|---\|\n(.*?)<!-- end -->", page, re.DOTALL)
    shown = {row.split(" | ")[0].strip("| "): row for row in table.splitlines()}
    (passes,) = pairwise(load_task("sitrep"))
    second = passes.score.micro().strict.f1
    assert f"| {second:.3f} (two documents) |" in shown["second labelling pass"]
    for system in ("rules", "empty"):
        command = ("run", system, "--format", "json", "--split")
        scores = [json.loads(fieldmark(*command, split)[1]) for split in ("dev", "test", "hard")]
        rates = " | ".join(f"{one['micro']['f1']:.3f}" for one in scores)
        assert shown[system] == f"| {system} | {rates} |"


def test_every_comparator_is_listed():
    page = (DOCS / "comparators-and-schemas.md").read_text("utf-8")
    (table,) = re.findall(r"<!-- comparators -->\n(.*?)<!-- end -->", page, re.DOTALL)
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(COMPARATORS)


def test_the_page_of_commands_is_what_the_commands_say(monkeypatch):
    monkeypatch.syspath_prepend(DOCS)
    import command_line

    assert command_line.PAGE.read_text("utf-8") == command_line.page()


@pytest.mark.parametrize("package", ["benchmark", "runners"])
def test_the_page_of_python_has_every_public_name(package):
    page = (DOCS / "python-api.md").read_text("utf-8")
    __import__(package)
    for name in sys.modules[package].__all__:
        assert f"::: {package}.{name}\n" in page


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (page, link)
        for page in sorted(DOCS.glob("**/*.md"))
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    ],
)
def test_links_lead_somewhere(page, link):
    assert (page.parent / link).exists()


def test_every_page_is_in_the_site():
    import yaml

    nav = str(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"])
    for page in DOCS.glob("**/*.md"):
        assert page.relative_to(DOCS).as_posix() in nav
