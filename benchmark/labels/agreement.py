"""How far labelling passes agree, two by two, by the scorer itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmark.data.documents import Document, quoted
from benchmark.data.task import Task
from benchmark.errors import DataError, UnknownNameError
from benchmark.labels.build import ADJUDICATED, labelled
from benchmark.reports import score_data
from benchmark.reports.sheet import Sheet, show_rate
from benchmark.schema.fields import Json
from benchmark.scoring.counts import Counts, Rates
from benchmark.scoring.scores import Score, score


class PassPair(NamedTuple):
    """Two passes by name, over the documents that both have labelled.

    score: the second scored against the first, alternatives and optional records left aside. F1 is
        the agreement: swapping the passes swaps precision and recall, and F1 is their harmonic mean
        (Hripcsak and Rothschild, Agreement, the F-measure, and reliability in information
        retrieval, 2005).
    lenient: the counts of each pass scored against the other with its alternatives, summed: as
        alternatives make the score lopsided, each pass is gold once.
    """

    first: str
    second: str
    score: Score
    lenient: Counts


def pairwise(task: Task, between: Sequence[str] = ()) -> list[PassPair]:
    """Every two passes of a task, or of those that are named, without those that have no document
    in common. Raises DataError unless there are two passes with a document in common."""
    passes = read_passes(task, between)
    if len(passes) < 2:
        where = "--between" if between else f"{task.folder}/labels"
        raise DataError(
            f"agreement is between two passes or more; {where} has {', '.join(passes) or 'none'}"
        )
    pairs = [
        _pair(task, first, second, shared)
        for first, second in combinations(passes, 2)
        if (shared := _shared(task, passes[first], passes[second]))
    ]
    if not pairs:
        raise DataError(f"no document of '{task.name}' is labelled in two of the passes")
    return pairs


def without_pair(
    task: Task, between: Sequence[str], pairs: Sequence[PassPair]
) -> list[tuple[str, str]]:
    """Every two passes of a task, or of those that are named, that have no document in common."""
    there = {(pair.first, pair.second) for pair in pairs}
    names = combinations(between or pass_names(task), 2)
    return [two for two in names if two not in there]


def pair_sheet(pairs: Sequence[PassPair]) -> Sheet:
    """A row for every two passes, and the mean of them."""
    rows = [
        (
            f"{pair.first}, {pair.second}",
            str(len(pair.score.documents)),
            show_rate(pair.score.micro().strict.f1),
            show_rate(pair.lenient.strict.f1),
        )
        for pair in pairs
    ]
    strict, lenient = _means(pairs)
    header = ("passes", "documents", "micro F1", "alternatives accepted")
    mean = ("mean", "", show_rate(strict), show_rate(lenient))
    title = "Agreement of every two passes"
    return Sheet(title, header, [*rows, mean], frozenset({len(rows)}))


def as_dict(pairs: Sequence[PassPair]) -> dict[str, Json]:
    """The score of every two passes as JSON, and the mean of their F1."""
    strict, lenient = _means(pairs)
    return {
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "lenient_f1": pair.lenient.strict.f1,
                "score": score_data.as_dict(pair.score),
            }
            for pair in pairs
        ],
        "mean": {"f1": strict, "lenient_f1": lenient},
    }


def as_csv(pairs: Sequence[PassPair]) -> str:
    """A line for every two passes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["first", "second", "documents", "f1", "lenient_f1"])
    for pair in pairs:
        f1s = pair.score.micro().strict.f1, pair.lenient.strict.f1
        writer.writerow([pair.first, pair.second, len(pair.score.documents), *f1s])
    return out.getvalue()


def _means(pairs: Sequence[PassPair]) -> tuple[float | None, float | None]:
    """The mean F1 of all pairs, strictly and leniently, over those that define it."""
    strict = Rates.mean([pair.score.micro().strict for pair in pairs])
    return strict.f1, Rates.mean([pair.lenient.strict for pair in pairs]).f1


def against_gold(task: Task, between: Sequence[str] = ()) -> dict[str, Score]:
    """Each pass, or those that are named, scored against the adjudicated gold, by its name."""
    scores = {}
    for name, labels in read_passes(task, between).items():
        labelled = {document.id: document for document in labels}
        shared = [document for document in task.documents if document.id in labelled]
        predictions = _as_predictions(task, (labelled[document.id] for document in shared))
        scores[name] = score(task.only(shared), predictions)
    return scores


def pass_names(task: Task) -> list[str]:
    """The labelling passes of a task: the folders in labels/, without that of the adjudicated."""
    folder = (task.folder or Path()) / "labels"
    names = (path.name for path in folder.glob("*") if path.is_dir())
    return sorted(name for name in names if name != ADJUDICATED)


def read_passes(task: Task, names: Sequence[str] = ()) -> dict[str, list[Document]]:
    """The labels of each pass, or of those that are named, by its name. Raises UnknownNameError for
    a name that is no pass, and DataError for labels that can't be used."""
    there = pass_names(task)
    for name in names:
        if name not in there:
            raise UnknownNameError("labelling pass", name, there)
    texts = {document.id: document for document in task.documents}
    passes = {}
    for name in names or there:
        passes[name], problems = labelled(task, name, texts)
        if problems:
            raise DataError(problems[0])
    return passes


def _shared(
    task: Task, first: Sequence[Document], second: Sequence[Document]
) -> list[tuple[Document, Document]]:
    """The labels of both passes for each document that both have, in the order of the gold."""
    one, other = ({document.id: document for document in labels} for labels in (first, second))
    return [(one[name], other[name]) for name in task.ids if name in one and name in other]


def _pair(
    task: Task, first: str, second: str, labels: Sequence[tuple[Document, Document]]
) -> PassPair:
    one, other = zip(*labels, strict=True)
    # Alternatives of one side only would make F1 depend on which pass is gold.
    bare = [replace(document, alternatives={}, optional=()) for document in one]
    as_predictions = _as_predictions(task, one), _as_predictions(task, other)
    return PassPair(
        first,
        second,
        score(task.only(bare), as_predictions[1]),
        score(task.only(one), as_predictions[1]).micro()
        + score(task.only(other), as_predictions[0]).micro(),
    )


def _as_predictions(task: Task, labels: Iterable[Document]) -> dict[str, Json]:
    return {document.id: quoted(task.tree_of(document), document) for document in labels}
