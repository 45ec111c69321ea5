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
from benchmark.schema.fields import Field, Json, Leaf, Record, Table, walk
from benchmark.schema.paths import value_at
from benchmark.scoring.counts import Counts
from benchmark.scoring.scores import Score, score

NONE = "none"
"""The category of a value that a pass leaves null: a decision that coders can differ on, too."""


class Coding(NamedTuple):
    """Agreement of two passes on one coded field: of `pairs` matched records, `same` have the same
    code in both.

    alpha: Krippendorff's alpha for nominal data (K. Krippendorff, Computing Krippendorff's
        alpha-reliability, 2011).
    kappa: Cohen's kappa (J. Cohen, A coefficient of agreement for nominal scales, 1960).
    Both are None where all codes are one category: chance alone would agree as often.
    """

    field: str
    pairs: int
    same: int
    alpha: float | None
    kappa: float | None


def coding(task: Task) -> list[Coding]:
    """The agreement of two passes on each enum and boolean of the records that scoring pairs.

    Raises DataError unless there are two passes with a document in common.
    """
    score = agreement(task)
    pairs: dict[str, list[tuple[str, str]]] = {item.path: [] for item in _coded_fields(task)}
    for path, codes in _paired_codes(score):
        pairs[path].append(codes)
    return [_coding(path, codes) for path, codes in pairs.items()]


def coding_sheet(codings: Sequence[Coding]) -> Sheet:
    """The table of alpha and kappa, a row a field."""
    rows = [
        (row.field, str(row.pairs), str(row.same), show_rate(row.alpha), show_rate(row.kappa))
        for row in codings
    ]
    header = ("coded field", "pairs", "same", "alpha", "kappa")
    return Sheet("Agreement on codes of matched records, beyond chance", header, rows)


def _coded_fields(task: Task) -> Iterator[Field]:
    """Enums and booleans of records."""
    for item in walk(task.tree):
        yield from _codes_of(item.node.record) if isinstance(item.node, Table) else ()


def _codes_of(record: Record) -> Iterator[Field]:
    for item in record.fields:
        if isinstance(item.node, Leaf) and item.node.kind in {"enum", "boolean"}:
            yield item


def _paired_codes(score: Score) -> Iterator[tuple[str, tuple[str, str]]]:
    """Of each pair of records, each coded field's path and its codes in both passes."""
    tables = {item.path: item for item in walk(score.task.tree) if isinstance(item.node, Table)}
    golds = {document.id: document.gold for document in score.task.documents}
    for name in score.documents:
        for pair in score.verdicts(name).pairings:
            if pair.gold is None or pair.predicted is None or pair.table not in tables:
                continue
            node = tables[pair.table].node
            assert isinstance(node, Table)
            first = value_at(golds[name], pair.gold.path)
            second = value_at(score.predictions[name], pair.predicted.path)
            for item in _codes_of(node.record):
                yield item.path, (_code(first, item.steps), _code(second, item.steps))


def _code(record: Json, steps: tuple[str, ...]) -> str:
    value = value_at(record, steps)
    return NONE if value is None else str(value)


def _coding(path: str, codes: Sequence[tuple[str, str]]) -> Coding:
    """The agreement on one field from its pairs of codes."""
    from krippendorff import alpha
    from sklearn.metrics import cohen_kappa_score

    same = sum(first == second for first, second in codes)
    if len({code for pair in codes for code in pair}) < 2:
        return Coding(path, len(codes), same, None, None)
    first, second = zip(*codes, strict=True)
    # Shape (2 coders, records), as the package takes it.
    krippendorff_alpha = alpha(reliability_data=[first, second], level_of_measurement="nominal")
    kappa = cohen_kappa_score(first, second)
    return Coding(path, len(codes), same, _finite(krippendorff_alpha), _finite(kappa))


def _finite(value: float) -> float | None:
    """A coefficient; None where it is NaN, as 0 / 0 is."""
    return None if math.isnan(value) else float(value)


def pass_names(task: Task) -> list[str]:
    """The labelling passes of a task: the folders in labels/, without that of the adjudicated."""
    folder = (task.folder or Path()) / "labels"
    names = (path.name for path in folder.glob("*") if path.is_dir())
    return sorted(name for name in names if name != ADJUDICATED)


def read_passes(task: Task) -> dict[str, list[Document]]:
    """The labels of each pass, by its name. Raises DataError for labels that can't be used."""
    texts = {document.id: document for document in task.documents}
    passes = {}
    for name in pass_names(task):
        passes[name], problems = labelled(task, name, texts)
        if problems:
            raise DataError(problems[0])
    return passes


def agreement(task: Task) -> Score:
    """The second pass scored against the first, alternatives and optional records left aside.

    F1 is the agreement: swapping the passes swaps precision and recall, and F1 is their harmonic
    mean (Hripcsak and Rothschild, Agreement, the F-measure, and reliability in information
    retrieval, 2005). Raises DataError unless there are two passes with a document in common.
    """
    first, second = _both_passes(task)
    # Alternatives of one side only would make F1 depend on which pass is gold.
    bare = [replace(document, alternatives={}, optional=()) for document in first]
    return score(task.only(bare), _as_predictions(task, second))


def lenient(task: Task) -> Counts:
    """The counts of each pass scored against the other with its alternatives, summed: as
    alternatives make the score lopsided, each pass is gold once."""
    first, second = _both_passes(task)
    return (
        score(task.only(first), _as_predictions(task, second)).micro()
        + score(task.only(second), _as_predictions(task, first)).micro()
    )


def against_gold(task: Task) -> dict[str, Score]:
    """Each pass scored against the adjudicated gold, by the name of the pass."""
    scores = {}
    for name, labels in read_passes(task).items():
        labelled = {document.id: document for document in labels}
        shared = [document for document in task.documents if document.id in labelled]
        predictions = _as_predictions(task, (labelled[document.id] for document in shared))
        scores[name] = score(task.only(shared), predictions)
    return scores


def _as_predictions(task: Task, labels: Iterable[Document]) -> dict[str, Json]:
    return {document.id: quoted(task.tree, document) for document in labels}


def _both_passes(task: Task) -> tuple[list[Document], list[Document]]:
    """Both passes over the documents that both have labelled, in the order of the gold."""
    passes = read_passes(task)
    if len(passes) != 2:
        raise DataError(
            f"agreement is between two passes; "
            f"{task.folder}/labels has {', '.join(passes) or 'none'}"
        )
    first, second = ({document.id: document for document in labels} for labels in passes.values())
    shared = [document.id for document in task.documents if document.id in first.keys() & second]
    if not shared:
        raise DataError(f"no document of '{task.name}' is labelled in both passes")
    return [first[name] for name in shared], [second[name] for name in shared]
