"""Values that earn credit only if they are equal: in how many of them pairs of records agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.scoring.arrays import Ints, places
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.all_pairs import agreements, count_common_elements, shared

FEW = 1000
"""Comparisons for each element up to which a bag's elements are all compared with all; beyond that,
sorting them to join equal ones costs less."""


@dataclass(frozen=True)
class EqualValues:
    """The leaves and bags of a table that are compared by equality, for a group of documents.

    gold_rows, predicted_rows: as of Weights.
    """

    gold: Tables
    predicted: Tables
    gold_rows: Ints
    predicted_rows: Ints

    def count(self, fields: Sequence[int]) -> Ints:
        """Count the equal values of each pair of records, in those of some leaves and bags that are
        compared by equality, shape (gold rows, predicted rows, documents)."""
        gold, predicted = self.gold.equality, self.predicted.equality
        gold_ids, predicted_ids = gold.ids, predicted.predicted_ids
        laid_out = [n for n in fields if self._is_laid_out(n)]
        i, j, _ = gold.slot_pairs(predicted, laid_out)
        equal = agreements(
            gold_ids.take(self.gold_rows, axis=1)[i],
            predicted_ids.take(self.predicted_rows, axis=1)[j],
        )
        for n in fields:
            g, p = self.gold.flat[n], self.predicted.flat[n]
            if isinstance(g, Bags):
                if n not in laid_out and g.by_equality:
                    assert isinstance(p, Bags)
                    count_common_elements(g, p, self.gold_rows, self.predicted_rows, equal)
            elif g.others and n in laid_out:
                self._accept_others(g, predicted_ids[predicted.places[n].start], equal)
        return equal

    def _is_laid_out(self, n: int) -> bool:
        """Whether a leaf or bag is compared slot by slot, all with all, instead of joined by id."""
        g, p = self.gold.equality.places.get(n), self.predicted.equality.places.get(n)
        if g is None or p is None:
            return False
        if len(g) * len(p) <= 1:
            return True
        pairs = len(self.gold_rows) * self.predicted_rows.size
        elements = (
            self.gold.counts[n][self.gold_rows].sum()
            + self.predicted.counts[n][self.predicted_rows].sum()
        )
        return bool(len(g) * len(p) * pairs <= FEW * elements)

    def _accept_others(self, gold: Leaves, predicted_ids: Ints, equal: Ints) -> None:
        """Count the predicted values of a leaf that equal an alternative of the gold one."""
        rows, ids = gold.other_ids
        at, place, document = places(self.gold_rows, rows, len(self.gold))
        n, j = np.nonzero(ids[at, None] == predicted_ids[self.predicted_rows][:, document].T)
        equal[place[n], j, document[n]] += 1  # no pair twice: a value equals one alternative

    def spared(self) -> Ints:
        """Count the errors that pairs spare because both records state a value: one INC in the
        place of a MIS and a SPU, of the shape of `count`."""
        fields = [n for n, column in enumerate(self.gold.flat) if column.by_equality]
        required = self.gold.required[fields]
        for k, n in enumerate(fields):
            if isinstance(column := self.gold.flat[n], Bags):
                required[k, list(column.others)] = 0  # deferred, with all that they spare
        counts = self.predicted.counts[fields]
        return shared(
            required.take(self.gold_rows, axis=1), counts.take(self.predicted_rows, axis=1)
        )
