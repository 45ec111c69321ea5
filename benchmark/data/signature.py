"""The signature: what a score depends on besides the predictions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version

from benchmark.data.documents import Document
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.fields import Json, Record, Table, walk


def signature(task: Task) -> str:
    """Scorer, gold (name, version, hash), schema and options; scores compare only if it agrees."""
    return signed(task, map(document_hash, task.documents))


def signed(task: Task, hashes: Iterable[bytes]) -> str:
    """The signature, from the hashes of the documents in their order."""
    gold = hashlib.sha256(b"".join(hashes))
    gold.update(_canonical(task.aliases))
    return "|".join(
        [
            f"fieldmark:{_version()}",
            f"gold:{task.name}@{task.version}#{gold.hexdigest()[:12]}",
            f"schema:{digest(scored_schema(task.tree))}",
            f"documents:{len(task.ids)}",
            "options:none",
        ]
    )


@cache
def _version() -> str:
    return version("fieldmark")


def document_hash(document: Document) -> bytes:
    """The SHA-256 of all of a document's gold that decides a score."""
    d = document
    gold = [d.id, d.gold, d.alternatives, d.optional, d.spans, text_hash(d)]
    return hashlib.sha256(_canonical(gold)).digest()


def scored_schema(tree: Record) -> Json:
    """What of a schema decides a score: a title or a description does not."""
    return [
        [item.path, item.key, None if isinstance(item.node, Table) else asdict(item.node)]
        for item in walk(tree)
    ]


def digest(value: Json) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of canonical JSON."""
    return hashlib.sha256(_canonical(value)).hexdigest()[:12]


def _canonical(value: Json) -> bytes:
    import orjson

    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise DataError(f"the gold can't be hashed: {error}") from None


def text_hash(document: Document) -> Json:
    """The SHA-256 of a document's text, known even where the text is withheld; None without one."""
    if document.text is None:
        return document.meta.get("sha256")
    return hashlib.sha256(document.text.encode()).hexdigest()
