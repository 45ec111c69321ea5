"""Predictions files, and what becomes of each document."""

import json
import math

import pytest
from pydantic import BaseModel
from support.tasks import INTEGER, KEY, obj, outcomes, scored, table, write_lines

from benchmark import DataError, Document, Failure, Status, Task, read_predictions, score
from benchmark.data.predictions import classify
from benchmark.schema.validation import Validator

SCHEMA = obj(rows=table(k=KEY, n=INTEGER))
GOLD = {"rows": [{"k": "a", "n": 1}]}


def test_a_line_holds_a_prediction_or_an_error(tmp_path):
    lines = [
        {"id": "a", "prediction": GOLD},
        {"id": "b", "error": "no answer"},
        {"id": "c", "prediction": '{"rows": []}'},
        {"id": "d", "prediction": None},
        {"id": "e", "error": None},
        {"id": "f", "prediction": GOLD, "error": None, "seconds": 3},
        {"id": "g", "error": ""},
        {"id": "h", "prediction": None, "error": "why"},
        {"id": "i", "error": {"code": 5}},
    ]
    assert read_predictions(write_lines(tmp_path / "p.jsonl", lines)) == {
        "a": GOLD,
        "b": Failure("no answer"),
        "c": '{"rows": []}',
        "d": None,
        "e": None,
        "f": GOLD,
        "g": Failure(""),
        "h": Failure("why"),
        "i": Failure("{'code': 5}"),
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "a JSON object is expected"),
        ("{}", "a prediction is "),
        ('{"id": "x"}', "a prediction is "),
        ('{"id": 5, "prediction": {}}', "a prediction is "),
        ('{"prediction": {}}', "a prediction is "),
        ('{"id": null, "error": "x"}', "a prediction is "),
        ('{"id": "a", "prediction": {}}', "'a' is predicted a second time"),
        ('{"id": "a", "error": "x"}', "'a' is predicted a second time"),
        ('{"id": "x", "prediction": {}, "error": "y"}', "'x' has both a prediction and an error"),
        ('{"id": "x", "prediction": NaN}', "not JSON"),
        ('{"id": "x", "prediction": Infinity}', "not JSON"),
        ('{"id": "x", "prediction": "\\ud800"}', "not JSON"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path, line, reason):
    path = tmp_path / "p.jsonl"
    path.write_text(f'{{"id": "a", "prediction": {{}}}}\n\n{line}\n', "utf-8")
    with pytest.raises(DataError) as error:
        dict(read_predictions(path))
    assert "p.jsonl:3: " in str(error.value)
    assert reason in str(error.value)


def test_a_prediction_whose_id_is_a_number_is_told_with_the_way_out(tmp_path):
    path = write_lines(tmp_path / "p.jsonl", [{"id": 5, "prediction": {}}])
    with pytest.raises(DataError, match=r'its id is a string, not a number: write "5"$'):
        read_predictions(path)


def test_a_line_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"id": "a", "prediction": {"k": "d\xe9j\xe0"}}\n')
    with pytest.raises(DataError, match=r"p\.jsonl:1: not JSON"):
        dict(read_predictions(path))


def test_a_file_without_a_prediction_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"p\.jsonl: there is no prediction in it"):
        read_predictions(write_lines(tmp_path / "p.jsonl", []))


def test_what_is_wrong_with_a_prediction_is_told():
    validator = Validator(SCHEMA)
    assert classify("{", validator).reason
    assert classify(Failure("it broke"), validator).reason == "it broke"
    assert classify({"rows": 5}, validator).reason.startswith("rows: ")


WITHOUT_OBJECT = [
    ([], "a list"),
    ("[]", "a list"),
    ('"rows"', "a string"),
    ("null", "null"),
    (5, "a number"),
    (1.5, "a number"),
    (True, "a boolean"),
]


@pytest.mark.parametrize(("prediction", "kind"), WITHOUT_OBJECT, ids=str)
def test_an_answer_without_an_object_says_what_it_holds(prediction, kind):
    assert classify(prediction, Validator(SCHEMA)).reason == f"the answer is {kind}"


FENCES = [
    "```json\n{}\n```",
    "```\n{}\n```",
    "```JSON\r\n{}\r\n```\r\n",
    " \n``` json \n{}```\n\n",
]


@pytest.mark.parametrize("fence", FENCES, ids=repr)
def test_one_block_of_code_is_read_as_what_it_holds(fence):
    answer = fence.replace("{}", json.dumps(GOLD))
    assert classify(answer, Validator(SCHEMA)) == (Status.OK, GOLD, "")


def test_a_fence_inside_a_string_is_part_of_it():
    answer = {"rows": [{"k": "```json\n{}\n```"}]}
    assert classify(json.dumps(answer), Validator(SCHEMA))[1] == answer
    assert classify(f"```\n{json.dumps(answer)}\n```", Validator(SCHEMA))[1] == answer


