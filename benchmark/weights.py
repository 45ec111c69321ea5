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

from functools import cached_property

import numpy as np

from benchmark.bags import Bags
from benchmark.columns import Leaves, Rows
from benchmark.counts import Outcome
from benchmark.grids import Tally, common, grid, places
from benchmark.interning import ABSENT, NOTHING, Bools, Ints
from benchmark.outcomes import missing, of_bags, required_values
from benchmark.ragged import with_last
from benchmark.tree import Record, Table

COR, PAR, INC, _, _ = Outcome

FEW = 300
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
        self, tree: Record, gold: Rows, predicted: Rows, documents: Ints, unit: int
    ) -> None:
        self.tree, self.gold, self.predicted, self.unit = tree, gold, predicted, unit
        self.rows = grid(gold.documents, documents, len(gold))
        self.columns = grid(predicted.documents, documents, len(predicted))
        shape = (len(self.rows), *self.columns.shape)
        largest = sum(int(side.values.max(initial=0)) for side in (gold, predicted))
        small = 8 * (unit + 1) * largest < 2**31
        self._type = np.int32 if small else np.int64
        self._equal = Tally(shape)
        self._both = Tally(shape)
        self._open: Ints = np.zeros(shape, self._type)
        self._one_by_one: list[int] = []
        marked = [n for n, item in enumerate(tree.fields) if item.key]
        others = (n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table))
        self.keys = tuple(marked or others)
        for n in self.keys:
            self._compare(n)
        self._agree: Bools = self._equal.total() > 0
        self._may_agree: Bools = self._agree | (self._open > 0)
        for n in set(range(len(tree.fields))) - set(self.keys):
            self._compare(n)
        self._known: Ints = self._equal.total() * self._type(2 * unit + 1) + self._both.total()
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
            alone = with_last(required_values(self.gold) * self.gold.optional, 0)
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

    def _compare(self, n: int) -> None:
        gold, predicted = self.gold.columns[n], self.predicted.columns[n]
        if isinstance(gold, Leaves) and isinstance(predicted, Leaves):
            self._compare_leaves(n, gold, predicted)
        elif isinstance(gold, Bags) and isinstance(predicted, Bags):
            self._compare_bags(n, gold, predicted)

    def _compare_leaves(self, n: int, gold: Leaves, predicted: Leaves) -> None:
        p = predicted.ids[self.columns]
        if not gold.interner.bound.by_equality:
            either = gold.answers[self.rows][:, None] & (p != NOTHING)
            self._leave_open(n, either * self._type(2 * self.unit + 2))
            return
        stated = p != NOTHING
        p[~stated] = ABSENT
        equal = gold.ids[self.rows][:, None] == p
        if gold.others:
            rows, ids = gold.other_ids()
            at, place, document = places(self.rows, rows, len(self.gold))
            accepted = ids[at, None] == p[:, document].T
            every = np.arange(len(p))
            np.logical_or.at(equal, (place[:, None], every, document[:, None]), accepted)
        self._equal.add(equal)
        self._both.add(gold.required[self.rows][:, None] & stated)

    def _compare_bags(self, n: int, gold: Bags, predicted: Bags) -> None:
        g = with_last(gold.counts, 0).astype(np.int32)
        p = with_last(predicted.counts, 0).astype(np.int32)[self.columns]
        if gold.interner.bound.by_equality:
            if gold.others:
                g[list(gold.others)] = 0
            self._count_common(gold, predicted)
            self._both.add_counts(np.minimum(g[self.rows][:, None], p))
            most = np.zeros_like(g)
            most[list(gold.others)] = gold.longest[list(gold.others)]
        else:
            most = with_last(gold.longest, 0).astype(np.int32)
        if most.any():
            m = most[self.rows][:, None]
            least = np.minimum(m, p)
            self._leave_open(n, least * (2 * self.unit) + (least > 0) * (m + p))

    def _leave_open(self, n: int, bound: Ints) -> None:
        self._open += bound
        self._one_by_one.append(n)

    def _count_common(self, gold: Bags, predicted: Bags) -> None:
        """Add the number of elements that bags have in common."""
        g, p = gold.padded(self.rows, NOTHING), predicted.padded(self.columns, ABSENT)
        elements = np.count_nonzero(g != NOTHING) + np.count_nonzero(p != ABSENT)
        if len(g) * len(p) * self._open.size > FEW * elements:
            self._look_up(gold, predicted)
            return
        for one in g:
            for other in p:
                self._equal.add(one[:, None] == other)

    def _look_up(self, gold: Bags, predicted: Bags) -> None:
        """Elements of both sides, joined by document and id."""
        g_ids, g_place, g_document = _elements(gold, self.rows, with_last(gold.plain, False))
        here = np.arange(len(self.predicted) + 1) < len(self.predicted)
        p_ids, p_place, p_document = _elements(predicted, self.columns, here)
        both = np.concatenate([g_ids, p_ids])
        both[both < 0] = np.arange(-1, -1 - np.count_nonzero(both < 0), -1)  # equal to no other
        ids, number = np.unique(both, return_inverse=True)
        g, p = g_document * len(ids), p_document * len(ids)
        i, j = common(g + number[: len(g)], p + number[len(g) :])
        self._equal.add_at(g_place[i], p_place[j], g_document[i])

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
        for n in self._one_by_one:
            earned, spared = self._earned(n, rows, columns)
            weight += earned * self.unit + spared
            if n in self.keys:
                agree |= earned > 0
        neither = ~self._gold_states[i, d] & (2 * weight > self.unit)
        return weight * np.where(self._stated[j, d], agree, neither)

    def _earned(self, n: int, rows: Ints, columns: Ints) -> tuple[Ints, Ints]:
        """The credit of one field in some pairs, and the errors that it spares."""
        gold, predicted = self.gold.columns[n], self.predicted.columns[n]
        if isinstance(gold, Leaves):
            assert isinstance(predicted, Leaves)
            earned = gold.grades(rows, predicted, columns)
            spared = 1 * gold.required[rows] + (earned > 0)
            return earned, predicted.stated[columns] * spared
        assert isinstance(gold, Bags)
        assert isinstance(predicted, Bags)
        asked = ~gold.plain[rows]
        if not gold.interner.bound.by_equality:
            asked |= gold.counts[rows] > 0
        at = np.flatnonzero(asked & (predicted.counts[columns] > 0))
        i, j = rows[at], columns[at]
        found = of_bags(gold, predicted, i, j)
        earned, spared = np.zeros((2, len(rows)), np.int64)
        earned[at] = 2 * found[COR] + found[PAR]
        spared[at] = missing(gold)[i] + predicted.counts[j] - found[INC:].sum(axis=0)
        return earned, spared


def _elements(bags: Bags, laid_out: Ints, wanted: Bools) -> tuple[Ints, Ints, Ints]:
    """The ids of the elements of wanted rows in a grid, and the places in it of their rows."""
    place, document = np.nonzero(wanted[laid_out])
    part = bags.of(laid_out[place, document])
    return part.ids, place[part.rows], document[part.rows]
