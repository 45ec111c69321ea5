"""Runs against each other."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import INTEGER, KEY, obj, table, task, write_lines, write_task

from benchmark import DataError, Document, score
from benchmark.reports.comparison_tables import as_csv, as_latex, pair_sheet, to_frame
from benchmark.statistics.intervals import estimates
from benchmark.statistics.significance import compare_scores, holm, number_better

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
    (pair,) = compare_scores(scores).pairs
    found = lines(pair)
    assert list(found) == [
        *("all fields", "mean over documents", "rows (perfect)", "rows.k", "rows.n"),
    ]  # all fields are those of `rows`: no line says so twice
    assert found["rows.n"].verdict == "first better"
    assert found["all fields"].verdict == "first better"
    assert found["all fields"].reach is None
    assert found["rows.k"].verdict == "no difference"
    assert found["rows.k"].compared.p == 1


def test_the_lines_of_a_level_in_all_pairs_are_a_family(scores):
    three = {**scores, "same": scores["good"]}
    assert [(p.first, p.second) for p in compare_scores(three).pairs] == [
        ("good", "bad"),
        ("good", "same"),
    ]
    every = compare_scores(three, all_pairs=True)
    assert [(pair.first, pair.second) for pair in every.pairs][2] == ("bad", "same")
    assert every.tests == {"all": 3, "mean": 3, "records": 3, "field": 6}
    for level in every.tests:
        family = [line for pair in every.pairs for line in pair.lines if line.level == level]
        corrected, _ = holm([line.compared.p for line in family])
        assert [line.corrected for line in family] == corrected
    # The headline of one pair by itself is corrected for nothing.
    (headline, *_) = compare_scores(scores).pairs[0].lines
    assert headline.corrected == headline.compared.p


def test_whole_records_are_compared(scores):
    whole = lines(compare_scores(scores).pairs[0])["rows (perfect)"]
    f1 = [score.whole_records("rows").strict.f1 for score in scores.values()]
    assert [whole.compared.first, whole.compared.second] == f1
    assert whole.compared.low < f1[1] - f1[0] < whole.compared.high < 0
    assert whole.verdict == "first better"


def few(documents, wrong, other):
    kept = MANY.only(MANY.documents[:documents])
    both = [{name: answers(n)[name] for name in kept.ids} for n in (wrong, other)]
    return compare_scores({"a": score(kept, both[0]), "b": score(kept, both[1])}).pairs[0]


def test_the_documents_say_what_they_could_show():
    line = lines(few(8, 3, 4))["rows.n"]
    assert re.fullmatch(r"could show 0\.\d\d", line.verdict)
    assert line.reach > abs(line.compared.difference)


@pytest.mark.parametrize("documents", [2, 3, 5])
def test_where_no_p_could_reach_the_level_the_documents_are_too_few(documents):
    line = few(documents, 2, 9).lines[0]
    assert line.verdict == "too few to show any"
    assert line.compared.p >= 2 / 2**documents > 0.05


def test_no_verdict_contradicts_its_reach():
    for seed in range(2, 12):
        for line in few(9, seed, seed + 5).lines:
            if line.verdict.startswith("could show"):
                assert line.reach > abs(line.compared.difference)


def test_documents_of_a_group_are_exchanged_together():
    grouped = [Document(name, GOLD[name], group=f"g{int(name) % 6}") for name in GOLD]
    task = MANY.only(grouped)
    scores = {str(wrong): score(task, answers(wrong)) for wrong in (9, 2)}
    comparison = compare_scores(scores)
    assert (comparison.unit, comparison.units) == ("groups", 6)
    assert comparison.pairs[0].lines[0].compared.p == 2 / 2**6
    ones = estimates(scores["2"]).micro.f1
    assert ones != estimates(score(MANY, answers(2))).micro.f1


def test_a_rank_does_not_depend_on_who_else_is_there():
    systems = [score(MANY, answers(wrong)) for wrong in (99, 9, 4, 3, 2)]
    better = number_better(systems)
    assert better == sorted(better)
    assert better[0] == 0 < better[-1]
    assert number_better([*systems, *systems[-1:] * 3])[: len(systems)] == better
    for a, b in ((0, 4), (2, 3)):
        (headline, *_) = compare_scores({"a": systems[a], "b": systems[b]}).pairs[0].lines
        assert number_better([systems[a], systems[b]])[1] == (headline.verdict == "first better")


def test_holm_corrects_as_in_his_example():
    # Four hypotheses with p .01, .04, .03, .005: .03, .06, .06, .02 (R's p.adjust gives the same).
    corrected, levels = holm([0.01, 0.04, 0.03, 0.005])
    assert corrected == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert levels == pytest.approx([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4])
    assert holm([])[0] == []
    assert holm([0.7, 0.9])[0] == [1.0, 1.0]


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=20))
def test_holm_is_that_of_a_second_implementation(ps):
    corrected, levels = holm(ps)
    # Step down: the smallest p first, each against 5% over what is left, until one fails.
    left, rejected = sorted(range(len(ps)), key=lambda n: ps[n]), set()
    while left and ps[left[0]] * len(left) <= 0.05:
        rejected.add(left.pop(0))
    assert {n for n, p in enumerate(corrected) if p <= 0.05} == rejected
    assert all(p <= q <= 1 for p, q in zip(ps, corrected, strict=True))
    assert [corrected[n] for n in np.argsort(ps, kind="stable")] == sorted(corrected)
    assert all(levels[n] == pytest.approx(0.05 / len(left)) for n in left)


def test_scores_of_different_gold_do_not_compare(scores):
    other = score(MANY.only(MANY.documents[:20]), {})
    with pytest.raises(DataError, match=r"'good' and 'other' do not compare: .*documents:30 and"):
        compare_scores({"good": scores["good"], "other": other})


def test_one_run_is_no_comparison(scores):
    with pytest.raises(DataError, match="two runs are needed"):
        compare_scores({"good": scores["good"]})


def test_one_document_shows_no_difference():
    one = MANY.only(MANY.documents[:1])
    (pair,) = compare_scores({"a": score(one, {}), "b": score(one, {"0": GOLD["0"]})}).pairs
    assert lines(pair)["rows.n"].verdict == "too few to show any"


def test_the_frame_has_a_row_a_line(scores):
    frame = to_frame(compare_scores(scores).pairs)
    assert list(frame.columns) == [
        "first_run",
        "second_run",
        "level",
        "name",
        "first",
        "second",
        "difference",
        "low",
        "high",
        "p",
        "error",
        "degrees",
        "units",
        "corrected",
        "reach",
        "verdict",
    ]
    assert (frame["difference"] == frame["second"] - frame["first"]).all()
    assert len(as_csv(compare_scores(scores).pairs).splitlines()) == len(frame) + 1


def test_latex_is_a_booktabs_table_in_which_no_name_is_a_command(scores):
    hostile = {r"a_b\input{x}": scores["good"], "50%": scores["bad"]}
    (pair,) = compare_scores(hostile).pairs
    text = as_latex(pair)
    assert text.startswith("\\begin{tabular}{lrrrrl}\n\\toprule\n")
    assert r"a\_b\textbackslash{}input\{x\}" in text
    assert r"50\%" in text
    assert r"\input{" not in text


def test_the_sheet_shows_the_figures(scores):
    (pair,) = compare_scores(scores).pairs
    row = pair_sheet(pair).rows[-1]
    assert row[0] == "rows.n"
    assert row[3].startswith("-0.")
    assert row[4] == "<.0001 0.0002"


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
        assert "first better" in out
        assert (
            "Holm p: corrected apart, all fields over 1, the mean over 1, perfect records over 1"
            in err
        )


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

    data = json.loads(printed("json"))
    assert data["lines"][0]["verdict"] == "first better"
    assert data["exchanged"] == {"unit": "documents", "number": 30}
    assert data["families"]["field"] == {"tests": 2, "exchanges": 10_000}
    assert "documents:30" in data["signature"]
    assert printed("csv").startswith("first_run,second_run,level,name,first,")
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
    assert "'good' is a run of the task 'mine', not of 'sitrep': name its task by --task" in err


def test_records_of_one_document_are_not_exchanged():
    # They are each system's own: here the first has five, the second six.
    one, gold = MANY.only(MANY.documents[:1]), GOLD["0"]
    more = {"rows": [*gold["rows"], {"k": "more", "n": 9}]}
    scores = {"a": score(one, {"0": gold}), "b": score(one, {"0": more})}
    comparison = compare_scores(scores)
    assert (comparison.unit, comparison.units) == ("documents", 1)
    line = comparison.pairs[0].lines[0]
    assert line.compared.difference == pytest.approx(20 / 22 - 1)
    assert (line.compared.p, line.verdict) == (None, "too few to show any")
    assert number_better(list(scores.values())) == [0, 0]
