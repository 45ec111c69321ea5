"""Intervals, p values and reaches by what they promise, on simulated documents.

tests/tools/simulation.py does so with more of them; docs/statistics.md has its figures.
"""

import pytest
from tools.simulation import SPREAD, coverage, power, size


@pytest.mark.parametrize("kind", ["even", "uneven", "falling", "sparse"])
def test_intervals_hold_the_true_rate(kind):
    assert 0.9 <= coverage(kind, 0.85, 10, 300) <= 1


def test_systems_that_do_not_differ_are_rarely_told_apart():
    assert 0.01 <= size("even", SPREAD, 10, 300) <= 0.09
    assert size("uneven", 1.0, 10, 300) <= 0.1


def test_at_the_stated_reach_most_verdicts_fall():
    _, told = power("even", 0.05, 10, 200)
    assert 0.7 <= told <= 0.9
