"""`replay:FILE`: the answers of a predictions file, given again."""

import gzip
import json

import orjson
import pytest
from support.tasks import answered, obj, write_lines, write_task

from benchmark import DataError
from runners import Answer, ExtractorError
from runners.replay import replay

GIVEN = [
    {"id": "b", "prediction": {"n": 1}},
    {"id": "a", "error": "no idea"},
    {"id": "raw", "prediction": '{"n": 2}'},
    {"id": "none", "prediction": None, "error": None},
]


def test_it_gives_each_answer_again_in_the_order_of_the_documents(tmp_path):
    file = str(write_lines(tmp_path / "p.jsonl", GIVEN))
    assert answered(replay(file), "a", "b", "raw", "none", "c") == [
        Answer("a", error="no idea"),
        Answer("b", {"n": 1}),
        Answer("raw", '{"n": 2}'),
        Answer("none"),
        Answer("c", error=f"no answer in {file}"),
    ]


def test_a_byte_order_mark_and_empty_lines_are_no_matter(tmp_path):
    (tmp_path / "p.jsonl").write_bytes(b'\xef\xbb\xbf{"id":"a","prediction":{}}\r\n\n \n')
    assert answered(replay(str(tmp_path / "p.jsonl")), "a") == [Answer("a", {})]


def test_a_packed_file_is_read_and_integers_are_kept_whatever_their_length(tmp_path):
    line = b'\xef\xbb\xbf{"id":"a","prediction":{"n":123456789012345678901}}\n'
    (tmp_path / "p.jsonl.gz").write_bytes(gzip.compress(line))
    given = [Answer("a", {"n": 123456789012345678901})]
    assert answered(replay(str(tmp_path / "p.jsonl.gz")), "a") == given


def test_what_is_only_half_packed_is_an_error(tmp_path):
    (tmp_path / "p.jsonl.gz").write_bytes(gzip.compress(b'{"id":"a","prediction":{}}')[:-9])
    with pytest.raises(DataError, match=r"p\.jsonl\.gz"):
        replay(str(tmp_path / "p.jsonl.gz"))


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        (b"no json", ":1: not JSON"),
        (b'{"id": "a", "error": "x"}\n[1]', ":2: a JSON object is expected, not list"),
        (b'{"id": "a", "prediction": NaN}', ":1: not JSON"),
        (b'{"id": "a", "prediction": "\xff"}', ":1: not JSON"),
        (b'{"id": "a", "prediction": ' + b"[" * 5000 + b"]" * 5000 + b"}", ":1: not JSON"),
        (b'{"prediction": {}}', ':1: a prediction is {"id"'),
        (b'{"id": 1, "prediction": {}}', ':1: a prediction is {"id"'),
        (b'{"id": [], "prediction": {}}', ':1: a prediction is {"id"'),
        (b"{}", ':1: a prediction is {"id"'),
        (b'\n{"id": "a"}', ':2: a prediction is {"id"'),
        (
            b'{"id": "a", "prediction": {}, "error": "x"}',
            ":1: 'a' has both a prediction and an error",
        ),
        (b'{"id": "a", "error": "x"}\n' * 2, ":2: 'a' is answered a second time"),
        (b"\n\n", ": there is no answer in it"),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, hint):
    (tmp_path / "p.jsonl").write_bytes(lines)
    with pytest.raises(DataError) as error:
        replay(str(tmp_path / "p.jsonl"))
    assert str(error.value).startswith(f"{tmp_path / 'p.jsonl'}{hint}")


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=f"^{name}: cannot be read: "):
        replay(name)


@pytest.mark.parametrize("failing", ["a", "lacking"])
def test_fail_fast_ends_at_the_first_failure(tmp_path, failing):
    runner = replay(str(write_lines(tmp_path / "p.jsonl", GIVEN)), fail_fast=True)
    answers = []
    with pytest.raises(ExtractorError, match=f"^'{failing}': no "):
        answers += answered(runner, "b", failing, "raw")


def test_a_run_replayed_scores_the_same(fieldmark, tmp_path):
    gold = [{"id": name, "text": name, "gold": {"n": 1}} for name in "abc"]
    task = write_task(tmp_path / "task", obj(n={"type": "integer"}), gold)
    write_lines(tmp_path / "p.jsonl", [GIVEN[0], GIVEN[1]])
    assert fieldmark("run", "replay:p.jsonl", "--task", task)[0] == 0
    first = tmp_path / "fieldmark-results/runs/replay-p.jsonl"
    assert (
        fieldmark("run", f"replay:{first}/predictions.jsonl", "--name", "x", "--task", task)[0] == 0
    )
    second = tmp_path / "fieldmark-results/runs/x"
    assert (first / "scores.json").read_bytes() == (second / "scores.json").read_bytes()
    scores = json.loads((second / "scores.json").read_text("utf-8"))
    assert (scores["documents"]["ok"], scores["documents"]["failed"]) == (1, 2)


def test_a_journal_is_replayed_with_the_last_answer_to_each_document(tmp_path):
    lines = [
        {"type": "mode", "mode": "json"},
        {"type": "attempt", "document": "a", "outcome": "http_500"},
        {"type": "final", "document": "a", "outcome": "invalid_json", "prediction": "{"},
        {
            "type": "final",
            "document": "b",
            "outcome": "refusal",
            "reason": "no",
            "prediction": None,
        },
        {"type": "final", "document": "a", "outcome": "valid", "prediction": {"s": "x"}},
    ]
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    found = replay(str(file)).answers
    assert found == {"a": Answer("a", {"s": "x"}), "b": Answer("b", error="refusal: no")}
