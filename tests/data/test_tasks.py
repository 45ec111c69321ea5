"""Task folders -> documents, gold, schema; and what the shipped task holds."""

import gzip
import hashlib
import json
import re

import pytest
from support.tasks import (
    EVIDENCE,
    INTEGER,
    KEY,
    ROOT,
    STRING,
    array,
    compared,
    obj,
    scored,
    table,
    write_lines,
    write_task,
)

from benchmark import (
    DataError,
    SchemaError,
    UnknownNameError,
    load_task,
    make_task,
    read_schema,
    score,
)
from benchmark.data.documents import Document
from benchmark.data.task import Task
from benchmark.schema.validation import Validator

SCHEMA = obj(rows=table(k=KEY, n=INTEGER))
ONE = {"id": "one", "gold": {"rows": [{"k": "a", "n": 1}]}}
TWO = {"id": "two", "gold": {"rows": []}}


def test_a_folder_needs_no_more_than_schema_json_and_gold_jsonl(tmp_path):
    task = load_task(write_task(tmp_path / "mine", SCHEMA, [ONE, TWO]))
    assert (task.name, task.version, task.aliases) == ("mine", "0", ())
    assert [document.id for document in task.documents] == ["one", "two"]
    assert task.documents[0].gold == ONE["gold"]
    assert task.documents[0].text is None
    assert not task.documents[0].withheld
    assert task.tree == read_schema(SCHEMA)


def test_a_folder_may_be_named_by_a_string(tmp_path):
    assert load_task(str(write_task(tmp_path / "mine", SCHEMA, [ONE]))).name == "mine"


def test_every_key_of_a_gold_document_is_read(tmp_path):
    full = {
        **ONE,
        "text": "a 1",
        "meta": {"lang": "en", "published": None},
        "alternatives": {"rows[0].k": ["b"]},
        "optional": ["rows[0]"],
        "spans": {"rows[0].k": [[0, 1]]},
    }
    (document,) = load_task(write_task(tmp_path, SCHEMA, [full])).documents
    assert document == Document(**full)


def test_a_key_of_a_gold_document_may_be_null(tmp_path):
    keys = ("text", "meta", "alternatives", "optional", "spans")
    bare = {**ONE, **dict.fromkeys(keys)}
    (document,) = load_task(write_task(tmp_path, SCHEMA, [bare])).documents
    assert document == Document("one", ONE["gold"])


def test_the_documents_may_be_files_with_an_object_or_a_list_each(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "b.json").write_text(json.dumps(ONE), "utf-8")
    (tmp_path / "documents" / "a.json").write_text(json.dumps([TWO]), "utf-8")
    task = load_task(tmp_path)
    assert [document.id for document in task.documents] == ["two", "one"]


@pytest.mark.parametrize("content", ["[1]", '"x"', "[[]]"])
def test_a_document_file_that_holds_no_object_is_an_error_that_names_it(tmp_path, content):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bad.json").write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"bad\.json: a JSON object is expected"):
        load_task(tmp_path)


def test_the_schema_may_be_a_pydantic_model_in_schema_py(tmp_path):
    write_lines(tmp_path / "gold.jsonl", [ONE])
    (tmp_path / "schema.py").write_text(
        "from pydantic import BaseModel\n"
        "class Row(BaseModel):\n    k: str\n    n: int | None\n"
        "class Top(BaseModel):\n    rows: list[Row]\n"
        "SCHEMA = Top\n",
        "utf-8",
    )
    task = load_task(tmp_path)
    assert task.schema["properties"]["rows"]["items"] == {"$ref": "#/$defs/Row"}
    assert task.tree.known[()] == {"rows"}


