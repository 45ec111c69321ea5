"""A board: the runs of a folder that fit its terms, ranked, and what became of the others."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.errors import DataError, FieldmarkError, harmless
from benchmark.perturbation_mark import MARK
from benchmark.runs.entries import Entry, read_entry
from benchmark.runs.manifest import read_manifest
from benchmark.runs.other_gold import StatedRow, read_stated
from benchmark.runs.places import run_folders
from benchmark.runs.ranking import Row, rank
from benchmark.runs.terms import OtherGoldError, Terms

MOST_SAID = 200
"""Characters of a name or a reason."""


@dataclass(frozen=True)
class LeftOut:
    """A run that does not fit, and why, as one line of harmless text each."""

    name: str
    reason: str


@dataclass(frozen=True)
class Board:
    """The leaderboard of a task. signature: of the score of each row. held_out: the splits whose
    gold is kept elsewhere, and how many documents they have."""

    task: str
    signature: str
    documents: int
    held_out: Mapping[str, int]
    rows: Sequence[Row]
    other_gold: Sequence[StatedRow]
    left_out: Sequence[LeftOut]
