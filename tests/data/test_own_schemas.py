"""Tasks whose documents have schemas of their own: how they are read, and what is refused."""

import json
from dataclasses import replace

import pytest
from support.own_schemas import GOLD, INVOICE, LETTER, NOTE, SCHEMAS, own_task, write_own
from support.tasks import STRING, obj, write_lines

from benchmark import DataError, Document, SchemaError, Task, load_task, make_task, score
from benchmark.data.signature import document_hash, signature
from benchmark.data.writing import write_task

NAMED = [line for line in GOLD if "schema" in line]


def test_a_folder_is_what_python_makes(tmp_path):
    loaded = load_task(write_own(tmp_path / "own"))
    assert signature(loaded) == signature(own_task())
    assert loaded.schema_names == ("default", "invoice", "letter")
    assert loaded.by_schema == {"default": ("d", "e"), "invoice": ("a",), "letter": ("b", "c")}
    assert [item.path for item in loaded.tree.fields] == [
        "default: words",
        "invoice: total",
        "invoice: lines",
        "letter: sender",
        "letter: total",
    ]
    assert loaded.parts["letter"].ids == ("b", "c")
    assert loaded.parts["letter"].schema == LETTER


def test_a_choice_of_documents_leaves_out_schemas_that_none_is_of():
    chosen = own_task().only(d for d in own_task().documents if d.id in "ab")
    assert chosen.by_schema == {"invoice": ("a",), "letter": ("b",)}


def test_a_schema_in_python_is_one(tmp_path):
    folder = write_own(tmp_path / "own")
    (folder / "schemas" / "invoice.json").unlink()
    (folder / "schemas" / "invoice.py").write_text(f"SCHEMA = {INVOICE!r}", "utf-8")
    assert signature(load_task(folder)) == signature(own_task())
    (folder / "schemas" / "invoice.json").write_text("{}", "utf-8")
    with pytest.raises(DataError, match=r"both invoice\.json and invoice\.py; keep one"):
        load_task(folder)


def test_gold_with_a_folder_of_schemas_is_a_task(tmp_path):
    folder = write_own(tmp_path / "own", NAMED)
    task = make_task(folder / "gold.jsonl", folder / "schemas")
    assert task.by_schema == {"invoice": ("a",), "letter": ("b", "c")}
    write_lines(folder / "gold.jsonl", GOLD)
    with pytest.raises(DataError, match=r"gold\.jsonl:3: it names no `schema`"):
        make_task(folder / "gold.jsonl", folder / "schemas")
    (folder / "none").mkdir()
    with pytest.raises(DataError, match=r"none: no schema is in it: NAME\.json or NAME\.py"):
        make_task(folder / "gold.jsonl", folder / "none")


@pytest.mark.parametrize(
    ("line", "default", "message"),
    [
        ({"schema": "leter"}, NOTE, r"gold\.jsonl:1: unknown schema 'leter'; did you mean letter"),
        ({"schema": "x"}, None, r"gold\.jsonl:1: unknown schema 'x'; there are: invoice, letter"),
        ({}, None, r"gold\.jsonl:1: it names no `schema`, .* there are: invoice, letter"),
        ({"schema": 3}, NOTE, r"gold\.jsonl:1: gold needs `schema`, a string"),
        ({"schema": "letter", "gold": {"sender": 3}}, NOTE, "gold of 'a' breaks .* sender: 3"),
    ],
)
def test_a_line_of_gold_that_is_of_no_schema_is_an_error(tmp_path, line, default, message):
    folder = write_own(tmp_path / "own", [{"id": "a", "gold": {}, **line}], default)
    with pytest.raises(DataError, match=message):
        load_task(folder)


def test_a_task_with_one_schema_has_no_others(tmp_path):
    folder = write_own(tmp_path / "own")
    for file in (folder / "schemas").iterdir():
        file.unlink()
    with pytest.raises(DataError, match=r"gold\.jsonl:1: it names the schema 'letter', but there"):
        load_task(folder)
    with pytest.raises(DataError, match=r"gold\.jsonl:1: it names the schema 'letter', but there"):
        make_task(folder / "gold.jsonl", folder / "schema.json").documents[0]
    with pytest.raises(DataError, match="'b': it names the schema 'letter', but there"):
        Task("one", NOTE, own_task().documents)


def test_the_schema_at_fault_is_named(tmp_path):
    with pytest.raises(SchemaError, match=r"^'a': schema, at the top: "):
        Task("own", {}, (), schemas={"a": 3})
    wrong = obj(x={"type": "string", "x-compare": {"by": "nope"}})
    task = Task("own", {}, (Document("d", {}, schema="a"),), schemas={"a": wrong})
    with pytest.raises(SchemaError, match=r"^'a': schema, at x: unknown comparator 'nope'"):
        score(task, {})
    folder = write_own(tmp_path / "own")
    (folder / "schemas" / "letter.json").write_text('{"type": "nope"}', "utf-8")
    with pytest.raises(SchemaError, match=r"^'letter': schema, at "):
        load_task(folder)


@pytest.mark.parametrize("name", ["", "a: b", "../a", "..\\a", 3])
def test_a_name_that_would_be_ambiguous_or_leads_elsewhere_is_refused(name):
    with pytest.raises(DataError, match="can't name a schema"):
        Task("own", {}, (), schemas={name: NOTE})


def test_the_schema_of_documents_that_name_none_is_called_default():
    with pytest.raises(DataError, match="'default' is what the schema of documents that name none"):
        Task("own", NOTE, (), schemas={"default": NOTE})
    task = Task("own", {}, (Document("d", {"words": "hi"}),), schemas={"default": NOTE})
    assert task.by_schema == {"default": ("d",)}


def test_fields_of_one_name_are_two_fields():
    # `b. c` of `a` and `c` of `a: b` would be one path if names could have colons.
    task = Task("own", {}, (), schemas={"a": obj(**{"b: c": STRING}), "a.b": obj(c=STRING)})
    assert [item.path for item in task.tree.fields] == ["a: b: c", "a.b: c"]


def test_what_decides_a_score_is_in_the_signature():
    task, plain = own_task(), Document("d", {"words": "hi"})
    others = [
        replace(task, schemas={"invoice": INVOICE, "letter": NOTE}, documents=()),
        replace(task, schemas={"letter": LETTER, "post": LETTER}, documents=()),
        replace(task, documents=()),
    ]
    assert len({signature(other).split("|")[2] for other in others}) == 3
    assert document_hash(plain) != document_hash(replace(plain, schema="default"))


def test_a_written_task_is_the_same(tmp_path):
    write_task(own_task(), tmp_path / "own")
    assert signature(load_task(tmp_path / "own")) == signature(own_task())
    nameless = Task("own", {}, own_task().documents[:2], schemas=SCHEMAS)
    write_task(nameless, tmp_path / "nameless" / "own")
    assert signature(load_task(tmp_path / "nameless" / "own")) == signature(nameless)
    assert not (tmp_path / "nameless" / "own" / "schema.json").exists()
    assert json.loads((tmp_path / "own" / "schemas" / "letter.json").read_text()) == LETTER