def test_the_schema_may_be_a_dict_in_schema_py(tmp_path):
    write_lines(tmp_path / "gold.jsonl", [ONE])
    (tmp_path / "schema.py").write_text(f"SCHEMA = {SCHEMA!r}\n", "utf-8")
    assert load_task(tmp_path).schema == SCHEMA


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("schema = {}\n", "name the model or the JSON Schema SCHEMA"),
        ("import no_such_package_at_all\n", "ModuleNotFoundError: No module named 'no_such"),
        ("SCHEMA = {\n", "SyntaxError"),
        ("1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_a_schema_py_without_a_schema_is_an_error_that_names_it(tmp_path, source, reason):
    write_lines(tmp_path / "gold.jsonl", [ONE])
    (tmp_path / "schema.py").write_text(source, "utf-8")
    with pytest.raises(DataError, match=rf"schema\.py: .*{reason}"):
        load_task(tmp_path)


def test_two_schemas_or_two_golds_in_a_folder_are_an_error(tmp_path):
    write_task(tmp_path, SCHEMA, [ONE])
    (tmp_path / "schema.py").write_text(f"SCHEMA = {SCHEMA!r}\n", "utf-8")
    with pytest.raises(DataError, match=r"both schema\.json and schema\.py; keep one"):
        load_task(tmp_path)
    (tmp_path / "schema.py").unlink()
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.json").write_text(json.dumps(TWO), "utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl and documents/\*\.json; keep one"):
        load_task(tmp_path)


def test_a_folder_without_schema_is_an_error_that_names_it(tmp_path):
    write_lines(tmp_path / "gold.jsonl", [ONE])
    with pytest.raises(DataError, match=r"has no schema\.json or schema\.py"):
        load_task(tmp_path)


def test_a_folder_without_gold_is_an_error_that_names_the_file(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl: cannot be read: No such file"):
        load_task(tmp_path)


def test_a_schema_that_cannot_be_scored_is_refused_on_loading(tmp_path):
    with pytest.raises(SchemaError, match="at f: #/nowhere leads nowhere"):
        load_task(write_task(tmp_path, obj(f={"$ref": "#/nowhere"}), [ONE]))


def test_a_schema_that_is_no_json_schema_is_refused_on_loading(tmp_path):
    with pytest.raises(SchemaError, match="no valid JSON Schema"):
        load_task(write_task(tmp_path, obj(f={"type": "integer", "minimum": "x"}), [ONE]))


def test_a_name_that_is_no_task_is_told_the_near_ones():
    with pytest.raises(UnknownNameError, match="task or folder 'sitreps'; did you mean sitrep"):
        load_task("sitreps")


def test_a_path_that_is_no_folder_is_an_error_that_names_it(tmp_path):
    with pytest.raises(DataError, match="nowhere is not a folder"):
        load_task(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"gold\.jsonl is not a folder"):
        load_task(write_lines(tmp_path / "gold.jsonl", [ONE]))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ('{"id": "x", "gold": NaN}', "not JSON"),
        ('{"id": "x", "gold": {"rows": "\\ud800"}}', "not JSON"),
        ("[]", "a JSON object is expected, not list"),
        ('"x"', "a JSON object is expected, not str"),
        ("{}", "gold needs `"),
        ('{"gold": {}}', "gold needs `id`, a string"),
        ('{"id": 5, "gold": {}}', "gold needs `id`, a string"),
        ('{"id": "x"}', "gold needs `gold`, an instance"),
        ('{"id": "x", "gold": null}', "gold needs `gold`, an instance"),
        ('{"id": "x", "gold": {}, "text": 5}', "gold needs `text`, a string"),
        ('{"id": "x", "gold": {}, "meta": []}', "gold needs `meta`, an object"),
        ('{"id": "x", "gold": {}, "alternatives": []}', "gold needs `alternatives`, an object"),
        ('{"id": "x", "gold": {}, "optional": "rows[0]"}', "gold needs `optional`, a list"),
        ('{"id": "x", "gold": {}, "spans": []}', "gold needs `spans`, an object"),
        ('{"id": "x", "gold": {}, "golden": 1}', "gold has no key golden; it has"),
        ('{"id": "x", "gold": {}, "spans": {"a": 5}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [1, 2]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[1]]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[1, "2"]]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[2, 1]]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[1, 1]]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[-1, 1]]}}', "spans of 'a' are a list of"),
        ('{"id": "x", "gold": {}, "spans": {"a": [[false, true]]}}', "spans of 'a' are a list"),
        ('{"id": "one", "gold": {}}', "a second document 'one'; ids are unique"),
    ],
)
def test_a_bad_line_of_gold_is_named_by_file_and_number(tmp_path, line, reason):
    write_task(tmp_path, SCHEMA, [])
    text = "\n".join([json.dumps(ONE), "", line, json.dumps(TWO)])
    (tmp_path / "gold.jsonl").write_text(text, "utf-8")
    with pytest.raises(DataError) as error:
        load_task(tmp_path)
    assert "gold.jsonl:3: " in str(error.value)
    assert reason in str(error.value)


