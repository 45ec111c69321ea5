"""Which gold values two runs get right: both, one alone, neither; by document, field and record."""

import csv
import io
import json

import pytest

from benchmark import Document, Task, score
from benchmark.cli import main
from benchmark.reports.side_by_side import as_csv, as_dicts, sheet, side_by_side

SCHEMA = {
    "properties": {
        "title": {"type": "string"},
        "rows": {
            "type": "array",
            "items": {
                "properties": {
                    "name": {"type": "string", "x-compare": {"key": True}},
                    "n": {"type": "integer"},
                }
            },
        },
    }
}
GOLD = {"title": "t", "rows": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]}
FIRST = {"title": "t", "rows": [{"name": "a", "n": 1}, {"name": "b", "n": 9}]}
SECOND = {"title": "x", "rows": [{"name": "b", "n": 9}, {"name": "c", "n": 3}]}


@pytest.fixture
def scores():
    task = Task("made", SCHEMA, (Document("d1", GOLD), Document("d2", GOLD)))
    return {
        "one": score(task, {"d1": FIRST, "d2": GOLD}),
        "two": score(task, {"d1": SECOND, "d2": GOLD}),
    }


def found(scores, by):
    (sides,) = side_by_side(scores, by, all_pairs=False)
    return {
        name: (
            row.both,
            row.first,
            row.second,
            row.neither,
            row.first_spurious,
            row.second_spurious,
        )
        for name, row in sides.rows.items()
    }


def test_by_document(scores):
    assert found(scores, "documents") == {"d1": (1, 3, 0, 1, 0, 2), "d2": (5, 0, 0, 0, 0, 0)}


def test_by_field(scores):
    assert found(scores, "fields") == {
        "title": (1, 1, 0, 0, 0, 0),
        "rows.name": (3, 1, 0, 0, 0, 1),
        "rows.n": (2, 1, 0, 1, 0, 1),
    }


def test_by_record_of_gold(scores):
    assert found(scores, "records") == {
        "d1": (0, 1, 0, 0, 0, 0),
        "d1 rows[0]": (0, 2, 0, 0, 0, 0),
        "d1 rows[1]": (1, 0, 0, 1, 0, 0),
        "d2": (1, 0, 0, 0, 0, 0),
        "d2 rows[0]": (2, 0, 0, 0, 0, 0),
        "d2 rows[1]": (2, 0, 0, 0, 0, 0),
    }


def test_the_table_has_where_they_part_and_how_much_is_alike(scores):
    (sides,) = side_by_side(scores, "records", all_pairs=False)
    shown = sheet(sides)
    assert list(shown.header) == ["record", "both", "first only", "second only", "neither"]
    assert [row[0] for row in shown.rows] == ["d1 rows[0]", "d1", "4 records alike"]


def test_every_two_runs(scores):
    three = {**scores, "three": scores["one"]}
    assert [(s.first, s.second) for s in side_by_side(three, "fields", all_pairs=True)] == [
        ("one", "two"),
        ("one", "three"),
        ("two", "three"),
    ]
    assert len(side_by_side(three, "fields", all_pairs=False)) == 2


def test_csv_and_json_have_all_rows(scores):
    sides = side_by_side(scores, "documents", all_pairs=False)
    rows = list(csv.DictReader(io.StringIO(as_csv(sides))))
    assert [row["document"] for row in rows] == ["d1", "d2"]
    assert rows[0]["second_spurious"] == "2"
    assert as_dicts(sides)[0]["first"] == 3


@pytest.mark.parametrize("form", ["table", "md", "latex", "csv", "json"])
def test_on_the_command_line(form, tmp_path, capsys, monkeypatch):
    task = tmp_path / "task"
    task.mkdir()
    (task / "schema.json").write_text(json.dumps(SCHEMA))
    (task / "gold.jsonl").write_text(json.dumps({"id": "d1", "gold": GOLD}) + "\n")
    for name, prediction in (("one", FIRST), ("two", SECOND)):
        line = json.dumps({"id": "d1", "prediction": prediction})
        (tmp_path / f"{name}.jsonl").write_text(line + "\n")
    files = [str(tmp_path / f"{name}.jsonl") for name in ("one", "two")]
    asked = ["--task", str(task), "--by", "fields", "--format", form]
    monkeypatch.setattr("sys.argv", ["fieldmark", "compare", *files, *asked])
    with pytest.raises(SystemExit) as end:
        main()
    out = capsys.readouterr().out
    assert end.value.code in (None, 0)
    assert "rows.name" in out.replace("\\", "")
    if form == "json":
        assert json.loads(out)["by"] == "fields"
