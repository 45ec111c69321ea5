"""Columns: what stands in which row, as given and as compared."""

import numpy as np
import pytest
from support.tasks import DATE, EVIDENCE, INTEGER, STRING, array, compared, obj, table

from benchmark import read_schema
from benchmark.schema.comparing.grades import Grade
from benchmark.scoring.arrays import to_lengths, to_offsets
from benchmark.scoring.columns.interning import NOTHING, intern_all
from benchmark.scoring.columns.reading import Reader

DAY = compared(DATE, days=1)
SCHEMA = obj(
    rows=table(
        n=INTEGER,
        day=DAY,
        tags=array(STRING),
        kinds=array(STRING, **{"as": "set"}),
        below=table(x=STRING),
        quote=EVIDENCE,
    )
)
DOCUMENTS = [
    {"rows": [{"n": 1, "tags": ["a", None, "A", "b"]}, {"kinds": ["a", "A", 5, 5]}]},
    {},
    {"rows": [{"n": None, "below": [{"x": "p"}, {"x": "q"}], "quote": "so"}, {"below": [{}]}]},
]


@pytest.fixture
def read():
    """Documents as the table of their rows, a call for each side."""
    tree = read_schema(SCHEMA)
    interners = intern_all(tree, ())

    def columns(documents):
        reader = Reader(tree, interners)
        reader.add(documents)
        return reader.rows().columns[0]

    return columns


def column(rows, name):
    names = [item.steps[-1] for item in read_schema(SCHEMA).fields[0].node.record.fields]
    return rows.columns[names.index(name)]


def document_of(rows):
    """The document of each record."""
    return np.repeat(np.arange(len(rows.documents) - 1), to_lengths(rows.documents)).tolist()


def test_records_stand_one_below_another_document_after_document(read):
    rows = read(DOCUMENTS)
    assert len(rows) == 4
    assert rows.offsets.tolist() == rows.documents.tolist() == [0, 2, 2, 4]
    assert document_of(rows) == [0, 0, 2, 2]


def test_nested_records_know_their_parent_and_their_document(read):
    below = column(read(DOCUMENTS), "below")
    assert below.offsets.tolist() == [0, 0, 0, 2, 3]
    assert below.parent_of.tolist() == [2, 2, 3]
    assert below.documents.tolist() == [0, 0, 0, 3]
    assert document_of(below) == [2, 2, 2]


def test_a_leaf_holds_a_value_a_row_and_nothing_for_a_row_that_is_not_there(read):
    n = column(read(DOCUMENTS), "n")
    assert list(n.raw) == [1, None, None, None]
    assert n.raw[0:2] == [1, None]
    assert (n.ids != NOTHING).tolist() == [True, False, False, False, False]


def test_a_bag_is_given_as_it_was_and_compared_without_nulls(read):
    tags = column(read(DOCUMENTS), "tags")
    assert list(tags.raw) == [["a", None, "A", "b"], [], [], []]
    assert tags.raw[0:2] == [["a", None, "A", "b"], []]
    assert tags.counts.tolist() == [3, 0, 0, 0]
    assert tags.rows.tolist() == [0, 0, 0]


def test_equal_elements_of_a_bag_are_told_apart_and_those_of_a_set_are_one(read):
    rows = read(DOCUMENTS)
    assert len(set(column(rows, "tags").ids.tolist())) == 3
    kinds = column(rows, "kinds")
    assert kinds.counts.tolist() == [0, 3, 0, 0]
    assert list(kinds.raw)[1] == ["a", "A", 5, 5]


def test_two_bags_have_as_many_elements_in_common_as_they_have_ids(read):
    lists = [["a"], ["a", "a"], ["A", "b", "a", "a"], ["b", "c"], [None, "c", "c", "b"]]
    tags = column(read([{"rows": [{"tags": one} for one in lists]}]), "tags")
    ids = np.split(tags.ids, tags.offsets[1:-1])
    common = [[len({*one.tolist()} & {*other.tolist()}) for other in ids] for one in ids]
    assert common == [
        [1, 1, 1, 0, 0],
        [1, 2, 2, 0, 0],
        [1, 2, 4, 1, 1],
        [0, 0, 1, 2, 2],
        [0, 0, 1, 2, 3],
    ]


def test_some_rows_of_a_bag_are_a_bag_again(read):
    lists = [["a", "b"], [], ["c"], ["d", "e", "f"]]
    tags = column(read([{"rows": [{"tags": one} for one in lists]}]), "tags")
    some = tags.of(np.array([3, 1, 0, 3]))
    assert some.counts.tolist() == [3, 0, 2, 3]
    expected = np.concatenate([tags.ids[3:6], tags.ids[0:2], tags.ids[3:6]])
    assert some.ids.tolist() == expected.tolist()
    assert tags.of(np.zeros(0, np.int64)).counts.tolist() == []


