"""The intervals of a score: what they are made of, and what comes of it."""

import numpy as np
import pytest
from hypothesis import given
from support.strategies import annotated_cases
from support.tasks import INTEGER, KEY, STRING, obj, scored, table, task

from benchmark import Document, score
from benchmark.statistics.confidence import intervals
from benchmark.statistics.intervals import estimates, units_of

ROWS = obj(rows=table(k=KEY, n=INTEGER))


def rows(*figures):
    return {"rows": [{"k": str(k), "n": n} for k, n in enumerate(figures)]}


@given(annotated_cases())
def test_the_records_of_a_single_document_add_up_to_its_score(case):
    schema, gold, predicted, alternatives, optional = case
    result = scored(schema, gold, predicted, alternatives=alternatives, optional=optional)
    counts, records, unit = units_of(result)
    assert unit == "records"
    assert np.array_equal(counts.sum(axis=0), result.counts[0])
    assert np.array_equal(records.sum(axis=0), result.records[0])


def test_whole_records_have_an_interval_over_documents():
    gold = {str(n): rows(1, 2, 3, 4) for n in range(30)}
    found = {name: rows(1, 2, *[0] * (int(name) % 4)) for name in gold}
    many = task(ROWS, {}).only(Document(name, one) for name, one in gold.items())
    result = score(many, found)
    perfect, act = np.full(30, 2), np.array([2 + n % 4 for n in range(30)])
    # Perfect ones are correct; of the others it does not matter here whether they have a partner.
    by_hand = np.stack([perfect, 0 * act, 0 * act, 4 - perfect, act - perfect], axis=-1)
    expected = intervals(by_hand[:, None])[0][0]
    interval = estimates(result).records["rows"]
    assert [interval.precision, interval.recall, interval.f1] == [tuple(one) for one in expected]
    assert interval.precision[0] < result.whole_records("rows").strict.precision
    assert interval.recall[0] < 0.5 < interval.recall[1]


def test_of_a_single_document_whole_records_are_the_units():
    gold = rows(*range(8))
    interval = estimates(scored(ROWS, gold, rows(*range(7), 0))).records["rows"]
    assert 0 < interval.f1[0] < 7 / 8 < interval.f1[1] < 1


def test_records_that_state_nothing_are_records_all_the_same():
    result = scored(ROWS, {"rows": [{}, {"k": "a"}]}, {"rows": [{"k": "a"}]})
    assert result.whole_records("rows").strict.recall == 0.5
    assert len(units_of(result)[1]) == 2


def test_an_optional_record_that_was_left_out_is_no_unit():
    result = scored(ROWS, rows(1, 2, 3), rows(1, 2), optional=("rows[2]",))
    assert len(units_of(result)[1]) == 2


@pytest.mark.parametrize("predicted", [{}, None])
def test_without_records_there_is_no_interval(predicted):
    interval = estimates(scored(obj(**ROWS["properties"], f=STRING), {}, predicted)).records["rows"]
    assert interval.precision == interval.recall == interval.f1 == (None, None)
