"""`fieldmark schema --explain`: a schema as the scorer reads it."""

import io
import json

import pytest
from rich.console import Console
from support.tasks import (
    DATE,
    EVIDENCE,
    INTEGER,
    KEY,
    NUMBER,
    ROOT,
    STRING,
    array,
    compared,
    obj,
    table,
    write_task,
)

from benchmark import load_task, read_schema
from benchmark.reports.schema_table import field_table, rows
from benchmark.schema.fields import value_paths, walk


def explained(schema):
    return [tuple(row) for row in rows(read_schema(schema))]


LEAVES = [
    (STRING, "string", "text"),
    (compared(STRING, by="name"), "string", "name"),
    (compared(STRING, by="fuzzy", accept=0.9), "string", "fuzzy accept=0.9 partial=0.9"),
    (DATE, "date", "date days=0"),
    (compared(DATE, days=1), "date", "date days=1"),
    (INTEGER, "integer", "exact"),
    (compared(INTEGER, by="number", abs=2), "integer", "number abs=2 rel=0"),
    (NUMBER, "number", "number abs=0 rel=0"),
    (compared(NUMBER, rel=0.01), "number", "number abs=0 rel=0.01"),
    (compared(NUMBER, abs=1234567.5), "number", "number abs=1234567.5 rel=0"),
    ({"type": ["boolean", "null"]}, "boolean", "exact"),
    ({"enum": ["a", "b", None]}, "enum of 2 values", "exact"),
    ({"const": "a"}, "enum of 1 value", "exact"),
    (compared({"enum": ["a", "b"]}, by="text"), "enum of 2 values", "text"),
    (array(STRING), "bag of string", "text"),
    (array(DATE, days=3), "bag of date", "date days=3"),
    (array({"enum": ["a", "b"]}, **{"as": "set"}), "set of enum of 2 values", "exact"),
]


@pytest.mark.parametrize(("schema", "kind", "compared_by"), LEAVES)
def test_a_field_has_its_kind_and_its_comparator_with_the_options_in_force(
    schema, kind, compared_by
):
    assert explained(obj(f=schema)) == [("f", kind, compared_by, "")]


def test_a_table_says_what_its_records_agree_on():
    schema = obj(
        marked=table(k=KEY, at=obj(day=compared(DATE, key=True)), n=INTEGER),
        unmarked=table(n=INTEGER),
    )
    assert explained(schema) == [
        ("marked", "table", "records agree on k or at.day", ""),
        ("marked.k", "string", "text", "key"),
        ("marked.at.day", "date", "date days=0", "key"),
        ("marked.n", "integer", "exact", ""),
        ("unmarked", "table", "no key is marked: any field that agrees will do", ""),
        ("unmarked.n", "integer", "exact", ""),
    ]


def test_a_nested_table_may_be_the_key():
    schema = obj(rows=table(n=INTEGER, sub={**table(k=KEY), "x-compare": {"key": True}}))
    assert explained(schema)[0] == ("rows", "table", "records agree on sub", "")
    assert explained(schema)[2] == ("rows.sub", "table", "records agree on k", "key")


def test_what_is_not_scored_stands_below_the_record_that_holds_it():
    unscored = {"x-compare": {"score": False}}
    schema = obj(
        note=unscored,
        rows=table(quote=EVIDENCE, k=KEY, at=obj(day=DATE, how=unscored)),
        head=obj(title=STRING),
    )
    assert [row[:2] for row in explained(schema)] == [
        ("rows", "table"),
        ("rows.k", "string"),
        ("rows.at.day", "date"),
        ("rows.at.how", "not scored"),
        ("rows.quote", "evidence, not scored"),
        ("head.title", "string"),
        ("note", "not scored"),
    ]


def cells(out):
    """The lines of a printed table, without header and rule, as lists of words."""
    return [line.split() for line in out.splitlines()[3:] if line.strip()]


