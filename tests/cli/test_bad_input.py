"""Bad input of every kind: one clear message and status 2, or an `invalid` value; no traceback, no
terminal escape, nothing written over."""

import datetime
import decimal
import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections import OrderedDict, deque
from threading import Thread

import numpy as np
import pytest
from pydantic import BaseModel
from support.tasks import DATE, EVIDENCE, INTEGER, KEY, NUMBER, STRING, array, compared, obj, table

from benchmark import Document, Status, Task, score
from benchmark.data.json_text import parse

SCHEMA = obj(
    name=STRING,
    size=NUMBER,
    day=DATE,
    kind={"type": "string", "enum": ["x", "y"]},
    tags=array(STRING),
    rows=table(k=KEY, n=INTEGER, tags=array(STRING), quote=EVIDENCE, inner=table(k=KEY)),
)
GOLD = {"name": "x", "tags": ["u"], "rows": [{"k": "a", "n": 1, "inner": [{"k": "b"}]}]}
DOCUMENT = {"id": "d", "text": "a hello b", "gold": GOLD}
LINE = json.dumps({"id": "d", "prediction": GOLD})
HOSTILE = "\x1bc\x07\x9bm\u202e\r"
LONG = "x" * 100_000


@pytest.fixture
def mine(tmp_path):
    """Writes a task's folder, any file of it replaced (by None: left out) -> the folder."""

    def write(**files):
        folder = tmp_path / "mine"
        content = {"schema.json": json.dumps(SCHEMA), "gold.jsonl": json.dumps(DOCUMENT), **files}
        for name, text in content.items():
            if text is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write


@pytest.fixture
def scoring(fieldmark, mine, tmp_path):
    """Scores the bytes or text of a predictions file against that task."""

    def call(predictions, *options, **files):
        raw = predictions if isinstance(predictions, bytes) else predictions.encode()
        (tmp_path / "p.jsonl").write_bytes(raw)
        return fieldmark("score", "p.jsonl", "--task", mine(**files), *options)

    return call


def refused(result, *hints):
    """Status 2, nothing on standard output, one message that is not endless."""
    status, out, err = result
    assert (status, out) == (2, "")
    assert err.count("error:") == 1
    assert len(err) < 1200
    for hint in hints:
        assert hint in err


def nested(levels, inner="1"):
    return "[" * levels + inner + "]" * levels


def boxed(levels):
    return '{"a":' * levels + "1" + "}" * levels


# Lines of a predictions file


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (LINE[:-3], "not JSON"),
        ("{'id': 'd'}", "not JSON"),
        (LINE + LINE, "not JSON"),
        (LINE + "\0", "not JSON"),
        ("\0\0", "not JSON"),
        ("\ufeff" + LINE, "not JSON"),
        ('{"id": "d", "prediction": {"size": NaN}}', "not JSON"),
        ('{"id": "d", "prediction": {"size": -Infinity}}', "not JSON"),
        ('{"id": "d", "prediction": {"size": 1e400}}', "not JSON"),
        ('{"id": "d", "prediction": {"size": ' + "9" * 5_000 + "}}", "not JSON"),
        ('{"id": "d", "prediction": {"name": "\\ud800"}}', "not JSON"),
        ('{"id": "d", "prediction": ' + nested(10_000) + "}", "not JSON"),
        ('{"id": "d", "prediction": ' + boxed(10_000) + "}", "not JSON"),
        ("[" * 1_000_000, "not JSON"),
        ("5", "a JSON object is expected"),
        ("null", "a JSON object is expected"),
        ("[]", "a JSON object is expected"),
        ('{"prediction": {}}', "a prediction is"),
        ('{"id": 5, "prediction": {}}', "a prediction is"),
        ('{"id": ["d"], "prediction": {}}', "a prediction is"),
        ('{"id": "d"}', "a prediction is"),
        ('{"id": "d", "prediction": {}, "error": "x"}', "both a prediction and an error"),
    ],
    ids=lambda value: value[:40].encode("unicode_escape").decode(),
)
def test_a_bad_line_is_refused_by_its_number(scoring, line, hint):
    refused(scoring(f"\n \n{line}\n"), "p.jsonl:3: ", hint)


