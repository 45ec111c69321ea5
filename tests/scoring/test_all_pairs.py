"""Grids: records of many documents side by side, compared all with all."""

import numpy as np
import pytest

from benchmark.scoring.arrays import equal_pairs, grid, places
from benchmark.scoring.pairing import all_pairs
from benchmark.scoring.pairing.all_pairs import agreements, shared


def test_a_grid_has_a_column_for_each_document():
    start = np.array([0, 2, 2, 5])
    assert grid(start, np.array([0, 1, 2]), 9).tolist() == [[0, 9, 2], [1, 9, 3], [9, 9, 4]]
    assert grid(start, np.array([1]), 9).shape == (0, 1)


def test_rows_are_found_in_a_grid():
    laid_out = grid(np.array([0, 2, 2, 5]), np.array([0, 2]), 9)
    at, row, column = places(laid_out, np.array([3, 7, 1]), 9)
    assert (at.tolist(), row.tolist(), column.tolist()) == ([0, 2], [1, 1], [1, 0])


def test_equal_numbers_are_joined():
    i, j = equal_pairs(np.array([5, 3, 5]), np.array([3, 5, 4, 5]))
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [
        (0, 1),
        (0, 3),
        (1, 0),
        (2, 1),
        (2, 3),
    ]


SHAPES = [(3, 4, 5, 2), (200, 2, 3, 1), (0, 2, 2, 2), (5, 0, 3, 2)]


@pytest.mark.parametrize("at_once", [1, 50, 1 << 21])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("most", [1, 3, 300])
def test_slots_are_summed_whatever_is_compared_at_once(monkeypatch, shape, at_once, most):
    monkeypatch.setattr(all_pairs, "AT_ONCE", at_once)
    slots, rows, others, documents = shape
    random = np.random.default_rng(1)
    left = random.integers(0, most + 1, (slots, rows, documents)).astype(np.int32)
    right = random.integers(0, most + 1, (slots, others, documents)).astype(np.int32)
    pairs = left[:, :, None], right[:, None]
    assert agreements(left, right).tolist() == (pairs[0] == pairs[1]).sum(axis=0).tolist()
    assert shared(left, right).tolist() == np.minimum(*pairs).sum(axis=0).tolist()


def test_counts_of_either_side_may_be_large():
    few, many = np.full((1, 1, 1), 3, np.int32), np.full((1, 1, 1), 100_000, np.int32)
    assert shared(few, many).tolist() == shared(many, few).tolist() == [[[3]]]
    assert shared(many, many).tolist() == [[[100_000]]]
