"""Differences between systems on the same documents, from counts: nothing is scored again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmark.scoring.arrays import Floats, Numbers
from benchmark.statistics.exchanges import (
    LEAST,
    attained,
    has_tail,
    least_of_all,
    randomised,
)
from benchmark.statistics.rates import (
    FEWEST,
    RATES,
    TAIL,
    Linearised,
    Rate,
    degrees_of_freedom,
    quantile,
    ratios,
    standard_error,
)

POWER = 0.8


class PairedDifference(NamedTuple):
    """Two systems on one rate, the second less the first.

    first, second: the rates, None where there is nothing to divide by. difference: None if either
    is. low, high: its 95% interval, of the linearised difference with Student's t, None where
    fewer than five units bear on it. p: of a two-sided paired randomisation test, never 0. error:
    the standard error of the difference, of some degrees of freedom. units: how many units bear on
    it. p and error are None, too, for a single unit.
    """

    first: float | None
    second: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    error: float | None = None
    degrees: float = 0.0
    units: int = 0

    def reach(self, level: float) -> float | None:
        """The smallest difference that these units show with 80% power at a level of significance:
        so many standard errors, by Student's t at the level that the test attains. None without a
        standard error.

        An exchange of uneven units is worth more than the degrees of freedom of their standard
        error, and less than one for each unit: the geometric mean is taken. The standard error is
        found with an error of its own, which is added. docs/statistics.md has the powers that
        simulation finds.
        """
        if not self.error:
            return None
        degrees = np.sqrt(self.degrees * max(self.units - 1, 1))
        errors = quantile(1 - attained(level, self.units) / 2, degrees) + quantile(POWER, degrees)
        return float(errors * np.sqrt(1 + 1 / degrees)) * self.error


def paired_differences(
    first: Numbers, second: Numbers, rate: Rate = "f1"
) -> list[PairedDifference]:
    """Compare two systems on the same units: a difference for each row.

    first, second: their counts, shape (units, rows, 5), units in the same order.
    """
    return all_differences([first, second], [(0, 1)], [1] * first.shape[1], rate)[0]


def all_differences(
    systems: Sequence[Numbers],
    pairs: Sequence[tuple[int, int]],
    tests: Sequence[int],
    rate: Rate = "f1",
) -> list[list[PairedDifference]]:
    """Compare pairs of systems on the same units: for each pair a difference for each row.

    systems: their counts, shape (units, rows, 5) each. pairs: positions of systems, the first and
    the second of each pair. tests: for each row, how many p are corrected for together.
    """
    which = RATES.index(rate)
    sums = np.stack([ratios(counts)[..., which, :] for counts in systems], axis=1)
    linear = Linearised(sums)
    ps = randomised(sums, pairs, tests) if len(sums) > 1 else None
    compared = []
    for n, (a, b) in enumerate(pairs):
        spread = _spread(linear, a, b)
        before, after = linear.rate[a], linear.rate[b]
        p = None if ps is None else _with_tails(ps[n], after - before, spread, tests, len(sums))
        compared.append(
            [
                _difference(before[row], after[row], spread[:, row], None if p is None else p[row])
                for row in range(len(before))
            ]
        )
    return compared


def _with_tails(
    ps: Floats, apart: Floats, spread: Floats, tests: Sequence[int], units: int
) -> Floats:
    """The p of each row: Student's t where no exchange was as large, and many more of them would be
    needed for so many tests; never less than exchanges could have shown."""
    from scipy.special import stdtr

    error, degrees, _, bearing = spread
    with np.errstate(divide="ignore", invalid="ignore"):
        student = 2 * stdtr(degrees, -np.abs(apart) / error)
    bounded = np.maximum(student, [least_of_all(int(number)) for number in bearing])
    none = (ps <= 1 / LEAST) & [has_tail(units, number) for number in tests]
    return np.where(none, np.minimum(ps, bounded), ps)


def _spread(linear: Linearised, a: int, b: int) -> Floats:
    """Of the difference in each row its standard error, the degrees of freedom of that, the
    distance from it to the bounds of its interval, and the number of units that bear on it, shape
    (4, rows)."""
    leverage = (linear.leverage[:, a] + linear.leverage[:, b]) / 2
    error = standard_error(linear.moves[:, b] - linear.moves[:, a], leverage)
    units = np.count_nonzero(leverage > 0, axis=0).astype(np.float64)
    degrees = degrees_of_freedom(leverage)
    distance = quantile(1 - TAIL, degrees) * error
    # Systems that differ alike in all units: another one in so many might not.
    alike = 1 - TAIL ** (1 / np.maximum(units, 1))
    apart = np.abs(linear.rate[b] - linear.rate[a]) > 0
    distance = np.where((error == 0) & apart, alike, distance)
    return np.stack([error, degrees, distance, units])


def _difference(before: float, after: float, spread: Floats, p: float | None) -> PairedDifference:
    """The difference in one row; `spread` as of _spread, p None for a single unit."""
    first, second = (None if np.isnan(rate) else float(rate) for rate in (before, after))
    if first is None or second is None:
        return PairedDifference(first, second)
    difference = second - first
    if p is None:
        return PairedDifference(first, second, difference)
    error, degrees, distance, units = spread.tolist()
    low, high = max(difference - distance, -1.0), min(difference + distance, 1.0)
    few = units < FEWEST
    return PairedDifference(
        first=first,
        second=second,
        difference=difference,
        low=None if few else low,
        high=None if few else high,
        p=float(p),
        error=error,
        degrees=degrees,
        units=int(units),
    )
