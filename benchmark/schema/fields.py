"""The field tree: which values of a document are scored, and how each is compared.

A leaf is a scalar property, a bag an array of scalars, a table an array of objects (its
records). An object outside an array is only a segment of the paths below it, so a record or a
document is a flat list of leaves, bags and tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from benchmark.schema.tree.shapes import Shape

Json = Any
"""What a JSON parser returns: dict, list, str, int, float, bool or None."""


Key = Literal["", "any", "all"]
"""Whether a field is a key: not, by itself, or together with the others that are "all"."""


@dataclass(frozen=True)
class Leaf:
    """A scalar property, or the elements of a bag.

    kind: string, date, integer, number, boolean, enum, union (a UnionLeaf) or json (any value,
        compared as a whole).
    values: those of an enum; otherwise empty.
    by: the name of the comparator, "" for the default of the kind; `options` are the comparator's.
    """

    kind: str
    values: tuple[Json, ...] = ()
    by: str = ""
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class UnionLeaf(Leaf):
    """A scalar of one of several types: two values agree if they are of the same member and that
    accepts them. Its kind is union."""

    members: tuple[Leaf, ...] = ()


@dataclass(frozen=True)
class Bag:
    """An array of scalars, compared as a multiset, as a set, or in its order."""

    element: Leaf
    as_set: bool = False
    in_order: bool = False


@dataclass(frozen=True)
class Record:
    """The properties of a document or of an element of a table, those of objects in it included.

    fields: what is scored, in the schema's order.
    evidence: the steps to each property that quotes the text.
    known: the steps to each object in the record, () to the record itself -> its property names.
    keys: what pairs records and is not scored, leaves and bags, in the schema's order.
    shape: of a document, how its JSON differs from what the tree takes; None where it does not.
    notes: of a document, what was made of places that are not plain: path and words.
    """

    fields: tuple[Field, ...]
    evidence: tuple[tuple[str, ...], ...]
    known: Mapping[tuple[str, ...], frozenset[str]]
    keys: tuple[Field, ...] = ()
    shape: Shape | None = None
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """An array of objects, whose records are aligned one to one; in their order, or in any."""

    record: Record
    in_order: bool = False


@dataclass(frozen=True)
class Field:
    """A leaf, bag or table with its place in the schema.

    path: from the document, without indexes, such as `events.dates.start`.
    steps: from its record, such as ("dates", "start").
    key: "any" if it tells records apart: two are paired only if they agree on such a field; "all"
        if it does so together with the other fields of its record that are marked so.
    """

    path: str
    steps: tuple[str, ...]
    node: Leaf | Bag | Table
    key: Key = ""


def walk(record: Record) -> Iterator[Field]:
    """All fields below a record, tables before what they hold, in the schema's order."""
    for item in record.fields:
        yield item
        if isinstance(item.node, Table):
            yield from walk(item.node.record)


def compared(record: Record) -> Iterator[Field]:
    """All fields below a record, and the keys that are not scored."""
    yield from record.keys
    for item in walk(record):
        yield item
        if isinstance(item.node, Table):
            yield from item.node.record.keys


def value_paths(record: Record) -> tuple[str, ...]:
    """Paths of the leaves and bags: the rows of a score."""
    return tuple(item.path for item in walk(record) if not isinstance(item.node, Table))


def table_paths(record: Record) -> tuple[str, ...]:
    """Paths of the tables, nested ones after the one they stand in."""
    return tuple(item.path for item in walk(record) if isinstance(item.node, Table))
