"""Gold documents: texts with their gold, from a file or from JSON objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from benchmark.data.json_lines import JsonLines
from benchmark.errors import DataError
from benchmark.schema.fields import Json, Record
from benchmark.schema.reader import read_schema
from benchmark.schema.validation import Validator
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
}
"""The keys of a gold document and the types of their values."""
_EXPECTED: Mapping[Any, str] = {str: "a string", dict: "an object", list: "a list"}


@dataclass(frozen=True)
class Document:
    """A text and its gold.

    gold: an instance of the schema.
    text: None if it is withheld; `meta["sha256"]` is then its hash.
    alternatives: path of a value -> what else is accepted there.
    optional: paths of records that a prediction may leave out.
    spans: path of a value -> where the text supports it, each [start, end) in characters.
    """

    id: str
    gold: Json
    text: str | None = None
    meta: Mapping[str, Json] = field(default_factory=dict)
    alternatives: Mapping[str, Json] = field(default_factory=dict)
    optional: Sequence[str] = ()
    spans: Spans = field(default_factory=dict)

    @property
    def withheld(self) -> bool:
        """Whether there is a text, as its hash is recorded, that the task does not have."""
        return self.text is None and "sha256" in self.meta


class GoldLines(JsonLines):
    """The lines of a gold file, with errors that name documents."""

    def check(self, where: str, line: dict[str, Json]) -> None:
        if not isinstance(line.get("id"), str):
            raise DataError(f"{where}: gold needs `id`, a string")

    def repeated(self, name: str) -> str:
        return f"a second document '{name}'; ids are unique"


class GoldFile(Sequence[Document]):
    """The documents of a gold file, each read and validated when it is asked for.

    Raises DataError for a file without documents, and on access for a document that is no instance
    of the schema.
    """

    def __init__(self, source: str | Path, schema: Json) -> None:
        self.lines = GoldLines(source)
        self.ids = tuple(self.lines)
        self._schema = schema
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
        where = self.lines.where(name)
        document = _document(where, self.lines[name])
        try:
            check_document(*self._checker, document)
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        return document

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


def read_documents(lines: Iterable[tuple[str, dict[str, Json]]]) -> tuple[Document, ...]:
    """Gold documents from JSON objects, each with the place it comes from, for errors.

    Raises DataError for keys or types that gold does not have, a repeated id, or no documents.
    """
    documents: dict[str, Document] = {}
    for where, line in lines:
        document = _document(where, line)
        if document.id in documents:
            raise DataError(f"{where}: a second document '{document.id}'; ids are unique")
        documents[document.id] = document
    if not documents:
        raise DataError(EMPTY)
    return tuple(documents.values())


def _document(where: str, line: dict[str, Json]) -> Document:
    if unknown := sorted(line.keys() - KEYS.keys()):
        raise DataError(f"{where}: gold has no key {', '.join(unknown)}; it has {sorted(KEYS)}")
    values = {key: value for key, value in line.items() if value is not None}  # null: left out
    for key in ("id", "gold", *values):
        if not isinstance(values.get(key), KEYS[key]):
            expected = _EXPECTED.get(KEYS[key], "an instance of the schema")
            raise DataError(f"{where}: gold needs `{key}`, {expected}")
    if not all(isinstance(path, str) for path in values.get("optional", ())):
        raise DataError(f"{where}: `optional` lists paths of records")
    for path, places in values.get("spans", {}).items():
        if not isinstance(places, list) or not all(map(_is_span, places)):
            raise DataError(f"{where}: spans of '{path}' are a list of [start, end]")
    return Document(**values)


def _is_span(place: Json) -> bool:
    """Whether a value is [start, end], two offsets in ascending order."""
    return (
        isinstance(place, list)
        and [type(offset) for offset in place] == [int, int]
        and 0 <= place[0] < place[1]
    )


def check_document(tree: Record, validator: Validator, document: Document) -> None:
    """Raise DataError for a document whose gold is no instance of the schema."""
    if problem := validator.problem(quoted(tree, document)):
        raise DataError(f"gold of '{document.id}' breaks the schema at {problem}")


def quoted(tree: Record, document: Document) -> Json:
    """The gold with its evidence quoted by the spans, empty for a withheld text (see `quote`)."""
    return quote(tree, document.gold, document.spans, document.text)
