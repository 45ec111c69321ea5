"""A run's folder: results/runs/NAME with manifest.json, predictions.jsonl and scores.json."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from benchmark.errors import DataError
from benchmark.jsonl import read_json
from benchmark.predictions import Failure

if TYPE_CHECKING:
    from runners import Answer

MANIFEST, PREDICTIONS, SCORES = "manifest.json", "predictions.jsonl", "scores.json"


class RunFolder:
    """Where a run is written. An earlier run of the same extractor gives way only once this one
    is complete; the answers of one that was cut off stay in predictions.jsonl.part."""

    def __init__(self, results: Path, name: str, extractor: str) -> None:
        if not re.fullmatch(r"[\w.+-]+", name) or name.startswith("."):
            raise DataError(f"'{name}' can't name a run: use letters, digits, dots and hyphens")
        self.path = results / "runs" / name
        self._refuse_another(extractor)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.part.touch()
        except OSError as error:
            raise self._unwritable(error) from None

    @property
    def part(self) -> Path:
        """Where the answers are until the run is complete."""
        return self.path / f"{PREDICTIONS}.part"

    def _refuse_another(self, extractor: str) -> None:
        manifest = self.path / MANIFEST
        if manifest.exists():
            content = read_json(manifest)
            owner = content.get("extractor") if isinstance(content, dict) else None
            if owner != extractor:
                raise DataError(f"{self.path} holds a run of '{owner}'; choose another --name")

    def keep(self, answers: Iterable[Answer]) -> dict[str, Any]:
        """Write each answer as it comes; return the predictions as scoring takes them."""
        predictions: dict[str, Any] = {}
        with self.part.open("wb") as file:
            for answer in answers:
                try:
                    file.write(orjson.dumps(answer.line()) + b"\n")
                    file.flush()
                except TypeError as error:
                    raise DataError(f"the answer for '{answer.id}' is no JSON: {error}") from None
                except OSError as error:
                    raise self._unwritable(error) from None
                predictions[answer.id] = (
                    answer.prediction if answer.error is None else Failure(answer.error)
                )
        return predictions

    def finish(self, manifest: dict[str, Any], scores: dict[str, Any]) -> None:
        """Put the complete run in place."""
        try:
            for name, content in (
                (SCORES, scores),
                (MANIFEST, {**manifest, "versions": _versions()}),
            ):
                part = self.path / f"{name}.part"
                part.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
            for name in (PREDICTIONS, SCORES, MANIFEST):
                (self.path / f"{name}.part").replace(self.path / name)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> DataError:
        return DataError(f"{self.path}: cannot be written: {error.strerror or error}")


def _versions() -> dict[str, str]:
    """Python and the packages that Fieldmark itself asks for."""
    names = [
        re.split(r"[^\w.-]", line)[0] for line in requires("fieldmark") or [] if "extra" not in line
    ]
    found = {"python": platform.python_version(), "fieldmark": version("fieldmark")}
    for name in sorted(names):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