def test_a_second_prediction_is_refused_by_its_line(scoring):
    refused(scoring(f"{LINE}\n\n{LINE}\n"), "p.jsonl:3: ", "'d' is predicted a second time")


@pytest.mark.parametrize(
    "raw",
    [
        LINE.encode("utf-16"),
        LINE.encode("utf-32"),
        LINE.replace("hello", "é").encode() + b"\xff",
        b'{"id": "d", "prediction": {"name": "\xe9"}}',
        bytes(range(1, 256)),
        b"\xef\xbb\xbf",
    ],
    ids=["UTF-16", "UTF-32", "after the end", "Latin-1", "any bytes", "a BOM alone"],
)
def test_what_is_no_utf8_text_is_refused(scoring, raw):
    refused(scoring(raw), "p.jsonl:1: not JSON")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + LINE.encode(),
        LINE.encode() + b"\r\n",
        b"\r\n \t\n" + LINE.encode(),
        LINE.encode() + b"\r",
        LINE.encode(),
    ],
    ids=["BOM", "CRLF", "blank lines", "CR", "no newline"],
)
def test_harmless_differences_of_files_are_read(scoring, raw):
    status, out, _ = scoring(raw, "--format", "json")
    assert status == 0
    assert json.loads(out)["micro"]["f1"] == 1
    assert json.loads(out)["documents"]["ok"] == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("e", "'e'"),
        ("", "''"),
        ("../../etc/passwd", "'../../etc/passwd'"),
        ("\0", "'\\x00'"),
        (HOSTILE, "'\\x1bc\\x07\\x9bm"),
        (LONG, "xxx"),
    ],
    ids=["other", "empty", "path", "NUL", "escapes", "endless"],
)
def test_an_unknown_document_is_named_without_harm(scoring, name, shown):
    refused(scoring(json.dumps({"id": name, "prediction": {}})), shown)


def test_predictions_of_another_task_are_refused(scoring):
    line = json.dumps({"id": "d", "prediction": {HOSTILE: 1, "total": 2}})
    refused(scoring(line), "another task", "total", "rows")


# Predictions of the wrong type or size, at every place of the schema

WRONG = {
    "null": "null",
    "true": "true",
    "0": "0",
    "-1.5": "-1.5",
    "300 digits": "9" * 300,
    "25 digits": "9" * 25,
    "1e-400": "1e-400",
    "string": '"z"',
    "empty": '""',
    "NUL": '"\\u0000"',
    "escapes": json.dumps(HOSTILE),
    "list": "[]",
    "mixed list": '[null, 1, true, "u", {}, []]',
    "object": '{"k": 1}',
    "500 levels": nested(500),
    "1000 levels": nested(1000),
    "500 objects": boxed(500),
    "1000 objects": boxed(1000),
    "1 MB": json.dumps("x" * 1_000_000),
    "20,000 numbers": nested(1, ",".join(["1"] * 20_000)),
}
PLACES = (
    '{"name": %s}',
    '{"size": %s}',
    '{"day": %s}',
    '{"kind": %s}',
    '{"tags": %s}',
    '{"tags": [%s]}',
    '{"rows": %s}',
    '{"rows": [%s]}',
    '{"rows": [{"k": %s}]}',
    '{"rows": [{"k": "a", "n": %s}]}',
    '{"rows": [{"k": "a", "tags": %s}]}',
    '{"rows": [{"k": "a", "quote": %s}]}',
    '{"rows": [{"k": "a", "inner": %s}]}',
    '{"rows": [{"k": "a", "inner": [%s]}]}',
    '{"rows": [{"k": "a", "inner": [{"k": %s}]}]}',
    '{"rows": [], "unknown": %s}',
)


