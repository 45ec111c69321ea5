"""The leaves and bags of a table whose values are compared pair by pair: what they may earn and do.

What a field earns (half credits) and the errors that it spares make its part of a weight: see
weights.
"""

from __future__ import annotations

import numpy as np

from benchmark.schema.fields import Key
from benchmark.scoring.arrays import Bools, Ints
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.counts import Outcome
from benchmark.scoring.pairing.likeness import highest_grades, is_bounded
from benchmark.scoring.pairing.outcomes import of_bags

COR, PAR, INC, _, _ = Outcome


class Deferred:
    """The deferred fields of a table, for weights in a unit and of a type of integer.

    keys: by field, its position among the leaves and bags, whether and how it is a key.
    """

    def __init__(
        self, gold: Tables, predicted: Tables, unit: int, dtype: type[np.int32 | np.int64]
    ) -> None:
        self.gold, self.predicted, self.unit, self.dtype = gold, predicted, unit, dtype
        self.keys: dict[int, Key] = {}

    def add(self, n: int, key: Key) -> bool:
        """Defer field `n`, unless equality of ids decides it; whether it is deferred."""
        column = self.gold.flat[n]
        if column.by_equality and (isinstance(column, Leaves) or not column.others):
            return False
        self.keys[n] = key
        return True

    @property
    def can_be_bounded(self) -> bool:
        """Whether any of the fields has lower bounds than `at_most`."""
        return any(map(self._is_bounded, self.keys))

    def _is_bounded(self, n: int) -> bool:
        column = self.gold.flat[n]
        return isinstance(column, Leaves) and is_bounded(column.interner)

    def at_most(self, n: int, gold_rows: Ints, predicted_rows: Ints) -> Ints:
        """The most weight that each gold row may have with each predicted one, whatever they hold.

        gold_rows, predicted_rows: shapes (rows, documents) and (others, documents). Returns shape
        (rows, others, documents).
        """
        gold, p = self.gold.flat[n], self.predicted.counts[n][predicted_rows]
        if isinstance(gold, Leaves):
            both = gold.answers[gold_rows][:, None] & (p > 0)
            # Correct, and spares a MIS and a SPU.
            of_leaf: Ints = both * self.dtype(2 * self.unit + 2)
            return of_leaf
        most = gold.longest
        if gold.by_equality:
            most = np.zeros_like(most)
            most[list(gold.others)] = gold.longest[list(gold.others)]
        m = most[gold_rows][:, None]
        least = np.minimum(m, p)
        # Every element of the shorter list correct, and no error left on either side.
        bound: Ints = (least * (2 * self.unit) + (least > 0) * (m + p)).astype(self.dtype)
        return bound

    def bounded(self, n: int, rows: Ints, columns: Ints) -> tuple[Ints, Bools]:
        """The most weight of each gold row with each predicted one, by what they hold, and whether
        it may be credit: what may not is exact. Both have shape (rows, columns).

        rows: of gold, shape (rows,); columns: of the prediction, shape (columns,).
        """
        gold, predicted = self.gold.flat[n], self.predicted.flat[n]
        if not self._is_bounded(n):
            bound = self.at_most(n, rows[:, None], columns[:, None])[..., 0]
            return bound, bound > 0
        assert isinstance(gold, Leaves)
        assert isinstance(predicted, Leaves)
        highest = highest_grades(gold, predicted, rows, columns)
        may_earn: Bools = highest > 0
        stated = self.predicted.counts[n][columns].astype(self.dtype)
        required = self.gold.required[n][rows].astype(self.dtype)
        spared = stated * (required[:, None] + may_earn)
        return highest * self.dtype(self.unit) + spared, may_earn

    def earned(self, n: int, gold_rows: Ints, predicted_rows: Ints) -> tuple[Ints, Ints]:
        """The half credits that a field earns in each pair of rows, and the errors that it spares,
        each of shape (pairs,)."""
        gold, predicted = self.gold.flat[n], self.predicted.flat[n]
        required = self.gold.required[n][gold_rows]
        stated = self.predicted.counts[n][predicted_rows]
        if isinstance(gold, Leaves):
            assert isinstance(predicted, Leaves)
            earned = gold.grades(gold_rows, predicted, predicted_rows)
            # Where something is predicted: an INC in the place of a MIS and a SPU spares one error,
            # a correct or partial value both.
            return earned, stated * (required + (earned > 0))
        assert isinstance(gold, Bags)
        assert isinstance(predicted, Bags)
        # Rows without alternatives have been weighed as equal ones are, unless the comparator is a
        # graded one; and an empty bag earns nothing and spares nothing.
        asked = ~gold.plain[gold_rows]
        if not gold.by_equality:
            asked |= gold.counts[gold_rows] > 0
        at = np.flatnonzero(asked & (stated > 0))
        counts = of_bags(gold, predicted, gold_rows[at], predicted_rows[at])
        earned, spared = np.zeros((2, len(gold_rows)), np.int64)
        earned[at] = 2 * counts[COR] + counts[PAR]
        spared[at] = required[at] + stated[at] - counts[INC:].sum(axis=0)
        return earned, spared
