"""How far two labelling passes agree on coded fields, beyond chance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmark.agreement import agreement
from benchmark.scoring import Score
from benchmark.tables import Sheet, show_rate
from benchmark.tasks import Task
from benchmark.tree import Field, Json, Leaf, Table, walk

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
                _at(firsts[name], pair.gold.path),
                _at(score.predictions[name], pair.predicted.path),
            )
            yield [
                (item.path, (_code(sides[0], item.steps), _code(sides[1], item.steps)))
                for item in node.record.fields
                if isinstance(item.node, Leaf) and item.node.kind in {"enum", "boolean"}
            ]


def _at(value: Json, path: str) -> Json:
    """The record at a path with indexes."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def _code(record: Json, steps: tuple[str, ...]) -> str:
    for step in steps:
        record = record.get(step) if isinstance(record, dict) else None
    return NONE if record is None else str(record)


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
