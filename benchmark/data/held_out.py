"""Documents whose gold is kept elsewhere: anyone can run over them, and only who has the gold can
score them.

A task's folder has their texts in `held-out.jsonl`, a line for each document: id, text, and meta,
which names their split ("held-out" where it names none). The gold is another file in JSON Lines, a
path or a URL, with lines as in gold.jsonl, where `text` and `meta` may be left out.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmark.data.documents import Document, GoldLines, check_documents, read_documents
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.fields import Json
from benchmark.schema.validation import Validator

HELD_OUT = "held-out.jsonl"
SPLIT = "held-out"


def with_held_out(task: Task) -> Task:
    """A task with the documents of its `held-out.jsonl`, if it has one, as `held_out`.

    Raises DataError for a line that has gold or no text, or is of a document that has gold.
    """
    file = (task.folder or Path()) / HELD_OUT
    if task.folder is None or not file.is_file():
        return task
    lines = GoldLines(file)
    shown = [(lines.where(name), _without_gold(lines.where(name), lines[name])) for name in lines]
    documents = read_documents(shown, task.schema_names)
    if twice := sorted({document.id for document in documents} & set(task.ids)):
        raise DataError(f"{file}: '{twice[0]}' has gold in the task; keep one")
    return replace(task, held_out=documents)


def _without_gold(where: str, line: dict[str, Json]) -> dict[str, Json]:
    """A line as one of gold that holds nothing."""
    if unknown := sorted(line.keys() - {"id", "text", "meta", "schema"}):
        raise DataError(f"{where}: a held-out document has id, text and meta, not {unknown[0]}")
    if not isinstance(line.get("text"), str):
        raise DataError(f"{where}: a held-out document needs `text`, a string")
    meta = line.get("meta") or {}
    return {**line, "gold": {}, "meta": {"split": SPLIT, **meta} if type(meta) is dict else meta}


def with_gold_of(task: Task, source: str) -> Task:
    """A task whose held-out documents have the gold that a file, or a URL, has for them.

    Raises DataError if it lacks one of them, or has another document, another text, or gold that
    breaks the schema.
    """
    if not task.held_out:
        raise DataError(f"'{task.name}' has no {HELD_OUT}: all its gold is in the task")
    lines = GoldLines(source)
    known = {document.id: document for document in task.held_out}
    if apart := sorted(known.keys() ^ set(lines)):
        whose = "lacks the gold of" if apart[0] in known else "has gold of another document:"
        raise DataError(f"{source}: {whose} '{apart[0]}'")
    golden = read_documents(((lines.where(name), lines[name]) for name in lines), task.schema_names)
    merged = [_merged(known[document.id], document, source) for document in golden]
    whole = replace(task, documents=(*task.documents, *merged), held_out=())
    if not task.gold_as_is:
        for part in whole.parts.values():
            check_documents(part.tree, Validator(part.schema), part.documents)
    return whole


def _merged(shown: Document, golden: Document, source: str) -> Document:
    """The gold of a document with the text and metadata that runs saw."""
    if golden.text not in (None, shown.text):
        raise DataError(f"{source}: the text of '{shown.id}' is not the one in {HELD_OUT}")
    if golden.schema not in ("", shown.schema):
        raise DataError(f"{source}: the schema of '{shown.id}' is not the one in {HELD_OUT}")
    return replace(golden, text=shown.text, meta=shown.meta, schema=shown.schema)
