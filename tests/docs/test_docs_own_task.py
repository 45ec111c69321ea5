"""What docs/own-task.md says is so."""

import json
import re
import shlex

import pytest
from support.tasks import ROOT

PAGE = (ROOT / "docs" / "own-task.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- (\S+) -->\n```\w*\n(.*?)```", PAGE, re.DOTALL))
FILES = {name: content for name, content in BLOCKS.items() if "." in name}
LINES = [
    line
    for block in re.findall(r"^```\n(fieldmark .*?)```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.fixture
def followed(fieldmark, tmp_path, fresh_imports, monkeypatch):
    """A folder in which all that the page says has been done, and what the commands printed."""
    monkeypatch.syspath_prepend(tmp_path)
    printed = {}
    (tmp_path / "schema.json").write_text(FILES["schema.json"], "utf-8")
    for line in LINES:
        status, out, err = fieldmark(*shlex.split(line)[1:])
        assert status == 0, err
        printed[line] = out
        if " gold new " in line:
            for name, content in FILES.items():
                (tmp_path / name).write_text(content, "utf-8")
    return tmp_path, printed


def test_it_leads_from_five_texts_to_the_leaderboard_that_it_prints(followed):
    folder, printed = followed
    gold = (folder / "invoices" / "gold.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in gold] == ["a", "b", "c", "d", "e"]
    (checked,) = [out for line, out in printed.items() if "gold check" in line]
    assert "5 documents, nothing wrong" in checked
    (board,) = [out for line, out in printed.items() if " leaderboard " in line]
    columns = [re.split(r"\s{2,}", line.strip())[:4] for line in board.splitlines()[2:]]
    shown = [line.split() for line in BLOCKS["prints"].splitlines()]
    assert [row for row in columns if len(row) == 4] == shown


def test_what_it_says_of_more_works_too(followed, fieldmark):
    folder, _ = followed
    status, _, err = fieldmark("gold", "perturb", "--task", "invoices", "--to", "twins")
    assert status == 0, err
    assert fieldmark("gold", "check", "--task", "twins")[0] == 0
    export = ("gold", "export", "--task", "invoices", "--to", "parquet", "--out", folder / "out")
    assert fieldmark(*export)[0] == 0
    run = ("run", "python:invoices:with_head", "--task", "invoices", "--perturb")
    status, printed, err = fieldmark(*run)
    assert status == 0, err
    assert "\n  words " in printed
