"""What pairing any gold record of a table with any predicted one of its document would earn.

The weight of a pair is its credit, counted in half credits, times `unit`, plus the errors that
the pair spares: those of both records alone, less those of the pair. All errors of a document weigh
less than half a unit, so credit comes first and errors only break ties. Weights add up over the
slots of a record and over the records nested in it.

Where values are equal or else earn nothing, all pairs of a group of documents are compared at
once. The others (graded comparators, bags for which gold accepts more) are compared one by one,
and only where they can still change the pairing: until then their weight is an upper bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Bools, Ints, common, grid, places, with_last
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.counts import Outcome
from benchmark.scoring.pairing.all_pairs import agreements, shared
from benchmark.scoring.pairing.outcomes import of_bags

COR, PAR, INC, _, _ = Outcome

FEW = 1000
"""Comparisons for each element up to which all pairs of elements are compared; beyond that, equal
ones are looked up in order."""


class Weights:
    """The weights of all pairs in a table, of a group of documents.

    weights: shape (gold rows, predicted rows, documents), upper bounds where `exact` is false;
    rows, columns: the rows of `gold` and `predicted` that they stand for, shape (gold rows,
    documents) and (predicted rows, documents), len(gold) or len(predicted) where a document has no
    more.
    """

    def __init__(
        self, tree: Record, gold: Tables, predicted: Tables, documents: Ints, unit: int
    ) -> None:
        self.tree, self.gold, self.predicted, self.unit = tree, gold, predicted, unit
        self.rows = grid(gold.documents, documents, len(gold))
        self.columns = grid(predicted.documents, documents, len(predicted))
        shape = (len(self.rows), *self.columns.shape)
        largest = sum(int(side.values.max(initial=0)) for side in (gold, predicted))
        small = 8 * (unit + 1) * largest < 2**31
        self._type = np.int32 if small else np.int64
        flat = [n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)]
        marked = [n for n, item in enumerate(tree.fields) if item.key]
        self.keys = tuple(marked or flat)
        in_order = [n for n in flat if n in self.keys], [n for n in flat if n not in self.keys]
        keys, others = ([flat.index(n) for n in fields] for fields in in_order)
        self._open: Ints = np.zeros(shape, self._type)
        self._one_by_one: list[tuple[int, bool]] = []
        equal = self._equal(keys)
        for n in keys:
            self._leave_open(n, is_key=True)
        self._agree: Bools = equal > 0
        self._may_agree: Bools = self._agree | (self._open > 0)
        equal += self._equal(others)
        for n in others:
            self._leave_open(n, is_key=False)
        self._known: Ints = equal * self._type(2 * unit + 1) + self._spared()
        self.exact: Bools = self._open == 0

    def add(self, n: int, totals: Ints) -> None:
        """Add what the records of a nested table, field `n`, earn with each pair, exactly."""
        self._known += totals
        if n in self.keys:
            self._agree |= totals > 0
            self._may_agree |= totals > 0

    @property
    def possible(self) -> Bools:
        """The pairs that may turn out to be allowed, as far as nested tables do not decide."""
        nested = any(isinstance(self.tree.fields[n].node, Table) for n in self.keys)
        if nested or not self._stated.all():
            return np.ones_like(self.exact)
        return self._may_agree

    def finish(self) -> None:
        """Only pairs that agree on a key are allowed. Where neither record states a key, agreement
        on anything will do: such a record could otherwise not even be paired with itself."""
        self.weights: Ints = self._known + self._open
        allowed = self._may_agree
        if not self._stated.all():
            neither = ~self._gold_states[:, None] & (2 * self.weights > self.unit)
            allowed = np.where(self._stated, allowed, neither)
        if self.gold.optional.any():
            alone = with_last(self.gold.alone * self.gold.optional, 0)
            self._known -= alone[self.rows][:, None]
            self.weights -= alone[self.rows][:, None]
        self.weights *= allowed

    @cached_property
    def _stated(self) -> Bools:
        """Which predicted rows state a key."""
        return with_last(self.predicted.states(self.keys), True)[self.columns]

    @cached_property
    def _gold_states(self) -> Bools:
        return with_last(self.gold.states(self.keys), True)[self.rows]

    def _equal(self, fields: Sequence[int]) -> Ints:
        """In how many values each pair of records is equal, of some leaves and bags that earn
        nothing else."""
        gold, predicted = self.gold.equality, self.predicted.equality
        here, there = gold.ids, predicted.given
        laid_out = [n for n in fields if self._is_laid_out(n)]
        i, j, _ = gold.facing(predicted, laid_out)
        equal = agreements(here.take(self.rows, axis=1)[i], there.take(self.columns, axis=1)[j])
        for n in fields:
            column, given = self.gold.flat[n], self.predicted.flat[n]
            if isinstance(column, Bags):
                if n not in laid_out and column.interner.comparator.by_equality:
                    assert isinstance(given, Bags)
                    self._look_up(column, given, equal)
            elif column.others and n in laid_out:
                self._accept(column, there[predicted.places[n].start], equal)
        return equal

    def _is_laid_out(self, n: int) -> bool:
        """Whether all values of a leaf or bag are compared with all."""
        g, p = self.gold.equality.places.get(n), self.predicted.equality.places.get(n)
        if g is None or p is None:
            return False
        if len(g) * len(p) <= 1:
            return True
        elements = (
            self.gold.counts[n][self.rows].sum() + self.predicted.counts[n][self.columns].sum()
        )
        return bool(len(g) * len(p) * self._open.size <= FEW * elements)

    def _accept(self, gold: Leaves, given: Ints, equal: Ints) -> None:
        """Count what is equal to another value that gold accepts."""
        rows, ids = gold.other_ids
        at, place, document = places(self.rows, rows, len(self.gold))
        n, j = np.nonzero(ids[at, None] == given[self.columns][:, document].T)
        equal[place[n], j, document[n]] += 1

    def _spared(self) -> Ints:
        """The errors that pairs spare by stating what gold states, whether it is equal or not."""
        fields = [n for n, one in enumerate(self.gold.flat) if one.interner.comparator.by_equality]
        required = self.gold.required[fields]
        for k, n in enumerate(fields):
            if isinstance(column := self.gold.flat[n], Bags):
                required[k, list(column.others)] = 0
        counts = self.predicted.counts[fields]
        return shared(required.take(self.rows, axis=1), counts.take(self.columns, axis=1))

    def _leave_open(self, n: int, *, is_key: bool) -> None:
        """Add the most that a leaf or bag can earn, where that is to be found pair by pair."""
        gold, p = self.gold.flat[n], self.predicted.counts[n][self.columns]
        if isinstance(gold, Leaves):
            if gold.interner.comparator.by_equality:
                return
            either = gold.answers[self.rows][:, None] & (p > 0)
            comparator = either * self._type(2 * self.unit + 2)
        else:
            most = gold.longest
            if gold.interner.comparator.by_equality:
                if not gold.others:
                    return
                most = np.zeros_like(most)
                most[list(gold.others)] = gold.longest[list(gold.others)]
            m = most[self.rows][:, None]
            least = np.minimum(m, p)
            comparator = least * (2 * self.unit) + (least > 0) * (m + p)
        self._open += comparator.astype(self._type)
        self._one_by_one.append((n, is_key))

    def _look_up(self, gold: Bags, predicted: Bags, equal: Ints) -> None:
        """Count elements that bags have in common: those of both sides are joined."""
        g_ids, g_place, g_document = _elements(gold, self.rows, with_last(gold.plain, False))
        here = np.arange(len(self.predicted) + 1) < len(self.predicted)
        p_ids, p_place, p_document = _elements(predicted, self.columns, here)
        both = np.concatenate([g_ids, p_ids])
        both[both < 0] = np.arange(-1, -1 - np.count_nonzero(both < 0), -1)  # equal to no other
        ids, number = np.unique(both, return_inverse=True)
        g, p = g_document * len(ids), p_document * len(ids)
        i, j = common(g + number[: len(g)], p + number[len(g) :])
        np.add.at(equal, (g_place[i], p_place[j], g_document[i]), 1)

    def refine(self, rows: Ints, columns: Ints, documents: Ints) -> None:
        """Make the weights of some pairs exact, where they are upper bounds."""
        if not self._one_by_one:
            return
        bounds = ~self.exact[rows, columns, documents]
        at = rows[bounds], columns[bounds], documents[bounds]
        self.weights[at] = self._weigh(*at)
        self.exact[at] = True

    def refine_all(self) -> None:
        """Make all weights exact."""
        self.refine(*np.nonzero(self.weights))

    def _weigh(self, i: Ints, j: Ints, d: Ints) -> Ints:
        """The exact weights of some pairs."""
        agree, weight = self._agree[i, j, d], self._known[i, j, d]
        rows, columns = self.rows[i, d], self.columns[j, d]
        for n, is_key in self._one_by_one:
            earned, spared = self._earned(n, rows, columns)
            weight += earned * self.unit + spared
            if is_key:
                agree |= earned > 0
        neither = ~self._gold_states[i, d] & (2 * weight > self.unit)
        return weight * np.where(self._stated[j, d], agree, neither)

    def _earned(self, n: int, rows: Ints, columns: Ints) -> tuple[Ints, Ints]:
        """The credit of one field in some pairs, and the errors that it spares."""
        gold, predicted = self.gold.flat[n], self.predicted.flat[n]
        required, given = self.gold.required[n][rows], self.predicted.counts[n][columns]
        if isinstance(gold, Leaves):
            assert isinstance(predicted, Leaves)
            earned = gold.grades(rows, predicted, columns)
            return earned, given * (required + (earned > 0))
        assert isinstance(gold, Bags)
        assert isinstance(predicted, Bags)
        asked = ~gold.plain[rows]
        if not gold.interner.comparator.by_equality:
            asked |= gold.counts[rows] > 0
        at = np.flatnonzero(asked & (given > 0))
        found = of_bags(gold, predicted, rows[at], columns[at])
        earned, spared = np.zeros((2, len(rows)), np.int64)
        earned[at] = 2 * found[COR] + found[PAR]
        spared[at] = required[at] + given[at] - found[INC:].sum(axis=0)
        return earned, spared


def _elements(bags: Bags, laid_out: Ints, wanted: Bools) -> tuple[Ints, Ints, Ints]:
    """The ids of the elements of wanted rows in a grid, and the places in it of their rows."""
    place, document = np.nonzero(wanted[laid_out])
    part = bags.of(laid_out[place, document])
    return part.ids, place[part.rows], document[part.rows]
