"""Intervals, against scipy's and by what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from support.drawn_counts import F1, PRECISION, RECALL, drawn, f1

from benchmark.statistics.confidence import intervals


def test_of_many_documents_the_interval_is_that_of_scipys_bootstrap():
    counts = drawn(200, rows=1)
    low, high = intervals(counts)[0][0, F1]
    theirs = stats.bootstrap(
        (np.arange(len(counts)),),
        lambda picked, axis: f1(counts[picked, 0], axis=picked.ndim - 1),
        vectorized=True,
        n_resamples=10_000,
        method="BCa",
        rng=7,
    ).confidence_interval
    assert (low, high) == pytest.approx(tuple(theirs), abs=0.004)
    assert low < f1(counts)[0] < high


def test_equal_documents_of_one_slot_have_students_interval_of_logits():
    # 30 documents of 10 slots each, so that the ratio is a mean and its error is the textbook's.
    right = np.random.default_rng(3).integers(3, 9, 30)
    counts = np.stack([right, 0 * right, 10 - right, 0 * right, 0 * right], axis=-1)[:, None]
    rate, error = (right / 10).mean(), (right / 10).std(ddof=1) / np.sqrt(30)
    reach = stats.t.ppf(0.975, 29) * error / (rate * (1 - rate))
    logit = np.log(rate / (1 - rate))
    expected = [1 / (1 + np.exp(-(logit + side))) for side in (-reach, reach)]
    assert intervals(counts)[0][0, PRECISION] == pytest.approx(expected)


def test_fewer_than_five_documents_that_bear_on_a_rate_say_too_little():
    assert np.isnan(intervals(drawn(4))[0]).all()
    assert not np.isnan(intervals(drawn(5))[0]).any()
    counts = drawn(20, rows=2)
    counts[4:, 1] = 0
    assert np.isnan(intervals(counts)[0][1]).all()


def test_the_same_in_all_documents_is_not_certain():
    """From n documents that are all right, the share of right ones is at least 0.025 ** (1 / n)."""
    perfect = np.tile([3, 0, 0, 0, 0], (10, 1, 1))
    assert intervals(perfect)[0][0, F1] == pytest.approx([0.025 ** (1 / 10), 1])
    wrong = np.tile([0, 0, 3, 0, 0], (10, 1, 1))
    assert intervals(wrong)[0][0, F1] == pytest.approx([0, 1 - 0.025 ** (1 / 10)])
    half = np.tile([1, 0, 1, 0, 0], (10, 1, 1))
    theirs = stats.binomtest(5, 10).proportion_ci(0.95, "exact")
    assert intervals(half)[0][0, F1] == pytest.approx([theirs.low, theirs.high])


def test_rows_do_not_depend_on_each_other():
    counts = drawn(rows=3)
    every = intervals(counts, 3)[0]
    assert (every[1:2] == intervals(counts[:, 1:2])[0]).all()


def test_macro_leaves_out_rates_where_they_are_undefined():
    counts = drawn(rows=2)
    counts[:, 1] = 0
    found, macro = intervals(counts, 2)
    assert macro == pytest.approx(found[0])
    assert np.isnan(found[1]).all()
    assert np.isnan(intervals(counts)[1]).all()


def test_macro_of_equal_rows_is_that_of_one():
    counts = drawn(rows=1)
    found, macro = intervals(np.repeat(counts, 2, axis=1), 2)
    assert macro == pytest.approx(found[0])


@settings(max_examples=50)
@given(st.integers(5, 60), st.integers(0, 10_000))
def test_an_interval_holds_its_rate_and_lies_between_0_and_1(n, seed):
    counts = drawn(n, 1, seed)
    for rate in (PRECISION, RECALL, F1):
        low, high = intervals(counts)[0][0, rate]
        assert 0 <= low <= high <= 1
    low, high = intervals(counts)[0][0, F1]
    assert low <= f1(counts)[0] <= high


def test_more_of_the_same_documents_narrow_it():
    counts = drawn(20, 1)
    few, many = intervals(counts)[0][0, F1], intervals(np.tile(counts, (4, 1, 1)))[0][0, F1]
    assert many[1] - many[0] < 0.6 * (few[1] - few[0])


def test_a_macro_mean_of_fields_of_one_document_each_is_as_sure_as_its_documents_are_alike():
    # Forty documents with a field of their own each, found to 0.9 or to 0.1: their mean is no surer
    # than that of forty such shares.
    counts = np.zeros((40, 40, 5), int)
    for n in range(40):
        right = 9 if n % 2 else 1
        counts[n, n] = [right, 0, 10 - right, 0, 0]
    _, macro = intervals(counts, 40)
    low, high = macro[2]
    half = stats.t.ppf(0.975, 39) * 0.4 / np.sqrt(39)
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.01)
