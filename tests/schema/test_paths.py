"""Paths: read, written, followed; a path leads to one value and a value has one path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.schema.paths import (
    field_path,
    is_name,
    join,
    object_path,
    outermost_record_path,
    parse,
    record_path,
    scalars,
    value_at,
    walk_values,
)

NAMES = st.text(max_size=5)
STEPS = st.lists(NAMES | st.integers(0, 10**25), max_size=6).map(tuple)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(NAMES, child, max_size=3),
    max_leaves=20,
)
DOCUMENT = {
    "events": [{"place": "Dioura", "casualties": [{"low": 3, "high": None}], "tags": ["a"]}]
}


@given(STEPS)
def test_steps_come_back_from_the_path_that_they_make(steps):
    assert parse(join("", *steps)) == steps


@given(STEPS, STEPS)
def test_a_path_can_be_made_in_parts(first, second):
    assert join(join("", *first), *second) == join("", *first, *second)


@given(st.text(alphabet='a0.[]"', max_size=8))
def test_what_can_be_parsed_has_one_spelling(path):
    try:
        steps = parse(path)
    except ValueError:
        return
    assert join("", *steps) == path


@given(VALUES)
def test_every_value_stands_where_its_path_leads(value):
    for path, child in walk_values(value):
        assert value_at(value, path) is child
        assert value_at(value, parse(path)) is child


@given(VALUES)
def test_a_walk_passes_each_value_once(value):
    paths = [path for path, _ in walk_values(value)]
    assert len(set(paths)) == len(paths)
    assert paths[0] == ""
    assert list(scalars(value)) == [
        (path, child) for path, child in walk_values(value) if not isinstance(child, dict | list)
    ]


@given(STEPS)
def test_the_path_of_a_field_has_no_indexes(steps):
    names = [step for step in steps if isinstance(step, str)]
    assert field_path(join("x", *steps)) == join("x", *names)


@pytest.mark.parametrize(
    "path",
    [".", "..", ".a", "a.", "a..b", "a[", "a]", "a[]", "a[b]", "a[-1]", "a[01]", "a[0]b", "a.[0]",
     "[0", "[٣]", "a[0] .b]", f"a[{'9' * 5000}]"],
)  # fmt: skip
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError):  # noqa: PT011 - a long index is refused by int() itself
        parse(path)
    assert value_at({"a": [{"b": 1}]}, path) is None


@pytest.mark.parametrize("name", ["a", "a b", "é", "\n", "0", "-", "a/b", "'", '"'])
def test_a_name_holds_any_character_but_those_of_paths(name):
    assert is_name(name)
    assert value_at({name: 1}, name) == 1


@pytest.mark.parametrize("name", ["", ".", "a.b", "a[", "]", "a[0]", '["a"]', "a\\.b"])
def test_other_names_are_quoted(name):
    assert not is_name(name)
    path = join("x", 0, name, "y")
    assert path.startswith('x[0]["')
    assert parse(path) == ("x", 0, name, "y")
    assert value_at({"x": [{name: {"y": 1}}]}, path) == 1
    assert record_path(path) == "x[0]"


@pytest.mark.parametrize(
    "path", ["x", "events[1]", "events[0].x", "events.place", "events[0].place[0]", "events[0][0]"]
)
def test_a_path_that_leads_nowhere_leads_to_none(path):
    assert value_at(DOCUMENT, path) is None


def test_containers_come_before_what_they_hold():
    assert [path for path, _ in walk_values(DOCUMENT)] == [
        "",
        "events",
        "events[0]",
        "events[0].place",
        "events[0].casualties",
        "events[0].casualties[0]",
        "events[0].casualties[0].low",
        "events[0].casualties[0].high",
        "events[0].tags",
        "events[0].tags[0]",
    ]
    assert dict(walk_values(3, "a.b")) == {"a.b": 3}


@pytest.mark.parametrize(
    ("path", "holder", "record", "outermost"),
    [
        ("place", "", "", ""),
        ("tags[2]", "", "", ""),
        ("when.start", "when", "", ""),
        ("events[3].place", "events[3]", "events[3]", "events[3]"),
        ("events[3].tags[1]", "events[3]", "events[3]", "events[3]"),
        ("events[3].when.start", "events[3].when", "events[3]", "events[3]"),
        ("a.events[3].dead[0].low", "a.events[3].dead[0]", "a.events[3].dead[0]", "a.events[3]"),
    ],
)
def test_what_a_value_stands_in(path, holder, record, outermost):
    assert object_path(path) == holder
    assert record_path(path) == record
    assert outermost_record_path(path) == outermost
