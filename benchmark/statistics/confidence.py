"""95% confidence intervals of rates, made to hold for few and uneven documents.

A rate is a ratio of sums over units. Its logit is taken for t-distributed around the true one, with
the standard error of the linearised ratio. Percentile bootstraps cover far less than they say where
units are few; docs/statistics.md has what was tried and how often each interval held.
"""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Floats, Numbers
from benchmark.statistics.rates import (
    FEWEST,
    TAIL,
    Linearised,
    corrected,
    degrees_of_freedom,
    quantile,
    ratios,
    standard_error,
)

METHOD = "Student's t on logits of the linearised ratio"


def intervals(counts: Numbers, fields: int = 0) -> tuple[Floats, Floats]:
    """The 95% intervals of precision, recall and F1.

    counts: shape (units, rows, 5). Returns those of each row, shape (rows, 3, 2), and those of the
    macro mean over the first `fields` rows, in which a rate counts where it is defined, shape (3,
    2); the last axis is (low, high). NaN where a rate is undefined, or where fewer than five units
    bear on it: so few say too little.
    """
    linear = Linearised(ratios(counts))
    error = standard_error(linear.moves, linear.leverage)
    degrees = degrees_of_freedom(linear.leverage)
    bounds = _on_logits(linear.rate, error, degrees, linear.units)
    return bounds, _macro(linear, fields)


def _macro(linear: Linearised, fields: int) -> Floats:
    """The intervals of the mean over some rows of the rates that are defined, shape (3, 2)."""
    rates = linear.rate[:fields]
    defined = ~np.isnan(rates)
    number = np.maximum(defined.sum(axis=0), 1)
    mean = np.where(defined.any(axis=0), np.nansum(rates, axis=0) / number, np.nan)
    shares = linear.leverage[:, :fields]
    # A unit weighs in a mean of rates as much as it does in them on average.
    leverage = shares.sum(axis=1) / number
    moves = corrected(linear.moves[:, :fields], shares)
    # Without the only unit that bears on a rate there is no such rate to be averaged.
    alone = corrected(np.nan_to_num(rates - mean)[None], leverage[:, None])
    moves = np.where(shares == 1, alone, moves).sum(axis=1) / number
    units = np.count_nonzero(leverage > 0, axis=0).astype(np.float64)
    error = np.sqrt((moves**2).sum(axis=0))
    return _on_logits(mean, error, degrees_of_freedom(leverage), units)


def _on_logits(rate: Floats, error: Floats, degrees: Floats, units: Floats) -> Floats:
    """The bounds of rates with some standard errors, from shape (...) to (..., 2)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logit = np.log(rate / (1 - rate))
        reach = quantile(1 - TAIL, degrees) * error / (rate * (1 - rate))
        bounds = np.stack([logit - reach, logit + reach], axis=-1)
        bounds = 1 / (1 + np.exp(-bounds))
    flat = (error == 0) | (rate <= 0) | (rate >= 1)
    bounds[flat] = _without_error(rate, units)[flat]
    bounds[np.isnan(rate) | (units < FEWEST)] = np.nan
    return bounds


def _without_error(rate: Floats, units: Floats) -> Floats:
    """The bounds of rates that are the same in all units, from shape (...) to (..., 2).

    No spread is no proof that there is none. As many units might all be right, or all alike, though
    another one in so many would not be: so the interval is that of a share of units (Clopper and
    Pearson, Biometrika 26, 1934).
    """
    from scipy.special import betaincinv

    right = np.nan_to_num(rate) * units
    wrong = units - right
    with np.errstate(invalid="ignore"):
        low = np.where(right > 0, betaincinv(np.maximum(right, 1e-9), wrong + 1, TAIL), 0)
        high = np.where(wrong > 0, betaincinv(right + 1, np.maximum(wrong, 1e-9), 1 - TAIL), 1)
    return np.stack([low, high], axis=-1)
