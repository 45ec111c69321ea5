"""Counts of documents that differ in size and quality."""

import numpy as np

PRECISION, RECALL, F1 = range(3)


def drawn(n=40, rows=3, seed=1):
    """Counts of shape (n, rows, 5)."""
    random = np.random.default_rng(seed)
    quality, size = random.beta(6, 3, (n, rows)), random.poisson(12, (n, rows)) + 1
    cor = random.binomial(size, quality)
    rest = size - cor
    inc = random.binomial(rest, 0.5)
    return np.stack([cor, 0 * cor, inc, rest - inc, random.poisson(2, (n, rows))], axis=-1)


def f1(counts, axis=0):
    cor, par, inc, mis, spu = np.moveaxis(counts.sum(axis=axis), -1, 0)
    return 2 * cor / (2 * (cor + par + inc) + mis + spu)
