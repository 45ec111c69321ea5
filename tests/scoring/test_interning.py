"""Values as integers: equal as compared if, and only if, their ids are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import BOOLEAN, DATE, INTEGER, NUMBER, STRING, array, compared, obj, table

from benchmark import Comparator, Grade, read_schema
from benchmark.schema import comparators
from benchmark.schema.field_comparator import FieldComparator, bind
from benchmark.schema.fields import Leaf
from benchmark.scoring.columns import interning
from benchmark.scoring.columns.interning import INVALID, NOTHING, Interner, intern_all

ALIASES = (("Army", "Troops"),)
NODES = {
    "text": STRING,
    "name": compared(STRING, by="name"),
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "words": {"enum": ["a", "A", ""]},
    "figures": {"enum": [1, 2]},
    "mixed": {"enum": [1, 2.5]},
}
WRONG = [[], ["a"], {}, {"a": 1}, math.nan, math.inf, 10**400]
VALUES = [
    *("a", "A", " a", "á", "Army", "troops", "", "1", "2025-07-01", "2025-07-02", "2025-02-30"),
    *(0, 1, 2, 1.0, 2.5, -0.0, True, False),
    *WRONG,
]


def interner(name):
    return intern_all(read_schema(obj(f=NODES[name])), ALIASES)["f"]


def ids(known, *values):
    """The ids of values that are read together."""
    return known.ids(known.places(values)).tolist()


@pytest.mark.parametrize("name", NODES)
def test_ids_are_equal_if_and_only_if_values_are_equal_as_compared(name):
    known = interner(name)
    bound = known.comparator
    valid = [value for value in VALUES if bound.is_valid(value)]
    found = ids(known, *valid)
    assert len(valid) > 1
    assert min(found) >= 0
    for value, one in zip(valid, found, strict=True):
        for other, two in zip(valid, found, strict=True):
            assert (one == two) == (bound.fold(value) == bound.fold(other)), (value, other)


@pytest.mark.parametrize("name", NODES)
def test_what_is_not_of_the_fields_type_has_no_id_of_its_own(name):
    known = interner(name)
    for value, one in zip(VALUES, ids(known, *VALUES), strict=True):
        assert (one == INVALID) == (not known.comparator.is_valid(value)), value


@pytest.mark.parametrize("name", NODES)
def test_null_is_nothing_whatever_else_is_there(name):
    known = interner(name)
    assert ids(known, None) == [NOTHING]
    assert ids(known, None, *VALUES, None)[:: len(VALUES) + 1] == [NOTHING, NOTHING]


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("text", ["1"]),
        ("integer", [1, 1.0]),
        ("number", [1, 1.0]),
        ("boolean", [True]),
        ("figures", [1, 1.0]),
        ("mixed", [1, 1.0]),
    ],
)
@pytest.mark.parametrize("first", [1, 1.0, True, "1"])
def test_what_python_holds_for_one_key_is_kept_apart(name, valid, first):
    known = interner(name)
    ids(known, first)
    for value, one in zip((1, 1.0, True, "1"), ids(known, 1, 1.0, True, "1"), strict=True):
        kinds = [type(other) for other in valid]
        assert (one != INVALID) == (type(value) in kinds), value


@given(st.lists(st.sampled_from(VALUES) | st.none(), max_size=8), st.sampled_from(sorted(NODES)))
def test_values_are_the_same_read_together_or_one_by_one(values, name):
    together, alone = interner(name), interner(name)
    assert ids(together, *values) == [ids(alone, value)[0] for value in values]


@given(st.lists(st.sampled_from(VALUES) | st.none(), max_size=8), st.sampled_from(sorted(NODES)))
def test_a_place_leads_back_to_the_value_as_given(values, name):
    known = interner(name)
    for value, place in zip(values, known.places(values).tolist(), strict=True):
        found = known.spellings[place]
        assert (type(found), repr(found)) == (type(value), repr(value)) or value == found == 0


def test_a_spelling_is_folded_once(monkeypatch):
    folded = []
    counting = Comparator(lambda value: folded.append(value) or value, ("string",))
    monkeypatch.setitem(comparators.COMPARATORS, "text", counting)
    known = interner("text")
    ids(known, "a", "b", "a")
    ids(known, "b", "a")
    assert folded == ["a", "b"]


def test_occurrences_of_one_value_are_told_apart_and_found_again():
    known = interner("text")
    one, other = ids(known, "a", "b")
    again = [known.repeated(one, 1), known.repeated(one, 2), known.repeated(other, 1)]
    assert len({one, other, *again}) == 5
    assert [known.repeated(one, 1), known.repeated(one, 2), known.repeated(other, 1)] == again
    assert ids(known, "c")[0] not in again


@pytest.mark.parametrize("name", NODES)
def test_presence_tells_nothing_from_values_and_these_from_the_wrong_type(name):
    known = interner(name)
    for values in (VALUES, ["a", "b"], [None, *VALUES]):
        expected = [NOTHING if v is None else min(0, ids(known, v)[0]) for v in values]
        assert known.presence(values).tolist() == expected


def test_what_is_forgotten_is_as_if_it_had_never_been():
    known, new = interner("name"), interner("name")
    ids(known, "x", 5, None, "y")
    known.repeated(0, 1)
    known.forget()
    assert known.size == new.size
    values = ["Army", "troops", None, 5, "x"]
    assert ids(known, *values) == ids(new, *values)
    assert known.repeated(0, 1) == new.repeated(0, 1)
    assert known.spellings == new.spellings


def test_size_is_that_of_what_is_remembered():
    known = interner("text")
    before = known.size
    ids(known, *map(str, range(100)))
    assert known.size == before + 100
    ids(known, *map(str, range(100)))
    assert known.size == before + 100


WHOLE = [*(v for v in VALUES if v not in WRONG), [], ["a"], {}, {"a": 1}, {"a": True}, [1], [True]]


@pytest.mark.parametrize("kind", ["json", "decimal", "date-time"])
def test_values_of_any_type_have_ids_of_their_own(kind):
    known = Interner(bind("f", Leaf(kind), ()))
    bound = known.comparator
    found = ids(known, *WHOLE)
    for value, one in zip(WHOLE, found, strict=True):
        assert (one == INVALID) == (not bound.is_valid(value)), value
        for other, two in zip(WHOLE, found, strict=True):
            if one >= 0 and two >= 0:
                assert (one == two) == (bound.fold(value) == bound.fold(other)), (value, other)
    assert ids(known, *WHOLE) == found
    assert kind != "json" or min(found) >= 0


def test_lists_and_objects_may_be_graded():
    sizes = Comparator(
        lambda value: len(str(value)), ("json",), lambda g, p: Grade.PARTLY, grades=None
    )
    known = Interner(FieldComparator(Leaf("json"), "sizes", sizes, {}, {}))
    pairs = [([1], [2]), ([1], {"a": 1}), ([True], [1])]
    assert known.grades(pairs) == [Grade.ACCEPTED, Grade.PARTLY, Grade.PARTLY]


GRADED = {
    "near": compared(NUMBER, abs=1),
    "days": compared(DATE, days=1),
    "fuzzy": compared(STRING, by="fuzzy", accept=0.9, partial=0.5),
    "tokens": compared(STRING, by="tokens", accept=0.9, partial=0.5),
    "months": compared(STRING, by="date"),
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("near", [0, 1, 1.0, 1.5, 2.5, -0.0]),
        ("days", ["2025-07-01", "2025-07-02", "2025-07-03"]),
        ("fuzzy", ["Kidal", "kidal", "Kidall", "Gao", ""]),
        ("tokens", ["a b", "B a", "a c", "a a", "", "c"]),
        ("months", ["2025-05-16", "2025-05", "2025", "2024-05", "May"]),
    ],
)
def test_grades_are_those_of_the_comparator_however_many_are_asked_for(name, values):
    known = intern_all(read_schema(obj(f=GRADED[name])), ())["f"]
    pairs = [(one, other) for one in values for other in values]
    bound = known.comparator
    expected = [bound.grade(bound.fold(one), bound.fold(other)) for one, other in pairs]
    assert known.grades(pairs) == expected
    assert known.grades(pairs[::-1]) == expected[::-1]
    assert [known.grades([pair])[0] for pair in pairs] == expected
    assert set(expected) >= {Grade.NOT, Grade.ACCEPTED}
    assert known.grades([]) == []


def test_grades_are_right_after_others_were_forgotten(monkeypatch):
    monkeypatch.setattr(interning, "MOST_KEPT", 0)
    known = intern_all(read_schema(obj(f=GRADED["days"])), ())["f"]
    pair, far = ("2025-07-01", "2025-07-02"), ("2025-07-01", "2025-07-09")
    for _ in range(2):
        assert known.grades([pair, far, pair]) == [Grade.PARTLY, Grade.NOT, Grade.PARTLY]


def test_each_leaf_and_bag_has_an_interner_of_its_own():
    schema = obj(a=STRING, t=table(a=INTEGER, bag=array(DATE)), o=obj(a=BOOLEAN))
    found = intern_all(read_schema(schema), ())
    kinds = {path: one.comparator.leaf.kind for path, one in found.items()}
    assert kinds == {"a": "string", "t.a": "integer", "t.bag": "date", "o.a": "boolean"}
