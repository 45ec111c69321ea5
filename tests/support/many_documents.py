"""Many small documents with predictions of every kind, and what makes two scores the same."""

import json

import numpy as np
from support.tasks import (
    DATE,
    EVIDENCE,
    INTEGER,
    KEY,
    NUMBER,
    STRING,
    array,
    obj,
    table,
    write_lines,
)

SCHEMA = obj(
    title=STRING,
    size=NUMBER,
    day=DATE,
    tags=array(STRING),
    rows=table(k=KEY, n=INTEGER, tags=array(STRING), quote=EVIDENCE, inner=table(k=KEY)),
)
KINDS = 8
DOCUMENTS = 700
FILES = ["p.jsonl", "--gold", "g.jsonl", "--schema", "s.json"]


def gold_lines(documents=DOCUMENTS):
    return [_gold(n) for n in range(documents)]


def _gold(n):
    rows = [
        {"k": f"a{n % 7}", "n": n, "tags": ["u", f"t{n % 3}"], "inner": [{"k": "x"}, {"k": "y"}]},
        {"k": f"b{n % 5}", "n": n + 1},
        {"k": "c"},
    ]
    return {
        "id": f"d{n}",
        "text": f"The first is a{n % 7}, the second b{n % 5}.",
        "gold": {"title": f"Title {n % 11}", "size": n / 4, "tags": ["p", "q"], "rows": rows},
        "alternatives": {"rows[0].n": [n + 5], "title": ["Any", None], "tags": [["r"]]},
        "optional": ["rows[2]"],
        "spans": {"rows[0].k": [[13, 15]], "rows[1].k": [[28, 30]]},
    }


def prediction_lines(documents=DOCUMENTS):
    """Every eighth document has no line at all."""
    return [_prediction(n) for n in range(documents) if n % KINDS != 7]


def _prediction(n):
    rows = [
        {"k": f"b{n % 5}", "n": n + 1, "quote": f"second b{n % 5}"},
        {"k": f"a{n % 7}", "n": n + 5, "tags": ["u"], "quote": "not there", "inner": [{"k": "y"}]},
        {"k": "invented"},
    ]
    right = {"title": "any", "size": n / 4, "day": "2020-02-02", "tags": ["r"], "rows": rows}
    kinds = {
        0: right,
        1: {**right, "tags": ["q", "q"], "more": 1},
        2: {**right, "size": "big", "rows": [*rows, 3]},
        3: '{"title": "cut off',
        4: '{"title": "Title 4"}',
        5: None,
    }
    if n % KINDS == 6:
        return {"id": f"d{n}", "error": f"timed out at {n}"}
    return {"id": f"d{n}", "prediction": kinds[n % KINDS]}


def write_files(folder, documents=DOCUMENTS):
    """g.jsonl, p.jsonl (in another order) and s.json."""
    (folder / "s.json").write_text(json.dumps(SCHEMA), "utf-8")
    write_lines(folder / "g.jsonl", gold_lines(documents))
    write_lines(folder / "p.jsonl", reversed(prediction_lines(documents)))
    return folder


def assert_same(one, other):
    """Two scores in every respect, orders included."""
    assert one.signature == other.signature
    assert one.documents == other.documents
    for name in ("counts", "matched_counts", "records"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("statuses", "reasons", "grounding", "invalid", "unknown"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert list(ours.items()) == list(theirs.items()), name
        assert ours, name
    for document in one.documents[:KINDS]:
        assert _verdicts(one, document) == _verdicts(other, document)


def _verdicts(score, document):
    slots = score.verdicts(document).slots
    return [(slot.field, slot.outcome, slot.paired, slot.reason) for slot in slots]