def test_a_second_document_of_one_id_in_another_file_is_named_by_that_file(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "documents").mkdir()
    for name in ("a", "b"):
        (tmp_path / "documents" / f"{name}.json").write_text(json.dumps(ONE), "utf-8")
    with pytest.raises(DataError, match=r"b\.json: a second document 'one'"):
        load_task(tmp_path)


def test_empty_gold_is_an_error(tmp_path):
    with pytest.raises(DataError, match="the gold is empty"):
        load_task(write_task(tmp_path, SCHEMA, []))


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_matter(tmp_path):
    write_task(tmp_path, SCHEMA, [])
    text = "\ufeff" + json.dumps(ONE) + "\r\n\r\n" + json.dumps(TWO)
    (tmp_path / "gold.jsonl").write_bytes(text.encode())
    assert [document.id for document in load_task(tmp_path).documents] == ["one", "two"]


@pytest.mark.parametrize(
    ("gold", "place"),
    [
        ({"rows": [{"k": "a"}, {"k": 5}]}, r"rows\[1\]\.k: "),
        ({"rows": [{"k": "a", "n": 1.5}]}, r"rows\[0\]\.n: "),
        ({"rows": {}}, "rows: "),
        ({"rows": [], "more": 1}, "the top: "),
    ],
)
def test_gold_that_breaks_its_schema_is_named_by_document_and_path(tmp_path, gold, place):
    strict = {**SCHEMA, "additionalProperties": False}
    with pytest.raises(DataError, match=f"^gold of 'bad' breaks the schema at {place}"):
        load_task(write_task(tmp_path, strict, [ONE, {"id": "bad", "gold": gold}]))


def test_gold_may_be_packed_by_gzip(tmp_path):
    folder = write_task(tmp_path, SCHEMA, [])
    line = json.dumps(ONE).encode()
    (folder / "gold.jsonl").unlink()
    (folder / "gold.jsonl.gz").write_bytes(gzip.compress(line))
    assert load_task(folder).ids == ("one",)
    task = make_task(folder / "gold.jsonl.gz", folder / "schema.json")
    assert (task.name, task.ids) == ("gold", ("one",))
    (folder / "gold.jsonl").write_bytes(line)
    with pytest.raises(DataError, match=r"has gold\.jsonl and gold\.jsonl\.gz; keep one"):
        load_task(folder)


def test_splits_may_be_packed_by_gzip(tmp_path):
    folder = write_task(tmp_path, SCHEMA, [])
    (folder / "gold.jsonl").unlink()
    (folder / "data").mkdir()
    (folder / "data" / "test.jsonl.gz").write_bytes(gzip.compress(json.dumps(ONE).encode()))
    assert load_task(folder).splits == {"test": ("one",)}


@pytest.mark.parametrize(
    "load", [load_task, lambda f: make_task(f / "gold.jsonl", f / "schema.json")]
)
def test_a_document_whose_id_is_a_number_is_told_with_the_way_out(tmp_path, load):
    folder = write_task(tmp_path, SCHEMA, [{"id": 5, "gold": {}}])
    with pytest.raises(DataError, match=r':1: gold needs `id`, a string, not a number: write "5"$'):
        load(folder)


TWICE = '\n{"id": "d", "gold": {"rows": [{"k": "a", "k": "b"}]}}'


@pytest.mark.parametrize("file", ["gold.jsonl", "data/test.jsonl", "documents/d.json"])
def test_a_name_that_stands_twice_in_an_object_of_gold_is_told(tmp_path, file):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(TWICE, "utf-8")
    line = "" if file.endswith(".json") else ":2"
    message = rf"{file}{line}: 'k' stands twice in one object; keep one$"
    with pytest.raises(DataError, match=message):
        load_task(tmp_path)
    if line:
        with pytest.raises(DataError, match=message):
            make_task(tmp_path / file, tmp_path / "schema.json").documents[0]


