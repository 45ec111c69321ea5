"""The columns of leaves: a value a row, or none."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, to_offsets
from benchmark.scoring.columns.bags import Others
from benchmark.scoring.columns.interning import NOTHING, Interner


@dataclass
class Leaves:
    """A leaf's column. `raw`: the values as given; `ids`, shape (N + 1,): as compared, the last
    one of a record that is not there. `others` holds, by row, what else gold accepts."""

    interner: Interner
    raw: Sequence[Json]
    ids: Ints
    others: dict[int, Others] = field(default_factory=dict)
    _grades: dict[int, int] = field(default_factory=dict)
    _folded: dict[int, Hashable] = field(default_factory=dict)

    @cached_property
    def answers(self) -> Bools:
        """Which rows accept any value, shape (N + 1,)."""
        answers: Bools = self.ids != NOTHING
        for row, others in self.others.items():
            answers[row] |= any(other is not None for other in others)
        return answers

    @property
    def longest(self) -> Bools:
        """The values of the longest answer that gold accepts in each row, shape (N + 1,)."""
        return self.answers

    def grades(self, rows: Ints, predicted: Leaves, columns: Ints) -> Ints:
        """How far values of the column that this one is held against agree with the best of what
        gold accepts. A pair is asked for when records are paired, and again when they are counted.
        """
        grades = np.zeros(len(rows), np.int64)
        at = np.flatnonzero(self.answers[rows] & (predicted.ids[columns] >= 0))
        width, known = len(predicted.ids), self._grades
        keys = (rows[at] * np.int64(width) + columns[at]).tolist()
        new = [key for key in keys if key not in known]
        pairs = [divmod(key, width) for key in new]
        known.update(zip(new, self._graded(pairs, predicted), strict=True))
        grades[at] = [known[key] for key in keys]
        return grades

    def _graded(self, pairs: list[tuple[int, int]], predicted: Leaves) -> Sequence[int]:
        raw, given, others = self.raw, predicted.raw, self.others
        if not pairs:
            return []
        if not others and self.interner.is_quick:
            rows, columns = zip(*pairs, strict=True)
            return self.interner.comparator.grades(self.folded(rows), predicted.folded(columns))
        if not others:
            return self.interner.grades([(raw[i], given[j]) for i, j in pairs])
        accepted = [
            [(one, given[j]) for one in (raw[i], *others.get(i, ())) if one is not None]
            for i, j in pairs
        ]
        found = self.interner.grades(list(chain.from_iterable(accepted)))
        best: list[int] = np.maximum.reduceat(
            found, to_offsets([*map(len, accepted)])[:-1]
        ).tolist()
        return best

    def folded(self, rows: Sequence[int]) -> list[Hashable]:
        """Valid values of some rows as compared, each worked out once."""
        known = self._folded
        new = [row for row in dict.fromkeys(rows) if row not in known]
        known.update(
            zip(new, self.interner.comparator.folds([self.raw[row] for row in new]), strict=True)
        )
        return [known[row] for row in rows]

    @cached_property
    def other_ids(self) -> tuple[Ints, Ints]:
        """Row and id of each other value that gold accepts, once for each row, in any order."""
        found = [(row, other) for row, others in self.others.items() for other in others]
        rows = np.fromiter((row for row, other in found if other is not None), np.int64)
        others = self.interner.places([other for _, other in found if other is not None])
        ids = self.interner.ids(others)
        new = ids != self.ids[rows]
        rows, ids = np.unique(np.stack([rows[new], ids[new]]), axis=1)
        return rows, ids
