"""A task: documents with gold under one schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from benchmark.data.documents import Document, GoldFile
from benchmark.errors import UnknownNameError
from benchmark.schema.aliases import Aliases
from benchmark.schema.fields import Json, Record
from benchmark.schema.reader import json_schema, read_schema


@dataclass(frozen=True, eq=False)
class Task:
    """Documents with gold under one schema. `tree` is the field tree of `schema`."""

    name: str
    schema: dict[str, Json]
    documents: Sequence[Document]
    aliases: Aliases = ()
    version: str = "0"
    folder: Path | None = None
    tree: Record = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schema", json_schema(self.schema))
        object.__setattr__(self, "tree", read_schema(self.schema))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the documents."""
        if isinstance(self.documents, GoldFile):
            return self.documents.ids
        return tuple(document.id for document in self.documents)

    def with_text(self) -> Task:
        """The same task with the documents whose text is here."""
        return self.only(document for document in self.documents if document.text is not None)

    @cached_property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """The ids of the documents of each split that the metadata name."""
        found: dict[str, tuple[str, ...]] = {}
        for document in () if isinstance(self.documents, GoldFile) else self.documents:
            if isinstance(split := document.meta.get("split"), str):
                found[split] = (*found.get(split, ()), document.id)
        return found

    def split(self, *names: str) -> Task:
        """The same task with the documents of these splits. Raises UnknownNameError for one that
        it lacks."""
        for name in names:
            if name not in self.splits:
                raise UnknownNameError(f"split of '{self.name}'", name, self.splits)
        return self.only(d for d in self.documents if d.meta.get("split") in names)

    def only(self, documents: Iterable[Document]) -> Task:
        """The same task with these documents."""
        return replace(self, documents=tuple(documents))
