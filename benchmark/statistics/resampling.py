"""Intervals and paired comparisons, from the counts of documents: nothing is scored again.

Counts are arrays of shape (documents, rows, 5), slots by outcome in the order of Outcome; a row is
whatever a rate is made for: a field, a table, all of them. As counts add up over documents, a
resample of documents is a weighted sum of their counts, and all resamples together are one matrix
product. A mean over documents is of that kind too: each document counts as one slot that is correct
to the share that its own rate says (see `documents_as_slots`).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np

from benchmark.scoring.arrays import Floats, Numbers

RESAMPLES, SEED, LEVEL, POWER = 10_000, 0, 0.95, 0.8
MOST, GROUPS = 1000, 250
"""More than MOST documents are resampled in GROUPS groups, to save time: groups formed by chance
are as independent as documents, and resampling them estimates the same variance of their sum."""
BLOCK = 2_000_000
"""Random numbers drawn at once: it bounds memory."""
ROWS = 500
"""Rows that are resampled at once, each block by the same numbers: it bounds memory, too."""
Rate = Literal["precision", "recall", "f1"]
RATES: tuple[Rate, ...] = ("precision", "recall", "f1")


class PairedDifference(NamedTuple):
    """Two systems on one rate, the second less the first.

    first, second: the rates, None where there is nothing to divide by. difference: None if either
    is. low, high: the 95% percentile interval of the difference, a bootstrap over documents with
    the counts of both systems. p: of a two-sided paired randomisation test, never 0. least: the
    smallest difference that these documents would show with 80% power at 5%. The last four are
    None, too, for a single document.
    """

    first: float | None
    second: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    least: float | None = None


def intervals(counts: Numbers, fields: int = 0, seed: int = SEED) -> tuple[Floats, Floats]:
    """The 95% percentile intervals of precision, recall and F1.

    Returns those of each row, shape (rows, 3, 2), and those of the macro mean over the first
    `fields` rows, in which a rate counts where it is defined, shape (3, 2); the last axis is (low,
    high). NaN where a rate is undefined or there is but one document.

    A bootstrap over documents (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13),
    10,000 resamples.
    """
    units = _grouped(counts)
    if len(units) < 2:
        return np.full((counts.shape[1], 3, 2), np.nan), np.full((3, 2), np.nan)
    bounds, sums, defined = [], np.zeros((RESAMPLES, 3)), np.zeros((RESAMPLES, 3))
    for first in range(0, counts.shape[1], ROWS):
        totals = _totals(units[:, first : first + ROWS])
        resampled = _rates(_resampled(totals, seed))
        bounds.append(_quantiles(resampled))
        bounds[-1][np.isnan(_rates(totals.sum(axis=0)))] = np.nan
        own = resampled[:, : max(0, fields - first)]
        sums += np.nansum(own, axis=1)
        defined += (~np.isnan(own)).sum(axis=1)
    with np.errstate(invalid="ignore"):  # nowhere defined: 0 / 0 is NaN, as it should be
        return np.concatenate(bounds), _quantiles(sums / defined)


def paired_differences(
    first: Numbers, second: Numbers, rate: Rate = "f1", seed: int = SEED
) -> list[PairedDifference]:
    """Compare two systems on the same documents: a difference for each row.

    first, second: their counts, shape (documents, rows, 5), documents in the same order.
    """
    blocks = (slice(at, at + ROWS) for at in range(0, first.shape[1], ROWS))
    return [
        difference
        for block in blocks
        for difference in _paired(first[:, block], second[:, block], RATES.index(rate), seed)
    ]


def _paired(first: Numbers, second: Numbers, which: int, seed: int) -> list[PairedDifference]:
    """As paired_differences, for so many rows as are resampled at once."""
    # The rows of both systems take turns, 0::2 the first's and 1::2 the second's, so that one set
    # of groups and of resamples serves both: that makes the comparison a paired one.
    both = _totals(_grouped(np.stack([first, second], axis=2).reshape(len(first), -1, 5)))
    totals = both[:, 0::2], both[:, 1::2]
    before, after = (_rates(system.sum(axis=0))[:, which] for system in totals)
    resampled = p = None
    if len(both) > 1:
        rates = _rates(_resampled(both, seed))[..., which]
        resampled = rates[:, 1::2] - rates[:, 0::2]
        p = _randomised(*totals, which, after - before, seed)
    return [_difference(row, before, after, resampled, p) for row in range(first.shape[1])]


def holm(ps: list[float]) -> list[float]:
    """Correct p values for being shown together, in their order (Holm, Scandinavian Journal of
    Statistics 6, 1979): the smallest of n is multiplied by n, the next by n - 1, and so on."""
    order = np.argsort(ps, kind="stable")
    steps = np.asarray(ps)[order] * np.arange(len(ps), 0, -1)
    corrected = np.empty(len(ps))
    # The running maximum keeps them in order: no hypothesis is rejected after one that is not.
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return [float(p) for p in corrected]


def _difference(
    row: int, before: Floats, after: Floats, resampled: Floats | None, p: Floats | None
) -> PairedDifference:
    """The difference in one row. before, after: the rates of both systems, shape (rows,).
    resampled: differences, shape (resamples, rows); it and `p` are None for a single document."""
    rates = float(before[row]), float(after[row])
    first, second = (None if np.isnan(rate) else rate for rate in rates)
    if first is None or second is None:
        return PairedDifference(first, second)
    difference = second - first
    if resampled is None or p is None:
        return PairedDifference(first, second, difference)
    low, high = _quantiles(resampled[:, row]).tolist()
    # A difference this many standard errors from 0 is significant at 1 - LEVEL, two-sided, in POWER
    # of all samples (normal approximation); the bootstrap gives the standard error.
    normal = NormalDist()
    standard_errors = normal.inv_cdf((1 + LEVEL) / 2) + normal.inv_cdf(POWER)
    return PairedDifference(
        first=first,
        second=second,
        difference=difference,
        low=low,
        high=high,
        p=float(p[row]),
        least=standard_errors * float(np.nanstd(resampled[:, row])),
    )


def _totals(counts: Numbers) -> Floats:
    """The sums that rates are made of, from shape (..., 5) to (..., 3): correct slots (COR), slots
    that gold fills (POS) and slots that the prediction fills (ACT)."""
    cor, par, inc, mis, spu = np.moveaxis(counts.astype(np.float64), -1, 0)
    filled = cor + par + inc
    return np.stack([cor, filled + mis, filled + spu], axis=-1)


def _rates(totals: Floats) -> Floats:
    """Precision, recall and F1 of sums COR, POS, ACT, from shape (..., 3) to (..., 3); NaN where
    there is nothing to divide by."""
    cor, pos, act = np.moveaxis(totals, -1, 0)
    with np.errstate(invalid="ignore"):
        return np.stack([cor / act, cor / pos, 2 * cor / (pos + act)], axis=-1)


def _grouped(counts: Numbers) -> Numbers:
    """The units to be resampled: documents or, if they are many, groups of them formed by chance,
    shape (units, rows, 5)."""
    if len(counts) <= MOST:
        return counts
    # By a seed of its own, so that the groups are the same whatever seed the resamples have.
    shuffled = np.random.default_rng(SEED).permutation(len(counts))
    edges = np.linspace(0, len(counts), GROUPS, endpoint=False).astype(np.int64)
    return np.add.reduceat(counts[shuffled], edges, axis=0)


def _resampled(totals: Floats, seed: int) -> Floats:
    """The sums of bootstrap resamples of the units, shape (RESAMPLES, rows, 3)."""
    n, flat = len(totals), totals.reshape(len(totals), -1)
    random = np.random.default_rng(seed)
    step = max(1, BLOCK // n)
    # To draw n units with replacement is to draw how often each comes: a multinomial number.
    sums = [
        random.multinomial(n, np.full(n, 1 / n), min(step, RESAMPLES - at)).astype(float) @ flat
        for at in range(0, RESAMPLES, step)
    ]
    return np.concatenate(sums).reshape(RESAMPLES, *totals.shape[1:])


def _randomised(first: Floats, second: Floats, which: int, difference: Floats, seed: int) -> Floats:
    """The two-sided p of each row, shape (rows,), by a paired randomisation test.

    If the systems were alike, the counts of a document might as well be the other's. p is how often
    the rates differ by as much as `difference`, shape (rows,), when the counts of each document are
    exchanged by the toss of a coin: (b + 1) / (B + 1), so that the sample itself is among those
    counted and p is never 0 (Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989).
    first, second: shape (units, rows, 3).
    """
    n, gap = len(first), (second - first).reshape(len(first), -1)
    random = np.random.default_rng(seed)
    step = max(1, BLOCK // n)
    as_much = np.zeros(first.shape[1])
    for at in range(0, RESAMPLES, step):
        # To exchange a document moves the gap between its counts from one sum to the other.
        swaps = random.integers(0, 2, (min(step, RESAMPLES - at), n)).astype(float) @ gap
        moved = swaps.reshape(-1, *first.shape[1:])
        exchanged = _rates(second.sum(axis=0) - moved) - _rates(first.sum(axis=0) + moved)
        # Equal differences count, and may be apart by a rounding error.
        as_much += (np.abs(exchanged[..., which]) >= np.abs(difference) - 1e-12).sum(axis=0)
    return (as_much + 1) / (RESAMPLES + 1)


def _quantiles(resampled: Floats) -> Floats:
    """The ends of the middle 95% along the first axis, without undefined ones, from shape
    (resamples, ...) to (..., 2); NaN where all are undefined."""
    columns = np.ascontiguousarray(resampled.reshape(len(resampled), -1).T)
    shares = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    # np.nanquantile would do all, but column by column: slow where nearly all are defined.
    defined = ~np.isnan(columns).any(axis=1)
    ends = np.full((len(columns), 2), np.nan)
    ends[defined] = np.quantile(columns[defined], shares, axis=1).T
    for n in np.flatnonzero(~defined):
        if len(values := columns[n][~np.isnan(columns[n])]):
            ends[n] = np.quantile(values, shares)
    return ends.reshape(*resampled.shape[1:], 2)