OTHER_ANSWERS = [
    ("", "the answer is empty"),
    (" \n", "the answer is empty"),
    ("I cannot", "text without JSON: 'I cannot'"),
    ("x" * 99, f"text without JSON: '{'x' * 40}...'"),
    ("<think>so</think>\n{}", "text stands before the JSON: '<think>so</think>'"),
    ("\ufeff{}", "a byte order mark stands before the JSON"),
    ("Here:\n```json\n{}\n```", "a block of code does not stand alone, or holds no JSON: "),
    ("```json\n{}\n```\n```json\n{}\n```", "a block of code does not stand alone"),
    ("```\n{,}\n```", "a block of code does not stand alone, or holds no JSON: "),
    ('{"a": 1,}', "trailing comma"),
]


@pytest.mark.parametrize(("answer", "reason"), OTHER_ANSWERS, ids=repr)
def test_an_answer_that_is_no_json_says_what_stands_there(answer, reason):
    status, value, why = classify(answer, Validator(SCHEMA))
    assert (status, value) == (Status.UNPARSABLE, None)
    assert reason in why


TWICE = '{"rows": [{"k": "b", "k": "a", "n": 1}]}'


@pytest.mark.parametrize("answer", [TWICE, f"```\n{TWICE}\n```"])
def test_of_a_name_that_stands_twice_in_an_answer_the_last_one_counts(answer):
    result = scored(SCHEMA, GOLD, answer)
    assert outcomes(result) == {"rows.k": "COR", "rows.n": "COR"}
    assert result.statuses == {"d": "invalid"}
    assert result.reasons == {"d": "'k' stands twice in one object"}


def files(folder, kind, predictions):
    """Predictions, JSON texts by id, as a file or folder of some kind."""
    if kind == "folder":
        for name, text in predictions.items():
            (folder / f"{name}.json").write_text(text, "utf-8")
        return folder
    if kind == "object":
        pairs = ",".join(f"{json.dumps(name)}: {text}" for name, text in predictions.items())
        (folder / "p.json").write_text(f"\ufeff{{{pairs}}}", "utf-8")
        return folder / "p.json"
    lines = (f'{{"id": "{name}", "prediction": {text}}}' for name, text in predictions.items())
    (folder / "p.jsonl").write_text("\n".join(lines), "utf-8")
    return str(folder / "p.jsonl")


KINDS = pytest.mark.parametrize("kind", ["lines", "folder", "object"])


@KINDS
def test_predictions_are_lines_a_folder_or_one_object(tmp_path, task, kind):
    good = json.dumps(GOLD)
    source = files(tmp_path, kind, {"a": good, "b": TWICE, "c": json.dumps(good)})
    predictions = read_predictions(source)
    assert dict(predictions) == {"a": GOLD, "b": GOLD, "c": good}
    result = score(task, predictions)
    assert result.statuses == {"a": "ok", "b": "invalid", "c": "ok"}
    assert result.reasons == {"b": "'k' stands twice in one object"}
    assert (result.micro().cor, result.micro().pos, result.micro().act) == (6, 6, 6)


@KINDS
def test_the_answer_may_stand_somewhere_in_each_prediction(tmp_path, task, kind):
    wrapped = f'{{"status": "done", "data": {{"result": {TWICE}}}}}'
    nothing = '{"status": "failed"}'
    source = files(tmp_path, kind, {"a": wrapped, "b": json.dumps(wrapped), "c": nothing})
    predictions = read_predictions(source, "data.result")
    assert dict(predictions) == {"a": GOLD, "b": GOLD, "c": None}
    assert score(task, predictions).statuses == {"a": "invalid", "b": "invalid", "c": "missing"}
    with pytest.raises(DataError, match=r"no prediction has anything at data\.answer"):
        read_predictions(source, "data.answer")
    with pytest.raises(DataError, match=r"the place of the answer: 'a\.\.b' is no path"):
        read_predictions(source, "a..b")


def test_with_a_place_of_the_answer_a_line_needs_no_prediction(tmp_path):
    lines = [{"id": "a", "output": {"rows": []}}, {"id": "b", "error": "why"}]
    source = write_lines(tmp_path / "p.jsonl", lines)
    assert dict(read_predictions(source, "output")) == {"a": {"rows": []}, "b": Failure("why")}


def test_a_file_of_a_folder_that_is_no_json_costs_its_document(tmp_path, task):
    source = files(tmp_path, "folder", {"a": json.dumps(GOLD), "b": "I cannot"})
    (source / "c.json").write_bytes(b"```json\n" + json.dumps(GOLD).encode() + b"\n```")
    result = score(task, read_predictions(source))
    assert result.statuses == {"a": "ok", "b": "unparsable", "c": "ok"}