@pytest.mark.parametrize("place", PLACES)
def test_any_value_at_any_place_scores(place):
    task = Task("mine", SCHEMA, (Document("d", GOLD, "a hello b"),))
    for value in WRONG.values():
        result = score(task, {"d": parse(place % value)})
        assert result.statuses["d"] in (Status.OK, Status.INVALID)
        assert result.micro().pos == score(task, {}).micro().pos


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG.keys())
def test_any_value_in_place_of_a_prediction_scores(scoring, value):
    status, out, _ = scoring(f'{{"id": "d", "prediction": {value}}}', "--format", "json")
    if status == 2:
        assert value.startswith("{")  # an object that holds nothing of the schema
        return
    found = json.loads(out)["documents"]
    assert found["ok"] == 0
    assert sum(found.values()) == 1


@pytest.mark.parametrize(
    "answer", ["", "no", "NaN", "\ufeff{}", nested(1500), boxed(1500), "{}{}", "[" * 1_000_000]
)
def test_a_raw_answer_that_is_no_json_is_unparsable(scoring, answer):
    line = json.dumps({"id": "d", "prediction": answer})
    status, out, _ = scoring(line, "--format", "json")
    assert status == 0
    assert json.loads(out)["documents"]["unparsable"] == 1


def test_a_line_of_many_megabytes_is_read(scoring):
    line = json.dumps({"id": "d", "prediction": {"name": "x" * 20_000_000, "rows": []}})
    status, out, _ = scoring(line, "--format", "json")
    assert status == 0
    assert json.loads(out)["fields"]["name"]["inc"] == 1


def test_many_records_and_elements_are_scored():
    task = Task("mine", SCHEMA, (Document("d", GOLD),))
    prediction = {"rows": [{"k": "a", "n": n} for n in range(10_000)], "tags": ["u"] * 50_000}
    result = score(task, {"d": prediction})
    assert tuple(result.record_counts("rows")) == (1, 10_000, 1, 0)
    assert result.field_counts("rows.k").spu == 9_999
    assert result.field_counts("tags").spu == 49_999


# The Python interface


class Row(BaseModel):
    k: object = math.nan


class Rows(BaseModel):
    rows: list[Row] = [Row()]


CYCLE: list = []
CYCLE.append(CYCLE)
OBJECTS = [
    math.nan,
    math.inf,
    10**400,
    10**5000,
    {1},
    object(),
    b"x",
    (1, 2),
    1j,
    len,
    datetime.date(2025, 7, 1),
    decimal.Decimal("NaN"),
    deque([1]),
    OrderedDict(k=1),
    np.float64("nan"),
    np.float64(1),
    np.int64(1),
    np.bool_(True),
    np.str_("a"),
    np.array([1, 2]),
    "\ud800",
    CYCLE,
    Rows(),
    Status.OK,
    ...,
]


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", SCHEMA["properties"])
def test_what_json_cannot_hold_is_invalid(name, value):
    task = Task("mine", SCHEMA, (Document("d", GOLD, "a hello b"),))
    rows = {"rows": [{"k": "a", "n": value, "inner": value, "quote": value}, value]}
    for prediction in ({name: value}, rows, value):
        status = score(task, {"d": prediction}).statuses["d"]
        assert status in (Status.OK, Status.INVALID, Status.UNPARSABLE)


