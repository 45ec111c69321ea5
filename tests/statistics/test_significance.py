"""Runs against each other."""

import json
import re

import pytest
from support.tasks import INTEGER, KEY, obj, table, task, write_lines, write_task

from benchmark import DataError, Document, score
from benchmark.reports.comparison_tables import as_csv, as_latex, pair_sheet, to_frame
from benchmark.statistics.resampling import holm
from benchmark.statistics.significance import compare_scores

SCHEMA = obj(rows=table(k=KEY, n=INTEGER))
GOLD = {str(n): {"rows": [{"k": str(k), "n": k} for k in range(5)]} for n in range(30)}
MANY = task(SCHEMA, {}).only(Document(name, gold) for name, gold in GOLD.items())


def answers(wrong):
    """Predictions in which every `wrong`-th figure is."""

    def row(document, one):
        return {**one, "n": one["n"] + (not (int(document) + one["n"]) % wrong)}

    return {name: {"rows": [row(name, one) for one in gold["rows"]]} for name, gold in GOLD.items()}


@pytest.fixture(scope="module")
def scores():
    return {name: score(MANY, answers(wrong)) for name, wrong in (("good", 9), ("bad", 2))}


def lines(pair):
    return {line.name: line for line in pair.lines}


def test_what_is_better_is_called_so_and_what_is_not_is_not(scores):
    (pair,) = compare_scores(scores)
    found = lines(pair)
    assert list(found) == [
        *("all fields", "mean over documents", "rows (all fields)", "rows (perfect records)"),
        *("rows.k", "rows.n"),
    ]
    assert found["rows.n"].verdict == "good better"
    assert found["all fields"].verdict == "good better"
    assert found["rows.k"].verdict == "no difference shown; these documents could show 0.00"
    assert found["rows.k"].compared.p == 1


def test_p_is_corrected_over_all_lines_of_all_pairs(scores):
    three = {**scores, "same": scores["good"]}
    assert [(p.first, p.second) for p in compare_scores(three)] == [
        ("good", "bad"),
        ("good", "same"),
    ]
    pairs = compare_scores(three, all_pairs=True)
    assert [(pair.first, pair.second) for pair in pairs][2] == ("bad", "same")
    (one,) = compare_scores(scores)
    assert lines(pairs[0])["rows.n"].corrected > lines(one)["rows.n"].corrected


def test_whole_records_are_compared(scores):
    whole = lines(compare_scores(scores)[0])["rows (perfect records)"]
    f1 = [score.whole_records("rows").strict.f1 for score in scores.values()]
    assert [whole.compared.first, whole.compared.second] == f1
    assert whole.compared.low < f1[1] - f1[0] < whole.compared.high < 0
    assert whole.verdict == "good better"


def test_whole_records_are_corrected_among_themselves_and_cost_no_other_line_any_power(scores):
    pairs = compare_scores({**scores, "same": scores["good"]}, all_pairs=True)
    shown = [line for pair in pairs for line in pair.lines]
    for levels in ({"records"}, {"mean"}, {"all", "table", "field"}):
        family = [line for line in shown if line.level in levels]
        ps = [line.compared.p for line in family]
        assert [line.corrected for line in family] == holm(ps)
    assert [line.level for line in shown].count("records") == 3


def test_the_documents_say_what_they_could_show():
    few = MANY.only(MANY.documents[:6])
    predictions = {name: answers(3)[name] for name in few.ids}
    other = {name: answers(4)[name] for name in few.ids}
    (pair,) = compare_scores({"a": score(few, predictions), "b": score(few, other)})
    verdict = lines(pair)["rows.n"].verdict
    assert re.fullmatch(r"no difference shown; these documents could show 0\.\d\d", verdict)


def test_scores_of_different_gold_do_not_compare(scores):
    other = score(MANY.only(MANY.documents[:20]), {})
    with pytest.raises(DataError, match=r"'good' and 'other' do not compare: .*documents:30 and"):
        compare_scores({"good": scores["good"], "other": other})


def test_one_run_is_no_comparison(scores):
    with pytest.raises(DataError, match="two runs are needed"):
        compare_scores({"good": scores["good"]})


def test_one_document_shows_no_difference():
    one = MANY.only(MANY.documents[:1])
    (pair,) = compare_scores({"a": score(one, {}), "b": score(one, {"0": GOLD["0"]})})
    assert lines(pair)["rows.n"].verdict == "one document shows no difference"