def test_gold_may_be_a_folder_with_a_file_for_each_document(tmp_path):
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "b.json").write_text(json.dumps(TWO["gold"]), "utf-8")
    (folder / "a.json").write_text(json.dumps(ONE["gold"]), "utf-8")
    task = make_task(folder, tmp_path / "s.json")
    assert (task.name, task.ids) == ("labels", ("a", "b"))
    assert task.documents[0].gold == ONE["gold"]
    for text, message in (
        ('{"rows": 5}', "^gold of 'c' breaks the schema at rows: "),
        ("[]", r"gold of .c. breaks the schema at the top"),
        ("{", r"c\.json: not JSON"),
        ('{"rows": [], "rows": []}', r"c\.json: 'rows' stands twice"),
    ):
        (folder / "c.json").write_text(text, "utf-8")
        with pytest.raises(DataError, match=message):
            make_task(folder, tmp_path / "s.json")
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match="the gold is empty"):
        make_task(tmp_path / "none", tmp_path / "s.json")


UNION = {"anyOf": [obj(a=STRING), {**obj(b=INTEGER), "required": ["b"]}]}
ABSENCES = [
    (obj(f=INTEGER), {"f": None}),
    (obj(f={"enum": ["x"]}), {"f": None}),
    (obj(f={"const": "x"}), {"f": None}),
    (obj(f=array(STRING)), {"f": None}),
    (obj(f=array(STRING)), {"f": ["x", None]}),
    (obj(f=obj(g=STRING)), {"f": None}),
    (SCHEMA, {"rows": [{"k": "a", "n": None}]}),
    ({**SCHEMA, "required": ["rows"]}, {}),
    ({**SCHEMA, "required": ["rows"]}, {"rows": None}),
    ({**SCHEMA, "additionalProperties": False}, {"more": None}),
    ({"type": "object", "allOf": [UNION], "properties": {"a": STRING}}, {"a": None}),
    ({**SCHEMA, "dependentRequired": {"rows": ["k"]}}, {"rows": []}),
]


@pytest.mark.parametrize(("schema", "gold"), ABSENCES, ids=str)
def test_what_is_null_or_absent_in_gold_never_breaks_the_schema(schema, gold):
    assert Validator(schema).gold_problems(gold) == []


def test_what_is_not_scored_may_be_of_any_shape_in_gold(tmp_path):
    notes = compared(obj(by=STRING), score=False)
    schema = obj(rows=table(k=KEY, notes=notes, quote=EVIDENCE), notes=notes)
    good = {"rows": [{"k": "a", "notes": ["x"]}], "notes": {"by": 5}}
    task = load_task(write_task(tmp_path / "a", schema, [{"id": "d", "gold": good}]))
    assert score(task, {"d": {"rows": [{"k": "a"}]}}).micro().cor == 1
    for bad, place in (
        ({"rows": 5}, "rows: "),
        ({"rows": [5]}, r"rows\[0\]: "),
        ({"rows": [{"k": "a", "quote": 5}]}, r"rows\[0\]\.quote: "),
    ):
        folder = write_task(tmp_path / place[:6], schema, [{"id": "d", "gold": {**good, **bad}}])
        with pytest.raises(DataError, match=f"^gold of 'd' breaks the schema at {place}"):
            load_task(folder)


def test_null_in_gold_is_scored_as_an_absent_property(tmp_path):
    schema = {**SCHEMA, "required": ["rows"]}
    gold = {"rows": [{"k": "a", "n": None}]}
    task = load_task(write_task(tmp_path, schema, [{"id": "d", "gold": gold}]))
    result = score(task, {"d": {"rows": [{"k": "a"}]}})
    assert (result.micro().pos, result.micro().cor) == (1, 1)
    assert result.statuses == {"d": "ok"}


def test_a_prediction_with_null_where_the_schema_takes_none_is_invalid():
    assert scored(SCHEMA, {"rows": []}, {"rows": None}).statuses == {"d": "invalid"}


def test_problems_of_one_kind_are_told_together(tmp_path):
    gold = {"rows": [{"k": 5, "n": n} for n in (1, "x", "y")]}
    lines = [{"id": f"d{n}", "gold": gold} for n in range(600)]
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    write_lines(tmp_path / "gold.jsonl", lines)
    problems = (
        "gold of 'd0' breaks the schema at rows[0].k: 5 is not of type \"string\", as do 'd0' at "
        "rows[1].k, 'd0' at rows[2].k, and 1,797 more of this kind; 'd0' breaks the schema at "
        "rows[1].n: \"x\" is not of type \"integer\", as do 'd0' at rows[2].n, 'd1' at rows[1].n, "
        "and 1,197 more of this kind (--gold-as-is scores against it all the same)"
    )
    with pytest.raises(DataError) as error:
        load_task(tmp_path)
    assert str(error.value) == problems
    with pytest.raises(DataError) as error:
        make_task(tmp_path / "gold.jsonl", tmp_path / "schema.json").documents[0]
    assert str(error.value) == f"{tmp_path / 'gold.jsonl'}:1: {problems}"


