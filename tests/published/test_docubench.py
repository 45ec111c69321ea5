"""DocuBench's published accuracy by its own rules, and how our scorer ranks the same systems.

`python tests/published/docubench_report.py CLONE` prints the figures from a clone of its
repository, docs/published-scores/docubench.md explains them.
"""

import json
from collections import Counter
from pathlib import Path

import docubench
import docubench_report
import pytest
from reference import needs_reference, read

PAGE = Path(__file__).parents[2] / "docs/published-scores/docubench.md"
LONG = {"4kVtTRoL", "tLFa76nQ"}
"""Documents with many dates, which some systems write as they are printed."""


@pytest.fixture(scope="module")
def data():
    return read("docubench/docubench.json.gz")


@pytest.fixture(scope="module")
def clone(data, tmp_path_factory):
    return docubench.write_folder(data, tmp_path_factory.mktemp("docubench"))


@pytest.fixture(scope="module")
def scores(clone):
    return docubench_report.read_scores(clone)


@needs_reference
def test_the_published_accuracy_of_each_system(data, scores):
    published = {system: official["overall"] for system, official in data["official"].items()}
    assert len(published) == 6
    assert {name: one.mean("accuracy") for name, one in scores.items()} == pytest.approx(
        published, abs=1e-12
    )


@needs_reference
def test_the_published_score_of_each_output(data, scores):
    published = {
        (system, document["id"]): result["official_score"]
        for document in data["documents"]
        for system, result in document["results"].items()
        if result["official_score"] is not None
    }
    assert len(published) == 150
    found = {(s, d): scores[s].accuracy[d] for s, d in published}
    assert found == pytest.approx(published, abs=1e-12)


@needs_reference
def test_the_page_shows_what_the_report_prints(scores):
    page = PAGE.read_text("utf-8").splitlines()
    lines = [line for line in docubench_report.report(scores) if line]
    assert len(lines) == 7 + 2 + 16 + 7
    assert [line for line in lines if line not in page] == []


@needs_reference
def test_what_the_page_says_of_pairs(scores):
    pairs = docubench_report.pairs(scores)
    apart = {n: {pair for pair, both in pairs.items() if both[n][1] <= 0.05} for n in range(2)}
    assert (len(pairs), len(apart[0]), len(apart[1])) == (15, 3, 2)
    assert apart[0] & apart[1] == {("docupipe_high", "gpt")}
    order = list(scores)
    assert not any(
        {a, b} <= set(part) for a, b in apart[0] | apart[1] for part in (order[:3], order[3:])
    )


@needs_reference
def test_what_the_page_says_of_documents(scores):
    assert docubench_report.furthest(scores) == ["NNaGgwE5", "qoSTXgNE", "45xidifn"]
    high = scores["docupipe_high"].score
    wrong = [slot for slot in high.verdicts("NNaGgwE5").slots if slot.outcome.name != "COR"]
    assert len(wrong) == 27
    values = [(slot.gold.raw, slot.predicted.raw) for slot in wrong]
    more = [(a, b) for a, b in values if a.replace(" ", "") != b.replace(" ", "")]
    assert more == [("1240", "1240 '")]
    assert all(one.f1["qoSTXgNE"] > one.accuracy["qoSTXgNE"] for one in scores.values())
    slots = scores["gpt"].score.verdicts("qoSTXgNE").slots
    rows = Counter(s.outcome.name for s in slots if "statementLineItems" in s.field)
    assert rows == {"COR": 22 * 4, "SPU": 8 * 4}
    wrong = [slot for slot in high.verdicts("45xidifn").slots if slot.outcome.name != "COR"]
    assert len(wrong) == 37
    assert sum(slot.field.endswith("route") for slot in wrong) == 32


@needs_reference
def test_what_the_page_says_of_dates(scores):
    gpt = scores["gpt"].score
    assert gpt.micro().pos == 4347
    assert gpt.micro_of(LONG).pos == 803
    dates = {
        name: sum(n for path, n in one.score.invalid.items() if path.partition(":")[0] in LONG)
        for name, one in scores.items()
    }
    assert {name: n for name, n in dates.items() if n} == {"claude": 78, "gemini": 88, "gpt": 93}
    statuses = [list(map(str, one.score.statuses.values())) for one in scores.values()]
    assert {n.count("invalid") for n in statuses} == {20, 22, 23}
    claude = scores["claude"]
    assert (claude.accuracy["5ukZftw0"], claude.f1["5ukZftw0"]) == (0, 0)


@needs_reference
def test_the_import_on_the_command_line(fieldmark, clone, tmp_path):
    status, _, err = fieldmark("import", "docubench", clone, "--to", "task")
    assert status == 0
    assert "task: 50 documents, 48 schemas, 6 systems" in err
    assert "breaks its schema" not in err
    first = json.loads((tmp_path / "task/gold.jsonl").open(encoding="utf-8").readline())
    assert (first["id"], first["meta"]["ftype"]) == ("1ZVqiyJZ", "pdf")


@pytest.mark.parametrize(
    ("label", "answer", "expected"),
    [
        ({"a": "X-1"}, {"a": "x 1"}, 1.0),
        ({"a": 1}, {"a": "1"}, 0.0),
        ({"a": None}, {}, 1.0),  # nothing is scored
        ({"a": "x"}, {"b": {}}, 0.0),
        ({"r": [{"k": "x", "n": 1}]}, {"r": [{"n": 2}, {"k": "x", "n": 1.0000001}]}, 0.5),
        ({"a": "x", "r": [{"k": "x", "n": 1}]}, {"a": "x"}, 1 / 3),
        ({"r": []}, {}, 1.0),
    ],
)
def test_its_rules_by_hand(label, answer, expected):
    row = {"type": "object", "properties": {"k": {"type": "string"}, "n": {"type": "number"}}}
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "r": {"type": "array", "items": row}},
    }
    assert docubench.accuracy(schema, label, answer) == pytest.approx(expected)
