"""Documents with schemas of their own, by every command."""

import csv
import io
import json

import pytest
from support.own_schemas import GOLD, INVOICE, LETTER, NOTE, PREDICTED, write_own
from support.tasks import KEY, NUMBER, obj, table, write_lines

from benchmark import load_task
from benchmark.data.signature import signature

NAMED = [line for line in GOLD if "schema" in line]
TEXTS = [{**line, "text": "The words of Ada: hi.\n\nOn 3 May 2025.\n\n10 came."} for line in GOLD]


@pytest.fixture
def folder(tmp_path):
    return write_own(tmp_path / "own", TEXTS)


@pytest.fixture
def score(fieldmark, folder):
    def call(*options):
        return fieldmark("score", folder / "predictions.jsonl", "--task", folder, *options)

    return call


def rows(out):
    """The rows of the tables, without intervals: the name -> the cells after it."""
    lines = [
        line.partition("[")[0].removesuffix("too few").split("  ") for line in out.splitlines()
    ]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return {line[0]: line[1:] for line in cells if line}


def test_the_short_table_has_a_row_a_schema_and_leads_with_the_mean(score):
    status, out, err = score()
    assert (status, err) == (0, "")
    shown = rows(out)
    assert "schema" in shown
    assert shown["invoice"] == ["5", "5", "3", "0.600", "0.600", "0.600"]
    assert shown["letter"] == ["3", "2", "1", "0.500", "0.333", "0.400"]
    assert shown["default"] == ["1", "1", "1", "1.000", "1.000", "1.000"]
    assert shown["mean over documents"] == ["0.700", "0.525", "0.525"]
    assert shown["micro"] == ["9", "8", "5", "0.625", "0.556", "0.588"]
    assert out.index("mean over documents") < out.index("micro") < out.index("macro")
    assert "invoice: lines" not in out
    assert "documents: 4 ok, 1 missing" in out


def test_fields_and_markdown_have_a_row_a_field(score):
    for options in (("--fields",), ("--format", "md")):
        out = score(*options)[1]
        for name in ("invoice: lines.amount", "letter: total", "All fields, by schema"):
            assert name in out
    assert "All fields, by split" not in out


def test_splits_have_their_rows_beside_schemas(fieldmark, folder):
    (folder / "gold.jsonl").unlink()
    (folder / "data").mkdir()
    write_lines(folder / "data" / "test.jsonl", GOLD[:3])
    write_lines(folder / "data" / "hard.jsonl", GOLD[3:])
    command = ("score", folder / "predictions.jsonl", "--task", folder)
    status, out, _ = fieldmark(*command)
    assert status == 0
    assert rows(out)["test"] == ["8", "8", "5", "0.625", "0.625", "0.625"]
    assert rows(out)["hard"] == ["1", "0", "0", "n/a", "0.000", "0.000"]
    assert rows(out)["invoice"][:3] == ["5", "5", "3"]
    file = folder / "some.jsonl"
    write_lines(file, [{"id": "c", "prediction": {"sender": "Bo"}}])
    _, out, _ = fieldmark("score", file, "--task", folder, "--split", "hard")
    assert rows(out)["letter"][:3] == ["1", "1", "1"]
    assert "invoice" not in rows(out)


def test_json_and_csv_hold_all(score):
    shown = json.loads(score("--format", "json")[1])
    assert shown["schemas"]["letter"]["pos"] == 3
    assert shown["schemas"]["letter"]["interval"]["f1"] == [None, None]  # of one document
    assert shown["mean_over_documents"]["f1"] == pytest.approx(0.525)
    assert shown["fields"]["letter: total"]["inc"] == 1
    assert shown["tables"]["invoice: lines"]["perfect"] == 1
    lines = {
        (row["level"], row["name"]): row
        for row in csv.DictReader(io.StringIO(score("--format", "csv")[1]))
    }
    assert lines["field", "invoice: total"]["cor"] == "1"
    assert float(lines["mean", "documents"]["f1"]) == pytest.approx(0.525)
    assert lines["mean", "documents"]["pos"] == ""


def test_two_processes_say_the_same(score):
    assert score("--jobs", "2") == score("--jobs", "1")


def test_explain_shows_the_documents_own_fields(score):
    _, out, _ = score("--explain", "a")
    assert out.startswith("a (invoice)")
    assert "lines[0] and predicted lines[0] (perfect)" in out
    _, out, _ = score("--explain", "c")
    assert "missing: no prediction" in out
    assert score("--explain", "z")[0] == 2