def test_of_many_kinds_of_problems_the_first_are_told(tmp_path):
    schema = obj(**{f"f{n}": INTEGER for n in range(9)})
    gold = {"id": "d", "gold": {f"f{n}": "x" for n in range(9)}}
    with pytest.raises(DataError, match=r"at f4: [^;]*; 4 more kinds of problem \(--gold"):
        load_task(write_task(tmp_path, schema, [gold]))


TEXT = "Niono, s'il vous plaît\r\n"
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def withheld(tmp_path):
    """A task with one withheld text and one shipped, and a folder for texts."""
    (tmp_path / "texts").mkdir()
    gold = [{**ONE, "meta": {"sha256": SHA}}, {**TWO, "text": "shipped"}]
    return write_task(tmp_path / "task", SCHEMA, gold), tmp_path / "texts"


def test_a_text_whose_hash_is_recorded_is_supplied_byte_for_byte(withheld):
    folder, texts = withheld
    (texts / "one.txt").write_bytes(TEXT.encode())
    one, two = load_task(folder, texts).documents
    assert (one.text, one.withheld) == (TEXT, False)
    assert two.text == "shipped"


@pytest.mark.parametrize("wrong", [TEXT.strip(), TEXT.replace("\r\n", "\n"), "", "other"])
def test_a_text_with_another_hash_is_an_error_that_names_file_and_hashes(withheld, wrong):
    folder, texts = withheld
    (texts / "one.txt").write_bytes(wrong.encode())
    found = hashlib.sha256(wrong.encode()).hexdigest()
    with pytest.raises(DataError) as error:
        load_task(folder, texts)
    for part in ("one.txt: not the text that was labelled", found, SHA, "'one'"):
        assert part in str(error.value)


def test_a_text_that_is_not_supplied_stays_withheld(withheld):
    folder, texts = withheld
    (texts / "another.txt").write_bytes(TEXT.encode())
    for task in (load_task(folder), load_task(folder, texts)):
        assert [document.withheld for document in task.documents] == [True, False]
        assert task.documents[0].text is None


def test_a_shipped_text_is_not_replaced(withheld):
    folder, texts = withheld
    (texts / "two.txt").write_text("another", "utf-8")
    assert load_task(folder, texts).documents[1].text == "shipped"


def test_an_id_with_a_path_in_it_reads_nothing_outside_the_texts(tmp_path):
    (tmp_path / "secret.txt").write_bytes(TEXT.encode())
    (tmp_path / "texts").mkdir()
    gold = [{**ONE, "id": "../secret", "meta": {"sha256": SHA}}]
    task = load_task(write_task(tmp_path / "task", SCHEMA, gold), tmp_path / "texts")
    assert task.documents[0].text is None


def test_texts_that_are_no_folder_are_an_error(withheld):
    folder, texts = withheld
    with pytest.raises(DataError, match=r"texts: .*nowhere is not a folder"):
        load_task(folder, texts / "nowhere")


@pytest.mark.parametrize(
    ("card", "version"),
    [
        ("---\nversion: 1.2.3\nlicense: mit\n---\n# Mine\n", "1.2.3"),
        ("---\nlicense: mit\n---\n", "0"),
        ("# Mine\nversion: 5\n", "0"),
        ("# Mine\n---\nversion: 5\n---\n", "0"),
        ("---\r\nversion: 1.10\r\n---\r\n# Mine\r\n", "1.10"),
        ("---\ntitle: it ---\nversion: 2\n---", "2"),
        ("---\n\nA rule above, no header.\n", "0"),
        ("---\n- a\n---\n", "0"),
        ("", "0"),
    ],
)
def test_the_version_stands_in_the_header_of_the_card(tmp_path, card, version):
    write_task(tmp_path, SCHEMA, [ONE])
    (tmp_path / "README.md").write_text(card, "utf-8")
    assert load_task(tmp_path).version == version


