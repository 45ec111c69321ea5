"""Runs against each other: which is better at what, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmark.errors import DataError
from benchmark.scoring.scores import Score
from benchmark.statistics.intervals import counts_by_row
from benchmark.statistics.resampling import PairedDifference, holm, paired_differences

ALPHA = 0.05
"""The level of significance at which a verdict is taken, after correction."""


NAMES = {
    "all": "all fields",
    "mean": "mean over documents",
    "schema": "{} (all fields)",
    "table": "{} (all fields)",
    "records": "{} (perfect records)",
    "field": "{}",
}
"""What a line is called, by its level, in the order in which levels are shown."""
FAMILIES = ({"all", "table", "field"}, {"records"}, {"mean"}, {"schema"})
"""The levels whose lines are corrected together. Whole records, the mean over documents and schemas
say again, in another unit, what fields say: they are not to cost the lines of fields any power."""
Key = tuple[str, str]
"""The level of a line and the path of its field or table, or the name of its schema."""


@dataclass(frozen=True)
class Line:
    """The comparison of two runs on one field, on one table, on its records as wholes, on all
    fields together or of one schema, or on the mean over documents.

    level: a key of NAMES. name: of the field, table or schema, as shown. compared: the difference.
    corrected: p after Holm, over the lines of its family in all pairs shown together; None where
    there is no p. verdict: in words.
    """

    level: str
    name: str
    compared: PairedDifference
    corrected: float | None
    verdict: str


@dataclass(frozen=True)
class Pair:
    """Two runs by name, line by line: all fields together first, then the mean over documents,
    then schemas (where documents have their own, the mean is before all fields), tables, their
    records as wholes, and fields."""

    first: str
    second: str
    lines: Sequence[Line]


def compare_scores(scores: Mapping[str, Score], all_pairs: bool = False) -> list[Pair]:
    """Compare each run with the first, or every two of them, on F1.

    scores: by the name of the run, the first of them the baseline. Raises DataError for fewer than
    two, and for scores whose signatures differ: they are of different documents, gold, schemas or
    versions of the scorer, and do not compare.
    """
    names = list(scores)
    if len(names) < 2:
        raise DataError("two runs are needed to compare")
    _refuse_unlike(scores)
    pairs = list(combinations(names, 2)) if all_pairs else [(names[0], n) for n in names[1:]]
    differences = [_differences(scores[first], scores[second]) for first, second in pairs]
    compared = []
    for (first, second), by_key, ps in zip(
        pairs, differences, _corrected(differences), strict=True
    ):
        lines = [
            Line(
                level=level,
                name=NAMES[level].format(path),
                compared=difference,
                corrected=(p := ps.get((level, path))),
                verdict=_verdict(first, second, difference, p),
            )
            for (level, path), difference in by_key.items()
        ]
        compared.append(Pair(first, second, lines))
    return compared


def _corrected(differences: Sequence[Mapping[Key, PairedDifference]]) -> list[dict[Key, float]]:
    """p after Holm, line by line of each pair, without lines that have no p.

    The lines of all pairs are one family: whoever reads them looks for any that is significant.
    """
    corrected: list[dict[Key, float]] = [{} for _ in differences]
    for levels in FAMILIES:
        family = [
            (n, key, difference.p)
            for n, by_key in enumerate(differences)
            for key, difference in by_key.items()
            if key[0] in levels and difference.p is not None
        ]
        for (n, key, _), p in zip(family, holm([p for _, _, p in family]), strict=True):
            corrected[n][key] = p
    return corrected


def _refuse_unlike(scores: Mapping[str, Score]) -> None:
    """Raise DataError, naming what differs, unless all signatures are that of the first score."""
    (first, baseline), *others = scores.items()
    for name, other in others:
        if other.signature != baseline.signature:
            parts = zip(baseline.signature.split("|"), other.signature.split("|"), strict=False)
            apart = "; ".join(f"{a} and {b}" for a, b in parts if a != b)
            raise DataError(f"'{first}' and '{name}' do not compare: {apart}")


def _differences(first: Score, second: Score) -> dict[Key, PairedDifference]:
    """The differences of two runs, in the order of Pair."""
    rows = [counts_by_row(score, score.counts, score.records) for score in (first, second)]
    levels = list(NAMES)
    if first.task.schema_names:
        levels.sort(key="mean".__ne__)  # the mean leads
    # Of means over documents, what is compared is that of F1.
    keys = (key for key in rows[0] if key[0] in NAMES and (key[0] != "mean" or key[1] == "f1"))
    order = sorted(keys, key=lambda key: levels.index(key[0]))
    before, after = (np.stack([counts[key] for key in order], axis=1) for counts in rows)
    return dict(zip(order, paired_differences(before, after), strict=True))


def _verdict(first: str, second: str, compared: PairedDifference, corrected: float | None) -> str:
    """Which of two runs is better, in words, or what the documents could have shown."""
    if compared.difference is None:
        return "nothing to compare"
    if corrected is None or compared.least is None:
        return "one document shows no difference"
    if corrected <= ALPHA:
        return f"{second if compared.difference > 0 else first} better"
    return f"no difference shown; these documents could show {compared.least:.2f}"
