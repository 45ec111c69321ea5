"""The folder of a new task."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmark.data.task_files import schema_file
from benchmark.errors import DataError, unwritable
from benchmark.schema.fields import Bag, Leaf, Record, Table, walk
from benchmark.schema.tree.reader import read_schema

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
    """Make the folder of a task and return the files written: schema, card, codebook, alias list
    and a template of labels. Folders for texts and labels are made empty.

    Raises DataError if the folder exists, SchemaError for a schema that cannot be scored.
    """
    tree = read_schema(schema_file(schema))
    if folder.exists():
        raise DataError(f"{folder} exists already; choose another folder")
    try:
        for below in ("documents", "labels/gold"):
            (folder / below).mkdir(parents=True)
        schema_copy = folder / ("schema.py" if schema.suffix == ".py" else "schema.json")
        shutil.copyfile(schema, schema_copy)
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
    return [schema_copy, *(folder / file for file in files)]


def _fields(tree: Record) -> Iterator[tuple[str, str]]:
    """The path and the type of each field, for the codebook."""
    for item in walk(tree):
        if isinstance(item.node, Table):
            yield item.path, "list of records"
        elif isinstance(item.node, Bag):
            yield item.path, f"list of {_kind(item.node.element)}"
        else:
            yield item.path, _kind(item.node)


def _kind(leaf: Leaf) -> str:
    """The type of a scalar in Markdown: the values of an enum, or the name of the kind."""
    return ", ".join(f"`{value}`" for value in leaf.values) or leaf.kind


def _template(record: Record, indent: str) -> Iterator[str]:
    """The lines of a labels file with one record in each list and types in place of values."""
    for steps in record.evidence:
        yield f"{indent}{'.'.join(steps)}: words of the text that say so"
    opened: tuple[str, ...] = ()  # the object whose properties the last line belongs to
    for item in record.fields:
        *objects, name = item.steps
        for depth, step in enumerate(objects):
            if opened[: depth + 1] != item.steps[: depth + 1]:
                yield f"{indent}{'  ' * depth}{step}:"
        opened, margin = item.steps[:-1], indent + "  " * len(objects)
        if isinstance(item.node, Table):
            yield f"{margin}{name}:"
            first, *rest = _template(item.node.record, f"{margin}  ")
            yield f"{margin}- {first.strip()}"
            yield from rest
        elif isinstance(item.node, Bag):
            yield f"{margin}{name}: [{_plain(item.node.element)}]"
        else:
            yield f"{margin}{name}: {_plain(item.node)}"


def _plain(leaf: Leaf) -> str:
    """The same in YAML."""
    return " or ".join(map(str, leaf.values)) or leaf.kind
