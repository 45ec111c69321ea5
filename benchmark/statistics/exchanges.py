"""Paired randomisation: how often chance makes as large a difference between two systems.

If two systems were alike, the counts of a unit might as well be the other's. p is how often the
rates differ by as much as they do when the counts of each unit are exchanged by the toss of a coin
(Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989): of all exchanges where there are
few units, else (b + 1) / (B + 1), so that the sample itself is among those counted and p is never
0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.scoring.arrays import Floats, Ints
from benchmark.statistics.rates import divided

EXACT = 13
"""Units up to which all exchanges are gone through."""
LEAST, SEED = 10_000, 0
"""Random exchanges at least, and the seed that they are drawn by."""
PER_TEST = 40
"""Random exchanges for each test that is corrected for: so many that the smallest p, times the
number of tests, is half of 5%."""
MOST_EXCHANGES = 200_000
"""Where more of them would be needed for so many tests, which would take hours, only LEAST are
made; a difference that none of them reaches has the p of Student's t."""
NOT_SIGNIFICANT = 0.1
"""A p that more exchanges would not bring below 5%."""
MOST, GROUPS = 500, 250
"""More than MOST units are exchanged in GROUPS groups, to save time: groups formed by chance are as
independent as units."""
DRAWN = 500
"""Exchanges that are drawn at once, by a seed of their own: so p does not depend on what else is
tested."""
CELLS = 4_000_000
"""Differences that are worked out at once: it bounds memory."""


def number_of_exchanges(units: int, tests: int) -> int:
    """How many exchanges a p is made from, where so many tests are corrected for together."""
    if units <= EXACT:
        return 1 << max(units - 1, 0)
    return LEAST if has_tail(units, tests) else max(LEAST, PER_TEST * tests)


def has_tail(units: int, tests: int) -> bool:
    """Whether the smallest p are those of Student's t, as there are too many tests."""
    return units > EXACT and PER_TEST * tests > MOST_EXCHANGES


def smallest_p(units: int, tests: int) -> float:
    """The smallest p that so many units can have."""
    number = number_of_exchanges(units, tests)
    if has_tail(units, tests):
        return least_of_all(units)
    return 1 / number if units <= EXACT else 1 / (number + 1)


def least_of_all(units: int) -> float:
    """The p of the one exchange, and its mirror, of all that so many units have."""
    return max(2.0 ** (1 - min(units, 1_000)), 1e-300)


def attained(level: float, units: int) -> float:
    """The largest p up to a level that so many units can have; the level itself if they have none
    so small, or are exchanged at random."""
    if units > EXACT:
        return level
    number = number_of_exchanges(units, 1)
    return np.floor(level * number) / number or level


def randomised(sums: Floats, pairs: Sequence[tuple[int, int]], tests: Sequence[int]) -> Floats:
    """The two-sided p of each pair of systems and row, shape (pairs, rows).

    sums: the numerators and denominators of the rates, shape (units, systems, rows, 2). tests: for
    each row, how many p are corrected for together. One set of exchanges serves all pairs. What the
    first exchanges show to be far from significant is not exchanged further.
    """
    sums = _grouped(sums)
    units, _, rows, _ = sums.shape
    lines = _Lines.of(sums, pairs)
    wanted = np.tile([number_of_exchanges(units, number) for number in tests], len(pairs))
    for number in np.unique([*wanted, *wanted.clip(max=LEAST)]).tolist():
        lines.exchange(sums, np.flatnonzero(wanted >= number), number)
    p = lines.p(exact=units <= EXACT)
    p[np.isnan(lines.observed)] = np.nan
    return p.reshape(len(pairs), rows)


@dataclass(frozen=True)
class _Lines:
    """The differences that are tested, a line for each pair of systems and row.

    first, second: the row of each line in all rows of all systems; observed: the difference found;
    as_much, exchanges: in how many of how many exchanges it was as large. Shape (lines,) each.
    """

    first: Ints
    second: Ints
    observed: Floats
    as_much: Ints
    exchanges: Ints

    @classmethod
    def of(cls, sums: Floats, pairs: Sequence[tuple[int, int]]) -> _Lines:
        rows = sums.shape[2]
        first, second = (
            (np.array(side)[:, None] * rows + np.arange(rows)).ravel()
            for side in zip(*pairs, strict=True)
        )
        rates = divided(sums.sum(axis=0)).ravel()
        none = np.zeros((2, len(first)), np.int64)
        return cls(first, second, np.abs(rates[second] - rates[first]), *none)

    def exchange(self, sums: Floats, at: Ints, number: int) -> None:
        """Go on to some number of exchanges with some lines, unless they are far from
        significant."""
        at = at[self.as_much[at] <= NOT_SIGNIFICANT * self.exchanges[at]]
        if not len(at):
            return
        needed, place = np.unique([self.first[at], self.second[at]], return_inverse=True)
        # Only the rows of systems that are still asked for.
        flat = sums.reshape(len(sums), -1, 2)[:, needed]
        a, b = place.reshape(2, -1)
        for swaps in _swaps(len(sums), int(self.exchanges[at[0]]), number):
            moved = (swaps @ flat.reshape(len(sums), -1)).reshape(len(swaps), len(needed), 2)
            step = max(1, CELLS // len(swaps))
            for first in range(0, len(at), step):
                part = slice(first, first + step)
                apart = _exchanged(flat.sum(axis=0), moved, a[part], b[part])
                # Equal differences count, and may be apart by a rounding error.
                large = apart >= self.observed[at[part]] - 1e-12
                self.as_much[at[part]] += large.sum(axis=0)
            self.exchanges[at] += len(swaps)

    def p(self, exact: bool) -> Floats:
        """The p of each line."""
        itself = 0 if exact else 1  # among all exchanges is the sample itself
        return (self.as_much + itself) / (self.exchanges + itself)


def _exchanged(totals: Floats, moved: Floats, a: Ints, b: Ints) -> Floats:
    """The differences of rows `b` and `a` after some exchanges, shape (exchanges, lines)."""
    # To exchange a unit moves the gap between its counts from one total to the other.
    x, y = np.moveaxis(moved[:, b] - moved[:, a], -1, 0)
    with np.errstate(invalid="ignore"):  # 0 / 0: nothing is left to compare
        apart = (totals[b, 0] - x) / (totals[b, 1] - y)
        apart -= (totals[a, 0] + x) / (totals[a, 1] + y)
    absolute: Floats = np.abs(apart)
    return absolute


def _swaps(units: int, start: int, stop: int) -> Iterator[Floats]:
    """Which units are exchanged, 1 for yes, in the exchanges from one number to another, in blocks
    of shape (at most DRAWN, units)."""
    for at in range(start, stop, DRAWN):
        size = min(DRAWN, stop - at)
        if units <= EXACT:
            # The last unit stays: to exchange all others is to exchange it alone, and differences
            # are two-sided.
            swaps = np.arange(at, at + size)[:, None] >> np.arange(units) & 1
        else:
            swaps = np.random.default_rng((SEED, at)).integers(0, 2, (DRAWN, units), np.int8)[:size]
        yield swaps.astype(np.float64)


def _grouped(sums: Floats) -> Floats:
    """The units that are exchanged: the given ones or, if they are many, groups of them formed by
    chance."""
    if len(sums) <= MOST:
        return sums
    shuffled: Ints = np.random.default_rng(SEED).permutation(len(sums))
    edges = np.linspace(0, len(sums), GROUPS, endpoint=False).astype(np.int64)
    grouped: Floats = np.add.reduceat(sums[shuffled], edges, axis=0)
    return grouped
