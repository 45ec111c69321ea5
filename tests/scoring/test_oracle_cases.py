"""The oracle against cases scored by hand, and the scorer against the oracle."""

import json
from pathlib import Path

import pytest
from support.oracle import OUTCOMES, optimum
from support.random_cases import Maker
from support.tasks import KEY, STRING, array, obj, table
from tools.oracle_cases import run, shown

CASES = json.loads((Path(__file__).parent / "conformance_cases.json").read_text("utf-8"))["cases"]
COMBINED = ('"$ref"', '"allOf"', '"then"', '"dependentSchemas"', '"required"', 'schema"')
COMPARATORS = ('"by"', '"decimal"', '"date-time"', '"fold"', '"absent"')
BEYOND = (*COMBINED, *COMPARATORS, "a.b")


def _within(case):
    """Whether the oracle reads such a schema, and such an answer."""
    is_json = not isinstance(case["pred"], str)
    return is_json and not any(word in json.dumps(case["schema"]) for word in BEYOND)


@pytest.mark.parametrize("case", [*filter(_within, CASES)], ids=lambda case: case["name"])
def test_the_oracle_finds_what_was_counted_by_hand(case):
    others = case.get("alternatives"), case.get("optional", ())
    (found,) = optimum(case["schema"], case["gold"], case["pred"], *others).results
    counts = {(path, name): number for (path, name), number in found if name in OUTCOMES}
    assert counts == {(path, name.upper()): n for (path, name), n in _counted(case["fields"])}
    records = {key: number for key, number in found if key[1] not in OUTCOMES}
    assert records == (dict(_counted(case["records"])) if "records" in case else records)


def _counted(by_path):
    return (((path, name), n) for path, row in by_path.items() for name, n in row.items() if n)


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


def test_records_that_agree_on_nothing_may_be_paired_if_they_state_nothing():
    records = {frozenset(found) for found in optimum(ROWS, _rows(""), _rows("")).results}
    alone = {("rows", "gold"): 1, ("rows", "predicted"): 1}
    paired = {**alone, ("rows", "paired"): 1, ("rows", "perfect"): 1}
    assert records == {frozenset(alone.items()), frozenset(paired.items())}


def test_a_sequence_is_matched_in_order():
    tags = obj(tags=array(STRING, **{"as": "sequence"}))
    assert optimum(tags, {"tags": ["a", "b", "c"]}, {"tags": ["b", "c", "a"]}).credit == 2


def test_a_reading_of_a_record_counts_as_a_whole():
    others = {"rows[0]": [{"a": "y", "b": "y"}]}
    assert optimum(ROWS, _rows("xx"), _rows("yy"), others).credit == 2
    assert optimum(ROWS, _rows("xx"), _rows("xy"), others).credit == 1


def test_the_scorer_agrees_with_the_oracle_on_random_cases():
    found, smallest = run(1500, seed=1)
    assert smallest is None, shown(smallest)
    assert found["several"] > 100
    assert found["unique"] > 1000


def test_random_cases_are_of_every_kind():
    maker = Maker(seed=1)
    text = "".join(str(vars(case)) for _ in range(200) for case in maker.cases())
    kinds = ("title': 'tuple", "title': 'arrays", "title': 'objects", "title': 'one or many")
    maps = ("patternProperties", "additionalProperties", "description': 'anything")
    compare = ("as': 'sequence", "as': 'set", "key': 'all", "key': True, 'score': False")
    dress = ("$ref", "allOf", "then", "dependentSchemas", "required")
    assert [word for word in (*kinds, *maps, *compare, *dress) if word not in text] == []
