"""Slots: all values that earn credit only if they are equal, side by side."""

import numpy as np
from support.tasks import DATE, INTEGER, STRING, array, compared, obj, table

from benchmark import read_schema
from benchmark.scoring.columns.equality import WIDE
from benchmark.scoring.columns.interning import ABSENT, NOTHING, intern_all
from benchmark.scoring.columns.reading import Reader

SCHEMA = obj(
    rows=table(
        n=INTEGER, day=compared(DATE, days=1), tags=array(STRING), s=STRING, more=array(STRING)
    )
)
N, DAY, TAGS, S, MORE = range(5)


def read(*records):
    """Records as a table."""
    tree = read_schema(SCHEMA)
    reader = Reader(tree, intern_all(tree, ()))
    reader.add([{"rows": records}])
    return reader.rows().columns[0]


def test_a_leaf_has_a_slot_and_a_bag_as_many_as_its_longest_list():
    rows = read({"n": 1, "tags": ["a", "b"]}, {"tags": ["c"]}, {"s": "a"})
    assert rows.equality.places == {
        N: range(1),
        TAGS: range(1, 3),
        S: range(3, 4),
        MORE: range(4, 4),
    }
    a, b, c = rows.flat[TAGS].ids.tolist()
    (n, *_), (s,) = rows.flat[N].ids.tolist(), [rows.flat[S].ids[2]]
    none = NOTHING
    assert rows.equality.ids.tolist() == [
        [n, none, none, none],
        [a, c, none, none],
        [b, none, none, none],
        [none, none, s, none],
    ]


def test_nothing_is_not_equal_to_nothing_on_the_other_side():
    slots = read({"n": 1}, {}).equality
    assert (
        slots.predicted_ids.tolist() == np.where(slots.ids == NOTHING, ABSENT, slots.ids).tolist()
    )
    assert not (slots.ids[:, :, None] == slots.predicted_ids[:, None])[:, 1:].any()


def test_what_is_graded_or_a_large_bag_has_no_slots():
    rows = read({"day": "2025-07-01", "tags": ["a"] * (WIDE + 1), "more": ["a"] * WIDE})
    assert rows.equality.places.keys() == {N, S, MORE}


def test_a_bag_for_which_gold_accepts_anything_else_fills_no_slot():
    rows = read({"tags": ["a"]}, {"tags": ["b", "c"]})
    rows.flat[TAGS].others[1] = {None: [["d"]]}
    place = rows.equality.places[TAGS]
    assert rows.equality.ids[place.start : place.stop, 1].tolist() == [NOTHING, NOTHING]


def test_each_slot_of_a_field_faces_each_of_the_other_side():
    gold, given = (
        read({"n": 1, "tags": ["a", "b"]}).equality,
        read({"tags": ["a", "b", "c"]}).equality,
    )
    assert gold.slot_pairs(given, [N, TAGS]) == (
        [0, 1, 1, 1, 2, 2, 2],
        [0, 1, 2, 3, 1, 2, 3],
        [N, *[TAGS] * 6],
    )
    assert gold.slot_pairs(given, []) == gold.slot_pairs(given, [MORE]) == ([], [], [])
