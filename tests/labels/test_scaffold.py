"""The folder of a new task."""

import json

import pytest
from support.tasks import BOOLEAN, DATE, EVIDENCE, INTEGER, KEY, STRING, array, obj, table

from benchmark import DataError, SchemaError, load_task
from benchmark.labels.build import build
from benchmark.labels.scaffold import start

SCHEMA = obj(
    supplier=obj(name=STRING),
    paid=BOOLEAN,
    lines=table(item=KEY, day=DATE, tags=array(STRING), parts=table(n=INTEGER), quote=EVIDENCE),
)
TEMPLATE = """supplier:
  name: string
paid: boolean
lines:
- quote: words of the text that say so
  item: string
  day: date
  tags: [string]
  parts:
  - n: integer
"""


@pytest.fixture
def schema(tmp_path):
    file = tmp_path / "s.json"
    file.write_text(json.dumps(SCHEMA), "utf-8")
    return file


def test_the_template_shows_every_field_once(schema, tmp_path):
    start(tmp_path / "mine", schema)
    assert (tmp_path / "mine" / "labels" / "template.yaml").read_text("utf-8") == TEMPLATE


def test_a_text_and_its_labels_make_it_a_task(schema, tmp_path):
    folder = tmp_path / "mine"
    made = start(folder, schema)
    assert all(file.is_file() for file in made)
    (folder / "documents" / "a.txt").write_text("Ohm & Sons: 3 screws", "utf-8")
    (folder / "labels" / "gold" / "a.yaml").write_text("lines:\n- item: screws\n", "utf-8")
    files, problems = build(folder)
    assert problems == []
    (folder / "gold.jsonl").write_bytes(files[folder / "gold.jsonl"])
    task = load_task(folder)
    assert (task.name, task.version) == ("mine", "0.1.0")
    assert task.documents[0].spans == {"lines[0].item": [[14, 20]]}


def test_the_codebook_has_a_row_for_each_field(schema, tmp_path):
    start(tmp_path / "mine", schema)
    codebook = (tmp_path / "mine" / "codebook.md").read_text("utf-8")
    assert "| `lines.tags` | list of string | |" in codebook
    assert "| `lines.parts` | list of records | |" in codebook


def test_a_folder_that_is_there_is_not_touched(schema, tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(DataError, match="exists already"):
        start(tmp_path / "mine", schema)
    assert list((tmp_path / "mine").iterdir()) == []


def test_a_schema_that_cannot_be_scored_makes_no_folder(tmp_path):
    file = tmp_path / "s.json"
    file.write_text('{"$ref": "other.json"}', "utf-8")
    with pytest.raises(SchemaError):
        start(tmp_path / "mine", file)
    assert not (tmp_path / "mine").exists()
