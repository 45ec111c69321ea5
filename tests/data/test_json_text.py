"""Strict JSON, and JSON Schema validation."""

import pytest
from support.tasks import DATE, INTEGER, obj, table

from benchmark import DataError, SchemaError
from benchmark.data.json_text import parse, parse_line, read_json
from benchmark.schema.validation import Validator


@pytest.mark.parametrize(
    "raw",
    ["", "NaN", "[Infinity]", "{'a': 1}", '{"a": 1,}', '"\\ud800"', "[1] 2", "01", "[" * 10_000],
)
def test_what_is_no_json_by_the_standard_is_refused(raw):
    with pytest.raises(ValueError, match=r"line|column|unexpected|recursion|depth|char|EOF|empty"):
        parse(raw)


def test_a_file_of_json_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf[1]")
    assert read_json(path) == [1]


def test_a_file_that_is_no_json_or_not_there_is_named(tmp_path):
    (tmp_path / "a.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match=r"a\.json: not JSON: "):
        read_json(tmp_path / "a.json")
    with pytest.raises(DataError, match=r"b\.json: cannot be read: No such file"):
        read_json(tmp_path / "b.json")


@pytest.mark.parametrize("raw", ["[1]", "1", "null", '"a"'])
def test_a_line_that_is_no_object_is_refused_with_where_it_stands(raw):
    with pytest.raises(DataError, match=r"^a\.jsonl:4: a JSON object is expected, not \w+$"):
        parse_line(raw.encode(), "a.jsonl:4")


def test_a_line_that_is_no_json_is_refused_with_where_it_stands():
    with pytest.raises(DataError, match=r"^a\.jsonl:4: not JSON: .*one JSON object a line"):
        parse_line(b"broken", "a.jsonl:4")


SCHEMA = obj(rows=table(n=INTEGER, day=DATE))


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"rows": [{"n": 1}, {"n": "1"}]}, "rows[1].n: "),
        ({"rows": [{"day": "2025-02-30"}]}, "rows[0].day: "),
        ({"rows": 5}, "rows: "),
        ([], "the top: "),
    ],
)
def test_the_validator_says_where_a_value_breaks_the_schema(value, place):
    assert Validator(SCHEMA).problem(value).startswith(place)


@pytest.mark.parametrize("value", [{}, {"rows": []}, {"rows": [{"n": 1.0, "day": "2025-02-28"}]}])
def test_the_validator_finds_nothing_in_an_instance(value):
    assert Validator(SCHEMA).problem(value) is None


@pytest.mark.parametrize("value", [{"rows": {1, 2}}, {"rows": [object()]}, {1: 2}])
def test_what_is_no_json_value_breaks_every_schema(value):
    assert Validator(SCHEMA).problem(value) is not None


def test_a_schema_that_is_none_is_refused():
    with pytest.raises(SchemaError, match="no valid JSON Schema"):
        Validator({"type": "banana"})
