"""JSON Lines as a mapping: what is known at once, and what only when a line is read."""

import gzip
import json
import os
import pickle
from threading import Thread

import fsspec
import pytest
from support.tasks import write_lines

from benchmark import DataError
from benchmark.data.json_lines import JsonLines

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def lines(tmp_path):
    """Makes a file of some raw bytes a mapping."""

    def make(raw):
        path = tmp_path / "a.jsonl"
        path.write_bytes(raw)
        return JsonLines(path)

    return make


@pytest.mark.parametrize(
    "line",
    [
        b'{"id":"a","n":1}',
        b'{"id": "a", "n": 1}',
        b' \t{ "id" : "a" , "n" : 1 } ',
        b'{"n": 1, "id": "a"}',
        b'{"n": 1,"id":"a"}\r',
        b'{"\\u0069d": "a", "n": 1}',
        b'{"id": "\\u0061", "n": 1}',
    ],
)
def test_an_id_may_stand_anywhere_in_its_line_and_be_spelled_anyhow(lines, line):
    assert dict(lines(line)) == {"a": {"id": "a", "n": 1}}
    assert dict(lines(line + b"\n")) == {"a": {"id": "a", "n": 1}}


@pytest.mark.parametrize(
    "name", ["", " ", 'say "a"', "back\\slash", "\u00e9t\u00e9", "\u2028", "a\tb", "\U0001f33e"]
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_an_id_is_the_string_that_json_makes_of_it(lines, name, ascii_only):
    raw = json.dumps({"id": name, "n": 1}, ensure_ascii=ascii_only).encode() + b"\n"
    assert dict(lines(raw)) == {name: {"id": name, "n": 1}}


def test_a_property_whose_name_begins_with_id_is_no_id(lines):
    assert list(lines(b'{"id2": "x", "id": "a"}\n{"ids": ["y"], "id": "b"}\n')) == ["a", "b"]
    assert list(lines(b'{"in": {"id": "x"}, "id": "a"}\n')) == ["a"]


def test_objects_keep_the_order_of_the_file_and_are_read_in_any(lines):
    found = lines(b'{"id": "b", "n": 1}\n{"id": "a", "n": 2}\n{"id": "c", "n": 3}')
    assert list(found) == ["b", "a", "c"]
    assert len(found) == 3
    assert [found[name]["n"] for name in ("c", "b", "a", "c")] == [3, 1, 2, 3]


def test_an_id_that_is_not_there_is_a_key_error(lines):
    found = lines(b'{"id": "a"}\n')
    assert "b" not in found
    with pytest.raises(KeyError):
        found["b"]


@pytest.mark.parametrize("line", [b'{"id": "a"}', b'{"n": 1, "id": "a"}', b' {"id": "\\u0061"}'])
def test_a_file_may_begin_with_a_byte_order_mark(lines, line):
    assert lines(BOM + line + b'\n{"id": "b"}\n')["a"]["id"] == "a"


def test_a_byte_order_mark_anywhere_else_is_no_json(lines):
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON"):
        lines(b'{"id": "a"}\n' + BOM + b'{"id": "b"}\n')


def test_blank_lines_are_passed_over_and_counted(lines):
    found = lines(b'\n  \r\n{"id": "a"}\n\t\n\n{"n": 1, "id": "b"}\n\n')
    assert list(found) == ["a", "b"]
    assert found.where("a").endswith("a.jsonl:3")
    assert found.where("b").endswith("a.jsonl:6")
    assert found["b"] == {"id": "b", "n": 1}


@pytest.mark.parametrize("raw", [b"", b"\n", b" \n\t\r\n"])
def test_a_file_without_objects_is_an_empty_mapping(lines, raw):
    assert dict(lines(raw)) == {}


@pytest.mark.parametrize("second", [b'{"id": "a"}', b'{"n": 1, "id": "a"}', b'{"id": "\\u0061"}'])
def test_a_second_object_of_one_id_is_named_by_file_and_line(lines, second):
    with pytest.raises(DataError, match=r"a\.jsonl:4: a second 'a'; ids are unique"):
        lines(b'{"id": "a"}\n\n{"id": "b"}\n' + second)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"broken", "not JSON"),
        (b"[]", "a JSON object is expected, not list"),
        (b"{}", "an `id` is needed, a string"),
        (b'{"n": 1}', "an `id` is needed, a string"),
        (b'{"id": 5}', "an `id` is needed, a string"),
        (b'{"id": null}', "an `id` is needed, a string"),
        (b'{"id": "\xe9"}', "not JSON"),
        (b'{"id": "b" "n": 1}', "not JSON"),
        (b'{"n": {, "id": "b"}', "not JSON"),
    ],
)
def test_a_line_without_an_id_is_named_at_once(lines, line, reason):
    with pytest.raises(DataError, match=rf"a\.jsonl:2: {reason}"):
        lines(b'{"id": "a"}\n' + line + b"\n")


def test_what_is_broken_behind_the_id_shows_when_the_line_is_read(lines):
    found = lines(b'{"id": "a"}\n{"id": "b", "n": }\n{"id": "c"}\n')
    assert list(found) == ["a", "b", "c"]
    assert found["c"] == {"id": "c"}
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON: .*one JSON object a line"):
        found["b"]