def test_the_frame_has_a_row_a_line(scores):
    frame = to_frame(compare_scores(scores))
    assert list(frame.columns) == [
        "first_run",
        "second_run",
        "name",
        "first",
        "second",
        "difference",
        "low",
        "high",
        "p",
        "least",
        "corrected",
        "verdict",
    ]
    assert (frame["difference"] == frame["second"] - frame["first"]).all()
    assert len(as_csv(compare_scores(scores)).splitlines()) == len(frame) + 1


def test_latex_is_a_booktabs_table_in_which_no_name_is_a_command(scores):
    hostile = {r"a_b\input{x}": scores["good"], "50%": scores["bad"]}
    (pair,) = compare_scores(hostile)
    text = as_latex(pair)
    assert text.startswith("\\begin{tabular}{lrrrrrrl}\n\\toprule\n")
    assert r"a\_b\textbackslash{}input\{x\}" in text
    assert r"50\%" in text
    assert r"\input{" not in text


def test_the_sheet_shows_the_figures(scores):
    (pair,) = compare_scores(scores)
    row = pair_sheet(pair).rows[-1]
    assert row[0] == "rows.n"
    assert row[3].startswith("-0.")
    assert row[5] == "0.0001"


# The command.


@pytest.fixture
def folder(fieldmark, tmp_path):
    """A task of 30 documents and two runs of it."""
    gold = [{"id": name, "text": "t", "gold": gold} for name, gold in GOLD.items()]
    write_task(tmp_path / "mine", SCHEMA, gold)
    for name, wrong in (("good", 9), ("bad", 2)):
        lines = [{"id": n, "prediction": one} for n, one in answers(wrong).items()]
        file = write_lines(tmp_path / f"{name}.jsonl", lines)
        run = ("run", f"replay:{file}", "--task", "mine", "--name", name)
        assert fieldmark(*run)[0] == 0
    return tmp_path


def test_runs_are_compared_by_name_folder_or_file(fieldmark, folder):
    for runs in (
        ("good", "bad"),
        ("fieldmark-results/runs/good", "bad.jsonl"),
        ("good.jsonl", "bad.jsonl"),
    ):
        status, out, err = fieldmark("compare", *runs, "--task", "mine")
        assert status == 0, err
        assert "good better" in out
        assert "Holm p: corrected over 4 lines, perfect records apart over 1" in err


def test_no_prediction_of_a_file_is_left_out_without_a_word(fieldmark, tmp_path):
    for name in ("mine", "theirs"):
        write_lines(tmp_path / f"{name}.jsonl", [{"id": "depeche-mali", "prediction": {}}])
    status, _, err = fieldmark("compare", "mine.jsonl", "theirs.jsonl")
    assert status == 2
    assert "'depeche-mali' is predicted, but of the split dev" in err
    assert fieldmark("compare", "mine.jsonl", "theirs.jsonl", "--split", "dev")[0] == 0
    assert fieldmark("run", "empty", "--limit", "1")[0] == 0
    status, _, err = fieldmark("compare", "empty", "mine.jsonl")
    assert status == 2
    assert "'empty' is not of what a file predicts: depeche-mali" in err


def test_a_comparison_in_every_format(fieldmark, folder):
    def printed(form):
        status, out, _ = fieldmark("compare", "good", "bad", "--task", "mine", "--format", form)
        assert status == 0
        return out

    assert json.loads(printed("json"))[0]["verdict"] == "good better"
    assert printed("csv").startswith("first_run,second_run,name,first,")
    assert "\\toprule" in printed("latex")
    assert "| `rows.n` |" in printed("md")


def test_runs_of_different_documents_are_refused_by_name(fieldmark, folder):
    fieldmark("run", "replay:good.jsonl", "--task", "mine", "--name", "few", "--limit", "3")
    status, out, err = fieldmark("compare", "good", "few", "--task", "mine")
    assert (status, out) == (2, "")
    assert "'good' and 'few' are of different documents: 10, 11" in err


def test_a_run_that_is_not_there_is_an_error_that_says_where_it_was_looked_for(fieldmark, folder):
    status, _, err = fieldmark("compare", "good", "gone", "--task", "mine")
    assert status == 2
    assert "there is no run 'gone'" in err


def test_a_prediction_of_a_document_that_the_task_lacks_is_refused(fieldmark, folder):
    with (folder / "bad.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "stray", "prediction": {}}\n')
    status, _, err = fieldmark("compare", "good.jsonl", "bad.jsonl", "--task", "mine")
    assert status == 2
    assert "stray" in err


def test_a_run_of_another_task_is_refused(fieldmark, folder):
    status, _, err = fieldmark("compare", "good", "bad")
    assert status == 2
    assert "'sitrep' has no document 0, 1" in err
