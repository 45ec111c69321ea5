"""A run's folder as it is written: manifest.json, predictions.jsonl and scores.json."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson
from filelock import FileLock, Timeout

from benchmark.data.json_text import MOST_VALUES, dump, parse_line
from benchmark.data.predictions import Failure
from benchmark.errors import DataError, unwritable
from benchmark.runs.manifest import MANIFEST, PREDICTIONS, SCORES
from benchmark.runs.untrusted import check_folder, read_json

JOURNAL, FIRST = "journal.jsonl", "first.jsonl"

Line = dict[str, Any]
"""A line of a predictions file: id, and prediction or error."""


class Answer(Protocol):
    """What an extractor made of one document."""

    def line(self) -> Line:
        """The answer as a line of a predictions file."""


class RunFolder:
    """Where a run is written. An earlier run of the same extractor over the same task gives way
    only once this one is complete; the answers of one that was cut off stay in `part`."""

    def __init__(self, path: Path, owner: dict[str, str]) -> None:
        self.path = path
        self.part = self.path / f"{PREDICTIONS}.part"
        self._refuse_another(owner)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.path.parent / f".{path.name}.lock", timeout=0)
            self._lock.acquire()
            self.part.touch()
        except Timeout:
            raise DataError(
                f"{self.path}: another run is writing there; choose another --name"
            ) from None
        except OSError as error:
            raise unwritable(self.path, error) from None

    @property
    def kept(self) -> Path:
        """Where the answers of a run are that was cut off: a journal, if it has one."""
        journal = self.path / JOURNAL
        return journal if journal.exists() else self.part

    def _refuse_another(self, owner: dict[str, str]) -> None:
        if os.path.lexists(self.path):
            check_folder(self.path)
        manifest = self.path / MANIFEST
        if manifest.exists():
            content = read_json(manifest)
            kept = {key: content.get(key) for key in owner} if isinstance(content, dict) else {}
            if kept != owner:
                whose = " over ".join(str(value) for value in kept.values())
                raise DataError(f"{self.path} holds a run of {whose}; choose another --name")
        elif (self.path / PREDICTIONS).exists():
            raise DataError(f"{self.path} holds predictions of no known run; choose another --name")

    def keep(
        self, order: Sequence[str], run: Callable[[Callable[[Answer], None]], None], sample: int
    ) -> dict[str, Any]:
        """Write each answer as it comes, and at last all in the order of the documents.

        `run` answers the documents, and calls what it is given with each answer. Returns the
        predictions by document, as scoring takes them.
        """
        part = self.path / f"{_predictions(sample)}.part"
        lines: dict[str, Line] = {}
        try:
            with part.open("wb") as file:

                def done(answer: Answer) -> None:
                    line = _storable(answer.line())
                    self._append(file, _json_line(line))
                    lines[line["id"]] = line

                run(done)
            in_order = [lines[name] for name in order if name in lines]
            if in_order != list(lines.values()):
                part.write_bytes(b"".join(map(_json_line, in_order)))
        except OSError as error:
            raise unwritable(self.path, error) from None
        return {
            line["id"]: Failure(line["error"]) if "error" in line else line["prediction"]
            for line in in_order
        }

    def keep_first(self, answers: Sequence[Answer]) -> None:
        """Keep the answers of before they were asked for again, to be scored apart; with none, an
        earlier run's go."""
        try:
            if not answers:
                (self.path / FIRST).unlink(missing_ok=True)
                return
            first = b"".join(_json_line(answer.line()) for answer in answers)
            (self.path / FIRST).write_bytes(first)
        except OSError as error:
            raise unwritable(self.path, error) from None

    def _append(self, file: BinaryIO, line: bytes) -> None:
        """What fails here is the folder's fault, not the extractor's that it is called by."""
        try:
            file.write(line)
            file.flush()
        except OSError as error:
            raise unwritable(self.path, error) from None

    def finish(self, manifest: dict[str, Any], scores: dict[str, Any], samples: int) -> None:
        """Put the complete run in place."""
        try:
            for name, content in (
                (SCORES, scores),
                (MANIFEST, {**manifest, "versions": _versions()}),
            ):
                part = self.path / f"{name}.part"
                part.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
            kept = [*map(_predictions, range(samples)), SCORES, MANIFEST]
            for name in kept:
                (self.path / f"{name}.part").replace(self.path / name)
            for stale in self.path.glob("predictions-*.jsonl"):  # of an earlier run
                if stale.name not in kept:
                    stale.unlink()
        except OSError as error:
            raise unwritable(self.path, error) from None


def _predictions(sample: int) -> str:
    return PREDICTIONS if not sample else f"predictions-{sample + 1}.jsonl"


def _storable(line: Line) -> Line:
    """The line, or one with an error in its place if it could not be read again."""
    try:
        raw = _json_line(line)
        if len(raw) > 2 * MOST_VALUES:
            parse_line(raw, "the answer")
    except TypeError as error:
        return {"id": line["id"], "error": f"the answer is no JSON: {error}"}
    except DataError as error:
        return {"id": line["id"], "error": str(error)}
    return line


def _json_line(line: Line) -> bytes:
    return dump(line, orjson.OPT_APPEND_NEWLINE)


def _versions() -> dict[str, str]:
    """The versions of Python and of the packages that Fieldmark itself asks for."""
    required = [
        re.split(r"[^\w.-]", line)[0] for line in requires("fieldmark") or [] if "extra" not in line
    ]
    versions = {"python": platform.python_version(), "fieldmark": version("fieldmark")}
    for name in sorted(required):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
