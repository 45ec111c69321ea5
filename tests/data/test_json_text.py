"""Strict JSON, and JSON Schema validation."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import DATE, INTEGER, obj, table

from benchmark import DataError, SchemaError
from benchmark.data.json_text import MOST_DIGITS, dump, parse, parse_line, read_json, repeated_name
from benchmark.schema.validation import Validator


@pytest.mark.parametrize(
    "raw",
    ["", "NaN", "[Infinity]", "{'a': 1}", '{"a": 1,}', '"\\ud800"', "[1] 2", "01", "[" * 10_000],
)
def test_what_is_no_json_by_the_standard_is_refused(raw):
    with pytest.raises(ValueError, match=r"line|column|unexpected|recursion|depth|char|EOF|empty"):
        parse(raw)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**17, 10**25)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_every_json_value_is_read_and_written_as_it_is(value):
    raw = dump(value)
    for found in (parse(raw), parse(raw.decode()), parse(json.dumps(value, indent=1))):
        assert found == value
        assert repr(found) == repr(value) or "-0" in repr(value)


@pytest.mark.parametrize("lead", range(7))
@pytest.mark.parametrize("number", [2**63 + 1, 2**64, -(2**63) - 1, 10**19 + 1, 10**400 + 1])
def test_an_integer_beyond_64_bits_is_found_wherever_it_stands(lead, number):
    assert parse(" " * lead + f'{{"a": [{number}, "\\u0041"]}}') == {"a": [number, "A"]}


def test_the_most_digits_that_an_integer_may_have():
    assert parse("9" * MOST_DIGITS) == int("9" * MOST_DIGITS)
    with pytest.raises(ValueError, match="an integer of more than 4,300 digits"):
        parse("9" * (MOST_DIGITS + 1))


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "1e400",
        '"\\ud800"',
        "Infinity",
        "01",
        "[1,]",
        "9" * 400 + ".5",
        "[" * 990 + "]" * 990,
    ],
)
def test_long_integers_beside_it_make_nothing_json(raw):
    for number in ("1" * 30, "1" * 400):
        with pytest.raises(ValueError):  # noqa: PT011 - each in words of its own
            parse(f"[{number}, {raw}{']' if raw[:1] == '[' else ''}")


def test_long_integers_are_written_by_the_options_of_short_ones():
    for option in (orjson.OPT_SORT_KEYS, orjson.OPT_INDENT_2, orjson.OPT_APPEND_NEWLINE):
        short = dump({"b": [1, "é"], "a": {}}, option)
        assert dump({"b": [10**30, "é"], "a": {}}, option) == short.replace(b"1", b"1" + b"0" * 30)
    with pytest.raises(TypeError):
        dump({"a": object()})


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


@pytest.mark.parametrize("raw", ["1", "null", '"a"'])
def test_a_line_that_is_no_object_is_refused_with_where_it_stands(raw):
    with pytest.raises(DataError, match=r"^a\.jsonl:4: a JSON object is expected, not \w+$"):
        parse_line(raw.encode(), "a.jsonl:4")


CAUSES = [
    (b'[{"id": "a"}]', "not list; one object a line, as `jq -c '.[]'` makes of a list"),
    (b"[\n", "it is a list over several lines; `jq -c '.[]'` makes one object a line"),
    (
        b" {\r\n",
        "it is an object over several lines; `jq -c .` makes one object a line",
    ),
    ('{"id": "a"}'.encode("utf-16"), "it is UTF-16 or UTF-32; save the file as UTF-8"),
    ('{"id": "a"}'.encode("utf-16-le"), "it is UTF-16 or UTF-32; save the file as UTF-8"),
    ('{"id": "a"}'.encode("utf-32"), "it is UTF-16 or UTF-32; save the file as UTF-8"),
    (b'{"id": "\xe9"}', "byte 9, 0xe9, is not UTF-8; save the file as UTF-8"),
    (b'{"n": NaN}', "JSON has no NaN; write null"),
    (b'{"n": [1, -Infinity]}', "JSON has no -Infinity; write null"),
]


@pytest.mark.parametrize(("line", "reason"), CAUSES, ids=[cause[1] for cause in CAUSES])
def test_what_a_line_is_instead_of_an_object_is_told(line, reason):
    with pytest.raises(DataError) as error:
        parse_line(line, "a.jsonl:4")
    assert str(error.value).startswith("a.jsonl:4: ")
    assert str(error.value).endswith(reason)


@pytest.mark.parametrize("line", [b'{"n": NaN', b'["NaN"', b"[" * 100_000 + b"NaN"])
def test_what_is_broken_elsewhere_is_not_put_down_to_nan(line):
    with pytest.raises(DataError, match="one JSON object a line is expected"):
        parse_line(line, "a.jsonl:4")


def test_a_file_of_json_in_another_encoding_is_told(tmp_path):
    (tmp_path / "a.json").write_bytes("[1]".encode("utf-16"))
    with pytest.raises(DataError, match=r"a\.json: not JSON: it is UTF-16"):
        read_json(tmp_path / "a.json")


def test_a_line_that_is_no_json_is_refused_with_where_it_stands():
    with pytest.raises(DataError, match=r"^a\.jsonl:4: not JSON: .*one JSON object a line"):
        parse_line(b"broken", "a.jsonl:4")


REPEATS = [
    ('{"a": 1}', None),
    ('{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}', None),
    ('{"a": 1, "a": 1}', "a"),
    ('{"a" : 1 , "a"\t: 1}', "a"),
    ('{"a": 1, "\\u0061": 1}', "a"),
    ('{"x": [{"b": 1, "b": 2}]}', "b"),
    ('{"a": {"c": 1}, "a": null}', "a"),
    ('{"a": "12:30", "b": "c\\": d"}', None),
    ('{"a": "12:30", "a": "x"}', "a"),
    ('{"a": "12\\u003a30"}', None),
    ('{"a": "x", "a": "12\\u003a30"}', "a"),
    ('{"a": "x", "a": "12\\u003A30"}', "a"),
    ('{"a":' * 600 + "1" + "}" * 600, None),
    ('{"a":' * 600 + '{"b": 1, "b": 2}' + "}" * 600, "b"),
]


@pytest.mark.parametrize(("raw", "name"), REPEATS, ids=[raw[:40] for raw, _ in REPEATS])
def test_a_name_that_stands_twice_in_one_object_is_found(raw, name):
    assert repeated_name(raw.encode(), parse(raw)) == name


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
