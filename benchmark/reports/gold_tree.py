"""Gold as a person reads it in a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmark.data.documents import Document, quoted
from benchmark.data.task import Task
from benchmark.errors import UnknownNameError, harmless
from benchmark.schema.fields import Field, Json, Record, Table
from benchmark.schema.paths import join, value_at

if TYPE_CHECKING:
    from rich.table import Table as RichTable
    from rich.tree import Tree


SHOWN_META = ("lang", "genre")
"""Metadata that the listing has a column for, if a document has them."""


def listing(task: Task) -> RichTable:
    """The documents of a task, a row each: id, language, genre, words of the text, records of each
    outermost table, where documents have schemas of their own the schema and the records of all
    these tables; below each split, its sums."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    own = ("schema",) if task.schema_names else ()
    tables = {schema: _outermost(plain.tree) for schema, plain in task.plain.items()}
    columns = ["records"] if own else [item.path for item in tables[""]]
    keys = [key for key in SHOWN_META if any(key in d.meta for d in task.documents)]
    shown = RichTable(box=SIMPLE_HEAD)
    for name in ("document", *own, *keys, "words", *columns):
        left = name in ("document", *own, *keys)
        shown.add_column(name, justify="left" if left else "right", no_wrap=True)

    def records(document: Document) -> list[int]:
        of_schema = tables[task.schema_of(document)]
        numbers = [len(value_at(document.gold, item.steps) or ()) for item in of_schema]
        return [sum(numbers)] if own else numbers

    in_splits = {name for ids in task.splits.values() for name in ids}
    rest = [name for name in task.ids if name not in in_splits]
    for split, ids in {**task.splits, **({"": rest} if rest else {})}.items():
        documents = [document for document in task.documents if document.id in ids]
        for document in documents:
            words = "withheld" if document.text is None else str(len(document.text.split()))
            schema = (task.schema_of(document),) if own else ()
            meta = [str(document.meta.get(key, "")) for key in keys]
            row = (document.id, *schema, *meta, words, *map(str, records(document)))
            shown.add_row(*(Text(harmless(cell)) for cell in row))
        words = str(sum(len(document.text.split()) for document in documents if document.text))
        sums = [str(sum(column)) for column in zip(*map(records, documents), strict=True)]
        name = f"{split or 'no split'}: {len(documents)}"
        blank = [""] * len((*own, *keys))
        shown.add_row(*map(Text, (harmless(name), *blank, words, *sums)), style="bold")
        shown.add_section()
    return shown


def _outermost(tree: Record) -> list[Field]:
    """The tables at the top of a schema."""
    return [item for item in tree.fields if isinstance(item.node, Table)]


def document_tree(task: Task, name: str) -> Tree:
    """One document's gold: each record with its values, their alternatives and its evidence.

    Raises UnknownNameError for an id that no document has.
    """
    from rich.text import Text
    from rich.tree import Tree

    documents = {document.id: document for document in task.documents}
    if name not in documents:
        raise UnknownNameError("document", name, documents)
    document = documents[name]
    root = Tree(Text(harmless(name), style="bold"))
    about = {"schema": document.schema} if document.schema else {}
    for key, value in {**about, **document.meta}.items():
        root.add(Text(harmless(f"{key}: {value}"), style="dim"))
    _branch(root, quoted(task.tree_of(document), document), "", document)
    return root


def _branch(tree: Tree, value: dict[str, Json], path: str, document: Document) -> None:
    """Add the properties of an object, at `path`, to a tree: a branch for each object in it, a leaf
    for each value. What is null or empty and has no alternatives is left out."""
    from rich.text import Text

    for name, child in value.items():
        child_path = join(path, name)
        # A table, if not an empty one: by its values, as trees are drawn of unscored ones, too.
        if isinstance(child, list) and any(isinstance(row, dict) for row in child):
            for index, row in enumerate(child):
                row_path = join(child_path, index)
                mark = " (optional)" if row_path in document.optional else ""
                mark += _alternatives(row_path, document)
                if isinstance(row, dict):
                    branch = tree.add(Text(harmless(row_path + mark), style="bold"))
                    _branch(branch, row, row_path, document)
        elif isinstance(child, dict):
            branch = tree.add(Text(child_path, style="bold"))
            _branch(branch, child, child_path, document)
        elif child not in (None, []) or child_path in document.alternatives:
            alternatives = _alternatives(child_path, document)
            tree.add(Text(harmless(f"{name}: {_shown(child)}{alternatives}")))


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "none" if value is None else str(value)


def _alternatives(path: str, document: Document) -> str:
    """The alternatives of a value, and those of its elements with their index."""
    return "".join(
        f"  [or{own_path.removeprefix(path) and ' at ' + own_path.removeprefix(path)}: "
        f"{' / '.join(map(_shown, accepted))}]"
        for own_path, accepted in document.alternatives.items()
        if own_path == path or own_path.startswith(f"{path}[")
    )
