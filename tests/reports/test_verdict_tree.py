"""Every verdict on a document, as a person reads it."""

import io

import pytest
from rich.console import Console
from support.tasks import DATE, INTEGER, KEY, STRING, array, compared, obj, scored, table

from benchmark import Failure
from benchmark.reports.verdict_tree import verdict_tree

SCHEMA = obj(
    rows=table(k=KEY, day=compared(DATE, days=1), tags=array(STRING), sub=table(n=INTEGER)),
    title=STRING,
)
GOLD = {
    "rows": [
        {"k": "a", "day": "2025-07-01", "tags": ["x", "y"], "sub": [{"n": 1}]},
        {"k": "b"},
    ],
    "title": "t",
}
PREDICTED = {
    "rows": [
        {"k": "c", "day": "2025-07-09", "tags": [], "sub": []},
        {"k": "A", "day": "2025-07-02", "tags": ["x"], "sub": [{"n": 2}]},
    ],
    "title": "[red]u",
}


def lines(result):
    console = Console(file=io.StringIO(), width=200, color_system=None, emoji=False)
    console.print(verdict_tree(result, "d"))
    return [line.strip("│├└─ ") for line in console.file.getvalue().splitlines()]


def test_each_record_stands_with_its_partner_and_its_values_below_it():
    assert lines(scored(SCHEMA, GOLD, PREDICTED)) == [
        "d",
        "rows[0] and predicted rows[1]",
        "k: A  correct",
        "day: 2025-07-01 / 2025-07-02  partly accepted: "
        "'2025-07-01' and '2025-07-02' agree in part",
        "tags: x  correct",
        "tags: y / nothing  missing: nothing is predicted",
        "rows.sub: gold rows[0].sub[0] was not found",
        "n: 1 / nothing  missing: nothing is predicted",
        "rows.sub: predicted rows[1].sub[0] has no partner in gold",
        "n: nothing / 2  spurious: gold has nothing here",
        "rows: gold rows[1] was not found",
        "k: b / nothing  missing: nothing is predicted",
        "rows: predicted rows[0] has no partner in gold",
        "k: nothing / c  spurious: gold has nothing here",
        "day: nothing / 2025-07-09  spurious: gold has nothing here",
        "title: t / [red]u  incorrect: 't' and '[red]u' differ",
    ]


MISPLACED = [
    ({"rows": "x"}, ["rows is a string"]),
    (
        {"rows": [5, {"tags": {}, "sub": [True, None, {}]}]},
        [
            "rows[0] is a number",
            "rows[1].tags is an object",
            "rows[1].sub[0] is a boolean",
        ],
    ),
    ({"at": ["x"]}, ["at is a list"]),
    ([], ["the answer is a list"]),
    ("5", ["the answer is a number"]),
]


@pytest.mark.parametrize(("prediction", "problems"), MISPLACED, ids=str)
def test_what_stands_where_no_prediction_can_is_told(prediction, problems):
    schema = obj(at=obj(x=STRING), **SCHEMA["properties"])
    first, status, *rest = lines(scored(schema, {"title": "t"}, prediction))
    assert (first, status.partition(":")[0]) == ("d", "invalid")
    assert rest[: len(problems)] == problems
    assert not any(" is a" in line for line in rest[len(problems) :])


def test_why_a_document_has_no_prediction_is_told():
    missing = "title: t / nothing  missing: nothing is predicted"
    gold = {"title": "t"}
    assert lines(scored(SCHEMA, gold, "no")) == [
        "d",
        "unparsable: text without JSON: 'no'",
        missing,
    ]
    assert lines(scored(SCHEMA, gold, Failure("why"))) == ["d", "failed: why", missing]
    assert lines(scored(SCHEMA, gold, None)) == ["d", "missing: no prediction", missing]


def test_what_a_model_wrote_commands_no_terminal():
    hostile = {"rows": [], "title": "\x1b[2J\x1b[31m\u202ex"}
    text = "\n".join(lines(scored(SCHEMA, GOLD, hostile)))
    assert not set("\x1b\u202e") & set(text)
