"""Cases that must hold exactly; others may use conformance_cases.json for their scorers."""

import json
from pathlib import Path

import pytest

from benchmark import Document, Task, score
from benchmark.cli import main

CASES = json.loads((Path(__file__).parent / "conformance_cases.json").read_text("utf-8"))["cases"]
DESIGN = Path(__file__).parents[3] / "shared" / "conformance.json"
OUTCOMES = ("cor", "par", "inc", "mis", "spu")
RECORDS = ("gold", "predicted", "paired", "perfect")


def _document(case):
    return {
        "id": "case",
        "gold": case["gold"],
        "alternatives": case.get("alternatives", {}),
        "optional": case.get("optional", []),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    task = Task("conformance", case["schema"], (Document(**_document(case)),))
    result = score(task, {"case": case["pred"]})
    counts = {
        path: dict(zip(OUTCOMES, result.counts[0, n].tolist(), strict=True))
        for n, path in enumerate(result.fields)
        if result.counts[0, n].any()
    }
    assert counts == case["fields"]
    records = {
        path: dict(zip(RECORDS, row, strict=True))
        for path, row in zip(result.tables, result.records[0].tolist(), strict=True)
        if any(row)
    }
    assert records == case.get("records", records)
    status = result.statuses["case"]
    assert status == case.get("status", status)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case_from_the_command_line(case, tmp_path, monkeypatch, capsys):
    (tmp_path / "gold.jsonl").write_text(json.dumps(_document(case)), "utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(case["schema"]), "utf-8")
    line = json.dumps({"id": "case", "prediction": case["pred"]})
    (tmp_path / "predictions.jsonl").write_text(line, "utf-8")
    monkeypatch.chdir(tmp_path)
    files = ["predictions.jsonl", "--gold", "gold.jsonl", "--schema", "schema.json"]
    monkeypatch.setattr("sys.argv", ["fieldmark", "score", *files, "--format", "json"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    counts = {path: {word: one[word] for word in OUTCOMES} for path, one in fields.items()}
    assert {path: one for path, one in counts.items() if any(one.values())} == case["fields"]


def test_the_cases_of_the_design_are_the_first():
    if not DESIGN.is_file():
        pytest.skip("the design's cases are not beside this checkout")
    of_the_design = json.loads(DESIGN.read_text("utf-8"))["cases"]
    assert of_the_design == CASES[: len(of_the_design)]
