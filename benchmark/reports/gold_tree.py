"""Gold as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmark.data.documents import Document, quoted
from benchmark.data.task import Task
from benchmark.errors import UnknownNameError, harmless
from benchmark.schema.fields import Json, Table
from benchmark.schema.paths import join, value_at

if TYPE_CHECKING:
    from rich.table import Table as RichTable
    from rich.tree import Tree


TOLD = ("lang", "genre")
"""Metadata that the list shows where documents have them."""


def listing(task: Task) -> RichTable:
    """The documents of a task: id, language, genre, words of the text, records by table, and the
    sums of each split."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    tables = [item for item in task.tree.fields if isinstance(item.node, Table)]
    told = [name for name in TOLD if any(name in d.meta for d in task.documents)]
    shown = RichTable(box=SIMPLE_HEAD)
    for name in ("document", *told, "words", *(item.path for item in tables)):
        left = name == "document" or name in told
        shown.add_column(name, justify="left" if left else "right", no_wrap=True)

    def records(document: Document) -> list[int]:
        return [len(value_at(document.gold, item.steps) or ()) for item in tables]

    apart = {name for ids in task.splits.values() for name in ids}
    rest = [name for name in task.ids if name not in apart]
    for split, ids in {**task.splits, **({"": rest} if rest else {})}.items():
        documents = [document for document in task.documents if document.id in ids]
        for document in documents:
            words = "withheld" if document.text is None else str(len(document.text.split()))
            about = [harmless(str(document.meta.get(name, ""))) for name in told]
            row = (harmless(document.id), *about, words, *map(str, records(document)))
            shown.add_row(*map(Text, row))
        words = str(sum(len(document.text.split()) for document in documents if document.text))
        sums = [str(sum(column)) for column in zip(*map(records, documents), strict=True)]
        name = f"{split or 'no split'}: {len(documents)}"
        shown.add_row(*map(Text, (harmless(name), *[""] * len(told), words, *sums)), style="bold")
        shown.add_section()
    return shown


def document_tree(task: Task, name: str) -> Tree:
    """One document's gold: each record with its values, what else is accepted, its evidence."""
    from rich.text import Text
    from rich.tree import Tree

    found = [document for document in task.documents if document.id == name]
    if not found:
        raise UnknownNameError("document", name, (document.id for document in task.documents))
    root = Tree(Text(harmless(name), style="bold"))
    for key, value in found[0].meta.items():
        root.add(Text(harmless(f"{key}: {value}"), style="dim"))
    _branch(root, quoted(task.tree, found[0]), "", found[0])
    return root


def _branch(tree: Tree, value: dict[str, Json], path: str, document: Document) -> None:
    from rich.text import Text

    for name, below in value.items():
        where = join(path, name)
        if isinstance(below, list) and any(isinstance(row, dict) for row in below):
            for index, row in enumerate(below):
                place = join(where, index)
                mark = " (optional)" if place in document.optional else ""
                if isinstance(row, dict):
                    _branch(
                        tree.add(Text(harmless(place + mark), style="bold")), row, place, document
                    )
        elif isinstance(below, dict):
            _branch(tree.add(Text(where, style="bold")), below, where, document)
        elif below not in (None, []) or where in document.alternatives:
            tree.add(Text(harmless(f"{name}: {_shown(below)}{_others(where, document)}")))


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value)) or "none"
    return "none" if value is None else str(value)


def _others(path: str, document: Document) -> str:
    """What else gold accepts at a value or at one of its elements."""
    return "".join(
        f"  [or{place.removeprefix(path) and ' at ' + place.removeprefix(path)}: "
        f"{' / '.join(map(_shown, others))}]"
        for place, others in document.alternatives.items()
        if place == path or place.startswith(f"{path}[")
    )