def test_the_longest_list_that_gold_accepts_is_known(read):
    tags = column(read([{"rows": [{"tags": ["a", "b"]}, {"tags": ["c"]}, {}]}]), "tags")
    tags.others[1] = {None: [["d", "e", "f"], None]}
    tags.others[2] = {None: [["g"]]}
    assert tags.longest.tolist() == [2, 3, 1, 0]


def test_records_tell_what_they_state_what_they_require_and_what_they_may_hold(read):
    rows = read([{"rows": [{"n": 1, "tags": ["a", "b"]}, {"n": 2}, {"tags": ["a"]}, {}]}])
    n, day, tags, kinds = 0, 1, 2, 3
    rows.flat[n].others |= {0: [3, None], 1: [4], 2: [None], 3: [5]}
    rows.flat[tags].others |= {0: {1: [None]}, 2: {None: [["c", "d", "e"], None]}}
    assert rows.counts[[n, tags]].tolist() == [[1, 1, 0, 0, 0], [2, 0, 1, 0, 0]]
    assert rows.required[[n, tags]].tolist() == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]
    assert rows.longest[[n, tags]].tolist() == [[1, 1, 0, 1, 0], [2, 0, 3, 0, 0]]
    for one in (rows.counts, rows.required, rows.longest):
        assert not one[[day, kinds]].any()
    assert rows.missing_if_unpaired.tolist() == [1, 1, 0, 0]
    assert rows.values.tolist() == [3, 1, 3, 1]
    assert rows.flat[n].answers.tolist() == [True, True, False, True, False]


def test_nested_records_add_to_what_may_be_missing_unless_they_are_optional(read):
    rows = read([{"rows": [{"below": [{"x": "p"}, {"x": "q"}]}, {"n": 1, "below": [{"x": "r"}]}]}])
    column(rows, "below").optional[1] = True
    assert rows.missing_if_unpaired.tolist() == [1, 2]
    assert rows.values.tolist() == [2, 2]


def test_records_that_state_any_of_some_fields_are_known(read):
    rows = read([{"rows": [{"n": 1}, {"tags": ["a"]}, {"below": [{"x": "p"}]}, {"below": [{}]}]}])
    n, tags, below = 0, 2, 4
    assert rows.states((n,)).tolist() == [True, False, False, False]
    assert rows.states((n, tags)).tolist() == [True, True, False, False]
    assert rows.states((tags, below)).tolist() == [False, True, True, False]


def test_the_other_values_that_gold_accepts_are_of_the_same_ids_as_any(read):
    n = column(read([{"rows": [{"n": 1}, {"n": 2}, {"n": 3}]}]), "n")
    n.others |= {0: [None, 3, 3], 2: [1.0, 3]}
    rows, ids = n.other_ids
    assert rows.tolist() == [0, 2]
    assert ids.tolist() == [n.ids[2], n.ids[0]]


def test_grades_are_the_best_of_what_gold_accepts(read):
    days = [f"2025-07-{day:02}" for day in (1, 10, 20)]
    gold = column(read([{"rows": [{"day": day} for day in days] + [{}, {}]}]), "day")
    given = column(
        read([{"rows": [{"day": day} for day in (*days, "2025-07-02", None, "x")]}]), "day"
    )
    gold.others |= {1: ["2025-07-21", None], 3: ["2025-07-01"], 4: [None]}
    i, j = (one.ravel() for one in np.indices((6, 7)))
    expected = np.zeros((6, 7), int)
    expected[0, [0, 3]] = Grade.ACCEPTED, Grade.PARTLY
    expected[1, [1, 2]] = Grade.ACCEPTED, Grade.PARTLY
    expected[2, 2] = Grade.ACCEPTED
    expected[3, [0, 3]] = Grade.ACCEPTED, Grade.PARTLY
    for _ in range(2):
        assert gold.grades(i, given, j).reshape(6, 7).tolist() == expected.tolist()


def test_quotations_are_the_evidence_that_is_text(read):
    quotes = ["so", "", None, 5, ["so"]]
    rows = read([{"rows": [{"quote": one} for one in quotes]}])
    assert [rows.quotations(row) for row in range(5)] == [["so"], [""], [], [], []]


@pytest.mark.parametrize("counts", [[2, 0, 3], np.array([2, 0, 3])])
def test_starts_are_where_each_rows_elements_start_and_at_last_end(counts):
    assert to_offsets(counts).tolist() == [0, 2, 2, 5]
    assert to_offsets(np.array([], np.int64)).tolist() == [0]
    assert to_offsets(np.array([True, False, True])).tolist() == [0, 1, 1, 2]
