"""Best pairings of large blocks: what is settled, and at what cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from support.assignments import best_total, blocks, bounded, of_each, random_block, refining

from benchmark.scoring.assignment.solver import assign, settle


def check(weights, bounds):
    bounds = bounds.copy()
    every, some = settle(bounds, refining(bounds, weights))
    expected = of_each(weights)
    assert np.array_equal(every, expected[0])
    assert np.array_equal(some, expected[1])
    assert np.array_equal(bounds[every | some], weights[every | some])


@settings(max_examples=200)
@given(bounded(most=7))
def test_pairs_are_settled_that_all_best_pairings_have_and_those_of_some_are_left(case):
    check(*case)


@pytest.mark.parametrize("size", [(30, 30), (10, 25), (25, 10)])
@pytest.mark.parametrize("largest", [1, 2, 10, 1_000_000_000_000])
def test_large_blocks_are_settled_too(size, largest):
    weights = random_block(size, 3, largest)
    check(weights, weights)
    check(weights, weights + random_block(size, 4, largest))


def test_a_ring_of_exchanges_is_found_as_a_whole():
    weights = np.zeros((4, 4, 1), np.int64)
    for row in range(3):
        weights[row, [row, (row + 1) % 3]] = 2
    weights[3, 3] = 2
    every, some = settle(weights, refining(weights, weights))
    assert np.argwhere(every[:, :, 0]).tolist() == [[3, 3]]
    assert np.argwhere(some[:, :, 0]).tolist() == [[0, 0], [0, 1], [1, 1], [1, 2], [2, 0], [2, 2]]


def test_a_row_that_may_be_left_over_is_found():
    weights = np.array([[[2], [0]], [[2], [0]]])
    every, some = settle(weights, refining(weights, weights))
    assert not every.any()
    assert np.argwhere(some[:, :, 0]).tolist() == [[0, 0], [1, 0]]


@given(blocks(most=7, count=1))
def test_an_assignment_is_a_best_pairing_of_allowed_pairs(weights):
    block = weights[:, :, 0]
    rows, columns = assign(block)
    assert block[rows, columns].sum() == best_total(block)
    assert block[rows, columns].all()
    assert len(set(rows.tolist())) == len(set(columns.tolist())) == len(rows)


@pytest.mark.parametrize("size", [(30, 30), (5, 60), (60, 5)])
def test_so_is_one_of_a_large_block(size):
    block = random_block(size, 7, 1_000_000)[:, :, 0]
    assert block[assign(block)].sum() == best_total(block)
