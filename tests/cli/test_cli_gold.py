"""`fieldmark gold` and the splits and twins of a task, as a user meets them."""

import csv
import io
import json

import pytest
from support.tasks import DATE, EVIDENCE, KEY, obj, table, write_task

from benchmark import load_task

SCHEMA = obj(rows=table(place=KEY, day=DATE, evidence=EVIDENCE))
TEXT = "Rebels took {place} on 3 May 2025.\n\nThe market was open."


@pytest.fixture
def folder(tmp_path):
    """A task of three splits, its gold not built yet."""
    folder = tmp_path / "mine"
    (folder / "labels" / "gold").mkdir(parents=True)
    (folder / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    for split, place in (("dev", "Kayes"), ("test", "Niono"), ("hard", "Diboli")):
        (folder / "documents" / split).mkdir(parents=True)
        text = folder / "documents" / split / f"{split}-1.txt"
        text.write_text(TEXT.format(place=place), "utf-8")
        (folder / "labels" / "gold" / f"{split}-1.yaml").write_text(
            f"rows:\n- place: {place}\n  day: 2025-05-03\n  evidence: Rebels took {place}\n",
            "utf-8",
        )
    return folder


@pytest.fixture
def task(fieldmark, folder):
    status, _, err = fieldmark("gold", "build", "--task", folder)
    assert status == 0, err
    assert "test.jsonl: 1 documents" in err
    return folder


def answers(task, *splits):
    documents = load_task(task).split(*splits).documents
    lines = [json.dumps({"id": d.id, "prediction": d.gold}) for d in documents]
    file = task / "p.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    return file


def test_build_writes_nothing_while_a_label_is_wrong(fieldmark, folder):
    labels = folder / "labels" / "gold" / "dev-1.yaml"
    labels.write_text(labels.read_text("utf-8").replace("took Kayes", "took Kay"), "utf-8")
    status, out, err = fieldmark("gold", "build", "--task", folder)
    assert status == 1
    assert "rows[0].evidence: the text has no 'Rebels took Kay'" in out
    assert "1 problem; nothing is written" in err
    assert not (folder / "data").exists()


def test_check_finds_gold_that_was_not_built_again(fieldmark, task):
    assert fieldmark("gold", "check", "--task", task)[0] == 0
    (task / "labels" / "gold" / "dev-1.yaml").write_text("{}", "utf-8")
    status, out, _ = fieldmark("gold", "check", "--task", task)
    assert status == 1
    assert "`fieldmark gold build`" in out


def test_all_but_dev_is_scored_unless_a_split_is_asked_for(fieldmark, task):
    def scored(file, *more):
        command = ("score", file, "--task", task, "--format", "json", *more)
        return json.loads(fieldmark(*command)[1])

    default = scored(answers(task, "test", "hard"))
    assert default["documents"]["ok"] == 2
    assert {name: one["f1"] for name, one in default["splits"].items()} == {"hard": 1, "test": 1}
    assert scored(answers(task, "hard"), "--split", "hard")["documents"] == {"ok": 1} | {
        name: 0 for name in default["documents"] if name != "ok"
    }
    assert scored(answers(task, "dev"), "--split", "dev")["documents"]["ok"] == 1


def test_a_prediction_of_a_split_that_is_not_scored_is_an_error_that_says_how(fieldmark, task):
    status, _, err = fieldmark("score", answers(task, "dev", "test"), "--task", task)
    assert status == 2
    assert "--split dev" in err


def test_a_split_that_is_not_there_is_an_error_that_names_those_there_are(fieldmark, task):
    status, _, err = fieldmark("run", "empty", "--task", task, "--split", "tset")
    assert status == 2
    assert "did you mean test" in err


def test_a_run_over_splits_says_which(fieldmark, task, tmp_path):
    status, out, err = fieldmark("run", "empty", "--task", task)
    assert status == 0
    assert "--split dev" in err
    assert "hard" in out
    manifest = json.loads(
        (tmp_path / "fieldmark-results/runs/empty/manifest.json").read_text("utf-8")
    )
    assert manifest["splits"] == ["hard", "test"]
    assert manifest["documents"] == ["hard-1", "test-1"]


def test_perturb_makes_a_task_that_checks(fieldmark, task, tmp_path):
    to = tmp_path / "twins"
    command = ("gold", "perturb", "--task", task, "--to", to, "--kind", "dates", "--split", "hard")
    status, _, err = fieldmark(*command, "--seed", 4)
    assert status == 0
    assert "1 twins of 'mine'" in err
    assert fieldmark("gold", "check", "--task", to)[0] == 0
    assert load_task(to).ids == ("hard-1.dates-4",)
    assert fieldmark(*command)[0] == 2  # it does not write over a task


@pytest.mark.parametrize("form", ["table", "md", "csv", "json"])
def test_a_run_with_twins_shows_what_each_change_does(fieldmark, task, tmp_path, form):
    status, out, err = fieldmark("run", "empty", "--task", task, "--perturb", "--format", form)
    assert status == 0
    if form == "json":
        (dates,) = json.loads(out)["twins"]
        assert (dates["kind"], dates["documents"], dates["difference"]) == ("dates", 2, 0)
    elif form == "csv":
        assert len({len(row) for row in csv.reader(io.StringIO(out))}) == 1
        assert "  dates" in err
    else:
        assert "dates" in out
    kept = {
        folder.name
        for folder in (tmp_path / "fieldmark-results" / "runs").iterdir()
        if folder.is_dir()
    }
    assert kept == {"empty", "empty-twins"}


def test_a_run_whose_documents_have_no_twins_is_printed_and_kept_all_the_same(fieldmark, tmp_path):
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "text": "b", "gold": {}}', "utf-8")
    status, out, err = fieldmark("run", "empty", "--task", tmp_path, "--perturb")
    assert status == 2
    assert "rows (all fields)" in out
    assert "no document of" in err
    assert (tmp_path / "fieldmark-results" / "runs" / "empty" / "scores.json").exists()


