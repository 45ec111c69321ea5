"""Labelling passes against each other."""

import json

import pytest
from support.tasks import EVIDENCE, INTEGER, KEY, STRING, array, obj, table, write_task

from benchmark import Counts, DataError, UnknownNameError, load_task
from benchmark.labels.agreement import (
    against_gold,
    as_csv,
    as_dict,
    pair_sheet,
    pairwise,
    read_passes,
    without_pair,
)

SCHEMA = obj(rows=table(k=KEY, n=INTEGER, tags=array(STRING), quote=EVIDENCE))


def label(name, *rows, **more):
    return {"id": name, "gold": {"rows": list(rows)}, **more}


A = {"k": "a", "n": 1, "tags": ["x", "y"]}
B = {"k": "b", "n": 2, "tags": []}
GOLD = [label("one", A, B), label("two", A)]
FIRST = [
    label("one", A, B, alternatives={"rows[0].n": [7]}),
    label("two", {**A, "n": None}),
]
SECOND = [
    label("one", {**A, "n": 7}, {"k": "c", "n": 2}, optional=["rows[1]"]),
    label("two", {**A, "tags": ["x", "z", "w"]}),
]


@pytest.fixture
def make(tmp_path_factory):
    def made(*passes, gold=GOLD):
        labels = {f"pass-{n}": documents for n, documents in enumerate(passes)}
        return load_task(write_task(tmp_path_factory.mktemp("task"), SCHEMA, gold, labels))

    return made


def agreement(task):
    """The score of the two passes of a task."""
    (pair,) = pairwise(task)
    return pair.score


def test_the_passes_are_read_by_the_name_of_their_folder(make):
    passes = read_passes(make(FIRST, SECOND))
    assert list(passes) == ["pass-0", "pass-1"]
    assert [document.id for document in passes["pass-1"]] == ["one", "two"]
    assert passes["pass-0"][0].alternatives == {"rows[0].n": [7]}


def test_labels_that_cannot_be_used_are_an_error_that_names_the_file(make):
    task = make(FIRST, SECOND)
    (task.folder / "labels" / "pass-0" / "one.yaml").write_text("rows: [{kk: a}]", "utf-8")
    with pytest.raises(DataError, match=r"one\.yaml: rows\[0\]: no field 'kk'"):
        read_passes(task)


def test_agreement_is_value_against_value_whatever_else_a_pass_accepts(make):
    result = agreement(make(FIRST, SECOND))
    assert result.field_counts("rows.k") == Counts(cor=2, mis=1, spu=1)
    assert result.field_counts("rows.n") == Counts(inc=1, mis=1, spu=2)
    assert result.field_counts("rows.tags") == Counts(cor=3, inc=1, spu=1)
    assert tuple(result.record_counts("rows")) == (3, 3, 2, 0)


def test_agreement_is_the_same_whichever_pass_is_called_gold(make):
    one = agreement(make(FIRST, SECOND))
    other = agreement(make(SECOND, FIRST))
    assert one.micro().strict.f1 == other.micro().strict.f1
    for path in one.fields:
        a, b = one.field_counts(path), other.field_counts(path)
        assert a == Counts(b.cor, b.par, b.inc, b.spu, b.mis)


def test_a_pass_agrees_with_itself_in_full(make):
    result = agreement(make(FIRST, [dict(one) for one in FIRST]))
    assert result.micro().strict.f1 == 1
    assert result.micro().pos == result.micro().cor == 9


def test_lenient_accepts_what_either_pass_accepts_and_counts_both_ways(make):
    (pair,) = pairwise(make(FIRST, SECOND))
    first_as_gold = Counts(cor=6, inc=1, mis=2, spu=4)
    second_as_gold = Counts(cor=5, inc=2, mis=2, spu=2)
    assert pair.lenient == first_as_gold + second_as_gold


def test_each_pass_is_scored_against_the_adjudicated_gold(make):
    scores = against_gold(make(FIRST, SECOND))
    assert scores["pass-0"].micro() == Counts(cor=9, mis=1)
    assert scores["pass-1"].micro() == Counts(cor=6, inc=2, mis=2, spu=3)


def test_only_documents_that_both_passes_label_count(make):
    result = agreement(make(FIRST, SECOND[:1]))
    assert result.documents == ("one",)


