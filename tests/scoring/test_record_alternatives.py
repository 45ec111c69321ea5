"""Alternatives of whole records: values that belong together are accepted together."""

import pytest
from support.tasks import KEY, STRING, array, compared, counted, obj, scored, table, task

from benchmark import DataError, score
from benchmark.reports.verdict_tree import verdict_tree

SPAN = obj(t=table(k=KEY, start=STRING, end=STRING))
ROW = {"k": "a", "start": "15", "end": "15"}
LONGER = {"start": "14", "end": "16"}
ACCEPTED = {"alternatives": {"t[0]": [LONGER]}}


def of(predicted, gold=(ROW,), schema=SPAN, **line):
    return scored(schema, {"t": list(gold)}, {"t": predicted}, **(line or ACCEPTED))


@pytest.mark.parametrize(
    ("start", "end", "correct"),
    [("15", "15", 3), ("14", "16", 3), ("14", "15", 2), ("15", "16", 2), ("1", "2", 1)],
)
def test_a_start_of_one_reading_never_goes_with_an_end_of_the_other(start, end, correct):
    result = of([{"k": "a", "start": start, "end": end}])
    assert result.micro().cor == correct
    assert result.micro().pos == result.micro().act == 3
    assert tuple(result.record_counts("t")) == (1, 1, 1, int(correct == 3))


def test_of_a_record_that_is_not_found_the_reading_with_the_fewest_values_is_missing():
    accepted = {"alternatives": {"t[0]": [{"start": None}, {"start": "1"}, {"end": None}]}}
    assert counted(of([], **accepted)) == {"t.k": {"MIS": 1}, "t.end": {"MIS": 1}}  # the first
    assert tuple(of([], **accepted).record_counts("t")) == (1, 0, 0, 0)


def test_a_reading_that_accepts_absence_is_taken_only_where_it_earns_more():
    accepted = {"alternatives": {"t[0]": [{"start": None}]}}
    assert counted(of([{"k": "a", "end": "15"}], **accepted)) == {
        "t.k": {"COR": 1},
        "t.end": {"COR": 1},
    }
    assert counted(of([ROW], **accepted))["t.start"] == {"COR": 1}
    # Of readings of equal credit the one with the fewest errors, then the first: a wrong start is
    # INC as gold stands, SPU under the other reading.
    assert counted(of([{**ROW, "start": "9"}], **accepted))["t.start"] == {"INC": 1}


def test_records_are_paired_by_their_best_readings():
    gold = [ROW, {"k": "a", "start": "1", "end": "2"}]
    predicted = [{"k": "a", "start": "14", "end": "16"}, {"k": "a", "start": "15", "end": "15"}]
    accepted = {"alternatives": {"t[1]": [LONGER]}}
    assert of(predicted, gold, **accepted).micro().cor == 6
    assert of(predicted[::-1], gold[::-1], alternatives={"t[0]": [LONGER]}).micro().cor == 6
    assert of(predicted, gold, alternatives={"t[0]": [LONGER]}).micro().cor == 4


def test_the_key_may_be_among_what_is_laid_over():
    accepted = {"alternatives": {"t[0]": [{"k": "b"}]}}
    assert of([{**ROW, "k": "b"}], **accepted).micro().cor == 3
    assert of([{**ROW, "k": "c"}], **accepted).record_counts("t").paired == 0


def test_other_alternatives_hold_in_each_reading_that_does_not_say_otherwise():
    accepted = {"alternatives": {"t[0]": [LONGER], "t[0].k": ["b"], "t[0].end": ["20"]}}
    assert of([{"k": "b", "start": "14", "end": "16"}], **accepted).micro().cor == 3
    assert of([{"k": "b", "start": "15", "end": "20"}], **accepted).micro().cor == 3
    assert of([{"k": "b", "start": "14", "end": "20"}], **accepted).micro().cor == 2


def test_an_optional_record_is_optional_in_each_reading():
    line = {**ACCEPTED, "optional": ["t[0]"]}
    assert counted(of([], **line)) == {}
    assert of([{"k": "a", **LONGER}], **line).micro().cor == 3
    assert tuple(of([], **line).record_counts("t")) == (0, 0, 0, 0)


DEEP = obj(t=table(k=KEY, at=obj(x=STRING, y=STRING), u=table(n=KEY, m=STRING), tags=array(STRING)))
DEEP_ROW = {
    "k": "a",
    "at": {"x": "1", "y": "2"},
    "u": [{"n": "p", "m": "q"}, {"n": "r", "m": "s"}],
    "tags": ["one", "two"],
}


def deep(change, **line):
    return scored(DEEP, {"t": [DEEP_ROW]}, {"t": [{**DEEP_ROW, **change}]}, **line)


