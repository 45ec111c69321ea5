"""The folder of a new task."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmark.data.task_files import schema_file
from benchmark.errors import DataError, unwritable
from benchmark.schema.fields import Bag, Leaf, Record, Table, walk
from benchmark.schema.reader import read_schema

CARD = """---
pretty_name: {name}
version: 0.1.0
license: unknown
configs:
- config_name: default
  data_files: gold.jsonl
---

# {name}

What the documents are, who labelled them, how, and how far the labels agree
(`fieldmark gold agreement`).
"""
CODEBOOK = """# Codebook of {name}

How each field is labelled, so that two readers of one text come to one answer. Models are prompted
with this page.

| field | type | rule |
|---|---|---|
{fields}
"""
ALIASES = """# Names of one thing, a line each, separated by " | "; gold uses the first.
# Only fields compared by name heed this list.
"""


def start(folder: Path, schema: Path) -> list[Path]:
    """Make the folder of a task: schema, card, codebook, alias list, a template of labels, and
    where texts and labels go. Raises DataError if there is one already."""
    tree = read_schema(schema_file(schema))
    if folder.exists():
        raise DataError(f"{folder} exists already; choose another folder")
    try:
        for below in ("documents", "labels/gold"):
            (folder / below).mkdir(parents=True)
        kept = folder / ("schema.py" if schema.suffix == ".py" else "schema.json")
        shutil.copyfile(schema, kept)
        name = folder.resolve().name
        fields = "\n".join(f"| `{path}` | {kind} | |" for path, kind in _fields(tree))
        files = {
            "README.md": CARD.format(name=name),
            "codebook.md": CODEBOOK.format(name=name, fields=fields),
            "aliases.txt": ALIASES,
            "labels/template.yaml": "\n".join(_template(tree, "")) + "\n",
        }
        for file, content in files.items():
            (folder / file).write_text(content, "utf-8")
    except OSError as error:
        raise unwritable(folder, error) from None
    return [kept, *(folder / file for file in files)]


def _fields(tree: Record) -> Iterator[tuple[str, str]]:
    for item in walk(tree):
        if isinstance(item.node, Table):
            yield item.path, "list of records"
        elif isinstance(item.node, Bag):
            yield item.path, f"list of {_kind(item.node.element)}"
        else:
            yield item.path, _kind(item.node)


def _kind(leaf: Leaf) -> str:
    return ", ".join(f"`{value}`" for value in leaf.values) or leaf.kind


def _template(record: Record, indent: str) -> Iterator[str]:
    """The labels of one document, a record in each list: what stands for a value is its type."""
    for steps in record.evidence:
        yield f"{indent}{'.'.join(steps)}: words of the text that say so"
    opened: tuple[str, ...] = ()
    for item in record.fields:
        inner = item.steps[:-1]
        for depth, step in enumerate(inner):
            if opened[: depth + 1] != inner[: depth + 1]:
                yield f"{indent}{'  ' * depth}{step}:"
        opened, at = inner, indent + "  " * len(inner)
        if isinstance(item.node, Table):
            yield f"{at}{item.steps[-1]}:"
            first, *rest = _template(item.node.record, f"{at}  ")
            yield f"{at}- {first.strip()}"
            yield from rest
        elif isinstance(item.node, Bag):
            yield f"{at}{item.steps[-1]}: [{_plain(item.node.element)}]"
        else:
            yield f"{at}{item.steps[-1]}: {_plain(item.node)}"


def _plain(leaf: Leaf) -> str:
    return " or ".join(map(str, leaf.values)) or leaf.kind
