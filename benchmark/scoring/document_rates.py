"""The rates of each document by itself, of which the mean over documents is made."""

from __future__ import annotations

import numpy as np

from benchmark.scoring.arrays import Floats, Ints
from benchmark.scoring.counts import Outcome, Rates, ratio


def mean_of_documents(counts: Ints, partial: bool = False) -> Rates:
    """The mean of each rate over the documents in which it is defined; None where it is in none.

    counts: those of each document, shape (documents, 5). partial: of rates with partial credit.
    """
    rates = _rates(counts, partial)
    defined = ~np.isnan(rates)
    sums = np.where(defined, rates, 0).sum(axis=0).tolist()
    return Rates(*map(ratio, sums, defined.sum(axis=0).tolist()))


def documents_as_slots(counts: Ints) -> Floats:
    """Each document as one slot for each of its strict rates that is defined, shape (documents, 3,
    5): correct to the share that the rate says, and incorrect for the rest. The rates of their sums
    are means over documents, so that what resamples slots resamples these.

    counts: those of each document, shape (documents, 5).
    """
    rates = _rates(counts, partial=False)
    slots = np.zeros((*rates.shape, len(Outcome)))
    defined = ~np.isnan(rates)
    slots[defined, Outcome.COR], slots[defined, Outcome.INC] = rates[defined], 1 - rates[defined]
    return slots


def _rates(counts: Ints, partial: bool) -> Floats:
    """Precision, recall and F1 of each document, shape (documents, 3); NaN where undefined."""
    cor, par, inc, mis, spu = counts.T.astype(np.float64)
    credit, filled = cor + par / 2 if partial else cor, cor + par + inc
    pos, act = filled + mis, filled + spu
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN, as it should be
        return np.stack([credit / act, credit / pos, 2 * credit / (pos + act)], axis=-1)