# Schemas


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"type": "object", "maximum": NaN}', "not JSON"),
        (nested(10_000), "not JSON"),
        ("[]", "a schema is a JSON object"),
        ("null", "a schema is a JSON object"),
        (obj(a=5), "at a: "),
        (obj(a={"$ref": "#/nowhere"}), "leads nowhere"),
        (obj(a={"$ref": "other.json"}), "outside the schema"),
        (obj(a={"$ref": f"#/{HOSTILE}"}), "leads nowhere"),
        (obj(a={"type": "string", "pattern": "("}), "no valid JSON Schema"),
        ({**obj(a=STRING), "required": 5}, "no valid JSON Schema"),
        (obj(a=compared(STRING, score=False)), "no property of it is scored"),
        (obj(a={"type": "string", "x-compare": 5}), "x-compare is an object"),
        (obj(a=compared(STRING, by="nmae")), "did you mean name"),
        (obj(a=compared(STRING, **{HOSTILE: 1})), "has no option"),
        (obj(a=compared(NUMBER, abs=-1)), "0 or more"),
        (obj(a=compared(NUMBER, abs="1")), "is a number"),
        (obj(a=compared(STRING, by="fuzzy", accept=2)), "thresholds"),
        ('{"properties": {"a": ' * 250 + '{"type": "string"}' + "}}" * 250, "schema"),
        (json.dumps(obj(a=STRING))[:-1] + f', "default": {nested(500)}}}', "schema"),
    ],
    ids=lambda value: str(value)[:50].encode("unicode_escape").decode(),
)
def test_a_schema_that_cannot_be_scored_is_refused(scoring, schema, hint):
    text = schema if isinstance(schema, str) else json.dumps(schema)
    gold = json.dumps({"id": "d", "gold": {}})
    failed = json.dumps({"id": "d", "error": "x"})
    refused(scoring(failed, **{"schema.json": text, "gold.jsonl": gold}), hint)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("SCHEMA = (", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("", "SCHEMA"),
        ("SCHEMA = 5", "a schema is a JSON object"),
        ("SCHEMA = {'type': 'object', 'properties': {'a': {'type': 'string', 'b': {1}}}}", "set"),
        ("S = {'type': 'object', 'properties': {}}; S['properties']['a'] = S; SCHEMA = S", "deep"),
        ("\0", "null bytes"),
    ],
)
def test_a_python_schema_that_fails_is_refused(scoring, code, hint):
    refused(scoring(LINE, **{"schema.json": None, "schema.py": code}), hint)


# Gold


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"id": 5}, "`id`, a string"),
        ({"id": None}, "`id`, a string"),
        ({"gold": None}, "`gold`, an instance"),
        ({"gold": []}, "breaks the schema at the top"),
        ({"gold": {"name": 5}}, "breaks the schema at name"),
        ({"gold": {"rows": [5]}}, "breaks the schema at rows[0]"),
        ({"text": 5}, "`text`, a string"),
        ({"meta": []}, "`meta`, an object"),
        ({"optional": "rows[0]"}, "`optional`, a list"),
        ({"optional": ["rows[9]"]}, "'rows[9]'"),
        ({"alternatives": []}, "`alternatives`, an object"),
        ({"alternatives": {"name": "x"}}, "alternatives of 'name'"),
        ({"alternatives": {"name": [5]}}, "alternatives of 'name'"),
        ({"alternatives": {"tags": ["u"]}}, "alternatives of 'tags'"),
        ({"alternatives": {"tags[0]": [{}]}}, "alternatives of 'tags[0]'"),
        ({"alternatives": {HOSTILE: ["x"]}}, "no such value"),
        ({"spans": {"name": 5}}, "a list of [start, end]"),
        ({"spans": {"name": [[2, 1]]}}, "a list of [start, end]"),
        ({"spans": {"name": [[False, True]]}}, "a list of [start, end]"),
        ({HOSTILE: 1}, "gold has no key"),
    ],
    ids=lambda value: str(value).encode("unicode_escape").decode(),
)
def test_gold_that_cannot_be_right_is_refused(scoring, change, hint):
    refused(scoring(LINE, **{"gold.jsonl": json.dumps({**DOCUMENT, **change})}), hint)


