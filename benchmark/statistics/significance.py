"""Runs against each other: which is better at what, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmark.errors import DataError
from benchmark.scoring.scores import Score
from benchmark.statistics.differences import PairedDifference, all_differences
from benchmark.statistics.exchanges import smallest_p
from benchmark.statistics.intervals import Row, rows_of

ALPHA = 0.05
"""The level of significance at which a verdict is taken, after correction."""
NAMES = {
    "all": "all fields",
    "mean": "mean over documents",
    "schema": "{} (all fields)",
    "table": "{} (all fields)",
    "records": "{} (perfect)",
    "field": "{}",
}
"""What a line is called, by its level, in the order in which levels are shown. The lines of a level
are a family: they are corrected together, and with no others. So all fields together, the headline,
cost no power by being told in detail."""


@dataclass(frozen=True)
class Line:
    """The comparison of two runs on one field, on one table, on its records as wholes, on all
    fields together or of one schema, or on the mean over documents.

    level: a key of NAMES. name: of the field, table or schema, as shown. compared: the difference.
    corrected: p after Holm, over the lines of its family in all pairs shown together; None where
    there is no p. reach: the smallest difference that these documents could show with 80% power at
    the level at which the verdict was taken; None if they could show none, or where it is not
    better. verdict: in words.
    """

    level: str
    name: str
    compared: PairedDifference
    corrected: float | None
    reach: float | None
    verdict: str


@dataclass(frozen=True)
class Pair:
    """Two runs by name, line by line, in the order of NAMES; where documents have schemas of their
    own, their mean comes first."""

    first: str
    second: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Comparison:
    """Runs compared in pairs.

    signature: that of all scores. unit, units: what was exchanged, and how many of them. tests: by
    level, how many p were corrected together.
    """

    signature: str
    unit: str
    units: int
    tests: Mapping[str, int]
    pairs: Sequence[Pair]


def compare_scores(scores: Mapping[str, Score], all_pairs: bool = False) -> Comparison:
    """Compare each run with the first, or every two of them, on F1.

    scores: by the name of the run, the first of them the baseline. Raises DataError for fewer than
    two, and for scores whose signatures differ: they are of different documents, gold, schemas or
    versions of the scorer, and do not compare.
    """
    pairs = pairs_of(scores, all_pairs)
    baseline, *_ = scores.values()
    rows, (unit, *_) = zip(*map(rows_of, scores.values()), strict=True)
    order = _order(baseline, rows[0])
    lines_of = Counter(level for level, _ in order)
    differences = all_differences(
        [np.stack([counts[key] for key in order], axis=1) for counts in rows],
        pairs,
        tests=[lines_of[level] * len(pairs) for level, _ in order],
    )
    units = len(rows[0][order[0]])
    families = _families(order, differences)
    return Comparison(
        signature=baseline.signature,
        unit=unit,
        units=units,
        tests={level: len(family) for level, family in families.items() if family},
        pairs=list(_pairs(list(scores), pairs, order, differences, families)),
    )


def pairs_of(scores: Mapping[str, Score], all_pairs: bool) -> list[tuple[int, int]]:
    """The positions of the runs that are compared: each with the first, or every two of them.

    Raises DataError as compare_scores does.
    """
    if len(scores) < 2:
        raise DataError("two runs are needed to compare")
    _refuse_unlike(scores)
    pairs = list(combinations(range(len(scores)), 2))
    return pairs if all_pairs else pairs[: len(scores) - 1]


def number_better(scores: Sequence[Score]) -> list[int]:
    """Of each score, how many of the others are better at 5%, each pair by itself: by all fields
    together, or by the mean over documents where they have schemas of their own. For two scores
    that is the first verdict of compare_scores on them. The scores have to be of one signature."""
    if len(scores) < 2:
        return [0] * len(scores)
    rows = [rows_of(score)[0] for score in scores]
    headline = _order(scores[0], rows[0])[0]
    pairs = list(combinations(range(len(scores)), 2))
    systems = [by_row[headline][:, None] for by_row in rows]
    number = [0] * len(scores)
    for pair, (compared,) in zip(pairs, all_differences(systems, pairs, [1]), strict=True):
        if compared.p is not None and compared.p <= ALPHA:
            worse = pair[0] if (compared.difference or 0) > 0 else pair[1]
            number[worse] += 1
    return number


def holm(ps: Sequence[float]) -> tuple[list[float], list[float]]:
    """Correct p values for being shown together (Holm, Scandinavian Journal of Statistics 6, 1979):
    the smallest of n is multiplied by n, the next by n - 1, and so on.

    Returns, in their order, the corrected p and the level that each was held against: ALPHA over
    its factor, and for those that are not significant over that of the first such one.
    """
    order = np.argsort(ps, kind="stable")
    factors = np.arange(len(ps), 0, -1)
    corrected, levels = np.empty(len(ps)), np.empty(len(ps))
    # The running maximum keeps them in order: no hypothesis is rejected after one that is not.
    corrected[order] = np.minimum(np.maximum.accumulate(np.asarray(ps)[order] * factors), 1)
    rejected = int((corrected <= ALPHA).sum())
    levels[order] = ALPHA / np.maximum(factors, len(ps) - rejected)
    return corrected.tolist(), levels.tolist()


def _order(score: Score, rows: Mapping[Row, object]) -> list[Row]:
    """The lines of a comparison, in the order of Pair, without those that repeat another."""
    levels = list(NAMES)
    if score.task.schema_names:
        levels.sort(key="mean".__ne__)  # the mean leads
    # Of means over documents, what is compared is that of F1.
    keys = [key for key in rows if key[0] in NAMES and (key[0] != "mean" or key[1] == "f1")]
    fields = len(score.fields)
    below = {table: len(score.below(table)) for table in score.tables}
    repeated = {("table", table) for table, number in below.items() if number in (1, fields)}
    repeated |= {("field", path) for path in score.fields if fields == 1}
    if len(score.task.by_schema) == 1:
        repeated |= {("schema", name) for name in score.task.by_schema}
    kept = [key for key in keys if key not in repeated]
    return sorted(kept, key=lambda key: levels.index(key[0]))


Place = tuple[int, int]
"""A pair and a line of it."""


def _families(
    order: Sequence[Row], differences: Sequence[Sequence[PairedDifference]]
) -> dict[str, dict[Place, tuple[float, float]]]:
    """Of each level, by pair and line, p after Holm and the level that it was held against; without
    lines that have no p.

    The lines of all pairs are one family: whoever reads them looks for any that is significant.
    """
    families: dict[str, dict[Place, float]] = {level: {} for level in NAMES}
    for pair, by_line in enumerate(differences):
        for line, (difference, (level, _)) in enumerate(zip(by_line, order, strict=True)):
            if difference.p is not None:
                families[level][pair, line] = difference.p
    return {
        level: dict(zip(ps, zip(*holm(list(ps.values())), strict=True), strict=True)) if ps else {}
        for level, ps in families.items()
    }


def _pairs(
    names: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    order: Sequence[Row],
    differences: Sequence[Sequence[PairedDifference]],
    families: Mapping[str, Mapping[Place, tuple[float, float]]],
) -> Iterator[Pair]:
    for n, (a, b) in enumerate(pairs):
        lines = []
        for k, (level, path) in enumerate(order):
            compared, family = differences[n][k], families[level]
            corrected, held_against = family.get((n, k), (None, ALPHA))
            reach = _reach(compared, held_against, len(family))
            if corrected is None or corrected <= ALPHA:
                reach = None
            verdict = _verdict(compared, corrected, reach)
            lines.append(
                Line(level, NAMES[level].format(path), compared, corrected, reach, verdict)
            )
        yield Pair(names[a], names[b], lines)


def _reach(compared: PairedDifference, level: float, tests: int) -> float | None:
    """The smallest difference that the units of a comparison could show; None if none."""
    if not compared.units or smallest_p(compared.units, tests) > level:
        return None
    return compared.reach(level)


def _verdict(compared: PairedDifference, corrected: float | None, reach: float | None) -> str:
    """Which of two runs is better, in words, or what the documents could have shown."""
    difference = compared.difference
    if difference is None:
        return "nothing to compare"
    if corrected is not None and corrected <= ALPHA:
        return "second better" if difference > 0 else "first better"
    if corrected is not None and not compared.error and not difference:
        return "no difference"
    if corrected is None or reach is None:
        return "too few to show any"
    # By chance a difference may be more than these documents show in most cases, and not enough
    # in this one.
    return "not shown" if reach <= abs(difference) else f"could show {reach:.2f}"


def _refuse_unlike(scores: Mapping[str, Score]) -> None:
    """Raise DataError, naming what differs, unless all signatures are that of the first score."""
    (first, baseline), *others = scores.items()
    for name, other in others:
        if other.signature != baseline.signature:
            parts = zip(baseline.signature.split("|"), other.signature.split("|"), strict=False)
            apart = "; ".join(f"{a} and {b}" for a, b in parts if a != b)
            raise DataError(f"'{first}' and '{name}' do not compare: {apart}")
