"""Scoring within this process: one document, and where the time of many goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest import mock

from measuring import GOLD, PREDICTIONS, SCHEMA, parsing_time

from benchmark import make_task, read_predictions, score
from benchmark.data import json_lines
from benchmark.data.json_lines import JsonLines
from benchmark.data.predictions import PredictionFile
from benchmark.schema.validation import Validator
from benchmark.scoring import chunk
from benchmark.scoring.chunk import Scorer
from benchmark.scoring.columns.reading import Reader
from benchmark.scoring.pairing import records
from benchmark.scoring.pairing.weights import Weights

CALLS = 200
STAGES = (
    ("finding the lines of both files", JsonLines, "__init__"),
    ("reading gold", Scorer, "_read_gold"),
    ("reading predictions", PredictionFile, "__getitem__"),
    ("taking predictions in", Scorer, "_read_predicted"),
    ("parsing JSON", json_lines, "parse_line"),
    ("validation", Validator, "problem"),
    ("values to columns", Reader, "add"),
    ("hashing", chunk, "document_hash"),
    ("finishing columns", Reader, "rows"),
    ("pairing", chunk, "match"),
    ("weights", Weights, "__init__"),
    ("alignment", records, "decide"),
    ("comparing one by one", Weights, "refine"),
    ("ties", records, "pair_off"),
    ("counting", chunk, "count"),
)
"""What is timed: a name, and the function, by where it is called from."""

Steps = tuple[str, ...]
"""A stage after the stages that it is part of."""


class Stopwatch:
    """How long stages take, each as part of the one that it was called in."""

    def __init__(self) -> None:
        self.spent: dict[Steps, float] = {}
        self._now: Steps = ()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, under watch."""

        def watched(*arguments: Any, **options: Any) -> Any:
            outer, self._now = self._now, (*self._now, name)
            start = perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                took = perf_counter() - start
                self.spent[self._now] = self.spent.get(self._now, 0.0) + took
                self._now = outer

        return watched

    def parts(self, whole: Steps = ()) -> Iterator[tuple[Steps, float]]:
        """Every stage and its time, followed by its parts."""
        for path in [path for path in self.spent if path[:-1] == whole]:
            yield path, self.spent[path]
            yield from self.parts(path)


def one_document(folder: Path) -> float:
    """Seconds that scoring a document in memory takes, the median of many calls."""
    task = make_task(folder / GOLD, folder / SCHEMA)
    task, predictions = task.only(task.documents), dict(read_predictions(folder / PREDICTIONS))
    taken = []
    for _ in range(CALLS):
        start = perf_counter()
        score(task, predictions)
        taken.append(perf_counter() - start)
    return median(taken)


def stages(folder: Path, repeat: int) -> Iterator[tuple[str, ...]]:
    """Where the time of scoring a workload goes: stage, seconds, share of all, times P."""
    runs, parsing = [], []
    for _ in range(repeat):
        parsing.append(parsing_time(folder))
        runs.append(_watched(folder))
    total, watch = sorted(runs, key=lambda one: one[0])[len(runs) // 2]
    yardstick = median(parsing)

    def row(name: str, seconds: float) -> tuple[str, ...]:
        share, ratio = seconds / total, seconds / yardstick
        return name, f"{seconds:.3f}", f"{share:.1%}", f"{ratio:.2f}"

    parts = list(watch.parts())
    for path, seconds in parts:
        yield row("– " * (len(path) - 1) + path[-1], seconds)
    yield row("all else", total - sum(seconds for path, seconds in parts if len(path) == 1))
    yield row("the whole", total)


def _watched(folder: Path) -> tuple[float, Stopwatch]:
    """Score a workload: how long that takes, and how long its stages."""
    watch = Stopwatch()
    with ExitStack() as patches:
        for name, owner, function in STAGES:
            watched = watch.timed(name, getattr(owner, function))
            patches.enter_context(mock.patch.object(owner, function, watched))
        start = perf_counter()
        task = make_task(folder / GOLD, folder / SCHEMA)
        score(task, read_predictions(folder / PREDICTIONS))
        return perf_counter() - start, watch
