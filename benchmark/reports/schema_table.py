"""A schema as the scorer reads it: the kind and the comparator of each field, and the keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from benchmark.errors import harmless
from benchmark.schema.comparators import Option
from benchmark.schema.field_comparator import bind
from benchmark.schema.fields import Bag, Field, Leaf, Record, Table, UnionLeaf
from benchmark.schema.paths import join
from benchmark.schema.x_compare import ABSENT

if TYPE_CHECKING:
    from rich.table import Table as RichTable

KEY = {"": "", "any": "key", "all": "key, with others"}
"""What the column "key" says."""

HEADER = ("field", "kind", "compared by", "key")


class Row(NamedTuple):
    """A line of the table, in the order of HEADER."""

    path: str
    kind: str
    compared: str = ""
    key: str = ""


def field_table(tree: Record) -> RichTable:
    """The field tree for rich, a row a field; SchemaError for a comparator that does not fit."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(box=SIMPLE_HEAD)
    for name in HEADER:  # what is widest gives way first on a narrow terminal
        shown.add_column(name, overflow="fold", no_wrap=name == "key")
    for row in rows(tree):
        style = {"table": "bold"}.get(row.kind, "" if row.compared else "dim")
        shown.add_row(*(Text(harmless(cell)) for cell in row), style=style)
    return shown


def rows(tree: Record, path: str = "") -> Iterator[Row]:
    """The fields of a record in the schema's order, then what of it is not scored."""
    for item in tree.fields:
        yield Row(item.path, _kind(item.node), _how_compared(item), KEY[item.key])
        if isinstance(item.node, Table):
            yield from rows(item.node.record, item.path)
    for item in tree.keys:
        yield Row(item.path, f"{_kind(item.node)}, not scored", _how_compared(item), KEY[item.key])
    for steps in _unscored(tree):
        kind = "evidence, not scored" if steps in tree.evidence else "not scored"
        yield Row(join(path, *steps), kind)


def _kind(node: Leaf | Bag | Table) -> str:
    if isinstance(node, Table):
        return "table in order" if node.in_order else "table"
    if isinstance(node, Bag):
        array = "set" if node.as_set else "sequence" if node.in_order else "bag"
        return f"{array} of {_kind(node.element)}"
    if isinstance(node, UnionLeaf):
        return " or ".join(map(_kind, node.members))
    if node.kind != "enum":
        return node.kind
    return f"enum of {len(node.values)} value{'s' * (len(node.values) > 1)}"


def _how_compared(item: Field) -> str:
    """The comparator with the options in force; of a table, what its records are paired on."""
    if isinstance(item.node, Table):
        record = item.node.record
        below = (*record.fields, *record.keys)
        alone, together = (
            [".".join(item.steps) for item in below if item.key == key] for key in ("any", "all")
        )
        keys = [*alone, *([" with ".join(together)] if together else [])]
        if keys:
            return f"records agree on {' or '.join(keys)}"
        return "no key is marked: any field that agrees will do"
    leaf = item.node.element if isinstance(item.node, Bag) else item.node
    bound = bind(item.path, leaf, ())
    # Numbers always, as 0 says that there is no tolerance; a list or a sign only if it is stated.
    stated = [(word, value) for word, value in bound.options.items() if value not in ("", (), [])]
    if ABSENT in leaf.options:
        stated.append((ABSENT, leaf.options[ABSENT]))
    return " ".join([bound.name, *(f"{word}={_option(value)}" for word, value in stated)])


def _option(value: Option) -> str:
    if isinstance(value, (int, float)):
        return f"{value:.12g}"
    return json.dumps(value, ensure_ascii=False)


def _unscored(tree: Record) -> list[tuple[str, ...]]:
    """The properties, by name, that are neither fields nor objects with fields below."""
    below = {*tree.known, *(item.steps for item in (*tree.fields, *tree.keys))}
    named = {(*steps, name) for steps, names in tree.known.items() for name in names}
    return sorted(named - below)
