"""Runs read again: a folder's predictions scored anew and held against what it states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from benchmark.data.json_text import read_json
from benchmark.data.predictions import read_predictions
from benchmark.data.task import Task
from benchmark.errors import DataError, FieldmarkError
from benchmark.reports.score_data import as_dict
from benchmark.runs.manifest import MANIFEST, PREDICTIONS, SCORES, read_manifest
from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from benchmark.scoring.scores import Score, score

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


def read_entry(folder: Path, task: Task) -> Entry:
    """A run's folder, its predictions scored again over the documents that it names.

    Raises DataError for a folder that holds no run of this task.
    """
    manifest = read_manifest(folder)
    documents = manifest["documents"]
    if manifest.get("task") != task.name:
        raise DataError(f"{folder}: no run of '{task.name}'")
    if unknown := [name for name in documents if name not in task.ids]:
        raise DataError(f"{folder}: '{task.name}' has no document {', '.join(unknown[:5])}")
    over = task.only(document for document in task.documents if document.id in documents)
    about_run = manifest.get("run")
    cost = about_run.get("cost_usd") if isinstance(about_run, dict) else None
    extractor = str(manifest.get("extractor", "")).partition(":")[0]
    return Entry(
        name=folder.name,
        kind=KINDS.get(extractor, OTHER),
        score=score(over, read_predictions(str(folder / PREDICTIONS))),
        day=_day(manifest.get("started")),
        seconds=_per_document(manifest.get("seconds"), len(over.ids)),
        cost=_per_document(cost, len(over.ids)),
    )


def disagreements(folder: Path, entry: Entry) -> list[str]:
    """What stands in a run's folder and is not what its predictions give, each by its path."""
    wrong = []
    if read_manifest(folder).get("signature") != entry.score.signature:
        wrong.append(f"{folder / MANIFEST}: signature is not {entry.score.signature}")
    try:
        stated = read_json(folder / SCORES)
    except FieldmarkError as error:
        return [*wrong, str(error)]
    return wrong + [
        f"{folder / SCORES}: {why}" for why in _differences(as_dict(entry.score), stated)
    ]


def _day(started: Json) -> date | None:
    try:
        return datetime.fromisoformat(str(started)).date()
    except ValueError:
        return None


def _per_document(total: Json, documents: int) -> float | None:
    number = isinstance(total, int | float) and not isinstance(total, bool)
    return float(total) / documents if number and total >= 0 and documents else None


def _differences(actual: Json, stated: Json, path: str = "") -> list[str]:
    """Where two JSON values part, each with both values; the first few say enough."""
    if isinstance(actual, dict) and isinstance(stated, dict):
        names = [*actual, *(name for name in stated if name not in actual)]
        apart = (
            _differences(actual.get(name), stated.get(name), join(path, str(name)))
            for name in names
        )
        return [why for below in apart for why in below][:5]
    same = actual == stated and isinstance(actual, bool) == isinstance(stated, bool)
    return [] if same else [f"{path} is {stated!s:.80}, its predictions give {actual!s:.80}"]
