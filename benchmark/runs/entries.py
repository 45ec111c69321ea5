"""Runs read again: a folder's predictions scored anew and held against what it states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmark.data.json_text import dump
from benchmark.data.predictions import read_predictions
from benchmark.errors import FieldmarkError
from benchmark.reports.score_data import as_dict
from benchmark.runs.manifest import MANIFEST, SCORES, read_manifest, sample_files
from benchmark.runs.places import check_run_name
from benchmark.runs.samples import mean_score
from benchmark.runs.submission import Submission, read_submission
from benchmark.runs.terms import Terms, check_terms
from benchmark.runs.untrusted import check_predictions, plain_number, read_json
from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from benchmark.scoring.scores import Score, score

KINDS = {"rules": "rules", "empty": "baseline", "openai": "LLM", "replay": "replay"}

OTHER = "own"
"""The kind of extractors that are none of ours."""


@dataclass(frozen=True)
class Stated:
    """What a run says of itself, which nobody can check. seconds, cost (US dollars): for each
    answer; None where nothing, or nothing of this world, is stated."""

    kind: str
    day: date | None
    seconds: float | None
    cost: float | None
    submission: Submission | None


@dataclass(frozen=True)
class Entry:
    """A run, scored again. manifest: what it says of itself. score: the mean over `samples`, the
    scores of each time that the documents were answered."""

    name: str
    manifest: Mapping[str, Any]
    score: Score
    samples: tuple[Score, ...]
    stated: Stated


def read_entry(folder: Path, terms: Terms) -> Entry:
    """A run's folder, its predictions scored again on the terms of a board.

    Raises DataError, with the folder and the reason, for what is no such run.
    """
    check_run_name(folder.absolute().name)
    manifest = read_manifest(folder)
    check_terms(manifest, terms, folder)
    files = sample_files(folder)
    samples = []
    for file in files:
        check_predictions(file, len(manifest["documents"]))
        samples.append(score(terms.over, read_predictions(str(file))))
    answers = len(manifest["documents"]) * len(files)
    stated = _stated(manifest, answers, read_submission(folder))
    name = folder.absolute().name
    return Entry(name, manifest, mean_score(samples), tuple(samples), stated)


def _stated(manifest: Mapping[str, Any], answers: int, submission: Submission | None) -> Stated:
    run = manifest.get("run")
    extractor = str(manifest.get("extractor", ""))[:100].partition(":")[0]
    return Stated(
        kind=KINDS.get(extractor, OTHER),
        day=_day(manifest.get("started")),
        seconds=_per_answer(manifest.get("seconds"), answers),
        cost=_per_answer(run.get("cost_usd") if isinstance(run, dict) else None, answers),
        submission=submission,
    )


def _day(started: Json) -> date | None:
    try:
        return datetime.fromisoformat(str(started)[:40]).date()
    except ValueError:
        return None


def _per_answer(total: Json, answers: int) -> float | None:
    number = plain_number(total)
    return None if number is None else number / answers


def disagreements(folder: Path, entry: Entry, terms: Terms) -> list[str]:
    """What stands in a run's folder and is not what its predictions give, each by its path."""
    samples = entry.samples
    if terms.public is not terms.over:  # a run's own figures are of the gold that everyone has
        samples = tuple(score(terms.public, sample.predictions) for sample in samples)
    manifest, wrong = entry.manifest, []
    if manifest.get("signature") != terms.signature:
        wrong.append(f"{folder / MANIFEST}: signature is not {terms.signature}")
    rates = [asdict(sample.micro().strict) for sample in samples]
    if len(samples) > 1 and manifest.get("samples") != rates:
        wrong.append(f"{folder / MANIFEST}: samples is not what each sample gives")
    try:
        stated = read_json(folder / SCORES)
    except FieldmarkError as error:
        return [*wrong, str(error)]
    actual = as_dict(mean_score(samples))
    apart = islice(_differences(actual, stated), 5)  # the first few say enough
    return wrong + [f"{folder / SCORES}: {why}" for why in apart]


def _differences(actual: Json, stated: Json, path: str = "") -> Iterator[str]:
    """Where two JSON values part, each with both values."""
    if isinstance(actual, dict) and isinstance(stated, dict):
        for name in (*actual, *(name for name in stated if name not in actual)):
            below = join(path, str(name)[:100])
            yield from _differences(actual.get(name), stated.get(name), below)
    elif actual != stated or isinstance(actual, bool) != isinstance(stated, bool):
        yield f"{path} is {_short(stated)}, its predictions give {_short(actual)}"


def _short(value: Json) -> str:
    """A value in words of a line, however large or deep it is."""
    try:
        return dump(value).decode()[:80]
    except TypeError:
        return "nested too deeply to be shown"