def test_export_writes_a_file_for_each_split(fieldmark, task, tmp_path):
    command = ("gold", "export", "--task", task, "--out", tmp_path / "out", "--to")
    for form in ("jsonl", "parquet", "croissant"):
        assert fieldmark(*command, form)[:2] == (0, "")
    names = {file.name for file in (tmp_path / "out").iterdir()}
    splits = ("dev", "test", "hard")
    assert names == {"croissant.json"} | {f"{s}.{f}" for s in splits for f in ("jsonl", "parquet")}
    assert fieldmark(*command, "xlsx")[0] == 2


def test_new_says_what_comes_next_and_touches_no_folder_that_is_there(fieldmark, tmp_path):
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    status, _, err = fieldmark("gold", "new", "fresh", "--schema", "s.json")
    assert status == 0
    assert "fieldmark gold build --task fresh" in err
    assert fieldmark("gold", "new", "fresh", "--schema", "s.json")[0] == 2


def test_agreement_has_codes_beyond_chance_in_its_table_and_json(fieldmark):
    status, out, err = fieldmark("gold", "agreement")
    assert status == 0
    assert "events.event_type" in out[out.index("beyond chance") :]
    assert "against the adjudicated gold" in err
    coding = json.loads(fieldmark("gold", "agreement", "--format", "json")[1])["coding"]
    assert {"events.event_type", "events.casualties.bound"} <= {one["field"] for one in coding}


@pytest.fixture
def three(tmp_path):
    """A task that three people have labelled, the third of whom differs in a code."""
    people = table(name=KEY, side={"enum": ["red", "blue"]})
    gold = {"people": [{"name": "Ola", "side": "red"}, {"name": "Kari", "side": "blue"}]}
    other = {"people": [gold["people"][0], {"name": "Kari", "side": "red"}]}
    labels = {
        f"pass-{name}": [{"id": "a", "gold": one}]
        for name, one in (("a", gold), ("b", gold), ("c", other))
    }
    return write_task(tmp_path / "task", obj(people=people), [{"id": "a", "gold": gold}], labels)


def test_three_passes_have_f1_two_by_two_and_alpha_over_all(fieldmark, three):
    status, out, err = fieldmark("gold", "agreement", "--task", three)
    assert status == 0, err
    rows = [line.split() for line in out.splitlines()]
    assert ["pass-a,", "pass-b", "1", "1.000", "1.000"] in rows
    assert ["pass-b,", "pass-c", "1", "0.750", "0.750"] in rows
    assert ["people.side", "2", "1", "0.375"] in rows
    assert "field by field: --between pass-a pass-b" in err
    assert "micro F1 of pass-c against the adjudicated gold: 0.750" in err


def test_three_passes_in_other_formats(fieldmark, three):
    def printed(form):
        return fieldmark("gold", "agreement", "--task", three, "--format", form)[1]

    report = json.loads(printed("json"))
    assert [one["score"]["micro"]["f1"] for one in report["pairs"]] == [1, 0.75, 0.75]
    assert report["coding"][0]["alpha"] == pytest.approx(0.375)
    assert printed("csv").splitlines()[1] == "pass-a,pass-b,1,1.0,1.0"
    assert "| `pass-a, pass-b` | 1 | 1.000 |" in printed("md")


def test_two_of_three_passes_are_compared_as_two_passes_are(fieldmark, three):
    command = ("gold", "agreement", "--task", three, "--between")
    status, out, err = fieldmark(*command, "pass-a", "pass-c")
    assert status == 0, err
    assert "Precision and recall by field" in out
    assert "kappa" in out
    assert "pass-b" not in err
    status, out, err = fieldmark(*command, "pass-a", "pass-d")
    assert (status, out) == (2, "")
    assert "unknown labelling pass 'pass-d'; did you mean pass-" in err
