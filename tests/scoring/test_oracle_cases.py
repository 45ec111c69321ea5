"""The oracle against cases scored by hand, and the scorer against the oracle."""

import json
from pathlib import Path

import pytest
from support.oracle import OUTCOMES, optimum
from support.tasks import KEY, STRING, array, obj, table
from tools.oracle_cases import run, shown

CASES = json.loads((Path(__file__).parent / "conformance_cases.json").read_text("utf-8"))["cases"]
BEYOND = ("$ref", '"by": "name"')


def _within(case):
    """Whether the oracle reads such a schema."""
    return not any(word in json.dumps(case["schema"]) for word in BEYOND)


@pytest.mark.parametrize("case", [*filter(_within, CASES)], ids=lambda case: case["name"])
def test_the_oracle_finds_what_was_counted_by_hand(case):
    others = case.get("alternatives"), case.get("optional", ())
    (found,) = optimum(case["schema"], case["gold"], case["pred"], *others).results
    counts = {(path, name): number for (path, name), number in found if name in OUTCOMES}
    assert counts == {
        (path, name.upper()): number
        for path, row in case["fields"].items()
        for name, number in row.items()
        if number
    }


ROWS = obj(rows=table(a=STRING, b=STRING))


def _rows(*pairs):
    return {"rows": [dict(zip("ab", pair, strict=False)) for pair in pairs]}


def test_pairings_of_equal_credit_and_errors_are_all_found():
    best = optimum(ROWS, _rows("xx"), _rows("xy", "yx"))
    records = {("rows", "gold"): 1, ("rows", "predicted"): 2, ("rows", "paired"): 1}
    assert (best.credit, best.errors) == (1, 3)
    assert {frozenset(found) for found in best.results} == {
        frozenset(
            {
                (f"rows.{right}", "COR"): 1,
                (f"rows.{right}", "SPU"): 1,
                (f"rows.{wrong}", "INC"): 1,
                (f"rows.{wrong}", "SPU"): 1,
                **records,
            }.items()
        )
        for right, wrong in ("ab", "ba")
    }


def test_of_pairings_of_equal_credit_those_with_the_fewest_errors_are_best():
    best = optimum(ROWS, _rows("xx"), _rows("x", "xy"))
    (found,) = best.results
    assert best.errors == 2
    assert (("rows.b", "INC"), 1) in found


def test_what_is_optional_and_left_alone_counts_nothing_in_errors_or_records():
    case = ROWS, _rows("xx", "yy"), _rows("xz")
    assert optimum(*case).errors == 3
    best = optimum(*case, optional=["rows[1]"])
    (found,) = best.results
    assert best.errors == 1
    assert (("rows", "gold"), 1) in found


def test_a_record_with_nothing_but_correct_values_is_perfect():
    keyed = obj(rows=table(k=KEY, tags=array(STRING)))
    one = {"rows": [{"k": "x", "tags": ["a", "b"]}]}
    (found,) = optimum(keyed, one, {"rows": [{"k": "x", "tags": ["b", "a"]}]}).results
    assert (("rows", "perfect"), 1) in found
    (found,) = optimum(keyed, one, {"rows": [{"k": "x", "tags": ["b"]}]}).results
    assert not any(name == "perfect" for (_, name), _ in found)


def test_the_scorer_agrees_with_the_oracle_on_random_cases():
    found, smallest = run(1000, seed=1)
    assert smallest is None, shown(smallest)
    assert found["several"] > 20
    assert found["unique"] > 800
