"""Documents scored in chunks: where these end changes nothing, and memory does not grow."""

import tracemalloc
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from gc import collect
from unittest.mock import patch
from weakref import ref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.strategies import annotated, schemas, values
from support.tasks import DATE, EVIDENCE, INTEGER, KEY, STRING, array, compared, obj, table

from benchmark import Comparator, DataError, Document, Failure, Grade, Task, score
from benchmark.schema import comparators
from benchmark.scoring import chunk
from benchmark.scoring.columns import interning

LIMITS = [{"CHUNK": 1}, {"CHUNK": 2}, {"CHUNK": 3}, {"PARSED": 1}, {"PARSED": 2}, {"PARSED": 3}]
FORGETFUL = {"CHUNK": 2, "PARSED": 1, "MOST_KEPT": 0}


def limited(task, predictions, limits):
    """A score under other limits of chunks."""
    with ExitStack() as patches:
        for name, value in limits.items():
            for module in (chunk, interning):
                if hasattr(module, name):
                    patches.enter_context(patch.object(module, name, value))
        return score(task, predictions)


def in_words(result):
    """All that a score says."""
    arrays = result.counts, result.matched_counts, result.records
    verdicts = [result.verdicts(name) for name in result.documents]
    return (
        [one.tolist() for one in arrays],
        (result.statuses, result.reasons, result.invalid, result.unknown, result.grounding),
        result.signature,
        [[slot[:3] for slot in one.slots] for one in verdicts],
    )


@st.composite
def tasks(draw):
    """A task of some documents, and predictions of every status."""
    schema = draw(schemas(depth=2))
    documents, predictions = [], {}
    for n in range(draw(st.integers(2, 5))):
        gold = draw(values(schema, 2))
        alternatives, optional = draw(annotated(schema, gold))
        documents.append(Document(str(n), gold, alternatives=alternatives, optional=optional))
        no_answer = st.sampled_from([None, Failure("why"), "{", "[1]", {"p": {}, "x": 1}])
        predictions[str(n)] = draw(values(schema, 2) | no_answer)
    return Task("t", schema, tuple(documents)), predictions


@settings(max_examples=50)
@given(tasks(), st.sampled_from([*LIMITS, FORGETFUL]))
def test_where_chunks_end_changes_nothing(case, limits):
    task, predictions = case
    assert in_words(limited(task, predictions, limits)) == in_words(score(task, predictions))


SCHEMA = obj(
    title=compared(STRING, by="fuzzy", accept=0.9, partial=0.5),
    rows=table(k=KEY, n=INTEGER, day=compared(DATE, days=1), tags=array(STRING), quote=EVIDENCE),
)


def row(n):
    day, tags = f"2025-07-{n % 28 + 1:02}", [f"t{n % 3}", f"t{n % 5}", "t0"]
    return {"k": f"k{n % 9}", "n": n % 4, "day": day, "tags": tags, "quote": f"k{n % 9}"}


def document(n, **more):
    gold = {"title": f"number {n}", "rows": [row(n), row(n + 1), row(n * 7)][: n % 4]}
    return Document(f"d{n}", gold, text=f"k{n % 9} and k{n % 5}", **more)


def prediction(n):
    wrong = [{"k": "k0", "n": "1", "day": None}, 5][: n % 3]
    return {"title": f"number {n + 3}", "rows": [row(n + 3), row(n), *wrong], "x": n}


MANY = Task("many", SCHEMA, tuple(map(document, range(300))))
PREDICTIONS = {f"d{n}": prediction(n) for n in range(0, 300, 2)}


@pytest.fixture(scope="module")
def expected():
    """The score of all of them, and what it says."""
    result = score(MANY, PREDICTIONS)
    return result, in_words(result)


@pytest.mark.parametrize("limits", [*LIMITS, FORGETFUL, {"MOST_KEPT": 0}, {"CHUNK": 1000}])
def test_many_documents_score_the_same_in_chunks_of_any_size(limits, expected):
    result, (usual, says) = limited(MANY, PREDICTIONS, limits), expected
    assert usual.grounding["rows"].overlapping == 0 < usual.grounding["rows"].verbatim
    assert in_words(result) == says


