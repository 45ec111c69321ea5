"""Counts add; rates are made from the sums."""

import pytest

from benchmark import Counts, Outcome, Rates


def test_pos_is_what_gold_fills_and_act_what_the_prediction_fills():
    counts = Counts(cor=1, par=10, inc=100, mis=1000, spu=10000)
    assert counts.pos == 1111
    assert counts.act == 10111


@pytest.mark.parametrize(
    ("counts", "strict", "partial"),
    [
        (Counts(), (None, None, None), (None, None, None)),
        (Counts(cor=2), (1, 1, 1), (1, 1, 1)),
        (Counts(inc=2), (0, 0, 0), (0, 0, 0)),
        (Counts(mis=2), (None, 0, 0), (None, 0, 0)),
        (Counts(spu=2), (0, None, 0), (0, None, 0)),
        (Counts(par=2), (0, 0, 0), (0.5, 0.5, 0.5)),
        (Counts(cor=1, spu=3), (0.25, 1, 0.4), (0.25, 1, 0.4)),
        (Counts(cor=1, mis=3), (1, 0.25, 0.4), (1, 0.25, 0.4)),
        (Counts(2, 2, 1, 5, 0), (0.4, 0.2, 4 / 15), (0.6, 0.3, 0.4)),
    ],
)
def test_rates_by_hand(counts, strict, partial):
    assert counts.strict == Rates(*strict)
    assert counts.partial == Rates(*partial)


def test_counts_add_outcome_by_outcome():
    assert Counts(1, 2, 3, 4, 5) + Counts(10, 20, 30, 40, 50) == Counts(11, 22, 33, 44, 55)


def test_the_rate_of_a_sum_is_not_the_mean_of_the_rates():
    assert (Counts(cor=1, spu=9) + Counts(cor=10)).strict.precision == 11 / 20


def test_the_order_of_outcomes_is_that_of_counts():
    assert [outcome.name.lower() for outcome in Outcome] == list(Counts().__dict__)


def test_a_mean_of_rates_leaves_the_undefined_out():
    rates = [Rates(1.0, None, 0.5), Rates(0.0, None, None), Rates(None, None, 1.0)]
    assert Rates.mean(rates) == Rates(0.5, None, 0.75)
    assert Rates.mean([]) == Rates(None, None, None)
