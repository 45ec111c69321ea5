"""The mean over documents: its value, its interval, and its paired test."""

import numpy as np
import pytest
from support.tasks import KEY, array, obj, scored

from benchmark import Document, Rates, Task, score
from benchmark.scoring.document_rates import documents_as_slots, mean_of_documents
from benchmark.statistics.intervals import estimates
from benchmark.statistics.significance import compare_scores

SCHEMA = obj(tags=array(KEY))


def tagged(*sizes):
    gold = [{"tags": [*map(str, range(size))]} for size in sizes]
    return Task("tags", SCHEMA, tuple(Document(f"d{n}", one) for n, one in enumerate(gold)))


def found(task, *shares):
    """Predictions with this many of the tags of each document."""
    return {
        name: {"tags": [*map(str, range(share))]}
        for name, share in zip(task.ids, shares, strict=True)
    }


def test_rates_are_averaged_and_undefined_ones_left_out():
    counts = np.array(
        [
            [1, 0, 0, 1, 0],  # P 1, R 1/2, F1 2/3
            [0, 2, 0, 0, 0],  # 0; with partial credit 1/2
            [0, 0, 0, 3, 0],  # P undefined, R 0, F1 0
            [0, 0, 0, 0, 1],  # P 0, R undefined, F1 0
            [0, 0, 0, 0, 0],  # undefined
        ]
    )
    strict, partial = mean_of_documents(counts), mean_of_documents(counts, partial=True)
    assert strict == Rates(*map(pytest.approx, (1 / 3, 1 / 6, (2 / 3) / 4)))
    assert partial == Rates(*map(pytest.approx, (1.5 / 3, 1 / 3, (2 / 3 + 1 / 2) / 4)))
    slots = documents_as_slots(counts)
    assert slots.sum(axis=2).tolist() == [[1, 1, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1], [0, 0, 0]]


def test_a_small_document_weighs_as_much_as_a_large_one():
    task = tagged(1, 9)
    result = score(task, found(task, 1, 0))
    assert result.micro().strict.f1 == pytest.approx(2 / 11)
    assert result.mean_over_documents().f1 == pytest.approx(1 / 2)


def test_the_interval_is_of_the_mean():
    random = np.random.default_rng(1)
    sizes = random.integers(1, 30, 40)
    task = tagged(*sizes)
    result = score(task, found(task, *(random.binomial(sizes, 0.5))))
    pos, cor = result.counts.sum(axis=1)[:, [0, 3]].sum(axis=1), result.counts.sum(axis=1)[:, 0]
    f1 = 2 * cor / (pos + cor)
    means = f1[random.integers(0, 40, (10_000, 40))].mean(axis=1)
    assert estimates(result).mean.f1 == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.01)


def test_equal_documents_have_no_spread():
    task = tagged(2, 4, 6)
    result = score(task, found(task, 1, 2, 3))
    assert estimates(result).mean.f1 == (None, None)  # nor do three documents say much


def test_the_mean_over_one_document_is_what_it_holds():
    result = scored(SCHEMA, {"tags": ["a", "b"]}, {"tags": ["a"]})
    assert result.mean_over_documents() == result.micro().strict
    assert estimates(result).mean == estimates(result).micro


def test_systems_are_exchanged_document_by_document():
    task = tagged(2, 2, 2, 2, 100)
    first, second = found(task, 0, 0, 0, 0, 100), found(task, 2, 2, 2, 2, 99)
    (pair,) = compare_scores({"one": score(task, first), "other": score(task, second)}).pairs
    lines = {line.level: line for line in pair.lines}
    assert [line.name for line in pair.lines][:2] == ["all fields", "mean over documents"]
    mean = lines["mean"].compared
    assert mean.first == pytest.approx(1 / 5)
    assert mean.second == pytest.approx((4 + 198 / 199) / 5)
    # Of 32 exchanges, four make a difference as large: none or all are exchanged, and the large
    # document alone, or all but it.
    assert mean.p == pytest.approx(4 / 32, abs=1e-12)
    assert lines["mean"].corrected == mean.p  # a family of its own


def test_an_undefined_document_is_exchanged_as_such():
    # The gold of one document is empty: to a system that predicts nothing there it is undefined.
    task = tagged(2, 0)
    silent, loud = found(task, 1, 0), found(task, 1, 3)
    (pair,) = compare_scores({"silent": score(task, silent), "loud": score(task, loud)}).pairs
    mean = next(line.compared for line in pair.lines if line.level == "mean")
    assert (mean.first, mean.second) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert mean.p == 1
