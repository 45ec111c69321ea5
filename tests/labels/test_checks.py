"""What `gold check` finds: each kind of problem alone."""

import hashlib

import pytest
from support.tasks import (
    DATE,
    EVIDENCE,
    INTEGER,
    KEY,
    STRING,
    array,
    compared,
    obj,
    table,
    write_task,
)

from benchmark import load_task
from benchmark.labels.checks import problems

TEXT = "On Monday rebels attacked Kayes; five died."
SCHEMA = obj(
    rows=table(
        k=KEY,
        low=INTEGER,
        high=INTEGER,
        start=DATE,
        end=DATE,
        who=array(compared(STRING, by="name")),
        evidence=EVIDENCE,
    )
)
ROW = {"k": "Kayes", "low": 5, "high": 5, "start": "2025-07-01", "end": "2025-07-01"}


def document(row=ROW, **more):
    return {"id": "d", "text": TEXT, "gold": {"rows": [row]}, **more}


@pytest.fixture
def found(tmp_path):
    """The problems of a task of one document."""

    def check(one, labels=None, aliases=""):
        folder = write_task(tmp_path, SCHEMA, [one], labels)
        (folder / "aliases.txt").write_text(aliases, "utf-8")
        return list(problems(load_task(folder)))

    return check


def span(words):
    start = TEXT.index(words)
    return [start, start + len(words)]


def test_sound_gold_has_no_problem(found):
    sound = document(
        meta={"sha256": hashlib.sha256(TEXT.encode()).hexdigest()},
        spans={
            "rows[0].k": [span("Kayes")],
            "rows[0].evidence": [span("rebels attacked Kayes;"), span("five died.")],
            "rows[0]": [[0, len(TEXT)]],
        },
        alternatives={"rows[0].low": [None, 4]},
        optional=["rows[0]"],
    )
    assert found(sound, {"pass-a": [sound]}, "A | B\n") == []


@pytest.mark.parametrize("gap", [{"high": None}, {"low": None}, {"start": None}, {"end": None}])
def test_a_side_that_is_not_given_is_in_order(found, gap):
    schema_allows_absence = {key: value for key, value in (ROW | gap).items() if value is not None}
    assert found(document(schema_allows_absence)) == []


def test_low_above_high_is_found(found):
    assert found(document({**ROW, "low": 9, "high": 5})) == ["'d' rows[0]: low 9 is after high 5"]


def test_start_after_end_is_found(found):
    assert found(document({**ROW, "start": "2025-07-02"})) == [
        "'d' rows[0]: start 2025-07-02 is after end 2025-07-01"
    ]


def test_a_hash_that_is_not_the_texts_is_found(found):
    (problem,) = found(document(meta={"sha256": "0" * 64}))
    assert problem.startswith("'d': the text's SHA-256 is ")
    assert problem.endswith("the metadata says " + "0" * 64)


@pytest.mark.parametrize("path", ["rows[1].k", "rows[0].kk", "rows[0].who[0]", "rows[1].evidence"])
def test_a_span_of_no_value_is_found(found, path):
    assert found(document(spans={path: [span("Kayes")]})) == [
        f"'d' span of {path}: gold has no such value"
    ]


@pytest.mark.parametrize("start", [0, 1000])
def test_a_span_past_the_end_of_the_text_is_found(found, start):
    assert found(document(spans={"rows[0].k": [[start, 1001]]})) == [
        f"'d' span of rows[0].k: [{start}, 1001] runs past the text's end, {len(TEXT)}"
    ]


@pytest.mark.parametrize("words", ["Kaye", "ayes", "aye", "ebels attacked", "rebels attack"])
def test_a_span_that_cuts_a_word_is_found(found, words):
    start, end = span(words)
    (problem,) = found(document(spans={"rows[0].k": [[start, end]]}))
    assert problem.startswith(f"'d' span of rows[0].k: [{start}, {end}] cuts the word around ")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"alternatives": {"rows[3].k": ["x"]}}, "'rows[3].k': gold has no such value"),
        ({"alternatives": {"rows[0].low": ["4"]}}, "alternatives of 'rows[0].low': '4' is no"),
        ({"optional": ["rows[1]"]}, "'rows[1]': gold has no such record (optional)"),
    ],
)
def test_a_wrong_alternative_or_optional_record_is_found(found, more, problem):
    (line,) = found(document(**more))
    assert line.startswith(f"gold of 'd': {problem}")


