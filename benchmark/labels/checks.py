"""What can be wrong with gold, beyond what loading a task refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmark.data.documents import Document, problems_in_groups, quoted
from benchmark.data.own_schemas import named_in_errors
from benchmark.data.signature import text_hash
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.labels.agreement import pass_names
from benchmark.labels.build import labelled, out_of_date, read_texts
from benchmark.schema.kinds import is_date, is_number
from benchmark.schema.paths import walk_values
from benchmark.schema.validation import Validator
from benchmark.scoring.columns.interning import Interner, intern_all
from benchmark.scoring.columns.reading import Reader
from benchmark.scoring.scores import score

ORDERED = (("start", "end"), ("low", "high"))
"""Pairs of properties of an object of which the first is never more than the second."""


def problems(task: Task) -> Iterator[str]:
    """The problems of a task's gold and labels, a line each.

    Loading the task has checked ids and the hashes of texts already.
    """
    try:  # with a broken comparator or alias list, nothing can be read
        interners = _interners(task)
    except DataError as error:
        yield str(error)
        return
    yield from _all_gold_problems(task, interners)
    texts = {document.id: document for document in task.documents}
    for name in pass_names(task):
        labels, wrong = labelled(task, name, texts)
        yield from wrong
        for problem in _all_gold_problems(task.only(labels), interners):
            yield f"labels/{name}: {problem}"
    if task.folder and read_texts(task):
        yield from out_of_date(task)


def _all_gold_problems(
    task: Task, interners: Mapping[str, Mapping[str, Interner]]
) -> Iterator[str]:
    """The problems of the documents of each schema, by the interners of its fields."""
    for schema, part in task.parts.items():
        with named_in_errors(schema):
            yield from _gold_problems(part, interners[schema])


def _interners(task: Task) -> dict[str, Mapping[str, Interner]]:
    """The interners of the fields of each schema."""
    interners: dict[str, Mapping[str, Interner]] = {}
    for schema, plain in task.plain.items():
        with named_in_errors(schema):
            interners[schema] = intern_all(plain.tree, task.aliases)
    return interners


def _gold_problems(task: Task, interners: Mapping[str, Interner]) -> Iterator[str]:
    """The problems of each document, and of what only scoring reads."""
    broken = problems_in_groups(task.tree, Validator(task.schema), task.documents)
    yield from broken
    for document in task.documents:
        yield from _unknown_problems(task, interners, document)
        yield from _order_problems(document)
        yield from _span_problems(task, document)
        yield from _hash_problems(document)
    if not broken:  # scoring takes valid gold only
        yield from _score_problems(task)


def _unknown_problems(
    task: Task, interners: Mapping[str, Interner], document: Document
) -> Iterator[str]:
    """Properties that the schema does not name: it need not forbid them, and typos make some."""
    reader = Reader(task.tree, interners)
    reader.add([document.gold])
    for path in reader.unknown:
        yield f"'{document.id}': the schema has no {path}"


def _hash_problems(document: Document) -> Iterator[str]:
    """A text that is not the one whose hash the metadata record."""
    digest, recorded = text_hash(document), document.meta.get("sha256")
    if recorded not in (None, digest):
        yield f"'{document.id}': the text's SHA-256 is {digest}, the metadata says {recorded}"


def _score_problems(task: Task) -> Iterator[str]:
    """What scoring gold against itself finds: alternatives and optional records at paths that gold
    lacks, alternatives of another type."""
    try:
        answers = {document.id: quoted(task.tree, document) for document in task.documents}
        score(task.only(task.documents), answers)
    except DataError as error:
        yield str(error)


def _order_problems(document: Document) -> Iterator[str]:
    """Objects with a pair of ORDERED, numbers or dates, in the wrong order."""
    for path, value in walk_values(document.gold):
        for first, last in ORDERED if isinstance(value, dict) else ():
            bounds = [value.get(first), value.get(last)]
            comparable = all(map(is_number, bounds)) or all(map(is_date, bounds))
            if comparable and bounds[1] < bounds[0]:
                where = f"'{document.id}' {path}".rstrip()
                yield f"{where}: {first} {bounds[0]} is after {last} {bounds[1]}"


def _span_problems(task: Task, document: Document) -> Iterator[str]:
    """Spans of values that gold lacks, and spans that no words of the text have."""
    paths = dict(walk_values(quoted(task.tree, document)))
    for path, spans in document.spans.items():
        where = f"'{document.id}' span of {path}"
        if path not in paths:
            yield f"{where}: gold has no such value"
        for start, end in spans if document.text is not None else ():
            if problem := _span_problem(document.text or "", start, end):
                yield f"{where}: {problem}"


def _span_problem(text: str, start: int, end: int) -> str:
    """What is wrong with one span; empty if nothing is."""
    if end > len(text):
        return f"[{start}, {end}] runs past the text's end, {len(text)}"
    # A letter on both sides of an edge: offsets are off by some, as those in bytes are.
    for edge in (start, end):
        if text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum():
            return f"[{start}, {end}] cuts the word around {text[max(0, edge - 12) : edge + 12]!r}"
    return ""