def test_a_line_of_two_ids_is_no_object_of_the_first(lines):
    found = lines(b'{"id": "a", "id": "b"}\n')
    with pytest.raises(DataError, match=r"a\.jsonl:1: the line has two ids"):
        found["a"]


def test_a_line_that_became_another_is_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n', "utf-8")
    found = JsonLines(path)
    path.write_text('{"id": "c", "n": 1}\n{"id": "b", "n": 2}\n', "utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:1: .*the file was changed"):
        found["a"]
    assert found["b"] == {"id": "b", "n": 2}


def test_a_file_that_was_cut_short_is_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n', "utf-8")
    found = JsonLines(path)
    os.truncate(path, 25)
    with pytest.raises(DataError, match=r"a\.jsonl:2: not JSON"):
        found["b"]


def test_a_file_that_is_gone_by_the_time_it_is_read_is_named(tmp_path):
    found = JsonLines(write_lines(tmp_path / "a.jsonl", [{"id": "a"}]))
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(DataError, match=r"a\.jsonl: cannot be read: No such file"):
        found["a"]


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"b\.jsonl: cannot be read: No such file"):
        JsonLines(tmp_path / "b.jsonl")
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        JsonLines(tmp_path)


def test_a_pipe_is_read_once_and_its_objects_as_often_as_wanted(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=path.write_bytes, args=(b'{"id": "a", "n": 1}\n{"n": 2, "id": "b"}\n',))
    writer.start()
    found = JsonLines(path)
    writer.join()
    assert [found[name]["n"] for name in ("b", "a", "b")] == [2, 1, 2]
    assert found.where("b") == f"{path}:2"


@pytest.fixture
def memory():
    """The URL of a folder that fsspec keeps in memory."""
    system = fsspec.filesystem("memory")
    yield "memory://linefile"
    system.rm("/linefile", recursive=True)


def remote(url, raw):
    with fsspec.open(url, "wb") as file:
        file.write(raw)
    return JsonLines(url)


def test_a_url_is_read_as_a_file_is(memory):
    url = f"{memory}/a.jsonl"
    found = remote(url, BOM + b'{"id": "a", "n": 1}\n\n{"n": 2, "id": "b"}')
    assert dict(found) == {"a": {"id": "a", "n": 1}, "b": {"n": 2, "id": "b"}}
    assert found.where("b") == f"{url}:3"


def test_what_is_wrong_at_a_url_is_named_by_it(memory):
    url = f"{memory}/a.jsonl"
    with pytest.raises(DataError, match=rf"^{url}:2: a second 'a'"):
        remote(url, b'{"id": "a"}\n{"id": "a"}\n')
    with pytest.raises(DataError, match=rf"^{memory}/b\.jsonl: cannot be read: "):
        JsonLines(f"{memory}/b.jsonl")


PACKED = gzip.compress(b'{"id": "a", "n": 1}\n{"n": 2, "id": "b"}\n')


def test_what_gzip_has_packed_is_read_like_any_other_file(lines):
    found = lines(PACKED)
    assert [found[name]["n"] for name in ("b", "a")] == [2, 1]
    assert found.where("b").endswith("a.jsonl:2")
    assert pickle.loads(pickle.dumps(found))["b"]["n"] == 2


def test_what_gzip_has_packed_is_read_from_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=path.write_bytes, args=(PACKED,))
    writer.start()
    assert [line["n"] for line in JsonLines(path).values()] == [1, 2]
    writer.join()


def test_what_gzip_has_packed_is_read_from_a_url(memory):
    found = remote(f"{memory}/a.jsonl.gz", PACKED)
    assert [found[name]["n"] for name in ("b", "a")] == [2, 1]
    assert pickle.loads(pickle.dumps(found))["b"]["n"] == 2


@pytest.mark.parametrize("raw", [PACKED[:20], PACKED[:5], PACKED[:-8] + bytes(8)], ids=len)
def test_a_damaged_gzip_file_is_named(lines, raw):
    with pytest.raises(DataError, match=r"a\.jsonl: cannot be read: damaged gzip: "):
        lines(raw)


def test_an_id_that_is_a_number_is_told_with_the_way_out(lines):
    with pytest.raises(DataError, match=r'`id` is needed, a string, not a number: write "5"$'):
        lines(b'{"id": 5}\n')


def test_a_pickled_file_is_read_where_it_arrives(tmp_path):
    written = [{"id": "a", "n": 1}, {"n": 2, "id": "b"}]
    found = JsonLines(write_lines(tmp_path / "a.jsonl", written))
    for before in (found, pickle.loads(pickle.dumps(found))):
        assert list(before.values()) == written
        assert list(pickle.loads(pickle.dumps(before)).values()) == written


def test_a_pickled_url_is_read_where_it_arrives(memory):
    found = remote(f"{memory}/a.jsonl", b'{"id": "a", "n": 1}\n')
    assert pickle.loads(pickle.dumps(found))["a"] == {"id": "a", "n": 1}


def test_a_file_is_closed_with_its_mapping(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", [{"id": "a"}])
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        found = JsonLines(path)
        found["a"]
        del found
    assert len(os.listdir("/dev/fd")) == before
