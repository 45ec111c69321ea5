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
being made exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Bools, Ints, appended, grid, places
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.counts import Outcome
from benchmark.scoring.pairing.all_pairs import agreements, count_common_elements, shared
from benchmark.scoring.pairing.outcomes import of_bags

COR, PAR, INC, _, _ = Outcome

FEW = 1000
"""Comparisons for each element up to which a bag's elements are all compared with all; beyond that,
sorting them to join equal ones costs less."""


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
        self._deferred: list[tuple[int, bool]] = []  # leaves and bags, and whether each is a key
        # Keys are compared first: until the others are added, `equal` and the bounds tell which
        # pairs agree, or may agree, on a key.
        equal = self._equal(keys)
        for n in keys:
            self._defer(n, is_key=True)
        self._agree: Bools = equal > 0
        self._may_agree: Bools = self._agree | (self._upper_bounds > 0)
        equal += self._equal(others)
        for n in others:
            self._defer(n, is_key=False)
        # An equal value is a full credit (two halves) and spares one error more than the INC that
        # `_spared` takes it for.
        self._exact_part: Ints = equal * self._dtype(2 * unit + 1) + self._spared()
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
            # Errors weigh less than half a unit: what weighs more than that has earned credit.
            keyless = ~self._gold_states[:, None] & (2 * self.weights > self.unit)
            allowed = np.where(self._predicted_states, allowed, keyless)
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

    def _equal(self, fields: Sequence[int]) -> Ints:
        """Count the equal values of each pair of records, in those of some leaves and bags that are
        compared by equality, of the shape of `weights`."""
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
                if n not in laid_out and g.interner.comparator.by_equality:
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
        elements = (
            self.gold.counts[n][self.gold_rows].sum()
            + self.predicted.counts[n][self.predicted_rows].sum()
        )
        return bool(len(g) * len(p) * self._upper_bounds.size <= FEW * elements)

    def _accept_others(self, gold: Leaves, predicted_ids: Ints, equal: Ints) -> None:
        """Count the predicted values of a leaf that equal an alternative of the gold one."""
        rows, ids = gold.other_ids
        at, place, document = places(self.gold_rows, rows, len(self.gold))
        n, j = np.nonzero(ids[at, None] == predicted_ids[self.predicted_rows][:, document].T)
        equal[place[n], j, document[n]] += 1  # no pair twice: a value equals one alternative

    def _spared(self) -> Ints:
        """Count the errors that pairs spare because both records state a value: one INC in the
        place of a MIS and a SPU, of the shape of `weights`."""
        fields = [
            n for n, column in enumerate(self.gold.flat) if column.interner.comparator.by_equality
        ]
        required = self.gold.required[fields]
        for k, n in enumerate(fields):
            if isinstance(column := self.gold.flat[n], Bags):
                required[k, list(column.others)] = 0  # deferred, with all that they spare
        counts = self.predicted.counts[fields]
        return shared(
            required.take(self.gold_rows, axis=1), counts.take(self.predicted_rows, axis=1)
        )

    def _defer(self, n: int, *, is_key: bool) -> None:
        """Add the most that a leaf or bag can earn to the upper bounds, unless equality of ids
        decides it."""
        gold, p = self.gold.flat[n], self.predicted.counts[n][self.predicted_rows]
        if isinstance(gold, Leaves):
            if gold.interner.comparator.by_equality:
                return
            both = gold.answers[self.gold_rows][:, None] & (p > 0)
            bound = both * self._dtype(2 * self.unit + 2)  # correct, and spares a MIS and a SPU
        else:
            most = gold.longest
            if gold.interner.comparator.by_equality:
                if not gold.others:
                    return
                most = np.zeros_like(most)
                most[list(gold.others)] = gold.longest[list(gold.others)]
            m = most[self.gold_rows][:, None]
            least = np.minimum(m, p)
            # Every element of the shorter list correct, and no error left on either side.
            bound = least * (2 * self.unit) + (least > 0) * (m + p)
        self._upper_bounds += bound.astype(self._dtype)
        self._deferred.append((n, is_key))

    def refine(self, i: Ints, j: Ints, documents: Ints) -> None:
        """Make the weights at places (i[k], j[k], documents[k]) exact, where they are bounds."""
        if not self._deferred:
            return
        bounds = ~self.exact[i, j, documents]
        at = i[bounds], j[bounds], documents[bounds]
        self.weights[at] = self._weigh(*at)
        self.exact[at] = True

    def refine_all(self) -> None:
        """Make all weights exact."""
        self.refine(*np.nonzero(self.weights))

    def _weigh(self, i: Ints, j: Ints, d: Ints) -> Ints:
        """Weigh the pairs at some places exactly, shape (pairs,)."""
        agree, weight = self._agree[i, j, d], self._exact_part[i, j, d]
        gold_rows, predicted_rows = self.gold_rows[i, d], self.predicted_rows[j, d]
        for n, is_key in self._deferred:
            earned, spared = self._earned(n, gold_rows, predicted_rows)
            weight += earned * self.unit + spared
            if is_key:
                agree |= earned > 0
        keyless = ~self._gold_states[i, d] & (2 * weight > self.unit)
        return weight * np.where(self._predicted_states[j, d], agree, keyless)

    def _earned(self, n: int, gold_rows: Ints, predicted_rows: Ints) -> tuple[Ints, Ints]:
        """The half credits that a deferred leaf or bag earns in each pair of rows, and the errors
        that it spares, each of shape (pairs,)."""
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
        # Rows without alternatives have been weighed by `_equal` and `_spared`, unless the
        # comparator is a graded one; and an empty bag earns nothing and spares nothing.
        asked = ~gold.plain[gold_rows]
        if not gold.interner.comparator.by_equality:
            asked |= gold.counts[gold_rows] > 0
        at = np.flatnonzero(asked & (stated > 0))
        counts = of_bags(gold, predicted, gold_rows[at], predicted_rows[at])
        earned, spared = np.zeros((2, len(gold_rows)), np.int64)
        earned[at] = 2 * counts[COR] + counts[PAR]
        spared[at] = required[at] + stated[at] - counts[INC:].sum(axis=0)
        return earned, spared


def _dtype(gold: Tables, predicted: Tables, unit: int) -> type[np.int32 | np.int64]:
    """The smallest type of integer that no sum of weights overflows."""
    # A pair of g and p values has at most min(g, p) full credits and spares at most g + p errors:
    # a weight of (unit + 1) * (g + p) at most. The search adds up the weights of at most
    # exhaustive.SMALL = 6 pairs, or doubles them: eight weights leave room.
    largest = sum(int(side.values.max(initial=0)) for side in (gold, predicted))
    return np.int32 if 8 * (unit + 1) * largest < 2**31 else np.int64
