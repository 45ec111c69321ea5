"""Keys that have to agree together, and keys that are not scored."""

import pytest
from support.tasks import STRING, array, compared, counted, obj, scored, table

from benchmark import SchemaError
from benchmark.schema.tree.reader import read_schema

ALL = {"key": "all"}
UNSCORED = {"key": True, "score": False}
NUMBER = {"type": "number"}


def records(schema, gold, predicted, **line):
    """Gold, predicted, paired and perfect records of the one table."""
    return tuple(scored(schema, {"t": gold}, {"t": predicted}, **line).record_counts("t"))


TOGETHER = obj(t=table(a=compared(STRING, **ALL), b=compared(STRING, **ALL), n=NUMBER))
ROW = {"a": "x", "b": "y", "n": 1}


@pytest.mark.parametrize(
    ("predicted", "paired"),
    [
        ({"a": "x", "b": "y", "n": 2}, 1),
        ({"a": "x", "b": "z", "n": 1}, 0),
        ({"a": "x", "n": 1}, 0),  # b is stated by gold alone
        ({"n": 1}, 0),
    ],
)
def test_keys_that_are_all_have_to_agree_together(predicted, paired):
    assert records(TOGETHER, [ROW], [predicted])[2] == paired


def test_what_neither_record_states_does_not_keep_them_apart():
    assert records(TOGETHER, [{"a": "x", "n": 1}], [{"a": "x", "n": 2}])[2] == 1
    assert records(TOGETHER, [{"n": 1}], [{"n": 1}])[2:] == (
        1,
        1,
    )  # without a key, anything will do
    assert records(TOGETHER, [{"n": 1}], [{"n": 2}])[2] == 0


def test_a_key_by_itself_is_enough_beside_keys_that_are_all():
    fields = {"a": compared(STRING, **ALL), "b": compared(STRING, **ALL)}
    schema = obj(t=table(id=compared(STRING, key=True), **fields))
    gold = [{"id": "1", "a": "x", "b": "y"}]
    assert records(schema, gold, [{"id": "1", "a": "p", "b": "q"}])[2] == 1
    assert records(schema, gold, [{"id": "2", "a": "x", "b": "y"}])[2] == 1
    assert records(schema, gold, [{"id": "2", "a": "x", "b": "q"}])[2] == 0


def test_graded_keys_and_tables_have_to_agree_together_too():
    fuzzy = {"by": "fuzzy", "accept": 0.8, **ALL}
    inner = {**table(k=STRING), "x-compare": ALL}
    schema = obj(t=table(a=compared(STRING, **fuzzy), b=array(STRING, **ALL), c=inner))
    gold = [{"a": "the market place", "b": ["x", "y"], "c": [{"k": "1"}]}]
    agreeing = {"a": "the market places", "b": ["y"], "c": [{"k": "1"}, {"k": "2"}]}
    assert records(schema, gold, [agreeing])[2] == 1
    for other in ({"a": "elsewhere"}, {"b": ["z"]}, {"c": [{"k": "2"}]}):
        assert records(schema, gold, [{**agreeing, **other}])[2] == 0


GIVEN = obj(t=table(question=compared(STRING, **UNSCORED), n=NUMBER))


def test_a_key_that_is_not_scored_pairs_records_and_counts_nothing():
    gold = [{"question": "q1", "n": 1}, {"question": "q2", "n": 2}]
    score = scored(
        GIVEN, {"t": gold}, {"t": [{"question": "q2", "n": 9}, {"question": "q1", "n": 1}]}
    )
    assert score.fields == ("t.n",)
    assert counted(score) == {"t.n": {"COR": 1, "INC": 1}}
    assert tuple(score.record_counts("t")) == (2, 2, 2, 1)
    # Equal numbers do not pair records whose questions differ.
    assert records(GIVEN, gold, [{"question": "q3", "n": 1}])[2] == 0


def test_records_that_state_nothing_but_an_unscored_key_are_paired_by_it():
    gold = [{"question": "q1"}, {"question": "q2"}]
    assert records(GIVEN, gold, gold[::-1]) == (2, 2, 2, 2)
    assert records(GIVEN, gold, [{"question": "q3"}]) == (2, 1, 0, 0)


def test_unscored_keys_may_be_graded_have_alternatives_and_agree_together():
    keys = {"by": "fuzzy", "accept": 0.8, "key": "all", "score": False}
    schema = obj(t=table(a=compared(STRING, **keys), b=compared(STRING, **keys), n=NUMBER))
    gold = [{"a": "the market place", "b": "old town", "n": 1}]
    assert records(schema, gold, [{"a": "the market places", "b": "old town", "n": 2}])[2] == 1
    other = [{"a": "the harbour side", "b": "old town", "n": 2}]
    assert records(schema, gold, other)[2] == 0
    accepted = {"alternatives": {"t[0].a": ["The harbour side"]}}
    assert records(schema, gold, other, **accepted)[2] == 1


def test_an_optional_record_is_not_paired_to_its_cost():
    gold, predicted = [{"question": "q", "n": None}], [{"question": "q", "n": 1}]
    score = scored(GIVEN, {"t": gold}, {"t": predicted}, optional=["t[0]"])
    assert counted(score) == {"t.n": {"SPU": 1}}


def test_a_table_cannot_be_an_unscored_key():
    schema = obj(a=STRING, t={**table(b=STRING), "x-compare": UNSCORED})
    with pytest.raises(SchemaError, match="at t: x-compare: a key that is a table is scored"):
        read_schema(schema)


@pytest.mark.parametrize("empty", [{}, {"n": None}, {"question": None, "n": None}])
def test_records_that_state_nothing_are_paired_with_each_other(empty):
    schema = obj(t=table(question=STRING, n=NUMBER))
    assert records(schema, [empty], [empty]) == (1, 1, 1, 1)
    assert records(schema, [empty, empty], [empty, {"n": 1}]) == (2, 2, 1, 1)
    nested = obj(t=table(u=table(n=NUMBER)))
    score = scored(nested, {"t": [{"u": [{}]}]}, {"t": [{"u": [{}]}]})
    assert tuple(score.record_counts("t.u")) == (1, 1, 1, 1)
