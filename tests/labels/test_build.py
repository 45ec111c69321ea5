"""Texts and labels -> the gold files of a task."""

import json

import pytest
from support.tasks import DATE, EVIDENCE, KEY, obj, table

from benchmark import DataError, UnknownNameError, load_task
from benchmark.data.writing import write_task
from benchmark.labels.build import build, out_of_date

SCHEMA = obj(rows=table(place=KEY, day=DATE, evidence=EVIDENCE))
LABELS = "rows:\n- place: Kayes\n  day: 2025-05-03\n  evidence: Rebels took Kayes\n"


@pytest.fixture
def folder(tmp_path):
    """Two splits of one text each."""
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "labels" / "gold").mkdir(parents=True)
    for split, name in (("dev", "one"), ("test", "two")):
        text = tmp_path / "documents" / split / f"{name}.txt"
        text.parent.mkdir(parents=True)
        text.write_text("---\nlang: en\npublished: null\n---\nRebels took Kayes on 3 May.\n")
        (tmp_path / "labels" / "gold" / f"{name}.yaml").write_text(LABELS, "utf-8")
    return tmp_path


def built(folder):
    files, problems = build(folder)
    assert problems == []
    for file, content in files.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return load_task(folder)


def test_each_split_becomes_a_file_whose_documents_know_their_split(folder):
    task = built(folder)
    assert task.splits == {"dev": ("one",), "test": ("two",)}
    assert task.documents[0].meta == {"split": "dev", "lang": "en", "published": None}
    assert task.documents[0].text == "Rebels took Kayes on 3 May.\n"
    assert task.documents[0].gold == {"rows": [{"place": "Kayes", "day": "2025-05-03"}]}
    assert task.documents[0].spans == {
        "rows[0].evidence": [[0, 17]],
        "rows[0].place": [[12, 17]],
        "rows[0].day": [[21, 26]],
    }
    assert "split" not in json.loads((folder / "data" / "dev.jsonl").read_text("utf-8"))["meta"]


def test_texts_outside_any_split_make_one_file(folder):
    for split in ("dev", "test"):
        for text in (folder / "documents" / split).iterdir():
            text.rename(folder / "documents" / text.name)
    assert built(folder).splits == {}
    assert (folder / "gold.jsonl").is_file()


def test_a_task_of_some_splits_has_their_documents_alone(folder):
    task = built(folder)
    assert task.split("test").ids == ("two",)
    assert task.split("test", "dev").ids == ("one", "two")
    with pytest.raises(UnknownNameError, match=r"unknown split of .* 'tset'; did you mean test"):
        task.split("tset")


def test_gold_that_is_not_what_the_labels_say_is_told(folder):
    task = built(folder)
    assert out_of_date(task) == []
    (folder / "labels" / "gold" / "two.yaml").write_text("{}", "utf-8")
    (stale,) = out_of_date(task)
    assert "test.jsonl: not what the labels say: `fieldmark gold build`" in stale


def test_a_gold_file_that_nothing_makes_is_told(folder):
    task = built(folder)
    (folder / "data" / "old.jsonl").write_bytes((folder / "data" / "dev.jsonl").read_bytes())
    (left,) = out_of_date(task)
    assert left.endswith("old.jsonl: there is no text for it; delete it")


def test_a_text_without_labels_and_labels_without_a_text_are_told(folder):
    (folder / "labels" / "gold" / "two.yaml").rename(folder / "labels" / "gold" / "three.yaml")
    problems = build(folder)[1]
    assert any("there is no document 'three'" in problem for problem in problems)
    assert any("two.yaml is missing" in problem for problem in problems)


def test_what_is_wrong_with_labels_is_told_with_its_file(folder):
    file = folder / "labels" / "gold" / "one.yaml"
    file.write_text(LABELS.replace("took Kayes", "took Nioro"), "utf-8")
    (problem,) = build(folder)[1]
    assert problem == f"{file}: rows[0].evidence: the text has no 'Rebels took Nioro'"


def test_two_texts_of_one_name_are_an_error(folder):
    (folder / "documents" / "test" / "one.txt").write_text("again", "utf-8")
    with pytest.raises(DataError, match="a second document 'one'"):
        build(folder)


def test_a_folder_without_texts_is_an_error(tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    with pytest.raises(DataError, match="nothing to build"):
        build(tmp_path)


def test_texts_that_are_not_built_yet_are_an_error_that_says_how(folder):
    with pytest.raises(DataError, match="`fieldmark gold build` makes it"):
        load_task(folder)


def test_a_task_that_is_written_reads_as_the_same(folder, tmp_path):
    task = built(folder).split("test")
    write_task(task, tmp_path / "copy")
    copy = load_task(tmp_path / "copy")
    assert (copy.ids, copy.schema, copy.version) == (task.ids, task.schema, task.version)
    assert copy.documents[0].gold == task.documents[0].gold
    assert copy.documents[0].spans == task.documents[0].spans
    with pytest.raises(DataError, match="is not empty"):
        write_task(task, tmp_path / "copy")
