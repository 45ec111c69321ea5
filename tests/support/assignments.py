"""Best pairings of blocks of weights as SciPy finds them, and blocks to try."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment


def best_total(block) -> int:
    """The total of a best pairing of one block."""
    return int(block[linear_sum_assignment(block, maximize=True)].sum())


def every_and_some(block):
    """Masks of the pairs that all best pairings of a block have, and that only some have."""
    best = best_total(block)
    every, some = np.zeros((2, *block.shape), np.bool_)
    for i, j in zip(*np.nonzero(block), strict=True):
        without = block.copy()
        without[i, j] = 0
        rest = np.delete(np.delete(block, i, axis=0), j, axis=1)
        every[i, j] = best_total(without) < best
        some[i, j] = not every[i, j] and block[i, j] + best_total(rest) == best
    return every, some


def of_each(weights):
    """every_and_some of each block, shape (rows, columns, blocks)."""
    found = [every_and_some(weights[:, :, b]) for b in range(weights.shape[2])]
    return tuple(np.stack(masks, axis=2) for masks in zip(*found, strict=True))


@st.composite
def blocks(draw, least=1, most=4, count=3):
    """Weights, shape (rows, columns, blocks): small numbers, so that many pairings tie."""
    side = st.integers(least, most)
    shape = draw(side), draw(side), draw(st.integers(1, count))
    largest = draw(st.sampled_from([1, 2, 5, 100]))
    return draw(arrays(np.int64, shape, elements=st.integers(0, largest), fill=st.integers(0, 2)))


@st.composite
def bounded(draw, **size):
    """Weights, and upper bounds of them: 0 may be bounded by more than that."""
    weights = draw(blocks(**size))
    slack = st.integers(0, draw(st.sampled_from([0, 1, 3])))
    return weights, weights + draw(arrays(np.int64, weights.shape, elements=slack))


def refining(bounds, weights):
    """A function that makes some of the bounds exact."""

    def refine(rows, columns, blocks):
        bounds[rows, columns, blocks] = weights[rows, columns, blocks]

    return refine


def tightening(bounds, weights):
    """A function that takes bounds half way down, by as much as the mask says."""

    def tighten(contested):
        bounds[contested] -= (bounds - weights)[contested] // 2
        return bool(contested.any())

    return tighten


def mask(pairs, shape):
    """The pairs (rows, columns, blocks) as a mask. None of them may be given twice."""
    found = np.zeros(shape, np.int64)
    np.add.at(found, tuple(pairs), 1)
    assert found.max(initial=0) <= 1
    return found > 0


def random_block(size, seed, largest):
    """A block of one size from a fixed seed, half of it zeros."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, largest, (*size, 1), endpoint=True) * rng.integers(0, 2, (*size, 1))
