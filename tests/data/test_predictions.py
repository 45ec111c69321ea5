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
    assert classify([], validator).reason.startswith("the top: ")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"p\.jsonl: cannot be read: No such file"):
        read_predictions(tmp_path / "p.jsonl")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
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
    (f"```json\n{json.dumps(GOLD)}\n```", Status.UNPARSABLE),
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
