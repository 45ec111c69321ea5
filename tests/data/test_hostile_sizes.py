"""Input made to take for ever: each of these once took minutes, or gigabytes."""

import json

import pytest
from support.tasks import EVIDENCE, KEY, STRING, array, compared, obj, outcomes, scored, table

from benchmark import DataError, read_predictions, read_schema
from benchmark.data.json_text import MOST_VALUES


def test_endless_combining_marks():
    value = "a" + "\u0301\u0316" * 50_000
    schema = obj(a=compared(STRING, by="name"), b=STRING)
    result = scored(schema, {"a": "a", "b": "b"}, {"a": value, "b": value})
    assert outcomes(result) == {"a": "COR", "b": "INC"}  # a name drops accents


def test_a_schema_that_unfolds_without_end_is_compared_as_a_whole_at_its_ends():
    levels = {
        f"d{n}": obj(a={"$ref": f"#/$defs/d{n + 1}"}, b={"$ref": f"#/$defs/d{n + 1}"})
        for n in range(30)
    }
    schema = {**obj(top={"$ref": "#/$defs/d0"}), "$defs": {**levels, "d30": obj(x=STRING)}}
    tree = read_schema(schema)
    assert any(why == "too many properties: compared as a whole" for _, why in tree.notes)
    assert len(tree.fields) < 25_000


def test_one_quotation_many_times_in_a_long_text():
    schema = obj(rows=table(k=KEY, quote=EVIDENCE))
    spans = {"rows[0].quote": [[n, n + 2] for n in range(0, 300, 3)]}
    predicted = {"rows": [{"k": "a", "quote": "ab"}] * 500}
    document = {"text": "ab " * 100_000, "spans": spans}
    result = scored(schema, {"rows": [{"k": "a"}]}, predicted, **document)
    assert result.grounding["rows"] == (500, 500, 1, 1)


def test_one_record_many_times_over():
    schema = obj(rows=table(k=KEY, n={"type": "integer"}))
    rows = [{"k": "a", "n": n} for n in range(20)]
    result = scored(schema, {"rows": rows}, {"rows": [{"k": "a", "n": 1}] * 20_000})
    assert result.record_counts("rows") == (20, 20_000, 20, 1)


def test_one_record_of_gold_many_times_over():
    schema = obj(rows=table(k=KEY, n={"type": "integer"}))
    rows = [{"k": "a", "n": n} for n in range(20)]
    result = scored(schema, {"rows": [{"k": "a", "n": 1}] * 20_000}, {"rows": rows})
    assert result.record_counts("rows") == (20_000, 20, 20, 1)


def test_many_records_whose_texts_are_all_nearly_right():
    text = compared(STRING, by="fuzzy", accept=0.9, partial=0.6)
    schema = obj(rows=table(k=KEY, text=text, tags=array(STRING)))
    gold = [{"k": "a", "text": "some text here", "tags": ["x", "y"]}] * 20
    rows = [{"k": "a", "text": f"some text h{n}", "tags": ["x", str(n)]} for n in range(5_000)]
    result = scored(schema, {"rows": gold}, {"rows": rows})
    assert result.record_counts("rows") == (20, 5_000, 20, 0)


def test_more_values_than_any_document_has_are_refused(tmp_path):
    file = tmp_path / "p.jsonl"
    file.write_text(json.dumps({"id": "d", "prediction": {"l": [0] * (MOST_VALUES + 1)}}), "utf-8")
    with pytest.raises(DataError, match=r"p\.jsonl:1: more than 250,000 values"):
        read_predictions(file)["d"]


def test_commas_in_a_text_are_no_values(tmp_path):
    file = tmp_path / "p.jsonl"
    line = {"id": "d", "prediction": {"a": "a, " * (MOST_VALUES + 1)}}
    file.write_text(json.dumps(line), "utf-8")
    assert read_predictions(file) == {"d": line["prediction"]}
