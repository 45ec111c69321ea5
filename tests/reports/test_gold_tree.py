"""Gold as a person reads it."""

import io

import pytest
from rich.console import Console
from support.tasks import EVIDENCE, INTEGER, KEY, STRING, array, obj, table, task

from benchmark import Document, UnknownNameError, load_task
from benchmark.reports.gold_tree import document_tree, listing

SCHEMA = obj(
    rows=table(k=KEY, n=INTEGER, tags=array(STRING), sub=table(m=STRING), quote=EVIDENCE),
    head=obj(title=STRING),
)
GOLD = {
    "rows": [
        {"k": "a", "n": 0, "tags": ["x", "y"], "sub": [{"m": "[red]deep"}]},
        {"k": "b", "n": None, "tags": []},
    ],
    "head": {"title": "t"},
}
TASK = task(
    SCHEMA,
    GOLD,
    text="one two three",
    meta={"lang": "en"},
    alternatives={
        "rows[0].tags[1]": [None, "z"],
        "rows[1].n": [5],
        "rows[1]": [{"k": "c", "n": 7}],
    },
    optional=["rows[1]"],
    spans={"rows[0].quote": [[4, 7]]},
)


def printed(shown):
    console = Console(file=io.StringIO(), width=200, color_system=None, emoji=False)
    console.print(shown)
    return console.file.getvalue()


def lines(shown):
    return [line.strip("│├└─ ") for line in printed(shown).splitlines()]


def test_a_document_is_shown_with_records_alternatives_and_evidence():
    assert lines(document_tree(TASK, "d")) == [
        "d",
        "lang: en",
        "rows[0]",
        "k: a",
        "n: 0",
        "tags: x, y  [or at [1]: none / z]",
        "rows[0].sub[0]",
        "m: [red]deep",
        "quote: two",
        'rows[1] (optional)  [or: {"k": "c", "n": 7}]',
        "k: b",
        "n: none  [or: 5]",
        "head",
        "title: t",
    ]


def test_the_listing_counts_words_and_records():
    words = " ".join(printed(listing(TASK)).split())
    assert "d en 3 2" in words
    assert "no split: 1 3 2" in words


def test_the_listing_leaves_no_document_out():
    split = Document("e", {}, meta={"split": "dev"})
    words = " ".join(printed(listing(TASK.only([*TASK.documents, split]))).split())
    assert "dev: 1" in words
    assert "no split: 1" in words


def test_the_listing_of_the_shipped_task_tells_which_text_is_withheld():
    words = " ".join(printed(listing(load_task("sitrep"))).split())
    assert "mali-2025-07-01-wire en wire report 435 17 12 2 1" in words
    assert "mali-2025-07-01 en news report withheld 17 12 2 1" in words


def test_a_document_that_is_not_there_is_told_the_near_ones():
    with pytest.raises(UnknownNameError, match="unknown document 'e'; there are: d"):
        document_tree(TASK, "e")
