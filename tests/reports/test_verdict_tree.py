"""Every verdict on a document, as a person reads it."""

import io

from rich.console import Console
from support.tasks import DATE, INTEGER, KEY, STRING, array, compared, obj, scored, table

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


def test_what_a_model_wrote_commands_no_terminal():
    hostile = {"rows": [], "title": "\x1b[2J\x1b[31m\u202ex"}
    text = "\n".join(lines(scored(SCHEMA, GOLD, hostile)))
    assert not set("\x1b\u202e") & set(text)
