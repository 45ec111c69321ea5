"""Tasks of the files of other benchmarks: small folders, written by hand."""

import json
import os

import pytest

from benchmark.data.loading import load_task
from benchmark.data.predictions import Failure, read_predictions
from benchmark.errors import DataError
from benchmark.imports.files import find_files
from benchmark.imports.layouts import LAYOUTS, Layout
from benchmark.imports.patterns import Pattern
from benchmark.imports.task_folder import write_task_folder

INVOICE = {"type": "object", "properties": {"total": {"type": "number"}}}
LETTER = {"type": "object", "properties": {"from": {"type": "string"}}}


@pytest.fixture
def benchmark_folder(tmp_path):
    """Writes files below a folder, JSON where they are no strings or bytes -> the folder."""

    def write(files):
        root = tmp_path / "theirs"
        for name, content in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            raw = content if isinstance(content, (str, bytes)) else json.dumps(content)
            file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
        return root

    return write


DOCUBENCH = {
    "schemas/a.json": INVOICE,
    "schemas/b.json": dict(reversed(INVOICE.items())),
    "schemas/c.json": LETTER,
    "labels/a.json": {"total": 1.0},
    "labels/b.json": {"total": None},
    "labels/c.json": {"from": "Ann"},
    "sources.json": [{"doc_id": "a", "lang": "en", "sha256": "of a PDF"}, {"n": 2}],
    "results/x/a.json": {"cost": 0.1, "time_sec": 2, "data": {"total": 1}},
    "results/x/c.json": {"status": "failed", "error": {"message": "no answer"}, "data": {}},
    "results/y/a.json": '{"data": {"total": 2}',
    "results/y/b.json": {"data": {"total": 3}},
    "results/summary.json": {"aggregates": {}},
}


def imported(root, to, layout):
    files = find_files(root, layout)
    return write_task_folder(files, (layout.at,) if layout.at else (), to)


def test_docubench(fieldmark, benchmark_folder, tmp_path):
    root = benchmark_folder(DOCUBENCH)
    status, out, err = fieldmark("import", "docubench", root, "--to", "task")
    assert (status, out) == (0, "")
    assert "3 documents, 2 schemas, 2 systems" in err
    assert "x failed on 1 of 2 documents" in err
    task = load_task(tmp_path / "task")
    assert {d.id: (d.schema, d.gold) for d in task.documents} == {
        "a": ("a", {"total": 1.0}),
        "b": ("a", {"total": None}),  # as it is; equal schemas are one
        "c": ("c", {"from": "Ann"}),
    }
    assert [dict(d.meta) for d in task.documents] == [{"lang": "en"}, {}, {}]
    x = read_predictions(tmp_path / "task/predictions/x.jsonl")
    assert dict(x) == {"a": {"total": 1}, "c": Failure("no answer")}
    y = read_predictions(tmp_path / "task/predictions/y.jsonl")
    assert dict(y) == {"a": '{"data": {"total": 2}', "b": {"total": 3}}
    score = ("score", "task/predictions/x.jsonl", "--task", "task", "--format", "json")
    status, out, _ = fieldmark(*score)
    assert status == 0
    assert json.loads(out)["micro"]["cor"] == 1


def test_extract_bench(fieldmark, benchmark_folder, tmp_path):
    gold = "dataset/{}/pdf+gold/{}.gold.json"
    wrapped = {"name": "a letter", "schema_definition": LETTER}
    root = benchmark_folder(
        {
            "dataset/finance/invoice/invoice-schema.json": INVOICE,
            "dataset/mail/letter/letter-schema.json": wrapped,
            gold.format("finance/invoice", "[a] b"): {"total": "many"},
            gold.format("mail/letter", "c"): {"from": "Ann"},
            "dataset/mail/letter/pdf+gold/c.pdf": b"%PDF",
            "outputs/x/c.json": {"from": "Ann"},
        }
    )
    arguments = ("--to", "task", "--outputs", "outputs/{system}/{id}.json")
    status, _, err = fieldmark("import", "extract-bench", root, *arguments)
    assert status == 0
    assert "gold that breaks its schema, in 1 documents" in err
    lines = [json.loads(line) for line in (tmp_path / "task/gold.jsonl").open()]
    assert lines == [
        {
            "id": "[a] b",
            "schema": "invoice",
            "meta": {"domain": "finance", "schema": "invoice"},
            "gold": {"total": "many"},
        },
        {
            "id": "c",
            "schema": "letter",
            "meta": {"domain": "mail", "schema": "letter"},
            "gold": {"from": "Ann"},
        },
    ]
    assert json.loads((tmp_path / "task/schemas/letter.json").read_text()) == wrapped
    assert dict(read_predictions(tmp_path / "task/predictions/x.jsonl")) == {"c": {"from": "Ann"}}


