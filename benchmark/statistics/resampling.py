"""Intervals and paired comparisons, from the counts of documents: nothing is scored again.

Counts are arrays of shape (documents, rows, 5), slots by outcome in the order of Outcome; a row is
whatever a rate is made for: a field, a table, all of them.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.scoring.arrays import Ints

RESAMPLES, SEED, LEVEL, POWER = 10_000, 0, 0.95, 0.8
MOST, GROUPS = 1000, 250
"""More documents than the first are resampled in so many groups: sums of independent documents are
as independent as they are, and vary as much in sum."""
BLOCK = 2_000_000
"""Random numbers that are held at once."""
Rate = Literal["precision", "recall", "f1"]
RATES: tuple[Rate, ...] = ("precision", "recall", "f1")
Floats = NDArray[np.float64]


class PairedDifference(NamedTuple):
    """Two systems on one rate, the second less the first.

    low, high: the percentile interval of the difference, a bootstrap over pairs. p: of a two-sided
    paired randomisation, never 0. least: the smallest difference that these documents could show
    (80% power at 5%). All are None where a system has nothing to divide by.
    """

    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    least: float | None


def intervals(counts: Ints, fields: int = 0, seed: int = SEED) -> tuple[Floats, Floats]:
    """The 95% percentile interval of each rate, shape (rows, 3, 2), and of its macro mean over the
    first `fields` rows in which it is defined, shape (3, 2). NaN where a rate is undefined or there
    is but one document.

    A bootstrap over documents (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13),
    10,000 resamples.
    """
    parts = _parts(_grouped(counts))
    if len(parts) < 2:
        return np.full((counts.shape[1], 3, 2), np.nan), np.full((3, 2), np.nan)
    drawn = _rates(_resampled(parts, seed))
    found = _quantiles(drawn)
    found[np.isnan(_rates(parts.sum(axis=0)))] = np.nan
    return found, _quantiles(_macro(drawn[:, :fields]))


def _macro(rates: Floats) -> Floats:
    defined = ~np.isnan(rates)
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(defined, rates, 0).sum(axis=1) / defined.sum(axis=1)
    return found


def paired_differences(
    first: Ints, second: Ints, rate: Rate = "f1", seed: int = SEED
) -> list[PairedDifference]:
    """Two systems on the same documents, row by row."""
    both = _parts(_grouped(np.stack([first, second], axis=2).reshape(len(first), -1, 5)))
    one, two = both[:, 0::2], both[:, 1::2]
    which = RATES.index(rate)
    before, after = (_rates(part.sum(axis=0))[:, which] for part in (one, two))
    spread = p = None
    if len(both) > 1:
        drawn = _rates(_resampled(both, seed))[..., which]
        spread = drawn[:, 1::2] - drawn[:, 0::2]
        p = _randomised(one, two, which, after - before, seed)
    return [_compared(row, before, after, spread, p) for row in range(first.shape[1])]


def holm(ps: list[float]) -> list[float]:
    """p values corrected for being shown together (Holm, Scandinavian Journal of Statistics 6,
    1979), in their order."""
    order = np.argsort(ps, kind="stable")
    steps = np.asarray(ps)[order] * np.arange(len(ps), 0, -1)
    found = np.empty(len(ps))
    found[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return [float(value) for value in found]


def _compared(
    row: int, before: Floats, after: Floats, spread: Floats | None, p: Floats | None
) -> PairedDifference:
    first, second = (None if np.isnan(one[row]) else float(one[row]) for one in (before, after))
    if first is None or second is None:
        return PairedDifference(first, second, None, None, None, None, None)
    difference = second - first
    if spread is None or p is None:
        return PairedDifference(first, second, difference, None, None, None, None)
    low, high = _quantiles(spread[:, row]).tolist()
    normal = NormalDist()
    reach = normal.inv_cdf((1 + LEVEL) / 2) + normal.inv_cdf(POWER)
    least = reach * float(np.nanstd(spread[:, row]))
    return PairedDifference(first, second, difference, low, high, float(p[row]), least)


def _parts(counts: Ints) -> Floats:
    """What rates are made of: correct slots, and what gold and the prediction fill."""
    cor, par, inc, mis, spu = np.moveaxis(counts.astype(np.float64), -1, 0)
    filled = cor + par + inc
    return np.stack([cor, filled + mis, filled + spu], axis=-1)


def _rates(parts: Floats) -> Floats:
    """Precision, recall and F1; NaN where there is nothing to divide by."""
    cor, pos, act = np.moveaxis(parts, -1, 0)
    with np.errstate(invalid="ignore"):
        return np.stack([cor / act, cor / pos, 2 * cor / (pos + act)], axis=-1)


def _grouped(counts: Ints) -> Ints:
    """Documents as units to be drawn: each for itself, or in groups by chance."""
    if len(counts) <= MOST:
        return counts
    shuffled = np.random.default_rng(SEED).permutation(len(counts))
    edges = np.linspace(0, len(counts), GROUPS, endpoint=False).astype(np.int64)
    return np.add.reduceat(counts[shuffled], edges, axis=0)


def _resampled(parts: Floats, seed: int) -> Floats:
    """The sums of resamples: shape (RESAMPLES, rows, 3)."""
    n, flat = len(parts), parts.reshape(len(parts), -1)
    random = np.random.default_rng(seed)
    step = max(1, BLOCK // n)
    sums = [
        random.multinomial(n, np.full(n, 1 / n), min(step, RESAMPLES - at)).astype(float) @ flat
        for at in range(0, RESAMPLES, step)
    ]
    return np.concatenate(sums).reshape(RESAMPLES, *parts.shape[1:])


def _randomised(one: Floats, two: Floats, which: int, found: Floats, seed: int) -> Floats:
    """Two-sided p of each row: how often the two systems' counts of documents, exchanged by chance,
    differ as much (Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989):
    (b + 1) / (B + 1)."""
    n, gap = len(one), (two - one).reshape(len(one), -1)
    random = np.random.default_rng(seed)
    step = max(1, BLOCK // n)
    as_much = np.zeros(one.shape[1])
    for at in range(0, RESAMPLES, step):
        swaps = random.integers(0, 2, (min(step, RESAMPLES - at), n)).astype(float) @ gap
        moved = swaps.reshape(-1, *one.shape[1:])
        drawn = _rates(two.sum(axis=0) - moved) - _rates(one.sum(axis=0) + moved)
        as_much += (np.abs(drawn[..., which]) >= np.abs(found) - 1e-12).sum(axis=0)
    return (as_much + 1) / (RESAMPLES + 1)


def _quantiles(drawn: Floats) -> Floats:
    """The two ends of the middle 95% along the first axis, undefined ones left out."""
    columns = np.ascontiguousarray(drawn.reshape(len(drawn), -1).T)
    shares = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    whole = ~np.isnan(columns).any(axis=1)
    ends = np.full((len(columns), 2), np.nan)
    ends[whole] = np.quantile(columns[whole], shares, axis=1).T
    for n in np.flatnonzero(~whole):
        if len(defined := columns[n][~np.isnan(columns[n])]):
            ends[n] = np.quantile(defined, shares)
    return ends.reshape(*drawn.shape[1:], 2)
