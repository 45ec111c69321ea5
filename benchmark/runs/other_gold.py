"""Runs of other gold than the board's: listed with the figures that they state, so that history is
not lost when gold changes. Nothing of it is recomputed, so there are no ranks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmark.errors import DataError
from benchmark.runs.manifest import SCORES, read_manifest
from benchmark.runs.untrusted import read_json
from benchmark.schema.fields import Json
from benchmark.statistics.intervals import Bounds


@dataclass(frozen=True)
class StatedRow:
    """What the scores.json of a run states of it. gold: name, version and hash of its gold."""

    name: str
    gold: str
    documents: int
    f1: float | None
    interval: Bounds
    precision: float | None
    recall: float | None


def read_stated(folder: Path) -> StatedRow:
    """The figures that a run states. Raises DataError for what states none."""
    manifest, file = read_manifest(folder), folder / SCORES
    scores = read_json(file)
    micro = scores.get("micro") if isinstance(scores, dict) else None
    if not isinstance(micro, dict):
        raise DataError(f"{file}: no micro averages in it")
    interval = micro.get("interval")
    bounds = interval.get("f1") if isinstance(interval, dict) else None
    low, high = bounds if isinstance(bounds, list) and len(bounds) == 2 else (None, None)
    gold = str(manifest.get("signature")).partition("gold:")[2].partition("|")[0]
    return StatedRow(
        name=folder.absolute().name,
        gold=gold[:80],
        documents=len(manifest["documents"]),
        f1=_rate(micro.get("f1"), file),
        interval=(_rate(low, file), _rate(high, file)),
        precision=_rate(micro.get("precision"), file),
        recall=_rate(micro.get("recall"), file),
    )


def _rate(value: Json, file: Path) -> float | None:
    """A rate, or None. Raises DataError for what is neither."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise DataError(f"{file}: a rate that is not between 0 and 1")
    return float(value)