def test_a_document_scores_the_same_whatever_others_are_scored_with_it(expected):
    result, _ = expected
    for n in (0, 130, 257, 299):
        alone = MANY.only([MANY.documents[n]])
        one = score(alone, {k: v for k, v in PREDICTIONS.items() if k == f"d{n}"})
        assert one.counts[0].tolist() == result.counts[n].tolist()
        assert one.records[0].tolist() == result.records[n].tolist()


PLACES = [0, 1, 15, 16, 255, 256, 299]


def replaced(n, one):
    documents = list(MANY.documents)
    documents[n] = one
    return MANY.only(documents)


@pytest.mark.parametrize("n", PLACES)
def test_gold_of_the_wrong_type_is_named_by_its_document_among_many(n):
    wrong = replaced(n, Document("wrong", {"title": 5, "rows": [{"k": "a", "n": "1"}]}))
    with pytest.raises(DataError) as error:
        score(wrong, {})
    assert str(error.value) == "gold of 'wrong': wrong type at title, rows.n"


@pytest.mark.parametrize("n", PLACES)
@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"alternatives": {"rows[9].k": ["a"]}}, "'rows[9].k': gold has no such value"),
        ({"alternatives": {"title": [5]}}, "alternatives of 'title': 5 is no string"),
        ({"optional": ["rows[9]"]}, "'rows[9]': gold has no such record"),
    ],
)
def test_what_gold_accepts_in_vain_is_named_by_its_document_among_many(n, more, reason):
    with pytest.raises(DataError) as error:
        score(replaced(n, Document("wrong", {"rows": [row(1)]}, **more)), {})
    assert str(error.value).startswith(f"gold of 'wrong': {reason}")


def breaking(value):
    if "broken" in value:
        raise KeyError(value)
    return value


@pytest.mark.parametrize("grade", [None, lambda gold, predicted: Grade.NOT])
@pytest.mark.parametrize(
    ("gold", "alternatives", "prediction", "blamed"),
    [
        ({"title": "broken"}, {}, {"title": "a"}, "gold of 'd23': "),
        ({"tags": ["a", "broken"]}, {}, {"tags": ["b"]}, "gold of 'd23': "),
        ({"rows": [{"k": "a"}, {"k": "broken"}]}, {}, {"rows": [{"k": "b"}]}, "gold of 'd23': "),
        ({"title": "a"}, {"title": ["broken"]}, {"title": "b"}, "gold of 'd23': "),
        ({"title": "a"}, {}, {"title": "broken"}, ""),
    ],
)
def test_the_gold_that_a_comparator_breaks_on_is_named(
    monkeypatch, grade, gold, alternatives, prediction, blamed
):
    monkeypatch.setitem(comparators.COMPARATORS, "text", Comparator(breaking, ("string",), grade))
    documents = [Document(f"d{n}", {"title": "a"}) for n in range(40)]
    documents[23] = Document("d23", gold, alternatives=alternatives)
    schema = obj(title=STRING, tags=array(STRING), rows=table(k=KEY))
    with pytest.raises(DataError) as error:
        score(Task("t", schema, tuple(documents)), {"d23": prediction})
    assert str(error.value) == f"{blamed}comparator 'text' broke on 'broken': KeyError: 'broken'"


def test_what_gold_accepts_is_accepted_in_that_document_alone():
    documents = [Document(str(n), {"title": "a", "rows": [{"k": "a"}]}) for n in range(40)]
    documents[23] = Document(
        "23", documents[0].gold, alternatives={"title": ["xyz", None]}, optional=["rows[0]"]
    )
    task = Task("t", obj(title=STRING, rows=table(k=KEY)), tuple(documents))
    missed = score(task, {}).counts.sum(axis=1)[:, 3]
    assert missed.tolist() == [2] * 23 + [0] + [2] * 16
    found = score(task, {d.id: {"title": "xyz"} for d in documents}).counts[:, 0, 0]
    assert np.flatnonzero(found).tolist() == [23]


