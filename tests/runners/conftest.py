"""The rule-based extractor with the aliases of sitrep, made once."""

from pathlib import Path

import pytest

from runners.rules import Rules

ALIASES = Path(__file__).parents[2] / "gold/sitrep/aliases.txt"


@pytest.fixture(scope="session")
def rules():
    lines = ALIASES.read_text(encoding="utf-8").splitlines()
    return Rules(
        [
            [name.strip() for name in line.split("|")]
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    )
