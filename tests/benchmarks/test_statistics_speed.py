"""How fast intervals and comparisons are: `pytest tests/benchmarks --benchmark-enable -n 0`."""

import numpy as np
import pytest

from benchmark.statistics.confidence import intervals
from benchmark.statistics.differences import all_differences, paired_differences

FIELDS = 40


def _counts(documents: int, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 6, (documents, FIELDS, 5))


@pytest.mark.parametrize("documents", [30, 1000, 20_000])
def test_intervals(benchmark, documents):
    counts = _counts(documents)
    bounds, macro = benchmark(intervals, counts, FIELDS)
    assert bounds.shape == (FIELDS, 3, 2)
    assert (macro[:, 0] < macro[:, 1]).all()


@pytest.mark.parametrize("documents", [30, 1000])
def test_comparison(benchmark, documents):
    first, second = _counts(documents), _counts(documents, 1)
    found = benchmark(paired_differences, first, second)
    assert len(found) == FIELDS


def test_many_systems(benchmark):
    """71 systems against the first, 40 lines, 1,000 documents: 2,800 p, corrected together."""
    systems = [_counts(1000, seed) for seed in range(71)]
    pairs = [(0, n) for n in range(1, 71)]
    compared = benchmark.pedantic(all_differences, (systems, pairs, [2800] * FIELDS), rounds=1)
    assert len(compared) == 70
