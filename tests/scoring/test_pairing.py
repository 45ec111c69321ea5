"""Which records go together."""

import pytest
from support.tasks import INTEGER, KEY, STRING, array, obj, outcomes, scored, table

TIED = obj(groups=table(id=KEY, rows=table(k=STRING, n=INTEGER, tags=array(STRING))))
AS_IT_IS = {"id": "g", "rows": [{"k": "A", "n": 1, "tags": ["x", "y"]}, {"k": "b"}]}
RESPELLED = {"rows": [{"k": "B "}, {"tags": ["y", "X"], "n": 1, "k": "a"}], "id": "G"}


def partner(*groups):
    """Which of two groups that would earn the same with a gold one is paired with it."""
    result = scored(TIED, {"groups": [{"id": "g"}]}, {"groups": [*groups]})
    (found,) = [one.predicted.path for one in result.verdicts("d").pairings if one.gold]
    return groups[int(found[len("groups[") : -1])]


@pytest.mark.parametrize(
    "differs", [{"n": 0}, {"n": 2}, {"k": "0"}, {"k": "aa"}, {"k": "AA"}, {"tags": ["xz", "y"]}]
)
def test_records_with_equal_content_are_told_apart_by_nothing_but_content(differs):
    other = {"id": "g", "rows": [AS_IT_IS["rows"][0] | differs, {"k": "b"}]}
    chosen = [
        partner(AS_IT_IS, other) is other,
        partner(other, AS_IT_IS) is other,
        partner(RESPELLED, other) is other,
        partner(other, RESPELLED) is other,
    ]
    assert len(set(chosen)) == 1


def test_a_record_that_states_no_key_can_be_paired_with_one_that_states_none():
    schema = obj(rows=table(k=KEY, n=INTEGER))
    assert outcomes(scored(schema, {"rows": [{"n": 1}]}, {"rows": [{"n": 1}]})) == {"rows.n": "COR"}
    keyed = scored(schema, {"rows": [{"n": 1}]}, {"rows": [{"k": "a", "n": 1}]})
    assert outcomes(keyed) == {"rows.k": "SPU", "rows.n": "MIS SPU"}
