"""How far labelling passes agree on codes, enums and booleans of records, beyond chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmark.data.own_schemas import path_in
from benchmark.data.task import Task
from benchmark.labels.agreement import PassPair
from benchmark.reports.sheet import Sheet, show_rate
from benchmark.schema.fields import Field, Json, Leaf, Record, Table, walk
from benchmark.schema.paths import value_at

NONE = "none"
"""The category of a value that a pass leaves null: a decision that coders can differ on, too."""


class Coding(NamedTuple):
    """Agreement of passes on one coded field: of `pairs` records that are in two passes or more,
    `same` have the same code in all passes that they are in.

    alpha: Krippendorff's alpha for nominal data (K. Krippendorff, Computing Krippendorff's
        alpha-reliability, 2011); a record that a pass lacks is a missing value there.
    kappa: Cohen's kappa (J. Cohen, A coefficient of agreement for nominal scales, 1960), which is
        defined for two passes; None for more.
    Both are None where all codes are one category: chance alone would agree as often.
    """

    field: str
    pairs: int
    same: int
    alpha: float | None
    kappa: float | None


class Label(NamedTuple):
    """A record as one pass labelled it: the pass, the document, the path of the record in it."""

    labeller: str
    document: str
    path: str


def coding(task: Task, pairs: Sequence[PassPair]) -> list[Coding]:
    """The agreement of all passes on each enum and boolean of the records that scoring pairs.

    Records of several passes are one record where scoring pairs them; if pairings contradict one
    another, those of the passes that come first hold, so that no record is two of one pass.
    """
    objects = {}
    for pair in pairs:
        for document in pair.score.task.documents:
            objects[pair.first, document.id] = document.gold
            objects[pair.second, document.id] = pair.score.predictions[document.id]
    paired = _paired(pairs)
    codings = []
    for item in walk(task.tree):
        if not isinstance(item.node, Table):
            continue
        records = [
            [value_at(objects[label.labeller, label.document], label.path) for label in record]
            for record in _joined(paired[item.path])
        ]
        for coded in _codes_of(item.node.record):
            codes = [[_code(label, coded.steps) for label in record] for record in records]
            codings.append(_coding(coded.path, codes, kappa=len(pairs) == 1))
    return codings


def coding_sheet(codings: Sequence[Coding], kappa: bool = True) -> Sheet:
    """The table of alpha and, of two passes, kappa, a row a field."""
    header = ("coded field", "pairs" if kappa else "records", "same", "alpha", "kappa")
    rows = [
        (row.field, str(row.pairs), str(row.same), show_rate(row.alpha), show_rate(row.kappa))
        for row in codings
    ]
    width = len(header) if kappa else len(header) - 1
    title = "Agreement on codes of matched records, beyond chance"
    return Sheet(title, header[:width], [row[:width] for row in rows])


def _codes_of(record: Record) -> Iterator[Field]:
    """Enums and booleans of a table's records."""
    for item in record.fields:
        if isinstance(item.node, Leaf) and item.node.kind in {"enum", "boolean"}:
            yield item


def _paired(pairs: Sequence[PassPair]) -> Mapping[str, list[tuple[Label, Label]]]:
    """The records that scoring pairs, by table, in the order of the passes."""
    paired = defaultdict(list)
    for pair in pairs:
        for name in pair.score.documents:
            schema = pair.score.schema_of(name)
            for found in pair.score.verdicts(name).pairings:
                if found.gold is not None and found.predicted is not None:
                    first = Label(pair.first, name, found.gold.path)
                    second = Label(pair.second, name, found.predicted.path)
                    paired[path_in(schema, found.table)].append((first, second))
    return paired


def _joined(pairs: Iterable[tuple[Label, Label]]) -> list[list[Label]]:
    """The records that pairs make one, each with one label of a pass at most."""
    records: dict[Label, dict[str, Label]] = {}
    for first, second in pairs:
        one, other = (records.setdefault(n, {n.labeller: n}) for n in (first, second))
        if one.keys().isdisjoint(other):
            one |= other
            records |= dict.fromkeys(other.values(), one)
    distinct = {id(record): record for record in records.values() if len(record) > 1}
    return [list(record.values()) for record in distinct.values()]


def _code(record: Json, steps: tuple[str, ...]) -> str:
    value = value_at(record, steps)
    return NONE if value is None else str(value)


def _coding(path: str, codes: Sequence[Sequence[str]], kappa: bool) -> Coding:
    """The agreement on one field from the codes of each record."""
    from krippendorff import alpha
    from sklearn.metrics import cohen_kappa_score

    same = sum(len(set(record)) == 1 for record in codes)
    categories = sorted({code for record in codes for code in record})
    if len(categories) < 2:
        return Coding(path, len(codes), same, None, None)
    # Shape (records, categories), as the package takes it: how many passes gave which code.
    counts = np.array([[record.count(one) for one in categories] for record in codes])
    krippendorff_alpha = alpha(value_counts=counts, level_of_measurement="nominal")
    cohen = cohen_kappa_score(*zip(*codes, strict=True)) if kappa else math.nan
    return Coding(path, len(codes), same, _finite(krippendorff_alpha), _finite(cohen))


def _finite(value: float) -> float | None:
    """A coefficient; None where it is NaN, as 0 / 0 is."""
    return None if math.isnan(value) else float(value)
