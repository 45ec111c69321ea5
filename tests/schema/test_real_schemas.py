"""Schemas such as people bring, each with gold, predictions full of typical mistakes, and what
they must count.

The counts of tests/schemas/<kind>/expected.json were worked out by hand from the rules of the
score, before any scorer ran; `why` says what is wrong in the predictions. They are not to be made
again from what the scorer prints.
"""

import json

import pytest
from support.tasks import ROOT, STRING

from benchmark import make_task
from benchmark.schema.fields import table_paths, value_paths

KINDS = sorted(folder for folder in (ROOT / "tests" / "schemas").iterdir() if folder.is_dir())
SLOTS = ("pos", "act", "cor", "par", "inc", "mis", "spu")
RECORDS = ("gold", "predicted", "paired", "perfect")

by_kind = pytest.mark.parametrize("folder", KINDS, ids=lambda folder: folder.name)


def schema_of(folder):
    (schema,) = folder.glob("schema.*")
    return schema


def expected_of(folder):
    return json.loads((folder / "expected.json").read_text("utf-8"))


@by_kind
def test_each_field_gets_the_counts_that_were_worked_out_by_hand(fieldmark, folder):
    files = [folder / "predictions.jsonl", "--gold", folder / "gold.jsonl"]
    status, out, err = fieldmark("score", *files, "--schema", schema_of(folder), "--format", "json")
    assert (status, err) == (0, "")
    found, expected = json.loads(out), expected_of(folder)
    fields = {path: {slot: one[slot] for slot in SLOTS} for path, one in found["fields"].items()}
    tables = {path: {word: one[word] for word in RECORDS} for path, one in found["tables"].items()}
    assert fields == expected["fields"]
    assert tables == expected["tables"]
    for part in ("documents", "invalid", "unknown", "grounding"):
        assert found[part] == expected[part]


@by_kind
def test_what_was_worked_out_adds_up(folder):
    for one in expected_of(folder)["fields"].values():
        both = one["cor"] + one["par"] + one["inc"]
        assert (one["pos"], one["act"]) == (both + one["mis"], both + one["spu"])


@by_kind
def test_each_schema_is_explained(fieldmark, folder):
    status, out, err = fieldmark("schema", "--explain", schema_of(folder))
    assert (status, err) == (0, "")
    tree = make_task(folder / "gold.jsonl", schema_of(folder)).tree
    shown = {line.split()[0] for line in out.splitlines() if line.strip()}
    assert {*value_paths(tree), *table_paths(tree)} <= shown


@by_kind
def test_gold_scored_against_itself_is_perfect(fieldmark, tmp_path, folder):
    lines = (folder / "gold.jsonl").read_text("utf-8").splitlines()
    answers = [{"id": d["id"], "prediction": d["gold"]} for d in map(json.loads, lines)]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, answers)), "utf-8")
    files = ["p.jsonl", "--gold", folder / "gold.jsonl", "--schema", schema_of(folder)]
    status, out, _ = fieldmark("score", *files, "--format", "json")
    micro = json.loads(out)["micro"]
    assert status == 0
    assert micro["pos"] == micro["act"] == micro["cor"] > 0


def test_the_form_has_eighty_flat_fields():
    (folder,) = (folder for folder in KINDS if folder.name == "form")
    tree = make_task(folder / "gold.jsonl", schema_of(folder)).tree
    assert (len(value_paths(tree)), table_paths(tree)) == (80, ())


def test_a_product_page_with_a_map_has_a_record_for_each_entry(fieldmark, tmp_path):
    folder = ROOT / "tests" / "schemas" / "product"
    schema = json.loads((folder / "schema.json").read_text("utf-8"))
    schema["properties"]["attributes"] = {"type": "object", "additionalProperties": STRING}
    (tmp_path / "map.json").write_text(json.dumps(schema), "utf-8")
    status, out, _ = fieldmark("schema", "--explain", "map.json")
    assert status == 0
    assert "attributes.<key>" in out
    assert "attributes: an open map: a record an entry" in " ".join(out.split())
    gold = {"name": "boot", "attributes": {"Weight": "280 g", "Sole": "rubber"}}
    given = {"name": "boot", "attributes": {"Sole": "leather", "Drop": "6 mm"}}
    (tmp_path / "g.jsonl").write_text(json.dumps({"id": "a", "gold": gold}), "utf-8")
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "a", "prediction": given}), "utf-8")
    schema.pop("required")
    (tmp_path / "map.json").write_text(json.dumps(schema), "utf-8")
    files = ("p.jsonl", "--gold", "g.jsonl", "--schema", "map.json", "--format", "json")
    fields = json.loads(fieldmark("score", *files)[1])["fields"]
    counts = ("cor", "inc", "mis", "spu")
    assert [fields["attributes.<key>"][c] for c in counts] == [1, 0, 1, 1]
    assert [fields["attributes.<value>"][c] for c in counts] == [0, 1, 1, 1]