@pytest.mark.parametrize("arguments", [[], ["sitrep"], ["--task", "sitrep"]])
def test_the_shipped_task_is_explained(fieldmark, arguments):
    status, out, err = fieldmark("schema", *arguments, "--explain")
    assert (status, err) == (0, "")
    found = cells(out)
    tree = load_task("sitrep").tree
    assert {item.path for item in walk(tree)} <= {words[0] for words in found}
    assert ["events.place", "string", "name", "key"] in found
    assert ["events.evidence", "evidence,", "not", "scored"] in found


def test_a_python_schema_and_a_folder_are_taken(fieldmark, tmp_path):
    file = ROOT / "gold" / "sitrep" / "schema.py"
    assert fieldmark("schema", file) == fieldmark("schema", "sitrep") == fieldmark("schema")
    write_task(tmp_path / "mine", obj(a=STRING), [{"id": "x", "gold": {}}])
    by_name = fieldmark("schema", "mine", "--explain")
    assert by_name == fieldmark("schema", "mine/schema.json", "--explain")
    assert cells(by_name[1]) == [["a", "string", "text"]]


def test_no_line_is_cut_or_coloured_in_a_pipe(fieldmark, tmp_path):
    names = {f"{'long_' * 20}{n}": STRING for n in range(3)}
    (tmp_path / "s.json").write_text(json.dumps(obj(rows=table(**names))), "utf-8")
    status, out, _ = fieldmark("schema", "--explain", "s.json")
    assert status == 0
    assert all(f"rows.{name} " in out for name in names)
    assert len(cells(out)) == 4


def test_no_part_is_lost_on_a_narrow_terminal():
    console = Console(file=io.StringIO(), width=60, color_system=None)
    console.print(field_table(load_task("sitrep").tree))
    text = console.file.getvalue()
    column = "".join(line[2:20].strip() for line in text.splitlines()[3:])
    assert all(path in column for path in value_paths(load_task("sitrep").tree))
    assert ["events.start", "date", "date", "days=0", "key"] in map(str.split, text.splitlines())
    assert "…" not in text
    assert all(len(line) <= 60 for line in text.splitlines())


@pytest.mark.parametrize(
    ("schema", "hints"),
    [
        (obj(specs={"$ref": "#/$defs/Specs"}), ["at specs", "#/$defs/Specs"]),
        (obj(a=compared(STRING, by="nmae")), ["at a", "did you mean name"]),
        (obj(a=compared(DATE, day=1)), ["at a", "it has days"]),
        (obj(rows=table(a={"$ref": "a.json"})), ["at rows.a", "a.json"]),
        ({**obj(a=STRING), "required": "a"}, ["no valid JSON Schema"]),
        ([], ["a schema is a JSON object"]),
        ("{", ["s.json: not JSON"]),
        (None, ["s.json: cannot be read"]),
    ],
)
def test_a_schema_that_cannot_be_scored_is_one_message_and_status_2(
    fieldmark, tmp_path, schema, hints
):
    if schema is not None:
        text = schema if isinstance(schema, str) else json.dumps(schema)
        (tmp_path / "s.json").write_text(text, "utf-8")
    status, out, err = fieldmark("schema", "--explain", "s.json")
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert all(hint in err for hint in hints)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("sitrap", "did you mean sitrep"),
        ("no/such", "is not a folder"),
        ("nowhere.py", "nowhere.py: FileNotFoundError"),
        (".", "no schema.json or schema.py"),
    ],
)
def test_a_source_that_leads_nowhere_is_refused(fieldmark, source, hint):
    status, out, err = fieldmark("schema", "--explain", source)
    assert (status, out) == (2, "")
    assert hint in err


def test_a_hostile_schema_commands_no_terminal(fieldmark, tmp_path):
    bad = "\x1b[31m[red]X\x07"
    schema = obj(**{bad.replace("[", "").replace("]", ""): STRING})
    (tmp_path / "s.json").write_text(json.dumps(schema), "utf-8")
    status, out, _ = fieldmark("schema", "--explain", "s.json")
    assert status == 0
    assert "\\x1b31mredX" in out
