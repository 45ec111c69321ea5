"""The signature of a score: all that it depends on besides the predictions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version

from benchmark.data.documents import Document
from benchmark.data.json_text import dump
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.fields import Field, Json, Record, Table, walk


def signature(task: Task) -> str:
    """The version of the scorer, gold (name, version, hash), schema and options in one line.

    Scores are comparable only if their signatures are equal.
    """
    return signed(task, map(document_hash, task.documents))


def signed(task: Task, hashes: Iterable[bytes]) -> str:
    """The signature of a task from the hashes of its documents, in their order."""
    # Of hashes, not of documents: each worker hashes its own, and only 32 bytes of each travel.
    gold = hashlib.sha256(b"".join(hashes))
    gold.update(_canonical(task.aliases))
    return "|".join(
        [
            f"fieldmark:{_version()}",
            f"gold:{task.name}@{task.version}#{gold.hexdigest()[:12]}",
            f"schema:{digest(scored_schema(task.tree))}",
            f"documents:{len(task.ids)}",
            f"options:{'gold as is' if task.gold_as_is else 'none'}",
        ]
    )


@cache
def _version() -> str:
    return version("fieldmark")


def document_hash(document: Document) -> bytes:
    """The SHA-256 of everything in a document that can decide a score, as 32 bytes."""
    gold = [
        document.id,
        document.gold,
        document.alternatives,
        document.optional,
        document.spans,
        text_hash(document),
        *([document.schema] if document.schema else []),
    ]
    return hashlib.sha256(_canonical(gold)).digest()


def scored_schema(tree: Record) -> Json:
    """The parts of a schema that can decide a score: titles and descriptions cannot."""
    records = [tree, *(item.node.record for item in walk(tree) if isinstance(item.node, Table))]
    unscored = [[*_compared(item), "unscored"] for record in records for item in record.keys]
    return [*map(_compared, walk(tree)), *unscored]


def _compared(item: Field) -> list[Json]:
    """A field's path, whether it is a key, and how it is compared."""
    # "In order" is told only where it is so: what schemas did not say before leaves their hashes.
    in_order = getattr(item.node, "in_order", False)
    how = None if isinstance(item.node, Table) else asdict(item.node)
    if how is not None:
        how.pop("in_order", None)
    key = {"": False, "any": True}.get(item.key, item.key)
    return [item.path, key, how, *(["in order"] if in_order else [])]


def digest(value: Json) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of canonical JSON."""
    return hashlib.sha256(_canonical(value)).hexdigest()[:12]


def _canonical(value: Json) -> bytes:
    """JSON without white space, keys sorted. Raises DataError for what is no JSON value."""
    import orjson

    try:
        return dump(value, orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise DataError(f"the gold can't be hashed: {error}") from None


def text_hash(document: Document) -> Json:
    """The SHA-256 of a document's text; of a withheld one, as the metadata record it. None if
    there is no text."""
    if document.text is None:
        return document.meta.get("sha256")
    return hashlib.sha256(document.text.encode()).hexdigest()
