"""How far two labelling passes agree, by the scorer itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmark.building import ADJUDICATED, labelled
from benchmark.counts import Counts
from benchmark.documents import Document, quoted
from benchmark.errors import DataError
from benchmark.scoring import Score, score
from benchmark.tasks import Task
from benchmark.tree import Json


def pass_names(task: Task) -> list[str]:
    """The labelling passes of a task: the folders in labels/ but the one that gold is made of."""
    folder = (task.folder or Path()) / "labels"
    names = (path.name for path in folder.glob("*") if path.is_dir())
    return sorted(name for name in names if name != ADJUDICATED)


def read_passes(task: Task) -> dict[str, list[Document]]:
    """The labels of each pass, by its name; labels that can't be used are a DataError."""
    texts = {document.id: document for document in task.documents}
    passes = {}
    for name in pass_names(task):
        passes[name], problems = labelled(task, name, texts)
        if problems:
            raise DataError(problems[0])
    return passes


def agreement(task: Task) -> Score:
    """The second pass scored against the first, value against value: F1 is the agreement, the
    same whichever pass is called gold. What a pass accepts besides its value is left aside."""
    first, second = _two(task)
    bare = [replace(d, alternatives={}, optional=()) for d in first]
    return score(task.only(bare), _as_predictions(task, second))


def lenient(task: Task) -> Counts:
    """Both passes scored against each other's labels with their alternatives, summed."""
    first, second = _two(task)
    return (
        score(task.only(first), _as_predictions(task, second)).micro()
        + score(task.only(second), _as_predictions(task, first)).micro()
    )


def against_gold(task: Task) -> dict[str, Score]:
    """Each pass scored against the adjudicated gold."""
    scores = {}
    for name, labels in read_passes(task).items():
        labelled = {document.id: document for document in labels}
        shared = [document for document in task.documents if document.id in labelled]
        again = _as_predictions(task, (labelled[document.id] for document in shared))
        scores[name] = score(task.only(shared), again)
    return scores


def _as_predictions(task: Task, labels: Iterable[Document]) -> dict[str, Json]:
    return {document.id: quoted(task.tree, document) for document in labels}


def _two(task: Task) -> tuple[list[Document], list[Document]]:
    """Both passes over the documents that both have labelled, in the order of the gold."""
    passes = read_passes(task)
    if len(passes) != 2:
        raise DataError(
            f"agreement is between two passes; "
            f"{task.folder}/labels has {', '.join(passes) or 'none'}"
        )
    first, second = ({d.id: d for d in labels} for labels in passes.values())
    shared = [document.id for document in task.documents if document.id in first.keys() & second]
    if not shared:
        raise DataError(f"no document of '{task.name}' is labelled in both passes")
    return [first[name] for name in shared], [second[name] for name in shared]
