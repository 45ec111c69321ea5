"""Best pairings of records, held against SciPy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.assignments import (
    best_total,
    blocks,
    bounded,
    mask,
    of_each,
    random_block,
    refining,
    tightening,
)

from benchmark.scoring.assignment.certain import decide
from benchmark.scoring.assignment.exhaustive import FEW_ROWS, SMALL, best_totals
from benchmark.scoring.assignment.tie_break import pair_off


def decided(weights, bounds):
    """What decide finds, as a mask, and what it leaves."""
    left = bounds.copy()
    return mask(decide(left, refining(left, weights)), left.shape), left


def check(weights, bounds):
    every, some = of_each(weights)
    found, left = decided(weights, bounds)
    assert np.array_equal(found, every)
    assert np.array_equal(left, weights * some)


@settings(max_examples=300)
@given(bounded(most=5, count=4))
def test_small_blocks_are_decided_as_far_as_all_best_pairings_agree(case):
    check(*case)


@given(bounded(least=SMALL, most=9))
def test_so_are_large_ones(case):
    check(*case)


@given(bounded(most=9, count=2))
def test_so_are_blocks_of_any_shape(case):
    check(*case)


@given(bounded(most=9, count=2))
def test_bounds_that_are_lowered_on_the_way_decide_the_same(case):
    weights, bounds = case
    every, some = of_each(weights)
    left = weights + 4 * (bounds - weights)
    found = decide(left, refining(left, weights), tightening(left, weights))
    assert np.array_equal(mask(found, left.shape), every)
    assert np.array_equal(left, weights * some)


@pytest.mark.parametrize("size", [(30, 30), (12, 40), (40, 12), (2, 40), (40, 2)])
@pytest.mark.parametrize("largest", [1, 3, 1_000_000])
def test_so_are_blocks_far_larger_than_can_be_tried(size, largest):
    weights = random_block(size, sum(size), largest)
    check(weights, weights)
    check(weights, weights + random_block(size, 1, largest))


def test_blocks_of_many_sizes_are_decided_side_by_side():
    rng = np.random.default_rng(5)
    weights = rng.integers(0, 4, (12, 10, 60))
    for block in range(60):
        weights[rng.integers(0, 13) :, :, block] = 0
        weights[:, rng.integers(0, 11) :, block] = 0
    check(weights, weights)
    check(weights, weights + rng.integers(0, 2, weights.shape))


def test_what_joins_the_core_may_draw_others_after_it():
    weights = np.random.default_rng(8).integers(-4, 8, (7, 8, 300)).clip(0)
    check(weights, weights)


@pytest.mark.parametrize("shape", [(0, 3, 2), (3, 0, 2), (2, 3, 0), (2, 3, 4)])
def test_where_nothing_is_allowed_nothing_is_paired(shape):
    nothing = np.zeros(shape, np.int64)
    found, left = decided(nothing, nothing)
    assert not found.any()
    assert not left.any()


def test_bounds_of_what_is_not_allowed_are_no_pairs():
    found, left = decided(np.zeros((7, 8, 2), np.int64), np.ones((7, 8, 2), np.int64))
    assert not found.any()
    assert not left.any()


@pytest.mark.parametrize("size", [2, SMALL, SMALL + 1, 20])
def test_of_equal_pairs_none_is_certain(size):
    equal = np.full((size, size, 1), 3)
    found, left = decided(equal, equal)
    assert not found.any()
    assert np.array_equal(left, equal)


@pytest.mark.parametrize("size", [2, SMALL, SMALL + 1, 20])
def test_far_better_pairs_are_certain(size):
    weights = np.ones((size, size, 1), np.int64)
    weights[range(size), range(size)] = 3
    found, left = decided(weights, weights)
    assert np.array_equal(found, weights == 3)
    assert not left.any()


def test_pairs_that_cannot_be_in_a_best_pairing_stay_bounds():
    weights = np.ones((30, 30, 1), np.int64)
    weights[range(30), range(30)] = 9
    asked = np.zeros(weights.shape, np.bool_)

    def refine(rows, columns, blocks):
        asked[rows, columns, blocks] = True

    decide(weights, refine)
    assert np.array_equal(asked[:, :, 0], np.eye(30, dtype=np.bool_))


def paired(weights):
    """All pairs of one block, those that are certain and those that pair_off chooses."""
    left = weights.copy()
    certain = decide(left, refining(left, weights))
    chosen = pair_off(left[:, :, 0], lambda i: (f"r{i}",), lambda j: (f"c{j}",))
    return [*zip(certain[0].tolist(), certain[1].tolist(), strict=True), *chosen]


def assert_best(pairs, block):
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    assert len(set(rows)) == len(rows)
    assert len(set(columns)) == len(columns)
    assert sum(int(block[pair]) for pair in pairs) == best_total(block)
    assert all(block[pair] for pair in pairs)


@given(blocks(most=8, count=1))
def test_certain_pairs_and_those_chosen_among_the_rest_make_a_best_pairing(weights):
    assert_best(paired(weights), weights[:, :, 0])


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("largest", [1, 2, 1_000])
def test_so_they_do_in_large_blocks(seed, largest):
    weights = random_block((30, 30 - seed % 3), seed, largest)
    assert_best(paired(weights), weights[:, :, 0])


def by_content(block, rows, columns):
    """The pairs that pair_off chooses, by content."""
    found = pair_off(block, lambda i: (rows[i],), lambda j: (columns[j],))
    return sorted((rows[i], columns[j]) for i, j in found)


@given(blocks(most=6, count=1), st.data())
def test_ties_are_broken_by_content_and_never_by_order(weights, data):
    block = weights[:, :, 0]
    rows, columns = (
        [f"{side}{n}" for n in range(size)] for side, size in zip("rc", block.shape, strict=True)
    )
    i = data.draw(st.permutations(range(len(rows))))
    j = data.draw(st.permutations(range(len(columns))))
    moved = by_content(block[np.ix_(i, j)], [rows[n] for n in i], [columns[n] for n in j])
    assert moved == by_content(block, rows, columns)


@given(blocks(most=6, count=1), st.booleans())
def test_ties_are_broken_alike_whichever_side_is_called_gold(weights, first):
    block = weights[:, :, 0]
    rows = [f"{'a' if first else 'z'}{n}" for n in range(len(block))]
    columns = [f"m{n}" for n in range(block.shape[1])]
    swapped = by_content(block.T, columns, rows)
    assert sorted((row, column) for column, row in swapped) == by_content(block, rows, columns)


def test_only_the_contents_of_what_is_tied_are_asked_for():
    block = np.zeros((3, 3), np.int64)
    block[0, 0] = 5

    def content(place):
        raise AssertionError(place)

    assert pair_off(block, content, content) == [(0, 0)]


@given(blocks(most=FEW_ROWS + 3, count=4))
def test_best_totals_are_those_of_the_best_pairings(weights):
    expected = [best_total(weights[:, :, b]) for b in range(weights.shape[2])]
    assert best_totals(weights).tolist() == expected


@pytest.mark.parametrize(
    "size", [(30, 30), (3, 40), (40, 3), (FEW_ROWS, FEW_ROWS + 1), (FEW_ROWS + 1, FEW_ROWS + 1)]
)
def test_best_totals_of_large_blocks(size):
    weights = np.concatenate([random_block(size, seed, 50) for seed in range(10)], axis=2)
    assert best_totals(weights).tolist() == [best_total(weights[:, :, b]) for b in range(10)]


def test_best_totals_of_no_blocks():
    assert best_totals(np.zeros((2, 3, 0), np.int64)).tolist() == []
    assert best_totals(np.zeros((0, 3, 2), np.int64)).tolist() == [0, 0]