@pytest.mark.parametrize(
    ("passes", "named"),
    [((), "none"), ((FIRST,), "pass-0")],
)
def test_agreement_needs_two_passes_and_names_those_there_are(make, passes, named):
    message = f"agreement is between two passes or more; .*labels has {named}$"
    with pytest.raises(DataError, match=message):
        pairwise(make(*passes))


def test_passes_without_a_document_in_common_are_an_error(make):
    with pytest.raises(DataError, match=r"no document of '.*' is labelled in two of the passes"):
        pairwise(make(FIRST[:1], SECOND[1:]))


THIRD = [label("one", A, B), label("two", {**A, "n": 5})]


def test_every_two_of_three_passes_are_what_they_are_alone(make):
    pairs = pairwise(make(FIRST, SECOND, THIRD))
    assert [(pair.first, pair.second) for pair in pairs] == [
        ("pass-0", "pass-1"),
        ("pass-0", "pass-2"),
        ("pass-1", "pass-2"),
    ]
    for pair, two in zip(pairs, ((FIRST, SECOND), (FIRST, THIRD), (SECOND, THIRD)), strict=True):
        (alone,) = pairwise(make(*two))
        assert pair.score.micro() == alone.score.micro()
        assert pair.lenient == alone.lenient


def test_two_of_three_passes_are_chosen_by_name(make):
    task = make(FIRST, SECOND, THIRD)
    (pair,) = pairwise(task, ("pass-2", "pass-0"))
    assert (pair.first, pair.second) == ("pass-2", "pass-0")
    assert pair.score.micro() == pairwise(make(THIRD, FIRST))[0].score.micro()
    assert list(against_gold(task, ("pass-2", "pass-0"))) == ["pass-2", "pass-0"]
    with pytest.raises(UnknownNameError, match="unknown labelling pass 'pass-9'; did you mean"):
        pairwise(task, ("pass-0", "pass-9"))
    with pytest.raises(DataError, match=r"two passes or more; --between has pass-1$"):
        pairwise(task, ("pass-1", "pass-1"))


def test_passes_with_no_document_in_common_are_no_pair_and_are_told(make):
    task = make(FIRST, SECOND[:1], THIRD[1:])
    pairs = pairwise(task)
    assert [pair.score.documents for pair in pairs] == [("one",), ("two",)]
    assert without_pair(task, (), pairs) == [("pass-1", "pass-2")]


def test_pairs_of_passes_as_a_table_json_and_csv(make):
    pairs = pairwise(make(FIRST, SECOND, THIRD))
    f1 = [pair.score.micro().strict.f1 for pair in pairs]
    sheet = pair_sheet(pairs)
    assert sheet.rows[0][:3] == ("pass-0, pass-1", "2", f"{f1[0]:.3f}")
    assert sheet.rows[-1][:3] == ("mean", "", f"{sum(f1) / 3:.3f}")
    report = json.loads(json.dumps(as_dict(pairs), allow_nan=False))
    assert [one["score"]["micro"]["f1"] for one in report["pairs"]] == f1
    assert report["mean"]["f1"] == pytest.approx(sum(f1) / 3)
    lines = as_csv(pairs).splitlines()
    assert lines[0] == "first,second,documents,f1,lenient_f1"
    assert lines[3].startswith(f"pass-1,pass-2,2,{f1[2]},")
    assert len(lines) == 4


def test_the_passes_over_the_shipped_task_agree_as_its_card_says():
    task = load_task("sitrep")
    assert list(read_passes(task)) == ["pass-a", "pass-b"]
    result = agreement(task)
    assert result.documents == ("mali-2025-07-01-wire", "mali-2025-07-01")
    f1 = result.micro().strict.f1
    assert f1 == pytest.approx(0.955, abs=0.0005)
    assert f"({f1:.3f} micro F1" in (task.folder / "README.md").read_text("utf-8")


def test_the_shipped_passes_are_two_and_not_one_twice():
    first, second = read_passes(load_task("sitrep")).values()
    assert [a.id for a in first] == [b.id for b in second]
    assert all(a.gold != b.gold for a, b in zip(first, second, strict=True))


def test_labels_of_a_document_that_gold_lacks_are_an_error(make):
    labels = [label("one", A, B), label("stray", A)]
    with pytest.raises(DataError, match=r"stray\.yaml: there is no document 'stray'"):
        against_gold(make(labels, labels))