@pytest.mark.parametrize(
    ("documents", "expected"), [(0, []), (1, [1]), (6, [3, 3]), (7, [3, 3, 1])]
)
def test_chunks_are_of_one_size_but_the_last(documents, expected):
    with patch.object(chunk, "CHUNK", 3):
        found = list(chunk.chunks(documents))
    assert [len(one) for one in found] == expected
    assert [n for one in found for n in one] == list(range(documents))


def test_what_is_remembered_of_earlier_chunks_has_a_limit():
    scorer = chunk.Scorer(lazy(200))
    predictions = {f"d{n}": lazy_gold(n) for n in range(200)}
    with patch.object(chunk, "MOST_KEPT", 50):
        for n in range(0, 200, 10):
            scorer.score(range(n, n + 10), predictions)
            assert max(one.size for one in scorer.interners.values()) < 50 + 10 * 10


class Lazy(Sequence):
    """Things that are made anew whenever they are asked for."""

    def __init__(self, size, make):
        self.size, self.make = size, make

    def __getitem__(self, at):
        if not 0 <= at < self.size:
            raise IndexError(at)
        return self.make(at)

    def __len__(self):
        return self.size


class LazyPredictions(Mapping):
    def __init__(self, size):
        self.size = size

    def __getitem__(self, name):
        n = int(name.removeprefix("d"))
        found = lazy_gold(n)
        return {**found, "title": n} if n % 2 else found

    def __iter__(self):
        return (f"d{n}" for n in range(self.size))

    def __len__(self):
        return self.size


def lazy_gold(n):
    """Some kilobytes that no other document has."""
    rows = [
        {"k": f"{n} {i} " + 1300 * "k", "day": "2025-07-01", "tags": [f"{n} {i}"]} for i in (1, 2)
    ]
    return {"title": f"{n} " + 1300 * "t", "rows": rows}


def lazy(size):
    return Task("lazy", SCHEMA, Lazy(size, lambda n: Document(f"d{n}", lazy_gold(n))))


def peak(size):
    """The most memory that scoring so many documents takes, in bytes."""
    task, predictions = lazy(size), LazyPredictions(size)
    tracemalloc.start()
    try:
        score(task, predictions)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_with_the_counts_of_documents_and_not_with_what_they_hold():
    with patch.object(chunk, "MOST_KEPT", 500), patch.object(interning, "MOST_KEPT", 500):
        peak(100)
        less, more = peak(3000), peak(6000)
    held = sum(len(str(lazy_gold(n))) for n in range(3000, 6000))
    assert more - less < held / 3


def test_a_scorer_is_lent_once_and_dropped_where_an_error_stopped_it():
    task = Task("t", obj(s=STRING), (Document("d", {"s": "a"}),))
    with chunk.borrowed(task) as first, chunk.borrowed(task) as second:
        assert second is not first
    with chunk.borrowed(task) as again:
        assert again is first
    with pytest.raises(ZeroDivisionError), chunk.borrowed(task):
        raise ZeroDivisionError
    with chunk.borrowed(task) as fresh:
        assert fresh is not first


def test_what_is_learned_of_a_task_goes_with_it():
    task = Task("t", obj(s=STRING), (Document("d", {"s": "a"}),))
    score(task, {"d": {"s": "a"}})
    held = ref(task)
    del task
    collect()
    assert held() is None


def test_scoring_within_scoring_changes_nothing():
    task = Task("t", obj(s=STRING), tuple(Document(str(n), {"s": "ab"[n % 2]}) for n in range(600)))
    predictions = {str(n): {"s": "abc"[n % 3]} for n in range(600)}
    inner = []
    outer = score(task, predictions, progress=lambda _: inner.append(score(task, predictions)))
    assert len(inner) == 3
    assert {one.signature for one in inner} == {outer.signature}
    for one in inner:
        assert one.counts.tolist() == outer.counts.tolist()
