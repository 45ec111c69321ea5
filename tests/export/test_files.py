"""Gold in the forms in which data sets are passed on."""

import json
import logging
from datetime import date

import mlcroissant
import pandas
import pytest
from support.tasks import STRING, obj, write_task

from benchmark import DataError, load_task
from benchmark.export import files as exporting
from benchmark.export.croissant import croissant
from benchmark.export.files import export


@pytest.fixture(scope="module")
def sitrep():
    return load_task("sitrep")


def test_parquet_has_a_typed_file_for_each_split(sitrep, tmp_path):
    written = export(sitrep, "parquet", str(tmp_path))
    assert written == [str(tmp_path / f"{split}.parquet") for split in sitrep.splits]
    frame = pandas.read_parquet(tmp_path / "dev.parquet")
    assert tuple(frame["id"]) == sitrep.splits["dev"]
    wire = frame.set_index("id").loc["mali-2025-07-01-wire", "gold"]
    assert isinstance(wire["events"][0]["start"], date)
    assert wire["events"][0]["evidence"]


def test_jsonl_has_a_file_for_each_split_with_evidence_quoted(sitrep, tmp_path):
    export(sitrep.split("dev"), "jsonl", str(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["dev.jsonl"]
    lines = (tmp_path / "dev.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(sitrep.splits["dev"])


def test_a_place_that_cannot_be_written_is_an_error(sitrep, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        export(sitrep, "jsonl", str(tmp_path / "file"))


def test_what_the_hub_refuses_is_an_error_that_says_how(sitrep, monkeypatch):
    import datasets

    def refuse(self, repository):
        raise OSError(f"401 for {repository}")

    monkeypatch.setattr(datasets.DatasetDict, "push_to_hub", refuse)
    with pytest.raises(DataError, match=r"the Hub took no me/it: OSError: 401 .* HF_TOKEN"):
        export(sitrep, "hub", "me/it")


def test_the_hub_gets_every_split(sitrep, monkeypatch):
    import datasets

    pushed = {}

    def push(self, repository):
        pushed[repository] = {name: rows["id"] for name, rows in self.items()}

    monkeypatch.setattr(datasets.DatasetDict, "push_to_hub", push)
    assert export(sitrep, "hub", "me/it") == ["https://huggingface.co/datasets/me/it"]
    assert {name: tuple(ids) for name, ids in pushed["me/it"].items()} == sitrep.splits


def test_the_croissant_of_the_shipped_task_is_current(sitrep):
    kept = json.loads((sitrep.folder / "croissant.json").read_text("utf-8"))
    assert kept == croissant(sitrep), "fieldmark gold export --to croissant --out gold/sitrep"


def test_mlcroissant_finds_nothing_wrong_and_reads_every_document(sitrep, caplog):
    with caplog.at_level(logging.WARNING):
        read = mlcroissant.Dataset(jsonld=str(sitrep.folder / "croissant.json"))
    assert caplog.messages == []
    for split, ids in sitrep.splits.items():
        found = [record[f"{split}/id"].decode() for record in read.records(split)]
        assert tuple(found) == ids


def described(tmp_path, header):
    folder = write_task(tmp_path / "mine", obj(f=STRING), [{"id": "d", "text": "t", "gold": {}}])
    (folder / "README.md").write_text(f"---\n{header}\n---\n", "utf-8")
    return croissant(load_task(folder))


def test_what_the_card_does_not_say_is_left_out(tmp_path):
    bare = described(tmp_path, "version: 1.10\nlicense: ''\ntags: []")
    assert (bare["name"], bare["version"]) == ("mine", "1.10")
    assert bare["description"] == "Gold of the task mine."
    assert bare.keys().isdisjoint({"license", "url", "creator", "keywords", "datePublished"})


def test_a_card_may_name_several_licenses(tmp_path):
    assert described(tmp_path, "license: [mit, cc0-1.0]")["license"] == ["mit", "cc0-1.0"]


@pytest.mark.parametrize("header", ["date: soon", "license: {a: b}"])
def test_a_card_that_croissant_refuses_is_an_error_that_names_it(tmp_path, header):
    with pytest.raises(DataError, match=r"README\.md: no Croissant: .*(soon|License)"):
        described(tmp_path, header)


def test_a_task_without_gold_files_has_no_croissant(sitrep):
    with pytest.raises(DataError, match="no gold files to describe"):
        croissant(exporting.Task("bare", sitrep.schema, ()))
