"""What pairing any gold record of a table with any predicted one of its document would earn.

The weight of a pair is its credit, counted in half credits (correct 2, partial 1), times `unit`,
plus the errors that the pair spares: those of both records alone (all MIS or SPU), less those of
the pair (INC + MIS + SPU). `unit` is so large that all errors of a document together weigh less
than half of it (see records.match). So the pairing of highest total weight has the highest credit
and, of those of equal credit, the fewest errors; and whether a pair earns any credit can be read
off its weight, which is then more than half a unit. Weights add up over the slots of a record and
over the records nested in it.

Where values are equal or else earn nothing, all pairs of a group of documents are compared at
once. The others (graded comparators, bags for which gold accepts alternatives) have to be compared
pair by pair in Python, which costs far more. So their fields are deferred: a weight starts as an
upper bound, as if they earned all they can, and is made exact only when the search for the best
pairing comes upon the pair. That keeps the pairing optimal: one that is best under upper bounds,
and whose own weights are exact, is best under exact weights too, as no other can gain by
being made exact. Where very many bounds are left to contest each other, they are lowered first, by
what can be told of all pairs for less: lower bounds are bounds as well.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Bools, Ints, appended, grid
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.deferred import Deferred
from benchmark.scoring.pairing.equal_values import EqualValues

AT_ONCE = 1 << 18
"""Weights that are made exact at once: it bounds the memory that this takes."""

MANY = 1 << 14
"""Contested pairs of one document from which on their bounds are lowered before any is compared."""

SPARSE = 4
"""Bounds are lowered for whole rows and columns, unless so many times as many pairs are in them as
are asked for: then comparing the few that decide takes less time."""


class Weights:
    """The weights of all pairs in a table, for a group of documents.

    weights: shape (gold rows, predicted rows, documents), 0 for a pair that is not allowed; set by
    `finish`. exact: same shape, false where a weight is an upper bound. gold_rows, predicted_rows:
    which row of `gold` and of `predicted` each place of the first two axes stands for, shape (gold
    rows, documents) and (predicted rows, documents); len(gold) or len(predicted), one past the last
    row, where a document has fewer.

    Use: `add` the totals of each nested table, then `finish`, then `refine` on demand.
    """

    def __init__(
        self, tree: Record, gold: Tables, predicted: Tables, documents: Ints, unit: int
    ) -> None:
        self.tree, self.gold, self.predicted, self.unit = tree, gold, predicted, unit
        self.gold_rows = grid(gold.documents, documents, len(gold))
        self.predicted_rows = grid(predicted.documents, documents, len(predicted))
        self._dtype = _dtype(gold, predicted, unit)
        flat = [n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)]
        marked = [n for n, item in enumerate(tree.fields) if item.key]
        self.keys = tuple(marked or flat)
        in_order = [n for n in flat if n in self.keys], [n for n in flat if n not in self.keys]
        keys, others = ([flat.index(n) for n in fields] for fields in in_order)
        shape = (len(self.gold_rows), *self.predicted_rows.shape)
        self._upper_bounds: Ints = np.zeros(shape, self._dtype)  # of the deferred fields alone
        self._deferred = Deferred(gold, predicted, unit, self._dtype)
        # Keys are compared first: until the others are added, `equal` and the bounds tell which
        # pairs agree, or may agree, on a key.
        values = EqualValues(gold, predicted, self.gold_rows, self.predicted_rows)
        equal = values.count(keys)
        for n in keys:
            self._defer(n, is_key=True)
        self._agree: Bools = equal > 0
        self._may_agree: Bools = self._agree | (self._upper_bounds > 0)
        equal += values.count(others)
        for n in others:
            self._defer(n, is_key=False)
        # An equal value is a full credit (two halves) and spares one error more than the INC that
        # `spared` takes it for.
        self._exact_part: Ints = equal * self._dtype(2 * unit + 1) + values.spared()
        self.exact: Bools = self._upper_bounds == 0

    def add(self, n: int, totals: Ints) -> None:
        """Add the exact weights that the records of a nested table, field `n`, earn with each pair
        of parents, of the shape of `weights`."""
        self._exact_part += totals
        if n in self.keys:
            self._agree |= totals > 0
            self._may_agree |= totals > 0

    @property
    def possible(self) -> Bools:
        """Which pairs may turn out to be allowed, before nested tables are weighed: only for these
        do nested records have to be paired. All of them, where a nested table is a key or where
        records without a key may be paired."""
        nested = any(isinstance(self.tree.fields[n].node, Table) for n in self.keys)
        if nested or not self._predicted_states.all():
            return np.ones_like(self.exact)
        return self._may_agree

    def finish(self) -> None:
        """Set the weights: upper bounds, and 0 for pairs that do not agree on a key.

        Where neither record states a key, agreement on anything will do: such a record could
        otherwise not even be paired with itself.
        """
        self.weights: Ints = self._exact_part + self._upper_bounds
        allowed = self._may_agree
        if not self._predicted_states.all():
            states = self._gold_states[:, None], self._predicted_states
            allowed = self._allowed(allowed, self.weights, *states)
        if self.gold.optional.any():
            # Unpaired, an optional record counts nothing: pairing it spares none of its errors.
            alone = appended(self.gold.missing_if_unpaired * self.gold.optional, 0)
            self._exact_part -= alone[self.gold_rows][:, None]
            self.weights -= alone[self.gold_rows][:, None]
        self.weights *= allowed

    @cached_property
    def _predicted_states(self) -> Bools:
        """Which predicted rows state a key, shape (predicted rows, documents); true where a
        document has no such row, so that padding never counts as a record without a key."""
        return appended(self.predicted.states(self.keys), True)[self.predicted_rows]

    @cached_property
    def _gold_states(self) -> Bools:
        """Which gold rows state a key, shape (gold rows, documents); true for padding."""
        return appended(self.gold.states(self.keys), True)[self.gold_rows]

    def _defer(self, n: int, *, is_key: bool) -> None:
        """Add the most that a leaf or bag can earn to the upper bounds, unless equality of ids
        decides it."""
        if self._deferred.add(n, is_key=is_key):
            self._upper_bounds += self._deferred.at_most(n, self.gold_rows, self.predicted_rows)

    def refine(self, i: Ints, j: Ints, documents: Ints) -> None:
        """Make the weights at places (i[k], j[k], documents[k]) exact, where they are bounds."""
        if not self._deferred.keys:
            return
        bounds = np.flatnonzero(~self.exact[i, j, documents])
        for first in range(0, len(bounds), AT_ONCE):
            part = bounds[first : first + AT_ONCE]
            at = i[part], j[part], documents[part]
            self.weights[at] = self._weigh(*at)
            self.exact[at] = True

    def refine_all(self) -> None:
        """Make all weights exact."""
        if not self._deferred.keys:
            return
        self.tighten(self.weights > 0)
        self.refine(*np.nonzero((self.weights > 0) & ~self.exact))

    def tighten(self, contested: Bools) -> bool:
        """Lower the upper bounds of pairs, a mask of the shape of `weights`, in documents with very
        many of them: by what their texts are like, but without the comparison of each with each
        that would make them exact. Returns whether it did."""
        if contested[:, :, :1].size < MANY or not self._deferred.can_be_bounded:
            return False
        bounds = contested & ~self.exact
        many = np.flatnonzero(np.count_nonzero(bounds, axis=(0, 1)) >= MANY).tolist()
        return sum(self._tighten(bounds[:, :, d], d) for d in many) > 0

    def _tighten(self, bounds: Bools, d: int) -> bool:
        """Lower the bounds of one document, given by a mask, unless they are far between; whether
        they were not."""
        i, j = np.flatnonzero(bounds.any(axis=1)), np.flatnonzero(bounds.any(axis=0))
        if SPARSE * np.count_nonzero(bounds) < len(i) * len(j):
            return False
        at = np.ix_(i, j, np.array([d]))
        weight, agree = self._exact_part[at][..., 0], self._agree[at][..., 0]
        undecided = np.zeros_like(agree)
        for n, is_key in self._deferred.keys.items():
            bound, may_earn = self._deferred.bounded(
                n, self.gold_rows[i, d], self.predicted_rows[j, d]
            )
            weight += bound
            undecided |= may_earn
            if is_key:
                agree |= may_earn
        weight *= self._allowed(
            agree, weight, self._gold_states[i, d][:, None], self._predicted_states[j, d]
        )
        here = bounds[np.ix_(i, j)]
        self.weights[at] = np.where(here, weight, self.weights[at][..., 0])[..., None]
        self.exact[at] |= (here & ~undecided)[..., None]
        return True

    def _weigh(self, i: Ints, j: Ints, d: Ints) -> Ints:
        """Weigh the pairs at some places exactly, shape (pairs,)."""
        agree, weight = self._agree[i, j, d], self._exact_part[i, j, d]
        gold_rows, predicted_rows = self.gold_rows[i, d], self.predicted_rows[j, d]
        for n, is_key in self._deferred.keys.items():
            earned, spared = self._deferred.earned(n, gold_rows, predicted_rows)
            weight += earned * self.unit + spared
            if is_key:
                agree |= earned > 0
        return weight * self._allowed(
            agree, weight, self._gold_states[i, d], self._predicted_states[j, d]
        )

    def _allowed(
        self, agree: Bools, weight: Ints, gold_states: Bools, predicted_states: Bools
    ) -> Bools:
        """Which pairs may be paired, by whether they agree on a key and what they weigh."""
        # Errors weigh less than half a unit: what weighs more than that has earned credit.
        keyless = ~gold_states & (2 * weight > self.unit)
        return np.where(predicted_states, agree, keyless)


def _dtype(gold: Tables, predicted: Tables, unit: int) -> type[np.int32 | np.int64]:
    """The smallest type of integer that no sum of weights overflows."""
    # A pair of g and p values has at most min(g, p) full credits and spares at most g + p errors:
    # a weight of (unit + 1) * (g + p) at most. The search adds up the weights of at most
    # exhaustive.SMALL = 6 pairs, or doubles them: eight weights leave room.
    largest = sum(int(side.values.max(initial=0)) for side in (gold, predicted))
    return np.int32 if 8 * (unit + 1) * largest < 2**31 else np.int64