def test_a_folder_with_one_schema_and_texts(benchmark_folder, tmp_path):
    root = benchmark_folder(
        {
            "schema.json": INVOICE,
            "gold/a.json": {"total": 1},
            "gold/b.json": [],
            "text/a.txt": "Total: 1\r\n",
            "a.mine.json": '```json\n{"total": 1}\n```',
            "z.mine.json": {"total": 1},
        }
    )
    layout = Layout("gold/{id}.json", "schema.json", "{id}.{system}.json", texts="text/{id}.txt")
    done = imported(root, tmp_path / "task", layout)
    assert (done.documents, done.schemas, done.systems) == (2, 1, {"mine": 1})
    assert [note.split(":")[0] for note in done.notes] == [
        "documents that have no text (text/{id}.txt)",
        "outputs of mine for what is no document",
        "gold that breaks its schema, in 1 documents (--gold-as-is)",
    ]
    assert {f.name for f in (tmp_path / "task").iterdir()} == {
        "gold.jsonl",
        "predictions",
        "schema.json",
    }
    first = json.loads((tmp_path / "task/gold.jsonl").read_text().splitlines()[0])
    assert first == {"id": "a", "text": "Total: 1\r\n", "gold": {"total": 1}}


def test_two_schemas_that_would_have_one_name(benchmark_folder, tmp_path):
    root = benchmark_folder(
        {
            "one/schema.json": INVOICE,
            "two/schema.json": LETTER,
            "one/a.gold.json": {"total": 1},
            "two/b:c.gold.json": {"from": "Ann"},
        }
    )
    imported(root, tmp_path / "task", Layout("{kind}/{id}.gold.json", "{kind}/schema.json", ""))
    task = load_task(tmp_path / "task")
    assert [(d.id, d.schema) for d in task.documents] == [("a", "schema"), ("b:c", "schema-2")]


def test_documents_without_a_schema_are_left_out(benchmark_folder, tmp_path):
    root = benchmark_folder({**DOCUBENCH, "labels/d.json": {}, "results/x/d.json": {"data": {}}})
    done = imported(root, tmp_path / "task", LAYOUTS["docubench"])
    assert done.documents == 3
    assert "documents without a schema (schemas/{id}.json): 1: d" in done.notes
    assert "outputs of x for what is no document: 1: d" in done.notes


def test_a_name_that_stands_twice_in_an_output_is_told(benchmark_folder, tmp_path):
    root = benchmark_folder({**DOCUBENCH, "results/x/b.json": '{"data": {"total": 1, "total": 2}}'})
    done = imported(root, tmp_path / "task", LAYOUTS["docubench"])
    assert any("b.json: 'total' stands twice" in note for note in done.notes)
    assert read_predictions(tmp_path / "task/predictions/x.jsonl")["b"] == {"total": 2}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"labels/b.json": "{"}, "labels/b.json: not JSON"),
        ({"labels/b.json": b'{"total": "\xff"}'}, "labels/b.json: not JSON: byte 12, 0xff"),
        ({"labels/b.json": "null"}, "labels/b.json: null is no gold"),
        ({"labels/b.json": '{"total": 1, "total": 2}'}, "'total' stands twice in one object"),
        ({"schemas/b.json": "["}, "schemas/b.json: not JSON"),
        ({"schemas/b.json": {"type": "strin"}}, "schemas/b.json: schema, at type"),
        ({"schemas/b.json": {"$ref": "http://example.org"}}, "schemas/b.json: schema, at"),
        ({"sources.json": {"a": 1}}, "sources.json: a list of objects is expected"),
        ({"results/z/a.json": {"answer": {}}}, "z: no output has an answer where --at says"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_left(fieldmark, benchmark_folder, changed, message):
    root = benchmark_folder({**DOCUBENCH, **changed})
    status, out, err = fieldmark("import", "docubench", root, "--to", "task")
    assert (status, out) == (2, "")
    assert message in err
    assert os.listdir() == ["theirs"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--labels", "gold/{id}.json"), "no file in it is gold/{id}.json"),
        (("--labels", "labels/a.json"), "it needs {id}"),
        (("--labels", "../{id}.json"), "a pattern names files below the folder"),
        (("--labels", "/etc/{id}"), "a pattern names files below the folder"),
        (("--labels", "{kind}/{id}.json"), "are both labels of 'a'"),
        (("--schemas", "{kind}.json"), "--labels has no {kind}"),
        (("--schemas", "none.json"), "no label has a schema, none.json"),
        (("--outputs", "results/{id}.json"), "it needs {system}"),
        (("--at", "a..b"), "'a..b' is no path"),
    ],
)
def test_a_pattern_that_cannot_be(fieldmark, benchmark_folder, options, message):
    root = benchmark_folder(DOCUBENCH)
    status, _, err = fieldmark("import", "folder", root, "--to", "task", *options)
    assert status == 2
    assert message in err
    assert os.listdir() == ["theirs"]


