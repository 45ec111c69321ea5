"""How fast intervals and comparisons are: `pytest tests/benchmarks --benchmark-enable -n 0`."""

import numpy as np
import pytest

from benchmark.statistics.resampling import RESAMPLES, intervals, paired_differences

FIELDS = 40


def _counts(documents: int, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 6, (documents, FIELDS, 5))


@pytest.mark.parametrize("documents", [30, 1000, 20_000])
def test_intervals(benchmark, documents):
    counts = _counts(documents)
    bounds, macro = benchmark(intervals, counts, FIELDS)
    benchmark.extra_info["resamples"] = RESAMPLES
    assert bounds.shape == (FIELDS, 3, 2)
    assert (macro[:, 0] < macro[:, 1]).all()


@pytest.mark.parametrize("documents", [30, 1000])
def test_comparison(benchmark, documents):
    first, second = _counts(documents), _counts(documents, 1)
    found = benchmark(paired_differences, first, second)
    assert len(found) == FIELDS
