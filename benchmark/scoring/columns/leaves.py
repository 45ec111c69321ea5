"""The columns of leaves: one value or none for each row."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, to_offsets
from benchmark.scoring.columns.bags import Others
from benchmark.scoring.columns.interning import MOST_KEPT, NOTHING, Interner

AT_ONCE = 1 << 14
"""Pairs that are graded at once: it bounds the memory that they take as Python objects."""


@dataclass
class Leaves:
    """A leaf's column.

    interner: of the field. raw: the values as given in JSON, N of them. ids: the values as
    compared, shape (N + 1,), the last one, NOTHING, that of a record that is not there; of a leaf
    whose values are graded they only say whether a value is there and valid. others: by row, what
    else gold accepts.
    """

    interner: Interner
    raw: Sequence[Json]
    ids: Ints
    others: dict[int, Others] = field(default_factory=dict)
    _grade_of: dict[int, int] = field(default_factory=dict)
    _folded_by_row: dict[int, Hashable] = field(default_factory=dict)

    @property
    def by_equality(self) -> bool:
        """Whether only equal values earn credit."""
        return self.interner.comparator.by_equality

    @cached_property
    def answers(self) -> Bools:
        """Mask of the rows for which gold accepts some value, stated or not, shape (N + 1,)."""
        answers: Bools = self.ids != NOTHING
        for row, others in self.others.items():
            answers[row] |= any(other is not None for other in others)
        return answers

    @property
    def longest(self) -> Bools:
        """The most values that gold accepts in each row, 0 or 1, shape (N + 1,); as of Bags."""
        return self.answers

    def grades(self, rows: Ints, predicted: Leaves, columns: Ints) -> Ints:
        """The grade of each pair of rows, the best over all that gold accepts, shape (pairs,).

        rows: of this column, gold; columns: of `predicted`; both of shape (pairs,).
        """
        grades = np.zeros(len(rows), np.int64)
        # Without a value on either side, or with an invalid one, the grade is 0 (Grade.NOT).
        at = np.flatnonzero(self.answers[rows] & (predicted.ids[columns] >= 0))
        for first in range(0, len(at), AT_ONCE):
            part = at[first : first + AT_ONCE]
            grades[part] = self._remembered(rows[part], predicted, columns[part])
        return grades

    def _remembered(self, rows: Ints, predicted: Leaves, columns: Ints) -> list[int]:
        """The grade of each pair of rows, both of which have a valid value.

        Grades are remembered by pair of rows: a pair is graded when records are paired, and again
        when they are counted. So there is one `predicted` in the life of a column.
        """
        width, grade_of = len(predicted.ids), self._grade_of
        if len(grade_of) > MOST_KEPT:
            grade_of.clear()  # few of so many pairs are counted, and are then graded anew
        keys = (rows * np.int64(width) + columns).tolist()
        new = [key for key in keys if key not in grade_of]
        pairs = [divmod(key, width) for key in new]
        grade_of.update(zip(new, self._graded(pairs, predicted), strict=True))
        return [grade_of[key] for key in keys]

    def _graded(self, pairs: list[tuple[int, int]], predicted: Leaves) -> Sequence[int]:
        """The grade of each pair of rows, both of which have a valid value."""
        raw, predicted_raw = self.raw, predicted.raw
        if not pairs:
            return []
        if not self.others and self.interner.is_quick:
            rows, columns = zip(*pairs, strict=True)
            return self.interner.comparator.grades(self.folded(rows), predicted.folded(columns))
        if not self.others:
            return self.interner.grades([(raw[i], predicted_raw[j]) for i, j in pairs])
        accepted = [[(v, predicted_raw[j]) for v in self.accepted(i)] for i, j in pairs]
        grades = self.interner.grades(list(chain.from_iterable(accepted)))
        # No pair is without an accepted value, which reduceat could not take: see `answers`.
        best: list[int] = np.maximum.reduceat(
            grades, to_offsets([*map(len, accepted)])[:-1]
        ).tolist()
        return best

    def accepted(self, row: int) -> list[Json]:
        """The values that gold accepts in a row, as given, the stated one first if there is one."""
        return [v for v in (self.raw[row], *self.others.get(row, ())) if v is not None]

    def folded(self, rows: Sequence[int]) -> list[Hashable]:
        """The values of some rows as compared, each folded once. They have to be valid."""
        folded_by_row = self._folded_by_row
        new = [row for row in dict.fromkeys(rows) if row not in folded_by_row]
        folded_by_row.update(
            zip(new, self.interner.comparator.folds([self.raw[row] for row in new]), strict=True)
        )
        return [folded_by_row[row] for row in rows]

    @cached_property
    def other_ids(self) -> tuple[Ints, Ints]:
        """Rows and ids of the alternatives, shape (alternatives,) each, in any order.

        Each id stands once for a row, and never where it is the id of the stated value itself: so
        a predicted value that gold accepts is counted once.
        """
        pairs = [(row, other) for row, others in self.others.items() for other in others]
        rows = np.fromiter((row for row, other in pairs if other is not None), np.int64)
        places = self.interner.places([other for _, other in pairs if other is not None])
        ids = self.interner.ids(places)
        differs = ids != self.ids[rows]
        rows, ids = np.unique(np.stack([rows[differs], ids[differs]]), axis=1)
        return rows, ids