def test_no_text_but_utf8(benchmark_folder, tmp_path):
    root = benchmark_folder({**DOCUBENCH, "texts/a.txt": b"caf\xe9"})
    with pytest.raises(DataError, match=r"texts/a\.txt: not UTF-8"):
        imported(root, tmp_path / "task", Layout(texts="texts/{id}.txt"))
    assert os.listdir(tmp_path) == ["theirs"]


@pytest.mark.parametrize("name", ["labels/z.json", "schemas/a.json", "results/x/a.json"])
def test_a_link_that_leads_out_is_not_followed(benchmark_folder, tmp_path, name):
    secret = tmp_path / "secret.json"
    secret.write_text("{}")
    root = benchmark_folder(DOCUBENCH)
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(secret)
    with pytest.raises(DataError, match="a link that leads out"):
        imported(root, tmp_path / "task", LAYOUTS["docubench"])
    assert not (tmp_path / "task").exists()


def test_a_link_inside_is_followed(benchmark_folder, tmp_path):
    root = benchmark_folder(DOCUBENCH)
    (root / "labels/b.json").unlink()
    (root / "labels/b.json").symlink_to("a.json")
    assert imported(root, tmp_path / "task", LAYOUTS["docubench"]).documents == 3


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink(path, path)])
def test_what_is_no_file_is_not_opened(benchmark_folder, make):
    root = benchmark_folder(DOCUBENCH)
    make(root / "labels" / "z.json")
    with pytest.raises(DataError, match=r"z\.json: "):
        find_files(root, Layout())


def test_ids_with_odd_characters(benchmark_folder, tmp_path):
    names = ("..", "a\nb", "*", "[x]", "{id}", "\x1b[31m", "é", "-")
    root = benchmark_folder({f"labels/{name}.json": {"total": 1} for name in names})
    (root / "schema.json").write_text(json.dumps(INVOICE))
    (root / "sources.json").write_text(json.dumps([{"doc_id": "../x", "lang": "en"}]))
    layout = Layout(schemas="schema.json", texts="{id}/text", meta="sources.json")
    imported(root, tmp_path / "task", layout)
    assert sorted(load_task(tmp_path / "task").ids) == sorted(names)
    assert sorted(os.listdir(tmp_path)) == ["task", "theirs"]


def test_a_name_that_is_not_utf8(benchmark_folder):
    root = benchmark_folder(DOCUBENCH)
    (root / "labels" / os.fsdecode(b"\xff.json")).write_text("{}")
    with pytest.raises(DataError, match="not UTF-8; rename"):
        find_files(root, Layout())


def test_a_placeholder_that_stands_twice(benchmark_folder):
    root = benchmark_folder({"x/x-schema.json": {}, "x/y-schema.json": {}})
    found = list(Pattern("{name}/{name}-schema.json").files(root))
    assert found == [({"name": "x"}, root / "x/x-schema.json")]


def test_a_folder_that_is_not_empty_is_refused(fieldmark, benchmark_folder, tmp_path):
    root = benchmark_folder(DOCUBENCH)
    (tmp_path / "task").mkdir()
    assert fieldmark("import", "docubench", root, "--to", "task")[0] == 0  # it was empty
    before = (tmp_path / "task/gold.jsonl").stat().st_mtime_ns
    status, _, err = fieldmark("import", "docubench", root, "--to", "task")
    assert status == 2
    assert "task is not empty" in err
    assert (tmp_path / "task/gold.jsonl").stat().st_mtime_ns == before
    status, _, err = fieldmark("import", "docubench", root, "--to", "no/such/folder")
    assert status == 2
    assert "folder: cannot be written: No such file" in err


def test_nothing_is_left_after_ctrl_c(benchmark_folder, tmp_path):
    files = find_files(benchmark_folder(DOCUBENCH), LAYOUTS["docubench"])
    done = []

    def interrupt():
        done.append(1)
        if len(done) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_task_folder(files, ("data",), tmp_path / "task", interrupt)
    assert os.listdir(tmp_path) == ["theirs"]
    assert len(files) == 7