def test_a_card_whose_header_is_no_yaml_is_an_error_that_names_it(tmp_path):
    write_task(tmp_path, SCHEMA, [ONE])
    (tmp_path / "README.md").write_text("---\na: [\n---\n", "utf-8")
    with pytest.raises(DataError, match=r"README\.md: the header: not YAML: .*line 3"):
        load_task(tmp_path)


def test_the_alias_list_of_the_folder_is_read(tmp_path):
    write_task(tmp_path, obj(f=compared(STRING, by="name")), [{"id": "d", "gold": {}}])
    (tmp_path / "aliases.txt").write_text("A | B\n", "utf-8")
    assert load_task(tmp_path).aliases == (("A", "B"),)


def test_two_files_make_a_task_named_for_the_gold(tmp_path):
    folder = write_task(tmp_path, SCHEMA, [ONE])
    task = make_task(folder / "gold.jsonl", folder / "schema.json")
    assert (task.name, task.folder) == ("gold", None)
    assert tuple(task.documents) == load_task(folder).documents
    (folder / "mine.py").write_text(f"SCHEMA = {SCHEMA!r}\n", "utf-8")
    assert make_task(folder / "gold.jsonl", folder / "mine.py").schema == SCHEMA


def test_gold_of_two_files_must_follow_the_schema_too(tmp_path):
    folder = write_task(tmp_path, SCHEMA, [{"id": "bad", "gold": {"rows": 5}}])
    task = make_task(folder / "gold.jsonl", folder / "schema.json")
    with pytest.raises(DataError, match="gold of 'bad' breaks the schema at rows"):
        score(task, {})


def test_a_task_may_be_cut_down_to_some_documents():
    documents = (Document("one", {}), Document("two", {}))
    task = Task("t", SCHEMA, documents, (("A", "B"),), "7")
    only = task.only(documents[1:])
    assert vars(only) == {**vars(task), "documents": documents[1:], "whole": False}


# The shipped task.
RETELLING, REPORT = "mali-2025-07-01-wire", "mali-2025-07-01"


@pytest.fixture(scope="module")
def sitrep():
    return load_task("sitrep")


def of(task, name):
    (document,) = [document for document in task.documents if document.id == name]
    return document


def test_sitrep_has_these_splits(sitrep):
    assert {split: len(ids) for split, ids in sitrep.splits.items()} == {
        "dev": 8,
        "hard": 8,
        "test": 14,
    }
    assert [document.id for document in sitrep.documents if document.withheld] == [REPORT]
    assert (sitrep.name, sitrep.version) == ("sitrep", "0.2.0")


@pytest.mark.parametrize("name", [RETELLING, REPORT])
def test_sitrep_has_these_records_in_the_documents_that_came_first(sitrep, name):
    gold = of(sitrep, name).gold
    assert {table: len(rows) for table, rows in gold.items()} == {
        "events": 17,
        "tallies": 12,
        "measures": 2,
        "speakers": 1,
    }
    assert sum(len(event["casualties"]) for event in gold["events"]) == 4


def test_sitrep_says_of_each_text_whether_its_facts_are_invented(sitrep):
    told = {d.id: d.meta.get("provenance", {}).get("facts") for d in sitrep.documents if d.text}
    assert set(told.values()) == {"source", "invented", "mixed"}


def test_every_text_of_sitrep_carries_the_canary_of_its_card(sitrep):
    (canary,) = re.findall(
        r"`(fieldmark:[0-9a-f-]{36})`", (sitrep.folder / "README.md").read_text()
    )
    carried = [d.meta["provenance"]["canary"] for d in sitrep.documents if d.text]
    assert set(carried) == {canary}


def test_the_counts_of_the_card_are_those_of_the_gold(sitrep):
    card = (sitrep.folder / "README.md").read_text("utf-8")
    for split in sitrep.splits:
        documents = sitrep.split(split).documents
        words = sum(len(document.text.split()) for document in documents if document.text)
        records = [sum(len(d.gold[name]) for d in documents) for name in sitrep.documents[0].gold]
        row = " | ".join(f"{number:,}" for number in (len(documents), words, *records))
        assert f"| `{split}` | {row} |" in card


