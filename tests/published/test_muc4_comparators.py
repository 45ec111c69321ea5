"""The comparators that stand for MUC-4's rules. They need no reference data."""

import pytest
from muc4_comparators import DATE, FILL, PLACE, STRING
from muc4_task import schema

from benchmark import Document, Grade, Task, score

ACCEPTED, PARTLY, NOT = Grade.ACCEPTED, Grade.PARTLY, Grade.NOT


@pytest.mark.parametrize(
    ("comparator", "gold", "predicted", "expected"),
    [
        (FILL, "BOMBING", "BOMBING", ACCEPTED),
        (FILL, "BOMBING", "ATTACK", PARTLY),
        (FILL, "ATTACK", "BOMBING", NOT),
        (FILL, "MACHINE GUN", "MACHINE-GUN", NOT),
        (FILL, '60 -: "PEOPLE"', '60-: "PEOPLE"', ACCEPTED),
        (FILL, 'CIVILIAN: "JESUIT PRIESTS"', 'CIVILIAN: "THE PRIESTS"', ACCEPTED),
        (FILL, 'CIVILIAN: "JESUIT PRIESTS"', 'CIVILIAN: "MAIDS"', PARTLY),
        (FILL, 'CIVILIAN: "JESUIT PRIESTS"', "CIVILIAN", PARTLY),
        (FILL, 'CIVILIAN: "JESUIT PRIESTS"', 'DIPLOMAT: "JESUIT PRIESTS"', NOT),
        (FILL, '60 -: "PEOPLE"', '60: "PEOPLE"', PARTLY),
        (FILL, '60 -: "PEOPLE"', '6: "PEOPLE"', NOT),
        (FILL, '6: "PEOPLE"', 'PLURAL: "PEOPLE"', NOT),
        (STRING, "FMLN GUERRILLAS", "THE FMLN GUERRILLAS", ACCEPTED),
        (STRING, "FMLN GUERRILLAS", "GUERRILLAS", PARTLY),
        (STRING, "BANK OF GUATEMALA", "OF THE ARMY", NOT),
        (PLACE, "PERU: LIMA (CITY)", "PERU :LIMA (CITY)", ACCEPTED),
        (PLACE, "PERU: LIMA (CITY)", "PERU", PARTLY),
        (PLACE, "PERU: LIMA (CITY)", "PERU: AYACUCHO (DEPARTMENT)", PARTLY),
        (PLACE, "PERU: LIMA (CITY)", "CHILE: LIMA (CITY)", NOT),
        (PLACE, "PERU", "PERU: LIMA (CITY)", NOT),
        (DATE, "07 JAN 89", "7 JANUARY 1989", ACCEPTED),
        (DATE, "07 JAN 89", "- 07 JAN 89", PARTLY),
        (DATE, "- 07 JAN 89", "07 JAN 89", PARTLY),
        (DATE, "- 07 JAN 89", "- 01 JAN 89", NOT),
        (DATE, "01 MAY 90 - 03 MAY 90", "02 MAY 90", PARTLY),
        (DATE, "01 MAY 90 - 03 MAY 90", "04 MAY 90", NOT),
        (DATE, "02 MAY 90", "01 MAY 90 - 03 MAY 90", NOT),
        (DATE, "07 JAN 89", "11 AUGUST", NOT),
    ],
)
def test_a_rule_of_muc4(comparator, gold, predicted, expected):
    folded, given = comparator.fold(gold), comparator.fold(predicted)
    assert (ACCEPTED if folded == given else comparator.grade(folded, given)) == expected


def test_they_are_found_as_those_of_an_installed_package():
    gold = Document("one", {"templates": [{"inc-type": ["ARSON"], "hum-tgt-name": ["OQUELI"]}]})
    given = {"templates": [{"inc-type": ["ATTACK"], "hum-tgt-name": ["HECTOR OQUELI"]}]}
    assert score(Task("one", schema(), (gold,)), {"one": given}).micro().par == 2
