"""Paired randomisation, against scipy's and by hand."""

from itertools import product

import numpy as np
import pytest
from scipy import stats
from support.drawn_counts import drawn, f1

from benchmark.statistics import exchanges
from benchmark.statistics.differences import all_differences, paired_differences
from benchmark.statistics.exchanges import number_of_exchanges, smallest_p


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


@pytest.mark.parametrize("n", [2, 3, 6, 9, 13])
def test_of_few_documents_all_exchanges_are_gone_through(n):
    first, second = drawn(n, 1, 4), drawn(n, 1, 5)
    (found,) = paired_differences(first, second)
    differences = []
    for swap in product([False, True], repeat=n):
        where = np.array(swap)[:, None, None]
        one, two = np.where(where, second, first), np.where(where, first, second)
        differences.append(f1(two)[0] - f1(one)[0])
    exact = np.mean(np.abs(differences) >= abs(found.difference) - 1e-12)
    assert found.p == pytest.approx(exact, abs=1e-12)
    assert found.p >= smallest_p(n, 1) == 2 / 2**n


def test_what_is_plainly_better_has_the_smallest_p_there_is_and_never_0():
    worse = drawn(40, 1)
    better = worse.copy()
    better[..., 0] += better[..., 2]
    better[..., 2] = 0
    (found,) = paired_differences(worse, better)
    assert found.p == smallest_p(40, 1) == 1 / 10_001
    assert 0 < found.low < found.difference < found.high
    assert 0 < found.reach(0.05) < found.difference


def test_the_smallest_p_passes_all_tests_together():
    for tests in (1, 39, 500, 2800, 100_000):
        assert smallest_p(22, tests) * tests <= 0.05
    worse, better = drawn(40, 1), drawn(40, 1)
    better[..., 0] += 30
    ((found,),) = all_differences([worse, better], [(0, 1)], [2800])
    assert found.p == 1 / (number_of_exchanges(40, 2800) + 1) == 1 / 112_001


def test_p_does_not_depend_on_what_else_is_tested(monkeypatch):
    systems = [drawn(30, 4, seed) for seed in range(6)]
    pairs = [(a, b) for b in range(6) for a in range(b)]
    every = all_differences(systems, pairs, [1] * 4)
    for pair, compared in zip(pairs, every, strict=True):
        assert compared == paired_differences(*(systems[n] for n in pair))
    monkeypatch.setattr(exchanges, "CELLS", 3000)
    assert all_differences(systems, pairs, [1] * 4) == every


def test_a_system_against_itself_shows_nothing():
    for found in paired_differences(drawn(), drawn()):
        assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)
        assert found.reach(0.05) is None


def test_systems_that_differ_alike_in_all_documents_may_not_in_another_one():
    right, wrong = np.tile([3, 0, 0, 0, 0], (10, 1, 1)), np.tile([0, 0, 3, 0, 0], (10, 1, 1))
    (found,) = paired_differences(wrong, right)
    assert (found.difference, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 10))


def test_one_document_has_no_p_and_no_interval():
    (found, *_) = paired_differences(drawn(1), drawn(1, seed=2))
    assert found.difference is not None
    assert found[3:] == (None,) * 4 + (0, 0)


def test_what_is_undefined_is_not_compared():
    first, second = drawn(8, 2), drawn(8, 2, 3)
    second[:, 1] = 0
    first[:, 1] = 0
    assert paired_differences(first, second)[1] == (None,) * 7 + (0, 0)


def test_very_many_documents_are_exchanged_in_groups():
    first, second = drawn(3000, 1, 1), drawn(3000, 1, 2)
    (found,) = paired_differences(first, second)
    theirs = stats.ttest_rel(*(s[:, 0, 0] / (s[:, 0].sum(axis=-1)) for s in (first, second)))
    assert 0.2 < found.p / theirs.pvalue < 5


def test_of_very_many_tests_the_smallest_p_are_students_and_no_smaller_than_exchanges_could_show():
    tests = 100_000
    for units in (22, 300):
        first, second = drawn(units, 1), drawn(units, 1, seed=3)
        second[:, :, 0] += 20  # better in each
        counted = all_differences([first, second], [(0, 1)], [1])[0][0]
        tail = all_differences([first, second], [(0, 1)], [tests])[0][0]
        assert counted.p == 1 / 10_001
        assert 2.0 ** (1 - min(units, 1000)) <= tail.p < counted.p
        assert tail._replace(p=0) == counted._replace(p=0)
    assert tail.p * tests < 0.05
    alike = all_differences([first, first], [(0, 1)], [tests])[0][0]
    assert alike.p == 1
