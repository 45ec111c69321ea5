"""A board: the runs of a folder that fit its terms, ranked, and what became of the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.data.task import TWINS
from benchmark.errors import FieldmarkError, harmless
from benchmark.runs.entries import disagreements, read_entry
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
    """The leaderboard of a task.

    signature: of the gold that everyone has. documents: how many each row is over. splits: their
    splits by name, with how many documents each has; held_out: those of them whose gold is kept
    elsewhere. own_schemas: whether documents have schemas of their own, so that the mean over
    documents ranks.
    """

    task: str
    signature: str
    documents: int
    splits: Mapping[str, int]
    held_out: Mapping[str, int]
    own_schemas: bool
    rows: Sequence[Row]
    other_gold: Sequence[StatedRow] = ()
    left_out: Sequence[LeftOut] = ()


def make_board(results: Path, terms: Terms) -> tuple[Board, list[str]]:
    """The board of the runs that a folder holds, and what stands in the folders of its rows that is
    not what their predictions give. Runs over twins are passed by."""
    entries, wrong = [], []
    other_gold: list[StatedRow] = []
    left_out: list[LeftOut] = []
    for folder in run_folders(results):
        try:
            if TWINS in str(read_manifest(folder).get("task_version")):
                continue
            entry = read_entry(folder, terms)
            wrong += disagreements(folder, entry, terms)
            entries.append(entry)
        except OtherGoldError:
            _add_stated(folder, other_gold, left_out)
        except FieldmarkError as error:
            left_out.append(_left_out(folder, error))
    return board_of(terms, rank(entries), other_gold, left_out), wrong


def board_of(
    terms: Terms,
    rows: Sequence[Row],
    other_gold: Sequence[StatedRow] = (),
    left_out: Sequence[LeftOut] = (),
) -> Board:
    """A board of rows that were scored on some terms."""
    over = terms.over
    return Board(
        task=over.name,
        signature=terms.signature,
        documents=len(over.ids),
        splits={name: len(ids) for name, ids in over.splits.items()},
        held_out=terms.held_out,
        own_schemas=bool(over.schema_names),
        rows=rows,
        other_gold=other_gold,
        left_out=left_out,
    )


def _add_stated(folder: Path, other_gold: list[StatedRow], left_out: list[LeftOut]) -> None:
    """Add a run of other gold to the one list, or, if it states no figures, to the other."""
    try:
        other_gold.append(read_stated(folder))
    except FieldmarkError as error:
        left_out.append(_left_out(folder, error))


def _left_out(folder: Path, error: FieldmarkError) -> LeftOut:
    """What is said of a run; not where its folder is, which is another place for everyone."""
    reason = str(error).removeprefix(f"{folder}: ").replace(f"{folder}/", "")
    return LeftOut(_plain(folder.name), _plain(reason))


def _plain(text: str) -> str:
    """Text of which no sign is put over or under another, cut to a length."""
    shown = harmless(text[:MOST_SAID])
    return "".join(
        sign.encode("unicode_escape").decode() if unicodedata.category(sign)[0] == "M" else sign
        for sign in shown
    )[:MOST_SAID]
