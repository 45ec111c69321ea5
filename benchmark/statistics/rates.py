"""Rates of many units and rows at once: the arrays that intervals and tests are made of.

A unit is what is resampled or exchanged as a whole: a document, a group of documents, or a record
of a single document. A row is whatever a rate is made for: a field, a table, all of them. Counts
are arrays of shape (units, rows, 5), slots by outcome in the order of Outcome. A mean over
documents is of that kind too: each document counts as one slot that is correct to the share that
its own rate says (see `documents_as_slots`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from benchmark.scoring.arrays import Floats, Numbers

LEVEL = 0.95
"""The level of confidence of all intervals."""
TAIL = (1 - LEVEL) / 2
"""What is beyond an interval on each side."""
FEWEST = 5
"""Units that have to bear on a rate for it to have an interval."""
Rate = Literal["precision", "recall", "f1"]
RATES: tuple[Rate, ...] = ("precision", "recall", "f1")


def ratios(counts: Numbers) -> Floats:
    """The two sums that each rate is the ratio of, from counts of shape (..., 5) to (..., 3, 2):
    COR over ACT, COR over POS, and 2 COR over POS + ACT."""
    cor, par, inc, mis, spu = np.moveaxis(np.asarray(counts, np.float64), -1, 0)
    pos, act = cor + par + inc + mis, cor + par + inc + spu
    over = [(cor, act), (cor, pos), (2 * cor, pos + act)]
    return np.stack([np.stack(pair, axis=-1) for pair in over], axis=-2)


def divided(sums: Floats) -> Floats:
    """The ratios of pairs of sums, from shape (..., 2) to (...); NaN where there is nothing to
    divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sums[..., 1] > 0, sums[..., 0] / sums[..., 1], np.nan)


@dataclass(frozen=True)
class Linearised:
    """Ratios of sums over units, and what each unit adds to their error.

    sums: shape (units, ..., 2), a numerator and a denominator of each unit. The ratio R of the
    totals is linearised in the units (Cochran, Sampling Techniques, 1977, ch. 6): unit i moves it
    by e_i = (x_i - R y_i) / Y, Y being the total of the denominators y.
    """

    sums: Floats

    @cached_property
    def rate(self) -> Floats:
        """The ratio of the totals; NaN where there is nothing to divide by."""
        return divided(self.sums.sum(axis=0))

    @cached_property
    def units(self) -> Floats:
        """The number of units that bear on each ratio: those with something to divide by."""
        units: Floats = np.count_nonzero(self.sums[..., 1] > 0, axis=0).astype(np.float64)
        return units

    @cached_property
    def leverage(self) -> Floats:
        """The share of each unit in the denominator, shape (units, ...)."""
        y = self.sums[..., 1]
        with np.errstate(invalid="ignore"):
            share: Floats = np.nan_to_num(y / y.sum(axis=0))
        return share

    @cached_property
    def moves(self) -> Floats:
        """By how much each unit moves the ratio, shape (units, ...); 0 where it is undefined."""
        x, y = np.moveaxis(self.sums, -1, 0)
        with np.errstate(invalid="ignore"):
            moves: Floats = np.nan_to_num((x - np.nan_to_num(self.rate) * y) / y.sum(axis=0))
        return moves


def standard_error(moves: Floats, leverage: Floats) -> Floats:
    """The standard error of a sum of moves, from shape (units, ...) to (...).

    A unit that makes up much of a ratio pulls the ratio towards itself, so that its own move looks
    too small: it is divided by the square root of 1 less its leverage (the HC2 of MacKinnon and
    White, Journal of Econometrics 29, 1985).
    """
    error: Floats = np.sqrt((corrected(moves, leverage) ** 2).sum(axis=0))
    return error


def corrected(moves: Floats, leverage: Floats) -> Floats:
    """The moves as standard_error takes them; 0 for a unit that makes up all of a ratio."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(leverage < 1, moves / np.sqrt(1 - leverage), 0)


def degrees_of_freedom(leverage: Floats) -> Floats:
    """The degrees of freedom of a standard error, from shape (units, ...) to (...).

    Satterthwaite's (Biometrics Bulletin 2, 1946), for variances that grow with the size of a unit
    to the power of 1.5: between 1, for slots that err independently, and 2, for documents that are
    good or bad as wholes. Few large units among many small ones leave few degrees.
    """
    variance = leverage**1.5 * (1 - leverage)
    total = variance.sum(axis=0)
    most = np.maximum(np.count_nonzero(leverage > 0, axis=0) - 1.0, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = total**2 / (variance**2).sum(axis=0) - 1
    clipped: Floats = np.clip(np.nan_to_num(degrees, nan=1.0), 1, most)
    return clipped


def quantile(share: float | Floats, degrees: Floats) -> Floats:
    """The quantile of Student's t."""
    from scipy.special import stdtrit

    quantiles: Floats = np.asarray(stdtrit(degrees, share))
    return quantiles