@pytest.mark.parametrize(
    ("gold", "hint"),
    [
        ("", "the gold is empty"),
        ("\n\n", "the gold is empty"),
        ("[]", "gold.jsonl:1: a JSON object"),
        ('{"id": "d", "gold": {"size": NaN}}', "gold.jsonl:1: not JSON"),
        ('{"id": "d", "gold": {"name": "\\udc00"}}', "gold.jsonl:1: not JSON"),
        ('{"id": "d", "gold": {"size": ' + "9" * 5_000 + "}}", "gold.jsonl:1: not JSON"),
        ('{"id": "d", "gold": {"x": ' + nested(10_000) + "}}", "gold.jsonl:1: not JSON"),
        (json.dumps(DOCUMENT) + "\n" + json.dumps(DOCUMENT), "gold.jsonl:2: a second document 'd'"),
        (None, "gold.jsonl: cannot be read"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_gold_file_that_cannot_be_read_is_refused(scoring, gold, hint):
    refused(scoring(LINE, **{"gold.jsonl": gold}), hint)


def test_spans_far_outside_the_text_are_harmless(scoring):
    gold = {**DOCUMENT, "spans": {"rows[0].quote": [[0, 10**18], [10**18, 10**19]]}}
    assert scoring(LINE, **{"gold.jsonl": json.dumps(gold)})[0] == 0


@pytest.mark.parametrize(
    ("name", "raw", "hint"),
    [
        ("aliases.txt", b"\xe9 | b\n", "aliases.txt"),
        ("README.md", b"---\nversion: [\n---\n", "README.md"),
    ],
)
def test_a_broken_file_beside_the_gold_is_named(scoring, name, raw, hint):
    refused(scoring(LINE, **{name: raw}), hint)


# Files, folders and names on the command line


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["score", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
        (["score", "."], "are they of another task"),
        (["score", "x" * 300], "cannot be read"),
        (["score", HOSTILE], "\\x1bc\\x07"),
        (["score", "p.jsonl", "--task", "sitrpe"], "did you mean sitrep"),
        (["score", "p.jsonl", "--task", HOSTILE], "\\x1bc\\x07"),
        (["score", "p.jsonl", "--task", "p.jsonl/x"], "not a folder"),
        (["score", "p.jsonl", "--task", ""], "no schema.json"),
        (["score", "p.jsonl", "--texts", "nowhere"], "not a folder"),
        (["score", "p.jsonl", "--gold", "nowhere", "--schema", "s.json"], "cannot be read"),
        (["score", "p.jsonl", "--gold", "p.jsonl", "--schema", "."], "cannot be read"),
        (["score", "p.jsonl", "--gold", "p.jsonl", "--schema", "nowhere.py"], "nowhere.py"),
        (["run", "emtpy"], "did you mean empty"),
        (["run", HOSTILE], "\\x1bc\\x07"),
        (["run", LONG], "unknown extractor"),
        (["gold", "show", "mali-2025-07-01-wir"], "did you mean mali-2025-07-01-wire"),
        (["gold", "show", HOSTILE], "\\x1bc\\x07"),
    ],
    ids=lambda value: " ".join(value)[:50].encode("unicode_escape").decode(),
)
def test_a_name_that_leads_nowhere_is_refused(fieldmark, tmp_path, arguments, hint):
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    refused(fieldmark(*arguments), hint)


@pytest.mark.parametrize(
    "arguments", [["scroe"], [HOSTILE], ["score"], ["score", "p", "--format", HOSTILE], ["--nope"]]
)
def test_wrong_usage_has_status_2(fieldmark, arguments):
    status, out, err = fieldmark(*arguments)
    assert (status, out) == (2, "")
    assert "Usage" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_predictions_may_come_from_a_pipe(scoring, fieldmark, tmp_path):
    expected = scoring(LINE)
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_text, args=(LINE,), daemon=True)
    writer.start()
    assert fieldmark("score", "pipe", "--task", tmp_path / "mine") == expected


# The results folder


def content(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    "name",
    ["../up", "..", ".", ".hidden", "a/b", "/absolute", "a\nb", "a\n", "a b", "~", "a\\b", HOSTILE],
)
def test_a_name_that_could_leave_the_results_is_refused(fieldmark, tmp_path, name):
    status, out, err = fieldmark("run", "empty", "--name", name)
    assert (status, out) == (2, "")
    assert "can't name a run" in err
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("occupied", "why"),
    [
        ("fieldmark-results", "cannot be written"),
        ("fieldmark-results/runs", "cannot be written"),
        ("fieldmark-results/runs/empty", "a run is a folder, not a file"),
    ],
)
def test_results_that_cannot_be_written_are_refused(fieldmark, tmp_path, occupied, why):
    path = tmp_path / occupied
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("precious", "utf-8")
    refused(fieldmark("run", "empty"), why)
    assert path.read_text("utf-8") == "precious"