def test_an_invalid_answer_is_explained_by_its_own_schema(fieldmark, folder):
    write_lines(folder / "p.jsonl", [{"id": "a", "prediction": {"lines": 3, "total": 1}}])
    status, out, _ = fieldmark("score", folder / "p.jsonl", "--task", folder, "--explain", "a")
    assert status == 0
    assert "lines is a number" in out or "lines is" in out


def test_gates_take_the_mean_a_schema_and_a_field(score):
    assert score("--fail-under", "mean_over_documents.f1=0.5")[0] == 0
    status, _, err = score(
        *("--fail-under", "mean_over_documents.f1=0.6", "--fail-under", "letter.recall=0.5"),
        *("--fail-under", "invoice: lines.amount.f1=0.9"),
    )
    assert status == 1
    assert "mean_over_documents.f1 is 0.525, under 0.6" in err
    assert "letter.recall is 0.333, under 0.5" in err
    assert "invoice: lines.amount.f1 is 0.500, under 0.9" in err
    assert score("--fail-under", "leter.f1=0.5")[0] == 2


def test_gold_and_a_folder_of_schemas_score(fieldmark, tmp_path):
    folder = write_own(tmp_path / "own", NAMED)
    named = [{"id": d["id"], "prediction": PREDICTED.get(d["id"])} for d in NAMED]
    file = write_lines(folder / "named.jsonl", named)
    command = ("score", file, "--gold", folder / "gold.jsonl", "--schema", folder / "schemas")
    status, out, _ = fieldmark(*command)
    assert status == 0
    assert rows(out)["micro"] == ["8", "7", "4", "0.571", "0.500", "0.533"]


def test_unknown_schemas_end_with_status_2(fieldmark, tmp_path):
    folder = write_own(tmp_path / "own", [{"id": "a", "schema": "leter", "gold": {}}])
    for command in (
        ("score", folder / "predictions.jsonl", "--task", folder),
        ("gold", "check", "--task", folder),
        ("gold", "show", "--task", folder),
        ("schema", folder),
    ):
        status, _, err = fieldmark(*command)
        assert status == 2
        assert "gold.jsonl:1: unknown schema 'leter'; did you mean letter?" in err


def test_compare_leads_with_the_mean_and_has_a_line_a_schema(fieldmark, folder):
    better = [{"id": line["id"], "prediction": line["gold"]} for line in GOLD]
    file = write_lines(folder / "better.jsonl", better)
    command = ("compare", folder / "predictions.jsonl", file, "--task", folder)
    status, out, err = fieldmark(*command)
    assert status == 0
    shown = rows(out)
    assert shown["mean over documents"][:3] == ["0.525", "1.000", "+0.475 too few"]
    assert shown["all fields"][:3] == ["0.588", "1.000", "+0.412 too few"]
    assert shown["letter (all fields)"][:2] == ["0.400", "1.000"]
    assert out.index("mean over") < out.index("all fields")
    assert "invoice: lines" not in out
    assert (
        "the mean over 1, schemas over 3, tables over 1, perfect records over 1, fields over 6"
        in err
    )
    assert "--format csv or json" in err
    lines = json.loads(fieldmark(*command, "--format", "json")[1])["lines"]
    assert {"mean over documents", "invoice: lines.amount"} <= {line["name"] for line in lines}
    assert "letter (all fields)" in fieldmark(*command, "--format", "latex")[1]


def test_gold_is_checked_and_shown(fieldmark, folder):
    assert fieldmark("gold", "check", "--task", folder)[0] == 0
    _, out, _ = fieldmark("gold", "show", "--task", folder)
    assert ["a", "invoice", "11", "2"] in [line.split() for line in out.splitlines()]
    _, out, _ = fieldmark("gold", "show", "a", "--task", folder)
    assert "schema: invoice" in out
    assert "lines[1]" in out
    write_lines(folder / "gold.jsonl", [{"id": "a", "schema": "invoice", "gold": {"totl": 1}}])
    status, out, _ = fieldmark("gold", "check", "--task", folder)
    assert (status, out) == (1, "'a': the schema has no totl\n")


def test_schemas_are_shown_by_name(fieldmark, folder):
    _, out, _ = fieldmark("schema", folder)
    assert json.loads(out) == {"default": NOTE, "invoice": INVOICE, "letter": LETTER}
    _, out, _ = fieldmark("schema", folder, "--explain")
    assert out.index("default:") < out.index("words") < out.index("invoice:")
    assert out.index("lines.amount") < out.index("letter:") < out.index("sender")


def test_an_extractor_is_not_run_over_several_schemas(fieldmark, folder):
    status, _, err = fieldmark("run", "empty", "--task", folder)
    assert status == 2
    assert "'own' has documents with schemas of their own" in err


