"""A run that answered each document several times: the mean over its samples, and their spread."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from statistics import stdev
from typing import Any, cast

import numpy as np

from benchmark.data.predictions import Status
from benchmark.scoring.scores import Score


def mean_score(samples: Sequence[Score]) -> Score:
    """The first of some samples with the mean of the counts of all, which are no longer whole.

    A document is valid if it is in all samples; else its status and reason are those of the first
    in which it is not. What is counted by path stays that of the first sample.
    """
    if len(samples) == 1:
        return samples[0]
    mean = copy(samples[0])
    worst = {name: _first_not_valid(samples, name) for name in mean.documents}
    mean.statuses = {name: sample.statuses[name] for name, sample in worst.items()}
    mean.reasons = {
        name: sample.reasons[name] for name, sample in worst.items() if name in sample.reasons
    }
    for name in ("counts", "matched_counts", "records"):
        setattr(mean, name, _mean([getattr(sample, name) for sample in samples]))
    return mean


def _mean(arrays: Sequence[Any]) -> Any:
    return cast(Any, np.mean(arrays, axis=0))


def _first_not_valid(samples: Sequence[Score], document: str) -> Score:
    return next((s for s in samples if s.statuses[document] is not Status.OK), samples[0])


def spread(samples: Sequence[Score]) -> float | None:
    """The standard deviation of micro F1 between samples; None for fewer than two."""
    rates = [rate for sample in samples if (rate := sample.micro().strict.f1) is not None]
    return stdev(rates) if len(rates) > 1 else None
