"""A benchmark's files as the folder of a task, with predictions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmark.data.documents import Document, gold_problems
from benchmark.data.files.answers import Doubled
from benchmark.data.files.prediction_files import read_prediction
from benchmark.data.json_text import check_size, dump
from benchmark.data.loading import read_gold
from benchmark.data.predictions import answer_at
from benchmark.data.task_files import GOLD, read_utf8
from benchmark.errors import DataError, unwritable
from benchmark.imports.files import BenchmarkFiles, DocumentFiles
from benchmark.imports.schemas import Schemas
from benchmark.schema.fields import Json
from benchmark.schema.paths import Steps
from benchmark.schema.validation import Problem, in_groups

PREDICTIONS = "predictions"
"""The folder, in the task's, with a file of predictions for each system."""


@dataclass(frozen=True)
class Imported:
    """What an import has written.

    systems: documents that each has an answer for, or says why not. notes: what is left out, and
    what else is to be known, a line each.
    """

    documents: int
    schemas: int
    systems: Mapping[str, int]
    notes: tuple[str, ...]


def write_task_folder(
    files: BenchmarkFiles, at: Steps, to: Path, advance: Callable[[], None] = lambda: None
) -> Imported:
    """Write a task's folder: schemas, gold, and predictions of each system; all of it or nothing.

    at: the steps to the answer in an output. advance: called after each file of `files`. Raises
    DataError for a folder that is not empty or cannot be written, and for files that hold no gold,
    no schema, no text or no answer at all.
    """
    to = to.absolute()
    try:
        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise DataError(f"{to} is not empty; choose another folder")
        with tempfile.TemporaryDirectory(prefix=f".{to.name}-", dir=to.parent) as beside:
            folder = Path(beside) / to.name
            imported = _written(files, at, folder, advance)
            folder.rename(to)
    except OSError as error:
        raise unwritable(to, error) from None
    return imported


def _written(
    files: BenchmarkFiles, at: Steps, folder: Path, advance: Callable[[], None]
) -> Imported:
    folder.mkdir()
    schemas = Schemas(files.documents)
    schemas.write(folder)
    notes = [*files.left_out, *_write_gold(files, schemas, folder, advance)]
    if files.outputs:
        (folder / PREDICTIONS).mkdir()
    for system, outputs in files.outputs.items():
        notes += _write_predictions(system, outputs, at, folder, advance)
    systems = {system: len(outputs) for system, outputs in files.outputs.items()}
    return Imported(len(files.documents), len(schemas), systems, tuple(notes))


def _write_gold(
    files: BenchmarkFiles, schemas: Schemas, folder: Path, advance: Callable[[], None]
) -> list[str]:
    """Write the gold as it is; returns what is to be known of it."""
    problems: list[tuple[str, Problem]] = []
    with (folder / GOLD).open("wb") as lines:
        for name, document in files.documents.items():
            line = _gold_line(name, document, schemas)
            lines.write(dump(line) + b"\n")
            tree, validator = schemas.checker(name)
            gold = Document(name, line["gold"])
            problems += ((name, problem) for problem in gold_problems(tree, validator, gold))
            advance()
    if not problems:
        return []
    broken = len({name for name, _ in problems})
    told = "; ".join(in_groups(problems))
    return [f"gold that breaks its schema, in {broken:,} documents (--gold-as-is): {told}"]


def _gold_line(name: str, files: DocumentFiles, schemas: Schemas) -> dict[str, Json]:
    gold = read_gold(files.label)
    if gold is None:
        raise DataError(f"{files.label}: null is no gold; remove the file")
    check_size(gold, str(files.label))
    line: dict[str, Json] = {"id": name}
    if schema := schemas.named(name):
        line["schema"] = schema
    if files.text:
        line["text"] = read_utf8(files.text)
    if files.meta:
        line["meta"] = dict(files.meta)
    return {**line, "gold": gold}


def _write_predictions(
    system: str,
    outputs: Mapping[str, Path],
    at: Steps,
    folder: Path,
    advance: Callable[[], None],
) -> Iterable[str]:
    """Write the predictions of one system; returns what is to be known of them."""
    notes: list[str] = []
    failed, empty = 0, True
    with (folder / PREDICTIONS / f"{system}.jsonl").open("wb") as lines:
        for name, file in outputs.items():
            output = read_prediction(file)
            if isinstance(output, Doubled):
                notes.append(f"{file}: '{output.name}' stands twice in one object: the last counts")
            line = _prediction_line(name, output, at)
            failed += "error" in line
            empty = empty and line.get("prediction", "") is None
            lines.write(dump(line) + b"\n")
            advance()
    if at and empty:
        raise DataError(f"{system}: no output has an answer where --at says")
    if failed:
        notes.append(
            f"{system} failed on {failed:,} of {len(outputs):,} documents, its outputs say"
        )
    return notes


def _prediction_line(name: str, output: Json, at: Steps) -> dict[str, Json]:
    """The line of one output, which is an answer or, with `at`, holds one. One that has nothing
    there and an `error` says why there is none."""
    answer = answer_at(output, at)
    error = output.get("error") if at and isinstance(output, dict) and not answer else None
    if not error:
        return {"id": name, "prediction": answer}
    message = error.get("message") if isinstance(error, dict) else error
    return {"id": name, "error": message if isinstance(message, str) else dump(error).decode()}
