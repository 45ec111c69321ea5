"""A task as a Hugging Face Dataset."""

from datetime import date

import pytest
import yaml
from support.tasks import (
    BOOLEAN,
    DATE,
    EVIDENCE,
    INTEGER,
    NUMBER,
    STRING,
    array,
    compared,
    obj,
    table,
    task,
)

from benchmark import load_task
from benchmark.export import hf_dataset

datasets = pytest.importorskip("datasets")
Json, List, Value = datasets.Json, datasets.List, datasets.Value

SCHEMA = obj(
    title=STRING,
    day=DATE,
    count=INTEGER,
    size=NUMBER,
    open=BOOLEAN,
    kind={"enum": ["a", "b"]},
    level={"enum": [1, 2]},
    days=array(DATE),
    head=obj(by=STRING),
    note=compared(STRING, score=False),
    rows=table(k=STRING, quote=EVIDENCE, sub=table(n=INTEGER)),
)
GOLD = {
    "title": "t",
    "day": "2025-07-01",
    "count": 3,
    "size": 1.5,
    "open": False,
    "kind": "a",
    "level": 2,
    "days": ["2025-07-01", "2025-07-02"],
    "head": {"by": "me"},
    "note": "any",
    "rows": [{"k": "x", "sub": [{"n": 0}]}, {"k": "y", "sub": []}],
}
FULL = {
    "text": "x is seen",
    "meta": {"lang": "en", "published": None},
    "alternatives": {"count": [None, 4]},
    "optional": ["rows[1]"],
    "spans": {"rows[0].quote": [[0, 4]]},
}


def test_the_columns_are_typed_by_the_schema():
    features = hf_dataset.features(task(SCHEMA, GOLD))
    assert list(features) == ["id", "text", "meta", "gold", "alternatives", "optional", "spans"]
    assert features["gold"] == {
        "title": Value("string"),
        "day": Value("date32"),
        "count": Value("int64"),
        "size": Value("float64"),
        "open": Value("bool"),
        "kind": Value("string"),
        "level": Json(),
        "days": List(Value("date32")),
        "head": {"by": Value("string")},
        "note": Json(),
        "rows": List(
            {"k": Value("string"), "quote": Value("string"), "sub": List({"n": Value("int64")})}
        ),
    }
    assert features["optional"] == List(Value("string"))
    assert features["meta"] == features["alternatives"] == features["spans"] == Json()


def test_a_row_holds_the_document_with_dates_as_dates_and_evidence_quoted():
    (row,) = hf_dataset.to_dataset(task(SCHEMA, GOLD, **FULL))
    gold = row.pop("gold")
    assert row == {"id": "d", **FULL}
    assert gold["day"] == date(2025, 7, 1)
    assert gold["days"] == [date(2025, 7, 1), date(2025, 7, 2)]
    assert (gold["count"], gold["size"], gold["open"], gold["level"]) == (3, 1.5, False, 2)
    assert gold["rows"] == [
        {"k": "x", "quote": "x is", "sub": [{"n": 0}]},
        {"k": "y", "quote": None, "sub": []},
    ]


def test_what_gold_does_not_state_is_none():
    (row,) = hf_dataset.to_dataset(task(SCHEMA, {}))
    assert row["text"] is None
    assert row["gold"]["count"] is None
    assert row["gold"]["kind"] is None


# The shipped task.


@pytest.fixture(scope="module")
def sitrep():
    return load_task("sitrep")


@pytest.fixture(scope="module")
def rows(sitrep):
    return list(hf_dataset.to_dataset(sitrep))


def test_the_shipped_task_has_a_row_a_document(sitrep, rows):
    assert [row["id"] for row in rows] == [document.id for document in sitrep.documents]
    (wire,) = [row for row in rows if row["id"] == "mali-2025-07-01-wire"]
    assert len(wire["gold"]["events"]) == 17
    assert wire["gold"]["events"][0]["start"] == date(2025, 7, 1)
    assert wire["gold"]["events"][0]["evidence"] in wire["text"]


def test_the_card_has_the_features_of_the_shipped_task(sitrep):
    header = (sitrep.folder / "README.md").read_text("utf-8").split("---\n")[1]
    described = yaml.safe_load(header)["dataset_info"]["features"]
    assert datasets.Features._from_yaml_list(described) == hf_dataset.features(sitrep)


def without_evidence(gold):
    """Evidence is quoted from the spans by the scorer; the files hold null in its place."""
    return {
        name: [{key: value for key, value in row.items() if key != "evidence"} for row in records]
        for name, records in gold.items()
    }


def test_the_hubs_own_loader_reads_the_folder_to_the_same_ids_and_gold(
    sitrep, rows, tmp_path, monkeypatch
):
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    splits = datasets.load_dataset(str(sitrep.folder), cache_dir=str(tmp_path))
    assert {name: tuple(part["id"]) for name, part in splits.items()} == sitrep.splits
    read = {row["id"]: row for part in splits.values() for row in part}
    for other in rows:
        one = read[other["id"]]
        assert splits["dev"].features == hf_dataset.features(sitrep)
        assert without_evidence(one["gold"]) == without_evidence(other["gold"])
        assert (one["spans"] or {}) == other["spans"]  # a line has no key for what is empty
        assert (one["alternatives"] or {}) == other["alternatives"]


def test_a_dataset_may_be_loaded_by_name_or_folder(sitrep, rows):
    for source in ("sitrep", sitrep.folder):
        assert [row["id"] for row in hf_dataset.load_dataset(source)] == [row["id"] for row in rows]
