"""A task whose documents have schemas of their own, small enough to be counted by hand."""

import json
from pathlib import Path

from support.tasks import KEY, NUMBER, STRING, obj, table, write_lines

from benchmark import Document, Task

NOTE = obj(words=STRING)
INVOICE = obj(total=NUMBER, lines=table(item=KEY, amount=NUMBER))
LETTER = obj(sender=STRING, total=STRING)
SCHEMAS = {"invoice": INVOICE, "letter": LETTER}
A = {"total": 10, "lines": [{"item": "x", "amount": 1}, {"item": "y", "amount": 2}]}
GOLD = [
    {"id": "b", "schema": "letter", "gold": {"sender": "Ada", "total": "ten"}},
    {"id": "a", "schema": "invoice", "gold": A},
    {"id": "d", "gold": {"words": "hi"}},
    {"id": "c", "schema": "letter", "gold": {"sender": "Bo"}},
    {"id": "e", "gold": {}},
]
PREDICTED = {
    # total, x and 1 are correct (3); y and 2 are missing, z and 5 spurious: F1 = 6 / 10
    "a": {"total": 10, "lines": [{"item": "x", "amount": 1}, {"item": "z", "amount": 5}]},
    "b": {"sender": "Ada", "total": "nine"},  # 1 correct, 1 incorrect: F1 = 2 / 4
    # c is missing: F1 = 0 / 1
    "d": {"words": "hi"},  # 1 correct: F1 = 2 / 2
    "e": {},  # nothing on either side: F1 is undefined
}


def own_task() -> Task:
    documents = tuple(Document(**line) for line in GOLD)
    return Task("own", NOTE, documents, schemas=SCHEMAS)


def write_own(folder: Path, gold=GOLD, default=NOTE) -> Path:
    """The same as a folder, with predictions.jsonl."""
    (folder / "schemas").mkdir(parents=True)
    for name, schema in SCHEMAS.items():
        (folder / "schemas" / f"{name}.json").write_text(json.dumps(schema), "utf-8")
    if default:
        (folder / "schema.json").write_text(json.dumps(default), "utf-8")
    write_lines(folder / "gold.jsonl", gold)
    lines = [{"id": name, "prediction": value} for name, value in PREDICTED.items()]
    write_lines(folder / "predictions.jsonl", lines)
    return folder
