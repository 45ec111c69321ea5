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
from typing import Literal

import numpy as np

from benchmark.schema.fields import Key, Record, Table
from benchmark.scoring.arrays import Bools, Ints, appended, grid
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.pairing.agreement import Agreement
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
        self._keys = _keys(tree)
        self._flat = [n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)]
        by_key: dict[str, list[int]] = {"any": [], "all": [], "": []}
        for position, n in enumerate(self._flat):
            by_key[self._keys.get(n, "")].append(position)
        shape = (len(self.gold_rows), *self.predicted_rows.shape)
        self._upper_bounds: Ints = np.zeros(shape, self._dtype)  # of the deferred fields alone
        self._deferred = Deferred(gold, predicted, unit, self._dtype)
        # Keys are compared first: until the others are added, `equal` and the bounds tell which
        # pairs agree, or may agree, on a key.
        values = EqualValues(gold, predicted, self.gold_rows, self.predicted_rows)
        equal = values.count(by_key["any"])
        for position in by_key["any"]:
            self._upper_bounds += self._bounds(position, "any")
        agree = equal > 0
        self._agreement = Agreement(agree, agree | (self._upper_bounds > 0))
        for position in by_key["all"]:
            same, bounds = values.count([position]), self._bounds(position, "all")
            n = self._flat[position]
            may_earn = (same > 0) | (bounds > 0)
            self._agreement.add_together(n, same > 0, may_earn, self._neither((n,)))
            equal += same
            self._upper_bounds += bounds
        if tree.keys:
            self._agree_on_unscored()
        equal += values.count(by_key[""])
        for position in by_key[""]:
            self._upper_bounds += self._bounds(position, "")
        # An equal value is a full credit (two halves) and spares one error more than the INC that
        # `spared` takes it for.
        self._exact_part: Ints = equal * self._dtype(2 * unit + 1) + values.spared()
        self.exact: Bools = self._upper_bounds == 0

    def _agree_on_unscored(self) -> None:
        """Add the keys that are not scored to what pairs agree on. They are compared at once: they
        have no part in the weights, which therefore cannot be bounds of what they decide."""
        gold, predicted = self.gold.keys, self.predicted.keys
        assert gold is not None
        assert predicted is not None
        values = EqualValues(gold, predicted, self.gold_rows, self.predicted_rows)
        deferred = Deferred(gold, predicted, self.unit, self._dtype)
        for n, item in enumerate(self.tree.keys):
            earns = values.count([n]) > 0
            if deferred.add(n, item.key):
                at = np.nonzero(deferred.at_most(n, self.gold_rows, self.predicted_rows))
                i, j, d = at
                earned, _ = deferred.earned(n, self.gold_rows[i, d], self.predicted_rows[j, d])
                earns[at] |= earned > 0
            if item.key == "any":
                self._agreement.add(earns)
            else:
                neither = self._neither((n,), of_keys=True)
                # Scored fields are numbered from 0: these are numbered from -1 downwards.
                self._agreement.add_together(-1 - n, earns, earns, neither)

    def _neither(self, fields: tuple[int, ...], of_keys: bool = False) -> Bools:
        """Which pairs state none of some fields, or of some keys that are not scored, on either
        side; shape (gold rows, predicted rows, documents)."""
        gold, predicted = self.gold, self.predicted
        if of_keys:
            assert gold.keys is not None
            assert predicted.keys is not None
            gold, predicted = gold.keys, predicted.keys
        g = appended(gold.states(fields), True)[self.gold_rows]
        p = appended(predicted.states(fields), True)[self.predicted_rows]
        return ~g[:, None] & ~p

    def add(self, n: int, totals: Ints) -> None:
        """Add the exact weights that the records of a nested table, field `n`, earn with each pair
        of parents, of the shape of `weights`."""
        self._exact_part += totals
        if key := self._keys.get(n):
            earns = 2 * totals > self.unit
            if key == "any":
                self._agreement.add(earns)
            else:
                self._agreement.add_together(n, earns, earns, self._neither((n,)))

    @property
    def possible(self) -> Bools:
        """Which pairs may turn out to be allowed, before nested tables are weighed: only for these
        do nested records have to be paired. All of them, where a nested table is a key or where
        records without a key may be paired."""
        nested = any(isinstance(self.tree.fields[n].node, Table) for n in self._keys)
        if nested or not self._predicted_states.all():
            return np.ones_like(self.exact)
        return self._agreement.possible

    def finish(self) -> None:
        """Set the weights: upper bounds, and 0 for pairs that do not agree on a key.

        Where neither record states a key, agreement on anything will do: such a record could
        otherwise not even be paired with itself.
        """
        self.weights: Ints = self._exact_part + self._upper_bounds
        allowed = self._agreement.possible
        if not self._predicted_states.all():
            states = self._gold_states[:, None], self._predicted_states
            allowed = self._allowed(allowed, self.weights, *states)
        if self.gold.optional.any() or self.gold.readings:
            # Unpaired, an optional record counts nothing: pairing it spares none of its errors.
            # Nor does a reading spare more than the record would have in its best one.
            not_spared = self.gold.missing_if_unpaired - self.gold.missing_alone
            self._exact_part -= appended(not_spared, 0)[self.gold_rows][:, None]
            self.weights -= appended(not_spared, 0)[self.gold_rows][:, None]
        self.weights *= allowed
        if self.tree.keys:
            # Pairs that agree on what is not scored need not earn credit: of an optional record
            # such a pair may spare fewer errors than none.
            np.maximum(self.weights, 0, out=self.weights)

    @cached_property
    def _predicted_states(self) -> Bools:
        """Which predicted rows state a key, shape (predicted rows, documents); true where a
        document has no such row, so that padding never counts as a record without a key."""
        return appended(self._states_key(self.predicted), True)[self.predicted_rows]

    @cached_property
    def _gold_states(self) -> Bools:
        """Which gold rows state a key, shape (gold rows, documents); true for padding."""
        return appended(self._states_key(self.gold), True)[self.gold_rows]

    def _states_key(self, side: Tables) -> Bools:
        """Mask of the records that state a key, scored or not, shape (N,)."""
        states = side.states(tuple(self._keys))
        if side.keys is not None:
            states = states | side.keys.states(tuple(range(len(self.tree.keys))))
        return states

    def _bounds(self, position: int, key: Key) -> Ints | Literal[0]:
        """The most that a leaf or bag can earn, where it is deferred; 0 where equality of ids
        decides it."""
        if not self._deferred.add(position, key):
            return 0
        return self._deferred.at_most(position, self.gold_rows, self.predicted_rows)

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
        at = i[:, None], j, np.array(d)
        weight = self._exact_part[at]
        undecided = np.zeros(weight.shape, np.bool_)
        may_agree, may_earn_all = undecided.copy(), {}
        for n, key in self._deferred.keys.items():
            bound, may_earn = self._deferred.bounded(
                n, self.gold_rows[i, d], self.predicted_rows[j, d]
            )
            weight += bound
            undecided |= may_earn
            if key == "any":
                may_agree |= may_earn
            elif key:
                may_earn_all[self._flat[n]] = may_earn
        agree = may_agree | self._agreement.at(at, may_earn_all)
        weight *= self._allowed(
            agree, weight, self._gold_states[i, d][:, None], self._predicted_states[j, d]
        )
        here = bounds[np.ix_(i, j)]
        self.weights[at] = np.where(here, weight, self.weights[at])
        self.exact[at] |= here & ~undecided
        return True

    def _weigh(self, i: Ints, j: Ints, d: Ints) -> Ints:
        """Weigh the pairs at some places exactly, shape (pairs,)."""
        weight = self._exact_part[i, j, d]
        gold_rows, predicted_rows = self.gold_rows[i, d], self.predicted_rows[j, d]
        agrees, earns_all = np.zeros(len(i), np.bool_), {}
        for n, key in self._deferred.keys.items():
            earned, spared = self._deferred.earned(n, gold_rows, predicted_rows)
            weight += earned * self.unit + spared
            if key == "any":
                agrees |= earned > 0
            elif key:
                earns_all[self._flat[n]] = earned > 0
        agree = agrees | self._agreement.at((i, j, d), earns_all)
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


def _keys(tree: Record) -> dict[int, Key]:
    """The keys among the fields of a record, by position. If none is marked, any leaf or bag is
    one, unless there is a key that is not scored."""
    marked: dict[int, Key] = {n: item.key for n, item in enumerate(tree.fields) if item.key}
    if marked or tree.keys:
        return marked
    return {n: "any" for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)}


def _dtype(gold: Tables, predicted: Tables, unit: int) -> type[np.int32 | np.int64]:
    """The smallest type of integer that no sum of weights overflows."""
    # A pair of g and p values has at most min(g, p) full credits and spares at most g + p errors:
    # a weight of (unit + 1) * (g + p) at most. The search adds up the weights of at most
    # exhaustive.SMALL = 6 pairs, or doubles them: eight weights leave room.
    largest = sum(int(side.values.max(initial=0)) for side in (gold, predicted))
    return np.int32 if 8 * (unit + 1) * largest < 2**31 else np.int64
