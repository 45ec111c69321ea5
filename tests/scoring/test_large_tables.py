"""Large tables of texts: bounds are lowered before texts are compared, and no count changes."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import INTEGER, STRING, array, compared, obj, table

from benchmark import Document, Task, score
from benchmark.schema.comparing.grades import Grade
from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.tree.reader import read_schema
from benchmark.scoring.columns import leaves
from benchmark.scoring.columns.interning import intern_all
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.pairing import deferred, likeness, weights

FUZZY = compared(STRING, by="fuzzy", accept=0.8, partial=0.4)
DAYS = compared({"type": "string", "format": "date"}, days=1)
SCHEMAS = [
    obj(rows=table(text=FUZZY)),
    obj(rows=table(text=FUZZY, n=INTEGER)),
    obj(rows=table(text=compared(FUZZY, **FUZZY["x-compare"], key=True), n=INTEGER)),
    obj(rows=table(text=FUZZY, n=compared(INTEGER, key=True))),
    obj(rows=table(text=FUZZY, also=compared(FUZZY, by="fuzzy", accept=0.5), day=DAYS)),
    obj(rows=table(text=FUZZY, tags=array(FUZZY, **FUZZY["x-compare"]))),
    obj(rows=table(text=FUZZY, n=INTEGER, below=table(text=FUZZY))),
]
LIKE = ["abcdefgh", "abcdefg", "abcdexgh", "Abcdefghi", "abcde", "abcd", "abbcx", "é abcd"]
TEXTS = st.sampled_from(LIKE) | st.text("abc é", max_size=7)
VALUES = {
    "text": TEXTS | st.none(),
    "also": TEXTS,
    "n": st.integers(0, 2) | st.none(),
    "day": st.sampled_from(["2025-07-01", "2025-07-02", "2025-07-05"]),
    "tags": st.lists(TEXTS, max_size=2),
}


def _rows(node, others):
    """Rows of a table; `others` are values of any wrong type."""
    fields = {
        name: _rows(below, others) if name == "below" else VALUES[name] | others
        for name, below in node["items"]["properties"].items()
    }
    return st.lists(st.fixed_dictionaries({}, optional=fields), max_size=6)


@st.composite
def _documents(draw, node, name):
    """A document with alternatives and optional rows, and its prediction."""
    gold = draw(_rows(node, st.nothing()))
    predicted = draw(_rows(node, st.just(7) | st.booleans()))
    places = [f"rows[{n}]" for n in range(len(gold))]
    some = st.lists(st.sampled_from(places), unique=True, max_size=2) if places else st.just([])
    others = st.lists(TEXTS | st.none(), min_size=1, max_size=2)
    alternatives = {f"{place}.text": draw(others) for place in draw(some)}
    document = Document(name, {"rows": gold}, alternatives=alternatives, optional=draw(some))
    return document, {"rows": predicted}


@st.composite
def _cases(draw):
    """A task of two documents, and predictions."""
    schema = draw(st.sampled_from(SCHEMAS))
    node = schema["properties"]["rows"]
    documents = [draw(_documents(node, name)) for name in "de"]
    given = {document.id: predicted for document, predicted in documents}
    return Task("t", schema, tuple(document for document, _ in documents)), given


@given(_cases())
def test_lowered_bounds_change_no_count(case):
    one = score(*case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights, "MANY", 1)
        patch.setattr(weights, "SPARSE", 1 << 30)
        other = score(*case)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.records, other.records)


@given(_cases())
def test_neither_does_how_much_is_done_at_once(case):
    one = score(*case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights, "MANY", 1)
        patch.setattr(weights, "AT_ONCE", 2)
        patch.setattr(likeness, "AT_ONCE", 3)
        patch.setattr(leaves, "AT_ONCE", 2)
        patch.setattr(leaves, "MOST_KEPT", 1)
        other = score(*case)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.records, other.records)


def _leaves(values, others=None):
    """A column of texts."""
    interner = intern_all(read_schema(obj(rows=table(text=FUZZY))), ())["rows.text"]
    ids = np.append(interner.presence(values), -1)
    return Leaves(interner, values, ids, others or {})


@given(
    st.lists(VALUES["text"], min_size=1, max_size=6), st.lists(VALUES["text"] | st.just(7)), TEXTS
)
def test_no_grade_is_above_its_bound(golds, predicted, other):
    gold, there = _leaves(golds, {0: [other, None]}), _leaves([*predicted, golds[0]])
    rows, columns = np.arange(len(golds) + 1), np.arange(len(predicted) + 2)
    bounds = likeness.highest_grades(gold, there, rows, columns)
    i, j = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    grades = gold.grades(i, there, j).reshape(bounds.shape)
    assert (grades <= bounds).all()
    assert not bounds[-1].any()
    assert not bounds[:, -1].any()


@pytest.mark.parametrize(("predicted", "highest"), [("abcde", 2), ("aabcdx", 1), ("vwxyz", 0)])
def test_texts_without_a_common_subsequence_are_told_apart(predicted, highest):
    first = np.array([0])
    bounds = likeness.highest_grades(_leaves(["abcde"]), _leaves([predicted]), first, first)
    assert bounds.tolist() == [[highest]]


def test_of_very_many_grades_few_are_remembered(monkeypatch):
    monkeypatch.setattr(leaves, "AT_ONCE", 4)
    monkeypatch.setattr(leaves, "MOST_KEPT", 10)
    gold, predicted = _leaves(LIKE), _leaves(LIKE)
    i, j = (axis.ravel() for axis in np.indices((len(LIKE), len(LIKE))))
    grades = gold.grades(i, predicted, j)
    assert len(gold._grade_of) <= 10 + 4
    assert grades.tolist() == _leaves(LIKE).grades(i, predicted, j).tolist()
    assert (grades.reshape(len(LIKE), -1).diagonal() == Grade.ACCEPTED).all()


SIZE = 150


def _large(seed=1):
    """Rows of one text, gold and predicted: each predicted one is like one of gold."""
    rng = random.Random(seed)
    texts = ["".join(rng.choices("abcdefghijklmnop ", k=60)) for _ in range(SIZE)]
    like = [text[4:] + "".join(rng.choices("xyz", k=rng.choice((0, 4, 12)))) for text in texts]
    rng.shuffle(like)
    return [{"text": text} for text in texts], [{"text": text} for text in like]


@pytest.fixture
def compared_pairs(monkeypatch):
    """The number of pairs that a comparator has graded, in a list of one."""
    number, grades = [0], FieldComparator.grades

    def counting(self, golds, predicted):
        number[0] += len(golds)
        return grades(self, golds, predicted)

    monkeypatch.setattr(FieldComparator, "grades", counting)
    return number


def test_of_a_large_table_few_texts_are_compared(compared_pairs):
    gold, predicted = _large()
    document = Document("d", {"rows": gold})
    found = score(Task("t", obj(rows=table(text=FUZZY)), (document,)), {"d": {"rows": predicted}})
    assert found.micro().cor + found.micro().par == SIZE
    assert compared_pairs[0] <= 4 * SIZE  # of SIZE ** 2


def test_all_texts_are_held_against_all_once_however_often_a_document_is_paired(monkeypatch):
    asked, compare = [], likeness._of_distinct
    monkeypatch.setattr(likeness, "_of_distinct", lambda *a: asked.append(a) or compare(*a))
    gold, predicted = _large()
    other = [{"text": row["text"][1:]} for row in gold]
    documents = Document("d", {"rows": gold}), Document("e", {"rows": other})
    given = {"d": {"rows": predicted}, "e": {"rows": predicted}}
    found = score(Task("t", obj(rows=table(text=FUZZY)), documents), given)
    assert len(asked) == 2
    assert len(found.verdicts("e").pairings) == len(found.verdicts("e").pairings) == SIZE
    assert len(asked) == 2
    assert len(found.verdicts("d").pairings) == SIZE
    assert len(asked) == 3


def test_few_texts_are_compared_of_a_table_nested_in_a_record(compared_pairs):
    gold, predicted = _large()
    schema = obj(parts=table(id=INTEGER, rows=table(text=FUZZY)))
    document = Document("d", {"parts": [{"id": 1, "rows": gold}]})
    given = {"d": {"parts": [{"id": 1, "rows": predicted}]}}
    found = score(Task("t", schema, (document,)), given)
    assert found.micro().cor + found.micro().par == SIZE + 1
    assert compared_pairs[0] <= 4 * SIZE


def test_where_a_key_leaves_few_pairs_no_other_is_looked_at(compared_pairs, monkeypatch):
    monkeypatch.setattr(deferred, "highest_grades", None)
    monkeypatch.setattr(weights, "MANY", 1)
    gold, predicted = _large()
    for n, (one, other) in enumerate(zip(gold, predicted, strict=True)):
        one["n"] = other["n"] = n // 2
    schema = obj(rows=table(text=FUZZY, n=compared(INTEGER, key=True)))
    document = Document("d", {"rows": gold})
    score(Task("t", schema, (document,)), {"d": {"rows": predicted}})
    assert compared_pairs[0] <= 4 * SIZE
