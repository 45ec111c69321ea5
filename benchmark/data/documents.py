"""Gold documents: texts with their gold, from a file or from JSON objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from benchmark.data.json_lines import JsonLines, id_hint
from benchmark.data.own_schemas import check_name
from benchmark.errors import DataError
from benchmark.schema.fields import Json, Record, Table, compared, walk
from benchmark.schema.paths import field_path, is_inside, join, object_path
from benchmark.schema.tree.reader import read_schema
from benchmark.schema.validation import Problem, Validator, in_groups
from benchmark.text.spans import Spans, quote

EMPTY = "the gold is empty: there is nothing to score against"
KEYS: Mapping[str, Any] = {
    "id": str,
    "text": str,
    "meta": dict,
    "gold": (dict, list, str, int, float, bool),
    "alternatives": dict,
    "optional": list,
    "spans": dict,
    "group": str,
    "schema": str,
}
"""The keys of a gold document and the types of their values."""
_EXPECTED: Mapping[Any, str] = {str: "a string", dict: "an object", list: "a list"}
REQUIRED = ("id", "gold")


@dataclass(frozen=True)
class Document:
    """A text and its gold.

    gold: an instance of the schema.
    text: None if it is withheld; `meta["sha256"]` is then its hash.
    alternatives: path of a value -> what else is accepted there.
    optional: paths of records that a prediction may leave out.
    spans: path of a value -> where the text supports it, each [start, end) in characters.
    group: of documents that belong together, such as questions on one text; "" if it is alone.
    schema: the name of its schema in a task that has several; "" in others.
    """

    id: str
    gold: Json
    text: str | None = None
    meta: Mapping[str, Json] = field(default_factory=dict)
    alternatives: Mapping[str, Json] = field(default_factory=dict)
    optional: Sequence[str] = ()
    spans: Spans = field(default_factory=dict)
    schema: str = ""
    group: str = ""

    @property
    def withheld(self) -> bool:
        """Whether there is a text, as its hash is recorded, that the task does not have."""
        return self.text is None and "sha256" in self.meta


class GoldLines(JsonLines):
    """The lines of a gold file, with errors that name documents."""

    def check(self, where: str, line: dict[str, Json]) -> None:
        if not isinstance(line.get("id"), str):
            raise DataError(f"{where}: gold needs `id`, a string{id_hint(line)}")

    def repeated(self, name: str) -> str:
        return f"a second document '{name}'; ids are unique"


class GoldFile(Sequence[Document]):
    """The documents of a gold file, each read and validated when it is asked for.

    Raises DataError for a file without documents, and on access for a document that is no instance
    of the schema, if documents are `checked`.
    """

    def __init__(self, source: str | Path, schema: Json, *, checked: bool = True) -> None:
        self.lines = GoldLines(source)
        self.ids = tuple(self.lines)
        self._schema, self._checked = schema, checked
        if not self.ids:
            raise DataError(f"{source}: {EMPTY}")

    # Made when first needed and left out of pickles: each process compiles the schema for itself.
    @cached_property
    def _checker(self) -> tuple[Record, Validator]:
        return read_schema(self._schema), Validator(self._schema)

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Document, ...]: ...
    def __getitem__(self, at: int | slice) -> Document | tuple[Document, ...]:
        if isinstance(at, slice):
            return tuple(map(self._read, self.ids[at]))
        return self._read(self.ids[at])

    def _read(self, name: str) -> Document:
        document = self._document(name)
        if self._checked and gold_problems(*self._checker, document):
            raise DataError(f"{self.lines.where(name)}: {self._problems_from(name)}")
        return document

    def _document(self, name: str) -> Document:
        line = self.lines[name]
        try:
            document = _document(line)
            check_name(document.schema, ())
        except DataError as error:
            raise DataError(f"{self.lines.where(name)}: {error}") from None
        return document

    def _problems_from(self, name: str) -> str:
        """What is wrong with the gold of a document and of those after it."""
        documents = map(self._document, self.ids[self.ids.index(name) :])
        return _refusal(problems_in_groups(*self._checker, documents))

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, rows: range) -> GoldFile:
        """The same file restricted to the documents in these rows."""
        part = copy(self)
        part.ids = self.ids[rows.start : rows.stop]
        part.lines = self.lines.part(part.ids)
        return part

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_checker"}


def read_documents(
    lines: Iterable[tuple[str, dict[str, Json]]], schemas: Collection[str] = ()
) -> tuple[Document, ...]:
    """Gold documents from JSON objects, each with the place it comes from, for errors.

    schemas: the names of the schemas, where documents have schemas of their own. Raises DataError
    for keys, types or schemas that gold does not have, a repeated id, or no documents.
    """
    documents: dict[str, Document] = {}
    for where, line in lines:
        try:
            document = _document(line)
            check_name(document.schema, schemas)
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        if document.id in documents:
            raise DataError(f"{where}: a second document '{document.id}'; ids are unique")
        documents[document.id] = document
    if not documents:
        raise DataError(EMPTY)
    return tuple(documents.values())


def _document(line: dict[str, Json]) -> Document:
    """The document of a line of gold. Raises DataError, without saying where the line stands."""
    for key, value in line.items():
        if not (key in KEYS and (value is None or isinstance(value, KEYS[key]))):
            raise _key_error(line, key)
    for key in REQUIRED:
        if line.get(key) is None:
            raise _key_error(line, key)
    if not all(isinstance(path, str) for path in line.get("optional") or ()):
        raise DataError("`optional` lists paths of records")
    for path, places in (line.get("spans") or {}).items():
        if not isinstance(places, list) or not all(map(_is_span, places)):
            raise DataError(f"spans of '{path}' are a list of [start, end]")
    return Document(**{key: value for key, value in line.items() if value is not None})


def _key_error(line: dict[str, Json], key: str) -> DataError:
    """The error of a line with a key that gold does not have, or without the right value for it."""
    if unknown := sorted(line.keys() - KEYS.keys()):
        return DataError(f"gold has no key {', '.join(unknown)}; it has {sorted(KEYS)}")
    expected = _EXPECTED.get(KEYS[key], "an instance of the schema")
    return DataError(f"gold needs `{key}`, {expected}{id_hint(line) if key == 'id' else ''}")


def _is_span(place: Json) -> bool:
    """Whether a value is [start, end], two offsets in ascending order."""
    return (
        isinstance(place, list)
        and [type(offset) for offset in place] == [int, int]
        and 0 <= place[0] < place[1]
    )


def check_documents(tree: Record, validator: Validator, documents: Iterable[Document]) -> None:
    """Raise DataError, with all that is wrong, if the gold of any document breaks the schema."""
    if problems := problems_in_groups(tree, validator, documents):
        raise DataError(_refusal(problems))


def _refusal(problems: list[str]) -> str:
    return f"gold of {'; '.join(problems)} (--gold-as-is scores against it all the same)"


def problems_in_groups(
    tree: Record, validator: Validator, documents: Iterable[Document]
) -> list[str]:
    """What breaks the schema in the gold of some documents, a line for each kind of problem."""
    problems = (
        (document.id, problem)
        for document in documents
        for problem in gold_problems(tree, validator, document)
    )
    return in_groups(problems)


def gold_problems(tree: Record, validator: Validator, document: Document) -> list[Problem]:
    """Everything in which the gold of a document breaks the schema, where it is read at all: what
    is not scored may be of any shape."""
    problems = validator.gold_problems(quoted(tree, document))
    unread = _unread(tree) if problems else []
    return [problem for problem in problems if not _lies_in(field_path(problem.path), unread)]


def _unread(tree: Record) -> list[str]:
    """The paths of properties that neither are nor hold what is scored or evidence."""
    tables = [(item.path, item.node.record) for item in walk(tree) if isinstance(item.node, Table)]
    read, properties = [item.path for item in compared(tree)], []
    for path, record in [("", tree), *tables]:
        read += [join(path, *steps) for steps in record.evidence]
        for steps, names in record.known.items():
            properties += [join(path, *steps, name) for name in names]
    holding = set(read)
    for path in read:
        while path := object_path(path):
            holding.add(path)
    return [path for path in properties if path not in holding]


def _lies_in(place: str, paths: Iterable[str]) -> bool:
    """Whether a place is, or is inside, one of some others."""
    return any(place == path or is_inside(place, path) for path in paths)


def quoted(tree: Record, document: Document) -> Json:
    """The gold with its evidence quoted by the spans, empty for a withheld text (see `quote`)."""
    return quote(tree, document.gold, document.spans, document.text)
