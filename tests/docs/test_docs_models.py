"""What docs/models.md says is so."""

import re

import pytest
from support.tasks import ROOT

from runners.llm import outcomes
from runners.llm.calls.retries import ATTEMPTS, LONGEST_WAIT, MOST_429, SAME_IN_A_ROW
from runners.settings import Mode

PAGE = (ROOT / "docs" / "models.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^fieldmark (run openai:.*)$", PAGE + README, re.MULTILINE)


def rows(title):
    """The first cells of the table below a line."""
    table = PAGE.split(f"| {title} |", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(fieldmark, command):
    assert len(COMMANDS) >= 8
    status, out, err = fieldmark(*command.split(), "--dry-run")
    assert status == 0
    assert '"messages"' in out
    assert "22 calls, about " in err


def test_its_modes_are_all_that_there_are_in_their_order():
    assert rows("`--mode`") == [f"`{mode}`" for mode in Mode]


def test_its_outcomes_are_all_that_there_are():
    named = {one for row in rows("recorded") for one in re.findall(r"`(\w+)`", row)}
    known = {
        value
        for name, value in vars(outcomes).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    assert {one for one in named if not one.startswith("http_")} == known


def test_its_numbers_are_those_of_the_retries():
    assert f"up to {ATTEMPTS} attempts; the same one {SAME_IN_A_ROW} times" in PAGE
    assert f"up to {MOST_429} times" in PAGE
    assert "more than two minutes" in PAGE
    assert LONGEST_WAIT == 120
