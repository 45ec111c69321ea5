"""What can be wrong with gold, beyond what loading a task refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from benchmark.agreement import read_passes
from benchmark.errors import DataError
from benchmark.schema import Json
from benchmark.scoring import score
from benchmark.tasks import Document, Task, quoted
from benchmark.validation import Validator

ORDERED = (("start", "end"), ("low", "high"))
"""Properties of a record that stand in order wherever both are given."""


def problems(task: Task) -> Iterator[str]:
    """Everything wrong with a task's gold and labels, a line each.

    Loading has checked the gold's schema, ids and texts; scoring it against itself checks
    alternatives, optional records and the alias list.
    """
    for document in task.documents:
        yield from _document_problems(document)
    yield from _score_problems(task)
    validator = Validator(task.schema)
    texts = {document.id: document.text for document in task.documents}
    for name, labels in read_passes(task).items():
        for document in labels:
            if document.id not in texts:
                yield f"labels/{name}: '{document.id}' is no document of the task"
            elif problem := validator.problem(quoted(task.tree, document)):
                yield f"labels/{name}: '{document.id}' breaks the schema at {problem}"
            for problem in _span_problems(document, texts.get(document.id)):
                yield f"labels/{name}: {problem}"


def _document_problems(document: Document) -> Iterator[str]:
    yield from _order_problems(document)
    yield from _span_problems(document, document.text)
    recorded = document.meta.get("sha256")
    if document.text is not None and recorded is not None:
        digest = hashlib.sha256(document.text.encode()).hexdigest()
        if digest != recorded:
            yield f"'{document.id}': the text's SHA-256 is {digest}, the metadata says {recorded}"


def _score_problems(task: Task) -> Iterator[str]:
    """Gold against itself is all correct."""
    try:
        result = score(task, {d.id: quoted(task.tree, d) for d in task.documents})
    except DataError as error:
        yield str(error)
        return
    for path in result.fields:
        counts = result.field_counts(path)
        if counts.cor != counts.pos or counts.spu:
            yield f"{path}: gold scored against itself is not all correct"


def _order_problems(document: Document) -> Iterator[str]:
    for path, value in _walk(document.gold, ""):
        if isinstance(value, dict):
            for first, last in ORDERED:
                a, b = value.get(first), value.get(last)
                if a is not None and b is not None and b < a:
                    yield f"'{document.id}' {path}: {first} {a} is after {last} {b}"


def _span_problems(document: Document, text: str | None) -> Iterator[str]:
    paths = dict(_walk(document.gold, ""))
    for path, places in document.spans.items():
        where = f"'{document.id}' span of {path}"
        if path not in paths and not (path.endswith(".evidence") and path[:-9] in paths):
            yield f"{where}: gold has no such value"
        for start, end in places if text is not None else ():
            if problem := _place_problem(text or "", start, end):
                yield f"{where}: {problem}"


def _place_problem(text: str, start: int, end: int) -> str:
    if end > len(text):
        return f"[{start}, {end}] runs past the text's end, {len(text)}"
    for edge in (start, end):
        if text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum():
            return f"[{start}, {end}] cuts the word around {text[max(0, edge - 12) : edge + 12]!r}"
    return ""


def _walk(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Every value with its path, indexes included."""
    yield path, value
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _walk(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _walk(below, f"{path}[{index}]")
