"""`"as": "sequence"`: elements and records that are matched in their order."""

import pytest
from support.tasks import KEY, STRING, array, compared, counted, obj, scored, table

LIST = obj(f=array(STRING, **{"as": "sequence"}))


def bag(gold, predicted, schema=LIST, **line):
    return counted(scored(schema, {"f": gold}, {"f": predicted}, **line)).get("f", {})


@pytest.mark.parametrize(
    ("gold", "predicted", "counts"),
    [
        ("abc", "abc", {"COR": 3}),
        ("abc", "cba", {"COR": 1, "INC": 2}),
        ("abc", "bca", {"COR": 2, "INC": 1}),
        ("abcd", "acd", {"COR": 3, "MIS": 1}),
        ("ab", "xaxb", {"COR": 2, "SPU": 2}),
        ("aab", "aba", {"COR": 2, "INC": 1}),  # as a bag all three would be found
        ("", "a", {"SPU": 1}),
        ("a", "", {"MIS": 1}),
    ],
)
def test_elements_are_matched_in_order(gold, predicted, counts):
    assert bag(list(gold), list(predicted)) == counts


def test_values_of_the_wrong_type_equal_nothing_in_a_sequence():
    assert bag(["1", "2"], [1, "2"]) == {"COR": 1, "INC": 1}


def test_credit_decides_which_subsequence_is_best():
    days = {"type": "string", "format": "date"}
    schema = obj(f=array(days, days=1, **{"as": "sequence"}))
    gold = ["2025-07-01", "2025-07-05"]
    # One full credit (5 July) is as much as two partial ones; with two pairs there are no errors.
    assert bag(gold, ["2025-07-05"], schema) == {"COR": 1, "MIS": 1}
    assert bag(gold, ["2025-07-02", "2025-07-06"], schema) == {"PAR": 2}
    assert bag(gold, ["2025-07-06", "2025-07-01"], schema) == {"COR": 1, "INC": 1}


def test_a_sequence_has_alternatives_as_a_bag_has():
    accepted = {"alternatives": {"f": [["b", "a"]]}}
    assert bag(["a", "b"], ["b", "a"], **accepted) == {"COR": 2}
    assert bag(["a", "b", "c"], ["a", "c"], alternatives={"f[1]": [None]}) == {"COR": 2}
    assert bag(["a", "b", "c"], ["a", "d", "c"], alternatives={"f[1]": ["d"]}) == {"COR": 3}


STEPS = obj(t={**table(a=KEY, b=STRING), "x-compare": {"as": "sequence"}})


def rows(*pairs):
    return [dict(zip("ab", pair, strict=True)) for pair in pairs]


@pytest.mark.parametrize(
    ("gold", "predicted", "paired"),
    [
        (["1x", "2y", "3z"], ["1x", "2y", "3z"], 3),
        (["1x", "2y", "3z"], ["3z", "1x", "2y"], 2),
        (["1x", "2y"], ["2y", "1x"], 1),
        (["1x", "2y", "3z"], ["1x", "3z"], 2),
    ],
)
def test_records_are_paired_in_order(gold, predicted, paired):
    score = scored(STEPS, {"t": rows(*gold)}, {"t": rows(*predicted)})
    assert score.record_counts("t").paired == paired


def test_the_most_credit_in_order_is_taken():
    # 1 and 2 cannot both be paired; 2 earns two values.
    score = scored(STEPS, {"t": rows("1x", "2y")}, {"t": rows("2y", "1q")})
    assert counted(score) == {
        "t.a": {"COR": 1, "MIS": 1, "SPU": 1},
        "t.b": {"COR": 1, "MIS": 1, "SPU": 1},
    }


def test_a_sequence_nests_in_tables_and_tables_in_a_sequence():
    inner = {**table(a=KEY), "x-compare": {"as": "sequence"}}
    schema = obj(t={**table(k=KEY, u=inner), "x-compare": {"as": "sequence"}})
    one = {"k": "1", "u": [{"a": "x"}, {"a": "y"}]}
    two = {"k": "2", "u": [{"a": "x"}]}
    score = scored(schema, {"t": [one, two]}, {"t": [{**one, "u": one["u"][::-1]}, two]})
    assert tuple(score.record_counts("t")) == (2, 2, 2, 1)
    assert tuple(score.record_counts("t.u")) == (3, 3, 2, 2)


def test_graded_records_in_order_are_weighed_exactly():
    fuzzy = compared(STRING, by="fuzzy", accept=0.9, partial=0.5, key=True)
    schema = obj(t={**table(a=fuzzy), "x-compare": {"as": "sequence"}})
    names = ["the market place", "the old harbour", "the north gate"]
    near = ["the market", "the old harbour", "north gate"]
    score = scored(schema, {"t": [{"a": n} for n in names]}, {"t": [{"a": n} for n in near]})
    assert counted(score) == {"t.a": {"COR": 1, "PAR": 2}}


def test_long_sequences_are_compared_whole():
    gold = [str(n % 7) for n in range(900)]
    assert bag(gold, gold[1:]) == {"COR": 899, "MIS": 1}