def test_objects_are_merged_and_lists_replaced():
    line = {"alternatives": {"t[0]": [{"at": {"y": "3"}, "u": [{"n": "z"}], "tags": []}]}}
    result = deep({"at": {"x": "1", "y": "3"}, "u": [{"n": "z"}], "tags": []}, **line)
    assert (result.micro().cor, result.micro().pos, result.micro().act) == (4, 4, 4)
    assert tuple(result.record_counts("t.u")) == (1, 1, 1, 1)
    as_it_stands = deep({}, **line)
    assert as_it_stands.micro().strict.f1 == 1.0
    assert tuple(as_it_stands.record_counts("t.u")) == (2, 2, 2, 2)


def test_nested_records_have_readings_of_their_own_in_each_reading_of_their_parent():
    line = {"alternatives": {"t[0]": [{"k": "b"}], "t[0].u[1]": [{"n": "v", "m": "w"}]}}
    predicted = {"k": "b", "u": [{"n": "v", "m": "w"}, {"n": "p", "m": "q"}]}
    result = deep(predicted, **line)
    assert result.micro().strict.f1 == 1.0
    assert tuple(result.record_counts("t.u")) == (2, 2, 2, 2)
    mixed = deep({**predicted, "u": [{"n": "v", "m": "s"}, {"n": "p", "m": "q"}]}, **line)
    assert counted(mixed)["t.u.m"] == {"COR": 1, "INC": 1}


def test_what_is_missing_below_is_that_of_the_reading_that_counts():
    line = {"alternatives": {"t[0]": [{"u": []}]}}
    result = scored(DEEP, {"t": [DEEP_ROW]}, {"t": []}, **line)
    assert "t.u.n" not in counted(result)
    assert tuple(result.record_counts("t.u")) == (0, 0, 0, 0)
    paired = deep({"u": []}, **line)
    assert paired.micro().strict.f1 == 1.0


def test_graded_values_and_sequences_have_readings_too():
    fuzzy = compared(STRING, by="fuzzy", accept=0.9, partial=0.5, key=True)
    schema = obj(t={**table(a=fuzzy, b=STRING), "x-compare": {"as": "sequence"}})
    gold = [{"a": "the market place", "b": "1"}, {"a": "the old harbour", "b": "2"}]
    line = {"alternatives": {"t[0]": [{"a": "Grand Place", "b": "3"}]}}
    predicted = [{"a": "Grand Place", "b": "3"}, {"a": "the old harbour", "b": "2"}]
    assert of(predicted, gold, schema, **line).micro().cor == 4
    assert of(predicted[::-1], gold, schema, **line).micro().cor == 2


def test_jobs_and_many_documents_give_the_same(tmp_path):
    from benchmark import Document, Task

    documents = tuple(
        Document(f"d{n}", {"t": [ROW]}, alternatives={"t[0]": [LONGER]} if n % 2 else {})
        for n in range(8)
    )
    predictions = {f"d{n}": {"t": [{"k": "a", **LONGER}]} for n in range(8)}
    result = score(Task("many", SPAN, documents), predictions)
    assert result.counts.sum(axis=(1,))[:, 0].tolist() == [1, 3] * 4


def test_the_explanation_says_which_reading_counted():
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    Console(file=out, width=100).print(verdict_tree(of([{"k": "a", **LONGER}]), "d"))
    assert "t[0] and predicted t[0] (perfect), which gold accepts with" in out.getvalue()


@pytest.mark.parametrize(
    ("alternatives", "message"),
    [
        ({"t[0]": [{"strat": "1"}]}, r"alternatives of 't\[0\]': the record has no strat"),
        ({"t[0]": {"start": "1"}}, "are a list of objects with fields of the record"),
        ({"t[0]": ["x"]}, "are a list of objects with fields of the record"),
        ({"t[7]": [{"start": "1"}]}, r"'t\[7\]': gold has no such value"),
        ({"t[0]": [{"start": 1}]}, "wrong type at t.start"),
    ],
)
def test_what_cannot_be_laid_over_is_refused(alternatives, message):
    with pytest.raises(DataError, match=message):
        score(task(SPAN, {"t": [ROW]}, alternatives=alternatives), {})


def test_what_a_nested_record_is_also_accepted_as_is_nothing_that_its_parent_states():
    nested = obj(t=table(sub=compared(table(k=STRING), key=True), v=STRING))
    gold = [{"sub": [{}], "v": "x"}]
    accepted = {"alternatives": {"t[0].sub[0]": [{"k": "a"}]}}
    result = of([{"v": "x"}], gold, nested, **accepted)
    assert counted(result) == {"t.v": {"COR": 1}}


def test_what_is_laid_over_a_tuple_names_its_places():
    tuples = obj(t=array({"type": "array", "prefixItems": [KEY, STRING]}))
    result = of([["a", "y"]], [["a", "x"]], tuples, alternatives={"t[0]": [{"1": "y"}]})
    assert counted(result) == {"t.0": {"COR": 1}, "t.1": {"COR": 1}}
