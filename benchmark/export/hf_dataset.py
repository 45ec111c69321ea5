"""A task as a Hugging Face Dataset with typed features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmark.data.documents import quoted
from benchmark.data.loading import load_task
from benchmark.data.task import Task
from benchmark.schema.fields import Bag, Field, Leaf, Record, Table

if TYPE_CHECKING:
    import datasets

# By kind of leaf, the Arrow type of its values.
ARROW = {"string": "string", "enum": "string", "date": "date32", "integer": "int64"}
ARROW |= {"number": "float64", "boolean": "bool"}


def load_dataset(source: str | Path, texts: str | Path | None = None) -> datasets.Dataset:
    """The Dataset of a task, by name or folder (see `load_task` and `to_dataset`)."""
    return to_dataset(load_task(source, texts))


def to_dataset(task: Task) -> datasets.Dataset:
    """A Dataset with a row for each document: id, text, meta, gold, alternatives, optional, spans,
    and schema, where documents have schemas of their own.

    `gold` is typed by the task's schema, its evidence quoted (empty for a withheld text); meta,
    alternatives and spans, whose keys vary, are JSON, and so is gold of several schemas.
    """
    import datasets

    rows = [
        {
            "id": document.id,
            "text": document.text,
            "meta": dict(document.meta),
            "gold": quoted(task.tree_of(document), document),
            "alternatives": dict(document.alternatives),
            "optional": list(document.optional),
            "spans": dict(document.spans),
            **({"schema": task.schema_of(document)} if task.schema_names else {}),
        }
        for document in task.documents
    ]
    return datasets.Dataset.from_list(rows, features=features(task))


def features(task: Task) -> datasets.Features:
    """The features of a task's Dataset: its columns with their types."""
    import datasets

    text = datasets.Value("string")
    return datasets.Features(
        {
            "id": text,
            "text": text,
            "meta": datasets.Json(),
            "gold": datasets.Json() if _untyped(task) else _struct(task.tree, ()),
            "alternatives": datasets.Json(),
            "optional": datasets.List(text),
            "spans": datasets.Json(),
            **({"schema": text} if task.schema_names else {}),
        }
    )


def _untyped(task: Task) -> bool:
    """Whether gold has no columns: it is of several schemas, or of one whose values stand elsewhere
    than in the field tree."""
    return bool(task.schema_names or task.tree.shape)


def _struct(tree: Record, at: tuple[str, ...]) -> dict[str, Any]:
    """The struct of the object at some steps of a record. Evidence is a string; what else is not
    scored may be anything, and is JSON."""
    import datasets

    scored = {item.steps: item for item in tree.fields}
    struct: dict[str, Any] = {}
    for name in sorted(tree.known[at]):
        steps = (*at, name)
        if steps in scored:
            struct[name] = _field(scored[steps])
        elif steps in tree.known:
            struct[name] = _struct(tree, steps)
        else:
            struct[name] = datasets.Value("string") if steps in tree.evidence else datasets.Json()
    return struct


def _field(item: Field) -> Any:
    import datasets

    if isinstance(item.node, Table):
        return datasets.List(_struct(item.node.record, ()))
    if isinstance(item.node, Bag):
        return datasets.List(_value(item.node.element))
    return _value(item.node)


def _value(leaf: Leaf) -> Any:
    import datasets

    if leaf.kind == "enum" and not all(isinstance(value, str) for value in leaf.values):
        return datasets.Json()
    return datasets.Value(ARROW[leaf.kind]) if leaf.kind in ARROW else datasets.Json()
