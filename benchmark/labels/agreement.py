"""How far two labelling passes agree, by the scorer itself and beyond chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmark.data.documents import Document, quoted
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.labels.build import ADJUDICATED, labelled
from benchmark.reports.sheet import Sheet, show_rate
from benchmark.schema.fields import Field, Json, Leaf, Table, walk
from benchmark.schema.paths import value_at
from benchmark.scoring.counts import Counts
from benchmark.scoring.scores import Score, score

NONE = "none"
"""The category of a value that a pass leaves unstated: that, too, is coded."""


class Coding(NamedTuple):
    """Two passes on one coded field: over `pairs` matched records, `same` have one code in both.

    alpha: Krippendorff's, nominal (Computing Krippendorff's alpha-reliability, 2011). kappa:
    Cohen's. Both are None where all codes are one category, which leaves nothing to agree on.
    """

    field: str
    pairs: int
    same: int
    alpha: float | None
    kappa: float | None


def coding(task: Task) -> list[Coding]:
    """The agreement of two passes on each enum and boolean of records that both found."""
    score = agreement(task)
    coded = {item.path: [] for item in _coded(task)}  # type: dict[str, list[tuple[str, str]]]
    for one in _paired(score):
        for path, codes in one:
            coded[path].append(codes)
    return [_coding(path, codes) for path, codes in coded.items()]


def coding_sheet(found: Sequence[Coding]) -> Sheet:
    """The table that a person reads."""
    rows = [
        (one.field, str(one.pairs), str(one.same), show_rate(one.alpha), show_rate(one.kappa))
        for one in found
    ]
    header = ("coded field", "pairs", "same", "alpha", "kappa")
    return Sheet("Agreement on codes of matched records, beyond chance", header, rows)


def _coded(task: Task) -> Iterator[Field]:
    """Enums and booleans of records."""
    for item in walk(task.tree):
        for one in item.node.record.fields if isinstance(item.node, Table) else ():
            if isinstance(one.node, Leaf) and one.node.kind in {"enum", "boolean"}:
                yield one


def _paired(score: Score) -> Iterator[list[tuple[str, tuple[str, str]]]]:
    """The codes of both passes on each pair of records, by field."""
    tables = {item.path: item for item in walk(score.task.tree) if isinstance(item.node, Table)}
    firsts = {document.id: document.gold for document in score.task.documents}
    for name in score.documents:
        for pair in score.verdicts(name).pairings:
            if pair.gold is None or pair.predicted is None or pair.table not in tables:
                continue
            node = tables[pair.table].node
            assert isinstance(node, Table)
            sides = (
                value_at(firsts[name], pair.gold.path),
                value_at(score.predictions[name], pair.predicted.path),
            )
            yield [
                (item.path, (_code(sides[0], item.steps), _code(sides[1], item.steps)))
                for item in node.record.fields
                if isinstance(item.node, Leaf) and item.node.kind in {"enum", "boolean"}
            ]


def _code(record: Json, steps: tuple[str, ...]) -> str:
    value = value_at(record, steps)
    return NONE if value is None else str(value)


def _coding(path: str, codes: Sequence[tuple[str, str]]) -> Coding:
    from krippendorff import alpha
    from sklearn.metrics import cohen_kappa_score

    same = sum(first == second for first, second in codes)
    if len({code for pair in codes for code in pair}) < 2:
        return Coding(path, len(codes), same, None, None)
    first, second = zip(*codes, strict=True)
    found = alpha(reliability_data=[first, second], level_of_measurement="nominal")
    return Coding(
        path, len(codes), same, _defined(found), _defined(cohen_kappa_score(first, second))
    )


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


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