def test_a_name_in_two_lines_of_the_alias_list_is_found(found):
    (problem,) = found(document(), aliases="Army | Troops\nPolice | troops\n")
    assert problem.startswith("alias list: 'troops' stands in the lines of 'Army' and of 'Police'")


def test_labels_of_no_document_of_the_task_are_found(found):
    labels = {"pass-a": [document(id="other")]}
    (problem,) = found(document(), labels)
    assert problem.endswith("labels/pass-a/other.yaml: there is no document 'other'")


def test_labels_that_break_the_schema_are_found(found):
    (problem,) = found(document(), {"pass-a": [document({"k": "Kayes", "low": "5"})]})
    assert problem.startswith("labels/pass-a: 'd' breaks the schema at rows[0].low: ")


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ({"rows[0].k": [[0, 99]]}, "span of rows[0].k: [0, 99] runs past the text's end"),
        ({"rows[0].k": [[0, 4]]}, "span of rows[0].k: [0, 4] cuts the word"),
    ],
)
def test_wrong_spans_of_labels_are_found_in_the_text_of_the_task(found, spans, problem):
    bare = {"id": "d", "gold": {"rows": [ROW]}, "spans": spans}
    (line,) = found(document(), {"pass-a": [bare]})
    assert line.startswith(f"labels/pass-a: 'd' {problem}")


def test_all_problems_are_told_not_only_the_first(found):
    bad = document(
        {**ROW, "low": 9, "start": "2025-07-02"},
        meta={"sha256": "0"},
        spans={"rows[0].k": [[0, 1], [0, 99]], "rows[9].k": [[0, 2]]},
    )
    assert len(found(bad, {"pass-a": [document(id="other")]})) == 7


def test_spans_of_a_withheld_text_are_held_to_gold_but_not_to_the_text(found):
    bare = document(text=None, spans={"rows[0].k": [[0, 99]], "rows[5].k": [[0, 1]]})
    assert found(bare) == ["'d' span of rows[5].k: gold has no such value"]


def test_the_shipped_task_is_clean():
    assert list(problems(load_task("sitrep"))) == []


def test_spans_of_evidence_by_any_name_are_known(tmp_path):
    words = {"type": "string", "x-compare": {"score": False, "evidence": True}}
    schema = obj(rows=table(k=KEY, words=words))
    gold = {"id": "d", "text": "one", "gold": {"rows": [{"k": "a"}]}}
    gold["spans"] = {"rows[0].words": [[0, 3]]}
    assert list(problems(load_task(write_task(tmp_path, schema, [gold])))) == []


def test_a_misspelt_property_of_gold_is_found(tmp_path):
    gold = {"id": "d", "gold": {"k": "a", "kk": "b"}}
    (problem,) = problems(load_task(write_task(tmp_path, obj(k=KEY), [gold])))
    assert "kk" in problem


def test_wrong_alternatives_of_labels_are_found(tmp_path):
    gold = {"id": "d", "gold": {"k": "a"}}
    wrong = {**gold, "alternatives": {"q": ["b"]}}
    folder = write_task(tmp_path, obj(k=KEY), [gold], {"one": [wrong], "two": [gold]})
    (problem,) = problems(load_task(folder))
    assert problem.startswith("labels/one")


@pytest.mark.parametrize("pair", [({}, {}), ("9", "10"), (1, "0"), (True, False)])
def test_what_has_no_order_is_not_put_in_order(tmp_path, pair):
    anything = {"x-compare": {"score": False}}
    schema = obj(k=KEY, low=anything, high=anything)
    gold = {"id": "d", "gold": {"k": "a", "low": pair[0], "high": pair[1]}}
    assert list(problems(load_task(write_task(tmp_path, schema, [gold])))) == []