def test_gold_is_exported(fieldmark, folder, tmp_path):
    for to in ("jsonl", "parquet"):
        command = ("gold", "export", "--task", folder, "--to", to, "--out", tmp_path / "out")
        status, _, err = fieldmark(*command)
        assert status == 0, err
    lines = (tmp_path / "out" / "gold.jsonl").read_text("utf-8").splitlines()
    first = json.loads(lines[0])
    assert first["schema"] == "letter"
    assert json.loads(lines[2])["schema"] == "default"


def test_twins_keep_their_schema(fieldmark, folder, tmp_path):
    swap = '[swap.people]\nfields = ["sender"]\npool = ["Eve", "Ann"]'
    (folder / "perturb.toml").write_text(swap, "utf-8")
    command = ("gold", "perturb", "--task", folder, "--to", tmp_path / "twins")
    status, _, err = fieldmark(*command, "--kind", "people")
    assert status == 0, err
    assert fieldmark("gold", "check", "--task", tmp_path / "twins")[0] == 0
    (line,) = (tmp_path / "twins" / "gold.jsonl").read_text("utf-8").splitlines()
    twin = json.loads(line)
    assert twin["schema"] == "letter"
    assert twin["gold"]["sender"] in twin["text"]
    assert twin["gold"]["sender"] in {"Eve", "Ann"}


@pytest.fixture
def labelled(tmp_path):
    """Texts that name their schema, and two labelling passes."""
    folder = write_own(tmp_path / "own")
    (folder / "gold.jsonl").unlink()
    coded = {"type": "string", "enum": ["goods", "work"]}
    invoice = obj(total=NUMBER, lines=table(item=KEY, kind=coded))
    (folder / "schemas" / "invoice.json").write_text(json.dumps(invoice), "utf-8")
    texts = {
        "a": ("invoice", "total: 10\nlines:\n- {item: x, kind: goods}\n- {item: y, kind: work}"),
        "b": ("letter", "sender: Ada"),
    }
    (folder / "documents").mkdir()
    for name, (schema, labels) in texts.items():
        text = f"---\nschema: {schema}\n---\nAda sold goods x and work y, total 10."
        (folder / "documents" / f"{name}.txt").write_text(text, "utf-8")
        for labeller in ("gold", "one", "two"):
            file = folder / "labels" / labeller / f"{name}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(labels, "utf-8")
    return folder


def test_gold_is_built_and_passes_compared(fieldmark, labelled):
    status, _, err = fieldmark("gold", "build", "--task", labelled)
    assert status == 0, err
    first = json.loads((labelled / "gold.jsonl").read_text("utf-8").splitlines()[0])
    assert first["schema"] == "invoice"
    assert "meta" not in first
    status, out, _ = fieldmark("gold", "check", "--task", labelled)
    assert status == 0, out
    status, out, _ = fieldmark("gold", "agreement", "--task", labelled)
    assert status == 0
    assert rows(out)["micro"][:3] == ["6", "6", "6"]
    assert rows(out)["invoice: lines.kind"] == ["2", "2", "1.000", "1.000"]
    text = labelled / "documents" / "a.txt"
    text.write_text(text.read_text("utf-8").replace("invoice", "invoce"), "utf-8")
    status, _, err = fieldmark("gold", "build", "--task", labelled)
    assert status == 2
    assert "'a': unknown schema 'invoce'; did you mean invoice?" in err


def test_a_board_is_ranked_by_the_mean(fieldmark, folder, tmp_path):
    for name, predicted in {"some": PREDICTED, "letters": {"b": GOLD[0]["gold"]}}.items():
        run = tmp_path / "fieldmark-results" / "runs" / name
        run.mkdir(parents=True)
        about = {
            "task": "own",
            "documents": [line["id"] for line in GOLD],
            "extractor": "x",
            "signature": signature(load_task(folder)),
        }
        (run / "manifest.json").write_text(json.dumps(about), "utf-8")
        lines = [{"id": one, "prediction": value} for one, value in predicted.items()]
        write_lines(run / "predictions.jsonl", lines)
    status, out, _ = fieldmark("leaderboard", "--task", folder)
    assert status == 0
    assert "95% of mean" in out
    assert "invoice: lines F1" not in out
    (some,) = [line.split() for line in out.splitlines() if " some " in line]
    assert some[3] == "0.525"
    board = json.loads((tmp_path / "fieldmark-results" / "leaderboard.json").read_text("utf-8"))
    assert [row["name"] for row in board["rows"]] == ["some", "letters"]
    assert board["rows"][0]["mean"] == pytest.approx(0.525)
    head = (tmp_path / "fieldmark-results" / "leaderboard.csv").read_text("utf-8").splitlines()[0]
    assert ",f1_low,f1_high,mean_low,mean_high," in head
