"""The schemas of a benchmark's documents, each of them once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from benchmark.data.json_text import dump, read_json
from benchmark.data.task_files import SCHEMAS
from benchmark.errors import DataError, SchemaError
from benchmark.imports.files import DocumentFiles
from benchmark.schema.fields import Json, Record
from benchmark.schema.tree.dialects import json_schema
from benchmark.schema.tree.reader import read_schema
from benchmark.schema.validation import Validator


class Schemas:
    """The schemas of documents. Those that are equal are one, named as that of the first document.

    Raises DataError, with the file, for one that cannot be read or scored.
    """

    def __init__(self, documents: Mapping[str, DocumentFiles]) -> None:
        self._by_content: dict[bytes, tuple[str, Json]] = {}
        self._of: dict[str, bytes] = {}  # the id of a document -> the content of its schema
        self._checkers: dict[bytes, tuple[Record, Validator]] = {}
        read: dict[Path, bytes] = {}
        for name, files in documents.items():
            if files.schema not in read:
                read[files.schema] = self._add(files.schema, files.schema_name)
            self._of[name] = read[files.schema]

    def _add(self, file: Path, wanted: str) -> bytes:
        schema = read_json(file)
        content = dump(schema, orjson.OPT_SORT_KEYS)
        if content not in self._by_content:
            try:
                self._checkers[content] = read_schema(schema), Validator(json_schema(schema))
            except SchemaError as error:
                raise DataError(f"{file}: {error}") from None
            self._by_content[content] = self._free_name(wanted), schema
        return content

    def _free_name(self, wanted: str) -> str:
        """A name that no other schema has yet, without a colon, which ends it in a field's path."""
        wanted = wanted.replace(":", "_")
        taken, name, n = {name for name, _ in self._by_content.values()}, wanted, 2
        while name in taken:
            name, n = f"{wanted}-{n}", n + 1
        return name

    def __len__(self) -> int:
        return len(self._by_content)

    def named(self, document: str) -> str:
        """The name of a document's schema; "" where there is one for all."""
        return self._by_content[self._of[document]][0] if len(self) > 1 else ""

    def checker(self, document: str) -> tuple[Record, Validator]:
        """The field tree of a document's schema, and what finds where gold breaks it."""
        return self._checkers[self._of[document]]

    def write(self, folder: Path) -> None:
        """Write them into a task's folder: schema.json, or schemas/NAME.json."""
        for name, schema in self._by_content.values():
            file = folder / SCHEMAS / f"{name}.json" if len(self) > 1 else folder / "schema.json"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(dump(schema, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