@pytest.mark.parametrize("target", ["nowhere", "fieldmark-results"], ids=["dangling", "circular"])
def test_results_that_are_a_broken_link_are_refused(fieldmark, tmp_path, target):
    (tmp_path / "fieldmark-results").symlink_to(target)
    refused(fieldmark("run", "empty"), "cannot be written")


def test_results_may_be_a_link(fieldmark, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "fieldmark-results").symlink_to("real")
    assert fieldmark("run", "empty")[0] == 0
    assert len(content(tmp_path / "real" / "runs" / "empty")) == 3


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["run", "emtpy"], "unknown extractor"),
        (["run", "empty", "--task", "sitrpe"], "unknown task"),
        (["run", "empty", "--task", "broken"], "not JSON"),
        (["run", "empty", "--texts", "nowhere"], "not a folder"),
    ],
)
def test_an_earlier_run_stays_byte_for_byte(fieldmark, tmp_path, arguments, hint):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "schema.json").write_text("{", "utf-8")
    assert fieldmark("run", "empty")[0] == 0
    before = content(tmp_path / "fieldmark-results")
    refused(fieldmark(*arguments), hint)
    assert content(tmp_path / "fieldmark-results") == before


@pytest.mark.parametrize(
    "manifest",
    ["", "{", "[]", "null", '{"extractor": ["empty"]}', json.dumps({"extractor": HOSTILE})],
)
def test_a_run_whose_manifest_is_broken_is_left_alone(fieldmark, tmp_path, manifest):
    assert fieldmark("run", "empty")[0] == 0
    (tmp_path / "fieldmark-results" / "runs" / "empty" / "manifest.json").write_text(
        manifest, "utf-8"
    )
    before = content(tmp_path / "fieldmark-results")
    refused(fieldmark("run", "empty"), "empty")
    assert content(tmp_path / "fieldmark-results") == before


# The process: pipes, environment, signals


def process(*arguments, **options):
    code = "from benchmark.cli import main; main()"
    return [sys.executable, "-c", code, *arguments], {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        **options,
    }


def test_a_reader_that_leaves_early_gets_no_traceback(tmp_path):
    command, options = process("schema", cwd=tmp_path)
    run = subprocess.Popen(command, **options)
    run.stdout.close()
    assert run.stderr.read() == b""
    run.stderr.close()
    assert run.wait() != 0


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C", "LANG": "C"}, {"COLUMNS": "20"}, {"COLUMNS": "x"}, {"HOME": "/nowhere"}, None],
    ids=str,
)
def test_a_poor_environment_changes_nothing(fieldmark, tmp_path, variables):
    expected = fieldmark("gold", "show")[1]
    environment = {**os.environ, **variables} if variables else {}
    command, options = process("gold", "show", cwd=tmp_path, env=environment)
    run = subprocess.run(command, check=True, **options)
    assert run.stdout.decode() == expected


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_an_interrupted_run_keeps_the_earlier_one(fieldmark, mine, tmp_path):
    gold = [{**DOCUMENT, "id": str(n)} for n in range(20_000)]
    task = mine(**{"gold.jsonl": "\n".join(map(json.dumps, gold[:2]))})
    assert fieldmark("run", "empty", "--task", task)[0] == 0
    before = content(tmp_path / "fieldmark-results")
    mine(**{"gold.jsonl": "\n".join(map(json.dumps, gold))})
    command, options = process("run", "empty", "--task", str(task), cwd=tmp_path)
    run = subprocess.Popen(command, **options)
    part = tmp_path / "fieldmark-results" / "runs" / "empty" / "predictions.jsonl.part"
    while run.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate()
    assert b"Traceback" not in err
    assert run.returncode not in (0, 1, 2)
    after = content(tmp_path / "fieldmark-results")
    assert {path: after[path] for path in before} == before
