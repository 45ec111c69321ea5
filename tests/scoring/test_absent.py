"""Words that stand for no value, on either side."""

import pytest
from support.tasks import (
    DATE,
    INTEGER,
    NUMBER,
    STRING,
    array,
    compared,
    obj,
    outcomes,
    scored,
    table,
)

from benchmark import SchemaError
from benchmark.reports.schema_table import rows
from benchmark.schema.tree.reader import read_schema

WORDS = ["None", "NR", "x", ""]
NODES = {
    "text": compared(STRING, absent=WORDS),
    "fuzzy": compared(STRING, by="fuzzy", accept=0.5, absent=WORDS),
    "number": compared(NUMBER, absent=WORDS),
    "near": compared(NUMBER, abs=1, absent=WORDS),
    "integer": compared(INTEGER, absent=WORDS),
    "date": compared(DATE, days=1, absent=WORDS),
    "enum": {"enum": ["a", "b"], "x-compare": {"absent": WORDS}},
}
VALUES = {"number": 5, "near": 5, "integer": 5, "date": "2025-05-16", "enum": "a"}


def verdict(node, gold, predicted, **document):
    result = scored(obj(f=node), {"f": gold}, {"f": predicted}, **document)
    assert not result.invalid
    return outcomes(result).get("f", "")


@pytest.mark.parametrize("word", ["None", "none", " NONE ", "nr", "X", "", " ", "\u200bx"])
@pytest.mark.parametrize("name", NODES)
def test_a_listed_word_is_no_value_on_either_side(name, word):
    node, value = NODES[name], VALUES.get(name, "Mali")
    assert verdict(node, value, word) == "MIS"
    assert verdict(node, word, value) == "SPU"
    assert verdict(node, word, None) == verdict(node, None, word) == ""
    assert verdict(node, word, "NR") == ""
    assert verdict(node, value, value) == "COR"
    assert verdict(array(node), [value, word], [word, value, "None"]) == "COR"
    assert verdict(array(node), [value], [word]) == "MIS"


def test_other_words_are_values():
    assert verdict(NODES["text"], "Mali", "n/a") == "INC"
    assert verdict(STRING, "Mali", "None") == "INC"
    result = scored(obj(f=NODES["number"]), {"f": 5}, {"f": "n/a"})
    assert (outcomes(result), result.invalid) == ({"f": "INC"}, {"f": 1})


@pytest.mark.parametrize("name", NODES)
def test_an_alternative_that_stands_for_no_value_accepts_absence(name):
    node, value = NODES[name], VALUES.get(name, "Mali")
    assert verdict(node, value, None, alternatives={"f": ["NR"]}) == ""
    assert verdict(node, value, "none", alternatives={"f": ["NR"]}) == ""
    assert verdict(array(node), [value], [], alternatives={"f[0]": ["NR"]}) == ""
    assert verdict(array(node), [value], [], alternatives={"f": [["NR"]]}) == ""


def test_a_key_that_is_absent_pairs_nothing():
    schema = obj(rows=table(k=compared(STRING, key=True, absent=["None"]), n=INTEGER))
    result = scored(
        schema,
        {"rows": [{"k": "None", "n": 1}, {"k": "a", "n": 2}]},
        {"rows": [{"k": "none", "n": 2}, {"k": "a", "n": 2}]},
    )
    assert outcomes(result) == {"rows.k": "COR", "rows.n": "COR MIS SPU"}


def test_the_explanation_shows_the_words():
    schema = obj(
        a=compared(STRING, absent=["None", "–"]),
        b=array({"type": "number"}, absent=["x"], abs=1),
    )
    shown = [row.compared for row in rows(read_schema(schema))]
    assert shown == ['text absent=["None", "–"]', 'number abs=1 rel=0 absent=["x"]']


def test_it_stands_on_no_table():
    with pytest.raises(SchemaError, match=r"of x-compare, only `key` and .* apply to a table"):
        read_schema(obj(t={**table(a=STRING), "x-compare": {"absent": ["x"]}}))
