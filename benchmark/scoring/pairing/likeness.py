"""The most that texts can earn which are compared by similarity: upper bounds, for many pairs.

The similarity of two texts is 1 - Levenshtein distance / length of the longer one. However one is
turned into the other, what is kept of the longer one is a common subsequence of both, and each of
its other characters costs an edit. So the distance is no less than the length of the longer text
less that of their longest common subsequence, and the similarity no more than the length of that
subsequence over the length of the longer text. It takes a quarter of the time of the distance
(Hyyrö, 2004, "Bit-parallel LCS-length computation revisited"), and tells most texts apart that have
nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from benchmark.schema.comparing.grades import Grade, all_similar
from benchmark.scoring.arrays import Ints, to_offsets
from benchmark.scoring.columns.interning import Interner
from benchmark.scoring.columns.leaves import Leaves

AT_ONCE = 1 << 20
"""Pairs of texts that are compared by one call: it bounds the memory that the results take."""

ROUNDING = 1e-6
"""By how much a bound is raised, so that its rounding never takes it below the similarity."""


def is_bounded(interner: Interner) -> bool:
    """Whether a field is compared in the way that is bounded here."""
    return interner.comparator.definition.grades is all_similar


def highest_grades(gold: Leaves, predicted: Leaves, rows: Ints, columns: Ints) -> Ints:
    """An upper bound of the grade of each row with each column, shape (rows, columns).

    rows: of `gold`; columns: of `predicted`. Of what gold accepts, the best counts.
    """
    highest = np.zeros((len(rows), len(columns)), np.int8)
    i, j = np.flatnonzero(gold.answers[rows]), np.flatnonzero(predicted.ids[columns] >= 0)
    if len(i) and len(j):
        accepted = [gold.accepted(row) for row in rows[i].tolist()]
        golds = gold.interner.comparator.folds([value for values in accepted for value in values])
        between = _highest(gold.interner, golds, predicted.folded(columns[j].tolist()))
        # No row is without an accepted value, which reduceat could not take: see `answers`.
        first = to_offsets([*map(len, accepted)])[:-1]
        highest[np.ix_(i, j)] = np.maximum.reduceat(between, first, axis=0)
    return highest


def _highest(interner: Interner, golds: Sequence[Hashable], predicted: Sequence[Hashable]) -> Ints:
    """An upper bound of the grade of each of some texts with each of others. Texts that stand many
    times are compared once."""
    left, i = _distinct(golds)
    right, j = _distinct(predicted)
    if interner.highest is None or interner.highest[0] != (left, right):
        interner.highest = (left, right), _of_distinct(interner, left, right)
    highest: Ints = interner.highest[1][np.ix_(i, j)]
    return highest


def _of_distinct(interner: Interner, golds: list[str], predicted: list[str]) -> Ints:
    """An upper bound of the grade of each text with each other, by comparing all with all."""
    from rapidfuzz.distance import LCSseq
    from rapidfuzz.process import cdist

    options = interner.comparator.options
    accept, partial = (float(str(options[n])) - ROUNDING for n in ("accept", "partial"))
    highest = np.zeros((len(golds), len(predicted)), np.int8)
    step = max(1, AT_ONCE // len(predicted))
    for first in range(0, len(golds), step):
        part = slice(first, first + step)
        similarities = cdist(
            golds[part],
            predicted,
            scorer=LCSseq.normalized_similarity,
            score_cutoff=partial,
            dtype=np.float32,
        )
        highest[part][similarities >= partial] = Grade.PARTLY
        highest[part][similarities >= accept] = Grade.ACCEPTED
    return highest


def _distinct(texts: Sequence[Hashable]) -> tuple[list[str], Ints]:
    """The different ones of some texts, and the position of each text among them."""
    position: dict[Hashable, int] = {}
    positions = [position.setdefault(text, len(position)) for text in texts]
    return list(map(str, position)), np.array(positions)
