"""Runs ranked in a table that anyone can make again: results/runs/* -> leaderboard.*.

A run folder may come from anyone. Its predictions are scored again, and nothing that it says of
itself is shown but its name, its extractor and its dates, harmless in every format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmark.errors import DataError, FieldmarkError
from benchmark.estimates import Bounds, estimates
from benchmark.jsonl import read_json
from benchmark.predictions import Status, read_predictions
from benchmark.reports import as_dict
from benchmark.runfiles import MANIFEST, PREDICTIONS, SCORES, read_manifest
from benchmark.scoring import Score, score
from benchmark.statistics import compare, holm
from benchmark.tasks import Task
from benchmark.tree import Json

ALPHA = 0.05
KINDS = {"rules": "rules", "empty": "baseline", "openai": "LLM", "replay": "replay"}
OTHER = "own"
"""The kind of extractors that are none of ours."""


@dataclass(frozen=True)
class Entry:
    """A run, scored again. `seconds` and `cost` (US dollars) are per document, as the run says."""

    name: str
    kind: str
    score: Score
    day: date | None
    seconds: float | None
    cost: float | None


@dataclass(frozen=True)
class Row:
    """A line of the leaderboard. Ranks are shared by runs that these documents can't tell apart
    from the best of them. valid: the share of documents with an answer that follows the schema;
    perfect: the share of gold records that are found without a fault."""

    rank: int
    name: str
    kind: str
    f1: float | None
    interval: Bounds
    macro: float | None
    precision: float | None
    recall: float | None
    tables: Mapping[str, float | None]
    valid: float
    perfect: float | None
    seconds: float | None
    cost: float | None
    day: str
    signature: str


def read_entry(folder: Path, task: Task) -> Entry:
    """A run's folder, its predictions scored again over the documents that it names.

    Raises DataError for a folder that holds no run of this task.
    """
    manifest = read_manifest(folder)
    documents = manifest["documents"]
    if manifest.get("task") != task.name:
        raise DataError(f"{folder}: no run of '{task.name}'")
    if strange := [one for one in documents if one not in task.ids]:
        raise DataError(f"{folder}: '{task.name}' has no document {', '.join(strange[:5])}")
    over = task.only(document for document in task.documents if document.id in documents)
    spent = manifest.get("run")
    cost = spent.get("cost_usd") if isinstance(spent, dict) else None
    extractor = str(manifest.get("extractor", "")).partition(":")[0]
    return Entry(
        folder.name,
        KINDS.get(extractor, OTHER),
        score(over, read_predictions(str(folder / PREDICTIONS))),
        _day(manifest.get("started")),
        _each(manifest.get("seconds"), len(over.ids)),
        _each(cost, len(over.ids)),
    )


def disagreements(folder: Path, entry: Entry) -> list[str]:
    """What stands in a run's folder and is not what its predictions give, each by its path."""
    found = []
    if read_manifest(folder).get("signature") != entry.score.signature:
        found.append(f"{folder / MANIFEST}: signature is not {entry.score.signature}")
    try:
        kept = read_json(folder / SCORES)
    except FieldmarkError as error:
        return [*found, str(error)]
    return found + [f"{folder / SCORES}: {why}" for why in _differences(as_dict(entry.score), kept)]


def rank(entries: Sequence[Entry]) -> list[Row]:
    """The leaderboard, best micro F1 first. Raises DataError for runs whose signatures differ."""
    for one in entries[1:]:
        if one.score.signature != entries[0].score.signature:
            raise DataError(f"'{entries[0].name}' and '{one.name}' were scored over different gold")
    ordered = sorted(entries, key=lambda one: (-(_f1(one) or 0), one.name))
    ranks = _ranks(ordered)
    return [_row(one, place) for one, place in zip(ordered, ranks, strict=True)]


def _ranks(entries: Sequence[Entry]) -> list[int]:
    """A run shares the rank of the first run above that is not shown to be better than it."""
    pairs = list(combinations(range(len(entries)), 2))
    counts = [one.score.counts.sum(axis=1, keepdims=True) for one in entries]
    ps = [compare(counts[a], counts[b])[0].p for a, b in pairs]
    corrected = holm([1.0 if p is None else p for p in ps])
    apart = {pair for pair, p in zip(pairs, corrected, strict=True) if p <= ALPHA}
    ranks: list[int] = []
    leader = 0
    for n in range(len(entries)):
        if (leader, n) in apart:
            leader = n
        ranks.append(leader + 1)
    return ranks


def _row(entry: Entry, place: int) -> Row:
    result, spread = entry.score, estimates(entry.score)
    rates, statuses = result.micro().strict, list(result.statuses.values())
    records = np.array([tuple(result.record_counts(table)) for table in result.tables], np.int64)
    gold = int(records[:, 0].sum()) if len(records) else 0
    return Row(
        place,
        entry.name,
        entry.kind,
        rates.f1,
        spread.micro.f1,
        result.macro().f1,
        rates.precision,
        rates.recall,
        {table: result.micro(table).strict.f1 for table in result.tables},
        statuses.count(Status.OK) / len(statuses),
        int(records[:, 3].sum()) / gold if gold else None,
        entry.seconds,
        entry.cost,
        entry.day.isoformat() if entry.day else "",
        result.signature,
    )


def _f1(entry: Entry) -> float | None:
    return entry.score.micro().strict.f1


def _day(started: Json) -> date | None:
    try:
        return datetime.fromisoformat(str(started)).date()
    except ValueError:
        return None


def _each(total: Json, documents: int) -> float | None:
    number = isinstance(total, int | float) and not isinstance(total, bool)
    return float(total) / documents if number and total >= 0 and documents else None


def _differences(made: Json, kept: Json, path: str = "") -> list[str]:
    """Where two JSON values part, each with both values; the first few say enough."""
    if isinstance(made, dict) and isinstance(kept, dict):
        names = [*made, *(name for name in kept if name not in made)]
        apart = (
            _differences(made.get(name), kept.get(name), f"{path}.{name}" if path else str(name))
            for name in names
        )
        return [why for below in apart for why in below][:5]
    same = made == kept and isinstance(made, bool) == isinstance(kept, bool)
    return [] if same else [f"{path} is {kept!s:.80}, its predictions give {made!s:.80}"]
