"""Agreement on coded fields beyond chance."""

from itertools import permutations

import pytest
from sklearn.metrics import cohen_kappa_score
from support.tasks import KEY, obj, table, write_task

from benchmark import load_task
from benchmark.labels.agreement import pairwise
from benchmark.labels.coding import Label, _joined, coding, coding_sheet

KIND = {"enum": ["a", "b", "c", None]}
SCHEMA = obj(rows=table(k=KEY, kind=KIND, night={"type": ["boolean", "null"]}))


def rows(*kinds, first=0):
    return [{"k": str(n), "kind": kind, "night": None} for n, kind in enumerate(kinds, start=first)]


def passes(folder, *labelled):
    labels = {
        f"pass-{name}": [{"id": "d", "gold": {"rows": one}}]
        for name, one in zip("abcd", labelled, strict=False)
    }
    task = load_task(write_task(folder, SCHEMA, labels["pass-a"], labels))
    return {found.field: found for found in coding(task, pairwise(task))}


def alpha_by_hand(*units):
    """Krippendorff's alpha for nominal data (2011, section B to D) of each record's codes."""
    units = [unit for unit in units if len(unit) > 1]
    n = sum(map(len, units))
    observed = sum(
        sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    expected = sum(a != b for a, b in permutations("".join(units), 2))
    return 1 - (n - 1) * observed / expected


def test_kappa_and_alpha_are_over_the_records_that_both_passes_found(tmp_path):
    first, second = "aabbc", "aabcc"
    found = passes(tmp_path, rows(*first, "a"), rows(*second))["rows.kind"]
    assert (found.pairs, found.same) == (5, 4)
    assert found.kappa == pytest.approx(cohen_kappa_score(list(first), list(second)))
    # Krippendorff's alpha for nominal data without gaps: 1 - (n - 1) o / e, n = 10 values, the
    # share of disagreeing pairs 1/5 against 64/90 expected of 4 a, 3 b, 3 c.
    expected = 1 - (1 / 5) / ((10**2 - 4**2 - 3**2 - 3**2) / (10 * 9))
    assert found.alpha == pytest.approx(expected)


def test_alpha_is_over_all_passes_and_the_records_that_two_of_them_have(tmp_path):
    first, second, third = rows(*"aabbcc"), rows(*"aabcc"), rows(*"babc")
    found = passes(tmp_path, first, second, third)["rows.kind"]
    # Record by record; the last one is in the first pass alone.
    units = ["aab", "aaa", "bbb", "bcc", "cc"]
    assert (found.pairs, found.same) == (5, 3)
    assert found.alpha == pytest.approx(alpha_by_hand(*units))
    assert found.kappa is None


def test_a_record_that_the_first_pass_lacks_is_one_of_the_others(tmp_path):
    found = passes(tmp_path, rows("a"), rows("a", "b"), rows("b", "b"), rows("a"))["rows.kind"]
    assert (found.pairs, found.same) == (2, 1)
    assert found.alpha == pytest.approx(alpha_by_hand("aaba", "bb"))


def test_a_record_is_never_two_of_one_pass():
    a, b, c, d = (Label(name, "d", path) for name, path in ("ax", "bx", "cx", "bz"))
    assert _joined([(a, b), (a, c), (c, d)]) == [[a, b, c]]
    assert _joined([(a, b), (c, d), (a, c)]) == [[a, b], [c, d]]
    e = Label("e", "d", "x")
    assert _joined([(a, b), (c, e), (a, c)]) == [[a, b, c, e]]


def test_the_sheet_of_more_than_two_passes_has_no_kappa(tmp_path):
    found = passes(tmp_path, rows("a", "b"), rows("a", "b"), rows("b", "b"))["rows.kind"]
    sheet = coding_sheet([found], kappa=False)
    assert list(sheet.header) == ["coded field", "records", "same", "alpha"]
    assert sheet.rows == [("rows.kind", "2", "1", f"{alpha_by_hand('aab', 'bbb'):.3f}")]


def test_one_category_leaves_nothing_to_agree_on(tmp_path):
    found = passes(tmp_path, rows("a", "b"), rows("a", "b"))
    assert found["rows.night"][1:] == (2, 2, None, None)
    assert found["rows.kind"][1:] == (2, 2, 1.0, 1.0)
    assert "n/a" in coding_sheet([found["rows.night"]]).rows[0]


def test_what_a_pass_leaves_unstated_is_a_category(tmp_path):
    found = passes(tmp_path, rows("a", None), rows("a", "b"))["rows.kind"]
    assert (found.pairs, found.same) == (2, 1)
