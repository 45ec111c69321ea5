"""One bag against another: sets."""

import pytest
from support.tasks import STRING, array, obj, outcomes, scored

BAG = obj(f=array(STRING))
SET = obj(f=array(STRING, **{"as": "set"}))


@pytest.mark.parametrize(
    ("gold", "predicted", "as_set", "as_bag"),
    [
        (["a"], ["a", "a"], "COR", "COR SPU"),
        (["a", "a"], ["a"], "COR", "COR MIS"),
        (["a", "A ", "a"], ["a", "a"], "COR", "COR COR MIS"),
        (["a", "b"], ["b", "b", "a"], "COR COR", "COR COR SPU"),
        (["a", "a", "b"], ["c", "c"], "INC MIS", "INC INC MIS"),
        (["a"], [5, 5], "INC SPU", "INC SPU"),
    ],
)
def test_a_set_collapses_what_folds_alike_on_both_sides_and_a_bag_does_not(
    gold, predicted, as_set, as_bag
):
    assert outcomes(scored(SET, {"f": gold}, {"f": predicted})) == {"f": as_set}
    assert outcomes(scored(BAG, {"f": gold}, {"f": predicted})) == {"f": as_bag}


def test_collapsed_elements_accept_what_any_of_them_accepts():
    gold, given = {"f": ["a", "A"]}, {"f[1]": ["alpha"]}
    result = scored(SET, gold, {"f": ["alpha"]}, alternatives=given)
    assert outcomes(result) == {"f": "COR"}


@pytest.mark.parametrize(("given", "expected"), [(["f[0]"], {"f": "MIS"}), (["f[0]", "f[1]"], {})])
def test_a_collapsed_element_is_optional_only_if_all_of_it_is(given, expected):
    alternatives = {path: [None] for path in given}
    result = scored(SET, {"f": ["a", "a"]}, {"f": []}, alternatives=alternatives)
    assert outcomes(result) == expected


def test_a_collapsed_element_names_the_stated_value_before_what_else_is_accepted():
    given = {"f[0]": ["x"], "f[1]": ["y"]}
    result = scored(SET, {"f": ["a", "A"]}, {"f": ["z"]}, alternatives=given)
    (slot,) = result.verdicts("d").slots
    assert slot.gold.given == ("a", "x", "y")
    assert slot.reason == "'a' or 'x' or 'y' and 'z' differ"