def test_a_document_that_is_predicted_twice_in_one_object_is_named(tmp_path):
    (tmp_path / "p.json").write_text('{"a": {}, "b": {}, "a": {}}', "utf-8")
    with pytest.raises(DataError, match=r"p\.json: 'a' is predicted a second time"):
        read_predictions(tmp_path / "p.json")


def test_a_file_named_json_may_hold_lines(tmp_path):
    line = {"id": "a", "prediction": GOLD}
    assert dict(read_predictions(write_lines(tmp_path / "p.json", [line]))) == {"a": GOLD}
    two = [line, {**line, "id": "b"}]
    assert dict(read_predictions(write_lines(tmp_path / "q.json", two))) == {"a": GOLD, "b": GOLD}


def test_an_error_beside_a_name_that_stands_twice_is_an_error(tmp_path):
    (tmp_path / "p.jsonl").write_text('{"id": "a", "error": "x", "error": "why"}', "utf-8")
    assert dict(read_predictions(tmp_path / "p.jsonl")) == {"a": Failure("why")}


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"p\.jsonl: cannot be read: No such file"):
        read_predictions(tmp_path / "p.jsonl")
    with pytest.raises(DataError, match="there is no prediction in it"):
        read_predictions(tmp_path)


class Row(BaseModel):
    k: str
    n: int | None = None


class Rows(BaseModel):
    rows: list[Row]


STATUSES = [
    (GOLD, Status.OK),
    ({"rows": []}, Status.OK),
    (Rows(rows=[Row(k="a", n=1)]), Status.OK),
    (json.dumps(GOLD), Status.OK),
    (f"\n {json.dumps(GOLD)} ", Status.OK),
    (None, Status.MISSING),
    (Failure("timeout"), Status.FAILED),
    ("", Status.UNPARSABLE),
    ("I cannot help with that", Status.UNPARSABLE),
    (f"```json\n{json.dumps(GOLD)}\n```", Status.OK),
    (f"Here:\n```json\n{json.dumps(GOLD)}\n```", Status.UNPARSABLE),
    ('{"rows": [{"k": "a", "n": NaN}]}', Status.UNPARSABLE),
    ('{"rows": [', Status.UNPARSABLE),
    ("{'rows': []}", Status.UNPARSABLE),
    ('{"a":' * 5000, Status.UNPARSABLE),
    ("[" * 5000 + "]" * 5000, Status.UNPARSABLE),
    ({"rows": [{"k": "a", "n": "1"}]}, Status.INVALID),
    ({"rows": [{"k": "a", "n": math.nan}]}, Status.INVALID),
    ({"rows": {}}, Status.INVALID),
    ([], Status.INVALID),
    (0, Status.INVALID),
    ("[]", Status.INVALID),
    ("null", Status.INVALID),
    ('"rows"', Status.INVALID),
]


@pytest.mark.parametrize(("prediction", "status"), STATUSES, ids=str)
def test_each_document_has_one_status(prediction, status):
    assert scored(SCHEMA, GOLD, prediction).statuses == {"d": status}
    assert classify(prediction, Validator(SCHEMA))[0] is status


@pytest.mark.parametrize("prediction", [None, Failure("timeout"), "not JSON"], ids=str)
def test_without_a_prediction_all_gold_is_missing(prediction):
    result = scored(SCHEMA, GOLD, prediction)
    assert outcomes(result) == {"rows.k": "MIS", "rows.n": "MIS"}
    assert tuple(result.record_counts("rows")) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "prediction", [Rows(rows=[Row(k="A", n=1)]), '{"rows": [{"k": "A", "n": 1.0}]}'], ids=str
)
def test_a_model_and_a_raw_answer_score_as_the_json_they_stand_for(prediction):
    assert outcomes(scored(SCHEMA, GOLD, prediction)) == {"rows.k": "COR", "rows.n": "COR"}


@pytest.fixture
def task():
    return Task("t", SCHEMA, tuple(Document(name, GOLD) for name in "abc"))


def test_a_document_that_is_not_predicted_is_missing_and_stays_in(task):
    result = score(task, {"b": GOLD})
    assert result.statuses == {"a": "missing", "b": "ok", "c": "missing"}
    counts = result.field_counts("rows.n")
    assert (counts.cor, counts.mis, counts.pos) == (1, 2, 3)


@pytest.mark.parametrize(
    ("names", "message"), [("x", "'x' is predicted"), ("yxa", "'x' and 1 more is predicted")]
)
def test_a_document_that_gold_lacks_is_an_error_that_names_it(task, names, message):
    with pytest.raises(DataError, match=f"{message}, but the gold has no such document"):
        score(task, dict.fromkeys(names, GOLD))


def test_a_prediction_for_another_schema_is_counted_as_unknown_beside_good_ones(task):
    result = score(task, {"a": {"events": []}, "b": GOLD})
    assert result.unknown == {"events": 1}
    assert result.field_counts("rows.n").mis == 2
