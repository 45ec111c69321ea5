"""Documents with schemas of their own: the names of schemas, and the trees of several as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from benchmark.errors import DataError, SchemaError, hint
from benchmark.schema.fields import Field, Record, Table

DEFAULT = "default"
"""What the schema of documents that name none is called, where others have one of their own."""
SIGNS = frozenset(":/\\")
"""Signs that no name of a schema has."""
OWN = "others stand in a folder, schemas/NAME.json"


def path_in(schema: str, path: str) -> str:
    """The path of a field among those of several schemas: `invoice: lines.amount`. It is the path
    itself where there is one schema only, whose name is ""."""
    return f"{schema}: {path}" if schema else path


@contextmanager
def named_in_errors(schema: str) -> Iterator[None]:
    """Have a SchemaError name the schema that it is of, where there are several."""
    try:
        yield
    except SchemaError as error:
        if schema:
            error.args = (f"'{schema}': {error}",)
        raise


def check_names(names: Iterable[str], default: bool) -> None:
    """Raise DataError for a name that no schema can have; with `default`, that of the schema that
    is called so is taken."""
    for name in names:
        # The first colon of a field's path ends the name: no two fields can have one path. With a
        # slash, a name would lead out of the folder that schemas are written to.
        if not isinstance(name, str) or not name or not SIGNS.isdisjoint(name):
            raise DataError(f"{name!r} can't name a schema: a name has no colon and no slash")
        if default and name == DEFAULT:
            raise DataError(
                f"'{DEFAULT}' is what the schema of documents that name none is called; "
                f"give the other one another name"
            )


def check_name(name: str, names: Collection[str]) -> None:
    """Raise DataError for a schema that a document names and that is none of `names`, or for one
    that it does not name (""); the error does not yet say which document."""
    if name in names or (name == "" and (not names or DEFAULT in names)):
        return
    if not names:
        raise DataError(f"it names the schema '{name}', but there is one schema only: {OWN}")
    if not name:
        raise DataError(f"it names no `schema`, and there is no schema.json; {hint(name, names)}")
    raise DataError(f"unknown schema '{name}'; {hint(name, names)}")


def united(trees: Mapping[str, Record]) -> Record:
    """The fields of several schemas, by name, under paths that begin with their schema's name.

    It tells which fields there are; documents are read by the tree of their own schema.
    """
    return Record(
        fields=tuple(_placed(name, item) for name, tree in trees.items() for item in tree.fields),
        evidence=(),
        known={(): frozenset().union(*(tree.known[()] for tree in trees.values()))},
        notes=tuple(
            (path_in(name, path), note) for name, tree in trees.items() for path, note in tree.notes
        ),
    )


def _placed(schema: str, item: Field) -> Field:
    """A field, and all below it, under the name of its schema."""
    node = item.node
    if isinstance(node, Table):
        below = tuple(_placed(schema, field) for field in node.record.fields)
        node = Table(replace(node.record, fields=below))
    return replace(item, path=path_in(schema, item.path), node=node)
