"""Documents with schemas of their own are scored by them, and counts add up."""

from collections import Counter

import numpy as np
import pytest
from support.own_schemas import GOLD, INVOICE, LETTER, NOTE, PREDICTED, SCHEMAS, own_task
from support.tasks import EVIDENCE, KEY, array, obj, table

from benchmark import Counts, DataError, Document, Rates, Status, Task, UnknownNameError, score
from benchmark.statistics.intervals import estimates

FIELDS = {
    "default: words": Counts(cor=1),
    "invoice: total": Counts(cor=1),
    "invoice: lines.item": Counts(cor=1, mis=1, spu=1),
    "invoice: lines.amount": Counts(cor=1, mis=1, spu=1),
    "letter: sender": Counts(cor=1, mis=1),
    "letter: total": Counts(inc=1),
}


@pytest.fixture(scope="module")
def result():
    return score(own_task(), PREDICTED)


def test_counts_are_those_worked_out_by_hand(result):
    assert {path: result.field_counts(path) for path in result.fields} == FIELDS
    assert result.micro() == Counts(cor=5, inc=1, mis=3, spu=2)
    assert result.micro("invoice: lines") == Counts(cor=2, mis=2, spu=2)
    assert result.record_counts("invoice: lines") == (2, 2, 1, 1)
    assert list(result.statuses.items()) == [
        ("b", Status.OK),
        ("a", Status.OK),
        ("d", Status.OK),
        ("c", Status.MISSING),
        ("e", Status.OK),
    ]
    assert result.reasons == {"c": "no prediction"}


def test_the_mean_is_over_documents_that_define_it(result):
    # F1 of a, b, c, d: 0.6, 0.5, 0, 1; e is undefined. Precision of c is undefined, too.
    mean = result.mean_over_documents()
    assert mean.f1 == pytest.approx((0.6 + 0.5 + 0 + 1) / 4)
    assert mean.precision == pytest.approx((0.6 + 0.5 + 1) / 3)
    assert mean.recall == pytest.approx((0.6 + 0.5 + 0 + 1) / 4)
    empty = score(Task("hand", NOTE, (Document("e", {}),)), {"e": {}})
    assert empty.mean_over_documents() == Rates(None, None, None)


def test_the_score_is_the_sum_of_its_parts(result):
    parts = {"default": NOTE, "invoice": INVOICE, "letter": LETTER}
    for name, schema in parts.items():
        documents = [line for line in GOLD if line.get("schema", "default") == name]
        plain = [Document(line["id"], line["gold"]) for line in documents]
        ids = [document.id for document in plain]
        predicted = {name: PREDICTED[name] for name in ids if name in PREDICTED}
        part = score(Task(name, schema, tuple(plain)), predicted)
        own = [path for path in result.fields if path.startswith(f"{name}: ")]
        assert own == [f"{name}: {path}" for path in part.fields]
        columns = [result.fields.index(path) for path in own]
        rows = [result.documents.index(document) for document in ids]
        assert (result.counts[np.ix_(rows, columns)] == part.counts).all()
        assert (result.matched_counts[np.ix_(rows, columns)] == part.matched_counts).all()
        assert result.micro_of(ids) == part.micro()
        for document in ids:
            assert result.verdicts(document).slots == part.verdicts(document).slots


def test_a_prediction_is_held_against_the_documents_own_schema():
    task = own_task()
    wrong = score(task, {"b": {"sender": 3}, "a": {"sender": "Ada"}, "d": [1]})
    assert wrong.statuses["b"] is wrong.statuses["d"] is Status.INVALID
    assert wrong.statuses["a"] is Status.OK
    assert wrong.invalid == Counter({"letter: sender": 1, "$": 1})
    assert wrong.unknown == Counter({"invoice: sender": 1})
    with pytest.raises(UnknownNameError, match="document"):
        wrong.verdicts("z")


def test_processes_make_the_same_score(result):
    several = score(own_task(), PREDICTED, jobs=2)
    assert (several.counts == result.counts).all()
    assert (several.records == result.records).all()
    assert several.signature == result.signature
    assert several.statuses == result.statuses


def test_progress_is_told_of_every_document():
    done = []
    score(own_task(), PREDICTED, progress=done.append)
    assert sum(done) == 5


def test_quotations_are_counted_by_the_tables_of_each_schema():
    schema = obj(rows=table(k=KEY, quote=EVIDENCE))
    documents = [
        Document(name, {"rows": [{"k": "x"}]}, "x is here", schema=name) for name in ("a", "b")
    ]
    task = Task("own", {}, tuple(documents), schemas={"a": schema, "b": schema})
    said = {"rows": [{"k": "x", "quote": "x is"}]}
    result = score(task, {"a": said, "b": {"rows": []}})
    assert list(result.grounding) == ["a: rows"]
    assert result.grounding["a: rows"][:2] == (1, 1)


def test_gold_that_cannot_be_scored_names_its_document():
    task = Task("own", {}, (Document("d", {"x": ["a"]}, schema="a"),), schemas={"a": obj(x=KEY)})
    with pytest.raises(DataError, match="gold of 'd'"):
        score(task, {})


def test_of_a_single_document_its_records_are_the_units():
    gold = {"rows": [{"k": name} for name in "abcdefgh"]}
    predicted = {"rows": [{"k": name} for name in "abcd"]}
    schemas = {"one": obj(rows=table(k=KEY), tags=array(KEY)), **SCHEMAS}
    own = score(
        Task("own", {}, (Document("d", gold, schema="one"),), schemas=schemas), {"d": predicted}
    )
    plain = score(Task("own", schemas["one"], (Document("d", gold),)), {"d": predicted})
    assert estimates(own).micro == estimates(plain).micro == estimates(own).mean
    assert estimates(own).fields["one: rows.k"] == estimates(plain).fields["rows.k"]
    assert estimates(own).micro.f1[0] is not None


def test_many_schemas_fit_in_memory():
    schemas = {f"s{n}": obj(**{f"f{m}": KEY for m in range(100)}) for n in range(50)}
    gold = {f"f{m}": "x" for m in range(100)}
    documents = tuple(Document(name, gold, schema=name) for name in schemas)
    task = Task("own", {}, documents, schemas=schemas)
    result = score(task, {name: {"f0": "x", "f1": "y"} for name in schemas})
    assert result.counts.shape == (50, 5000, 5)
    made = estimates(result)
    assert made.mean.f1 == pytest.approx((2 / 102, 2 / 102))
    assert made.fields["s49: f0"].f1 == (None, None)
    assert made.fields["s49: f2"].f1 == (None, None)