def test_hard_documents_are_long_and_full(sitrep):
    for document in sitrep.split("hard").documents:
        assert 1500 <= len(document.text.split()) <= 4000
        assert len(document.gold["events"]) >= 25


FIRST = {
    "events": {
        "event_type": "armed_clash",
        "place": "Diboli",
        "country": "MLI",
        "start": "2025-07-01",
        "end": "2025-07-01",
        "initiators": ["Jama'at Nusrat al-Islam wal-Muslimin"],
        "targets": ["Malian Armed Forces", "civilians"],
        "claimed_by": ["Jama'at Nusrat al-Islam wal-Muslimin"],
    },
    "tallies": {
        "what": "Jama'at Nusrat al-Islam wal-Muslimin",
        "outcome": "killed",
        "low": 80,
        "high": None,
        "bound": "more_than",
        "by": ["Malian Armed Forces"],
    },
    "measures": {"kind": "curfew", "place": "Kayes", "start": "2025-07-01", "duration_days": 30},
    "speakers": {"name": "Souleymane Dembélé", "title": "Colonel"},
}
LAST = {
    "events": {
        "event_type": "armed_clash",
        "place": "Ménaka",
        "country": "MLI",
        "start": "2025-06-01",
        "end": "2025-06-01",
        "initiators": ["Confederation of Sahel States"],
        "targets": ["jihadist militants"],
        "outcome": "retaken",
    },
    "tallies": {
        "what": "jihadist militants",
        "outcome": "killed",
        "low": 1500,
        "high": 2000,
        "bound": "between",
        "start": "2023-01-01",
        "end": None,
        "places": ["Mali"],
    },
    "measures": {"kind": "curfew", "place": "Dioïla", "start": "2025-07-01", "duration_days": 30},
    "speakers": {"name": "Souleymane Dembélé", "title": "Colonel"},
}


@pytest.mark.parametrize("document", [RETELLING, REPORT])
@pytest.mark.parametrize("name", ["events", "tallies", "measures", "speakers"])
def test_sitrep_begins_and_ends_with_these_records(sitrep, document, name):
    rows = of(sitrep, document).gold[name]
    assert rows[0] | FIRST[name] == rows[0]
    assert rows[-1] | LAST[name] == rows[-1]


def test_sitrep_keeps_the_hash_of_the_text_that_it_withholds(sitrep):
    assert of(sitrep, REPORT).text is None
    assert of(sitrep, REPORT).meta["sha256"] == (
        "5b79effdb6bcd00e4cedf0d2a64f688ee1c4c30a7013c5fd3a9c323ca156e366"
    )


ANNOTATIONS = ("$schema", "$defs", "title", "description", "default")


def plain(node, root, properties=False):
    """A schema without annotations, its references replaced by what they refer to."""
    if isinstance(node, list):
        return [plain(one, root) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    kept = node if properties else {k: v for k, v in node.items() if k not in ANNOTATIONS}
    made = {key: plain(value, root, key == "properties") for key, value in kept.items()}
    return made | ({"required": sorted(made["required"])} if "required" in made else {})


def test_the_schema_of_sitrep_says_the_same_as_the_design(sitrep):
    file = ROOT.parent / "shared" / "design" / "sitrep.schema.json"
    if not file.is_file():
        pytest.skip("the design's schema is not beside this checkout")
    design = json.loads(file.read_text("utf-8"))
    assert plain(sitrep.schema, sitrep.schema) == plain(design, design)
    assert sitrep.tree == read_schema(design)


def test_a_card_of_any_bytes_does_no_harm(tmp_path):
    write_task(tmp_path, SCHEMA, [ONE])
    (tmp_path / "README.md").write_bytes(b"\xef\xbb\xbf---\nversion: 1.10\n---\n\xff")
    assert load_task(tmp_path).version == "1.10"


def test_optional_lists_paths(tmp_path):
    write_task(tmp_path, SCHEMA, [{**ONE, "optional": [{}]}])
    with pytest.raises(DataError, match="optional"):
        load_task(tmp_path)


def test_texts_fill_in_a_text_of_which_no_hash_is_known(tmp_path):
    write_task(tmp_path / "task", SCHEMA, [{key: ONE[key] for key in ("id", "gold")}])
    (tmp_path / f"{ONE['id']}.txt").write_text("words", "utf-8")
    assert load_task(tmp_path / "task", tmp_path).documents[0].text == "words"
