"""Agreement on coded fields beyond chance."""

import pytest
from sklearn.metrics import cohen_kappa_score
from support.tasks import KEY, obj, table, write_task

from benchmark import load_task
from benchmark.labels.agreement import coding, coding_sheet

KIND = {"enum": ["a", "b", "c", None]}
SCHEMA = obj(rows=table(k=KEY, kind=KIND, night={"type": ["boolean", "null"]}))


def rows(*kinds, first=0):
    return [{"k": str(n), "kind": kind, "night": None} for n, kind in enumerate(kinds, start=first)]


def passes(folder, one, other):
    gold = [{"id": "d", "gold": {"rows": one}}]
    second = [{"id": "d", "gold": {"rows": other}}]
    task = write_task(folder, SCHEMA, gold, {"pass-a": gold, "pass-b": second})
    return {found.field: found for found in coding(load_task(task))}


def test_kappa_and_alpha_are_over_the_records_that_both_passes_found(tmp_path):
    first, second = "aabbc", "aabcc"
    found = passes(tmp_path, rows(*first, "a"), rows(*second))["rows.kind"]
    assert (found.pairs, found.same) == (5, 4)
    assert found.kappa == pytest.approx(cohen_kappa_score(list(first), list(second)))
    # Krippendorff's alpha for nominal data without gaps: 1 - (n - 1) o / e, n = 10 values, the
    # share of disagreeing pairs 1/5 against 64/90 expected of 4 a, 3 b, 3 c.
    expected = 1 - (1 / 5) / ((10**2 - 4**2 - 3**2 - 3**2) / (10 * 9))
    assert found.alpha == pytest.approx(expected)


def test_one_category_leaves_nothing_to_agree_on(tmp_path):
    found = passes(tmp_path, rows("a", "b"), rows("a", "b"))
    assert found["rows.night"][1:] == (2, 2, None, None)
    assert found["rows.kind"][1:] == (2, 2, 1.0, 1.0)
    assert "n/a" in coding_sheet([found["rows.night"]]).rows[0]


def test_what_a_pass_leaves_unstated_is_a_category(tmp_path):
    found = passes(tmp_path, rows("a", None), rows("a", "b"))["rows.kind"]
    assert (found.pairs, found.same) == (2, 1)
