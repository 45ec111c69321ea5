"""Intervals and p values, against scipy's on the same data and against what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmark.statistics import resampling
from benchmark.statistics.resampling import holm, intervals, paired_differences

PRECISION, RECALL, F1 = range(3)


def drawn(n=40, rows=3, seed=1):
    """Counts of documents that differ in size and quality."""
    random = np.random.default_rng(seed)
    quality, size = random.beta(6, 3, (n, rows)), random.poisson(12, (n, rows)) + 1
    cor = random.binomial(size, quality)
    rest = size - cor
    inc = random.binomial(rest, 0.5)
    return np.stack([cor, 0 * cor, inc, rest - inc, random.poisson(2, (n, rows))], axis=-1)


def f1(counts, axis=0):
    cor, par, inc, mis, spu = np.moveaxis(counts.sum(axis=axis), -1, 0)
    return 2 * cor / (2 * (cor + par + inc) + mis + spu)


def test_the_interval_is_that_of_scipys_bootstrap():
    counts = drawn(rows=1)
    low, high = intervals(counts)[0][0, F1]
    theirs = stats.bootstrap(
        (np.arange(len(counts)),),
        lambda picked, axis: f1(counts[picked, 0], axis=picked.ndim - 1),
        vectorized=True,
        n_resamples=10_000,
        method="percentile",
        rng=7,
    ).confidence_interval
    assert (low, high) == pytest.approx(tuple(theirs), abs=0.004)
    assert low < f1(counts)[0] < high


def test_p_is_that_of_scipys_paired_permutations():
    first, second = drawn(30, 1, 2), drawn(30, 1, 3)
    (ours,) = paired_differences(first, second)

    def difference(one, other, axis):
        picked = [np.moveaxis(np.asarray(part), axis, 0).astype(int) for part in (one, other)]
        both = np.concatenate([first, second])[:, 0]
        return f1(both[picked[1]]) - f1(both[picked[0]])

    theirs = stats.permutation_test(
        (np.arange(30), np.arange(30, 60)),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,
        rng=7,
    )
    assert ours.difference == pytest.approx(theirs.statistic)
    assert ours.p == pytest.approx(theirs.pvalue, abs=0.02)


def test_all_swaps_of_few_documents_are_what_p_estimates():
    first, second = drawn(6, 1, 4), drawn(6, 1, 5)
    (found,) = paired_differences(first, second)
    swaps = [[n >> k & 1 for k in range(6)] for n in range(64)]
    differences = []
    for swap in swaps:
        where = np.array(swap, bool)[:, None, None]
        one, two = np.where(where, second, first), np.where(where, first, second)
        differences.append(f1(two)[0] - f1(one)[0])
    exact = np.mean(np.abs(differences) >= abs(found.difference) - 1e-12)
    assert found.p == pytest.approx(exact, abs=0.02)


def test_rows_are_resampled_together():
    counts = drawn(rows=1)
    doubled = np.concatenate([counts, counts], axis=1)
    found, macro = intervals(doubled, 2)
    assert (found[0] == found[1]).all()
    assert macro == pytest.approx(found[0])


def test_macro_leaves_out_rates_where_they_are_undefined():
    counts = drawn(rows=2)
    counts[:, 1] = 0
    found, macro = intervals(counts, 2)
    assert macro == pytest.approx(found[0])
    assert np.isnan(found[1]).all()
    assert np.isnan(intervals(counts)[1]).all()


def test_more_documents_than_are_resampled_singly_give_the_same_interval(monkeypatch):
    counts = drawn(6000, 1)
    grouped = intervals(counts)[0]
    monkeypatch.setattr(resampling, "MOST", 10_000)
    monkeypatch.setattr(resampling, "RESAMPLES", 2000)
    assert grouped == pytest.approx(intervals(counts)[0], abs=0.002)


def test_one_document_has_no_interval_and_no_p():
    assert all(np.isnan(bounds).all() for bounds in intervals(drawn(1), 3))
    assert paired_differences(drawn(1), drawn(1, seed=2))[0][3:] == (None, None, None, None)


def test_a_system_against_itself_shows_nothing():
    for found in paired_differences(drawn(), drawn()):
        assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_the_same_seed_gives_the_same_figures():
    assert (intervals(drawn())[0] == intervals(drawn())[0]).all()
    assert paired_differences(drawn(), drawn(seed=2)) == paired_differences(drawn(), drawn(seed=2))


def test_what_is_plainly_better_has_the_smallest_p_there_is_and_never_0():
    worse = drawn(40, 1)
    better = worse.copy()
    better[..., 0] += better[..., 2]
    better[..., 2] = 0
    (found,) = paired_differences(worse, better)
    assert 0 < found.p <= 2 / 10_001
    assert found.low > 0
    assert found.least < found.difference


def test_holm_corrects_as_in_his_example():
    # Four hypotheses with p .01, .04, .03, .005: .03, .06, .06, .02 (R's p.adjust gives the same).
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.7, 0.9]) == [1.0, 1.0]


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=20))
def test_holm_never_lowers_a_p_and_keeps_their_order(ps):
    found = holm(ps)
    assert all(p <= q <= 1 for p, q in zip(ps, found, strict=True))
    assert [found[n] for n in np.argsort(ps, kind="stable")] == sorted(found)


@settings(max_examples=25)
@given(st.integers(2, 12), st.integers(0, 10_000))
def test_an_interval_lies_within_what_the_documents_show(n, seed):
    counts = drawn(n, 1, seed)
    found = intervals(counts)[0][0]
    assert (found[:, 0] <= found[:, 1]).all()
    alone = [f1(counts[k : k + 1])[0] for k in range(n)]
    assert min(alone) - 1e-9 <= found[F1, 0]
    assert found[F1, 1] <= max(alone) + 1e-9


def test_under_no_difference_p_is_uniform_and_intervals_cover(monkeypatch):
    """tests/simulation.py does so with more comparisons and resamples."""
    from tools.simulation import simulated

    monkeypatch.setattr(resampling, "RESAMPLES", 500)
    found = simulated(300, documents=30)
    assert 0.02 <= found.false_alarms <= 0.09
    assert 0.90 <= found.coverage <= 0.99
