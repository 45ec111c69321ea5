"""A task: documents with gold under a schema, and which of them a score is over."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from benchmark.data.documents import Document, GoldFile
from benchmark.data.own_schemas import DEFAULT, check_name, check_names, named_in_errors, united
from benchmark.errors import DataError, UnknownNameError
from benchmark.schema.aliases import Aliases
from benchmark.schema.fields import Json, Record
from benchmark.schema.tree.dialects import json_schema
from benchmark.schema.tree.reader import read_schema

DEV = "dev"
"""The split for prompts, examples and rules: scored only when it is asked for."""
TWINS = "+twins"
"""What follows the version of the original task in that of a task of twins, before the seed."""


@dataclass(frozen=True, eq=False)
class Task:
    """Documents with gold under one schema, or each under one of several.

    gold_as_is: gold that breaks the schema is scored against all the same, a value that is not of
    its field's type as one of its own JSON type.
    schemas: by the name that documents state in `schema`; a document that states none is of
    `schema`, which then is called `default`. With `schemas`, `schema` may be {}: there is none.
    tree: the field tree of `schema`; with `schemas`, those of all, each path after its schema's
    name: `invoice: lines.amount`.
    whole: no choice of documents was made since the task was loaded. Of a whole task the split
    `dev` is not scored.
    held_out: documents whose gold is kept elsewhere: they are run over and not scored.

    Raises SchemaError for a schema that can't be scored, DataError for a name that none can have.
    """

    name: str
    schema: dict[str, Json]
    documents: Sequence[Document]
    aliases: Aliases = ()
    version: str = "0"
    folder: Path | None = None
    gold_as_is: bool = False
    whole: bool = True
    schemas: Mapping[str, Json] = field(default_factory=dict)
    held_out: Sequence[Document] = ()
    tree: Record = field(init=False)
    _own: Mapping[str, Task] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_names(self.schemas, default=bool(self.schema))
        object.__setattr__(self, "_own", self._of_each_schema())
        if self._own:
            schemas = {name: self._own[name].schema for name in self.schemas}
            tree = united({name: task.tree for name, task in self._own.items()})
            schema = self._own[DEFAULT].schema if self.schema else {}
        else:
            schemas, schema = {}, json_schema(self.schema)
            tree = read_schema(schema)
        for name, value in (("schemas", schemas), ("schema", schema), ("tree", tree)):
            object.__setattr__(self, name, value)
        if isinstance(self.documents, (tuple, list)):  # others are read when they are asked for
            for document in self.documents:
                self.schema_of(document)

    def _of_each_schema(self) -> dict[str, Task]:
        """The schemas as tasks without documents, by name; none in a task with one schema."""
        named = {DEFAULT: self.schema} if self.schema and self.schemas else {}
        own = {}
        for name, schema in {**named, **self.schemas}.items():
            with named_in_errors(name):
                own[name] = replace(self, schema=schema, schemas={}, documents=())
        return own

    @property
    def plain(self) -> Mapping[str, Task]:
        """Name of a schema -> a task of that schema alone, with other documents or none. Of a task
        with one schema it is the task itself, under the name ""."""
        return self._own or {"": self}

    @property
    def parts(self) -> Mapping[str, Task]:
        """Name of a schema -> a task of that schema alone, with the documents that are of it;
        schemas that no document names are left out. Of a task with one schema it is the task
        itself, under the name "". Raises DataError for a document of a schema that the task
        lacks."""
        return self._parts if self._own else {"": self}

    @cached_property
    def _parts(self) -> dict[str, Task]:
        documents: dict[str, list[Document]] = {name: [] for name in self._own}
        for document in self.documents:
            documents[self.schema_of(document)].append(document)
        return {name: self._own[name].holding(own) for name, own in documents.items() if own}

    @cached_property
    def by_schema(self) -> dict[str, tuple[str, ...]]:
        """The ids of the documents of each schema; empty for a task with one schema."""
        return {name: part.ids for name, part in self.parts.items() if name}

    @property
    def schema_names(self) -> tuple[str, ...]:
        """The names of the schemas; none in a task with one schema."""
        return tuple(self._own)

    def schema_of(self, document: Document) -> str:
        """The name of a document's schema, "" in a task with one schema. Raises DataError for a
        name that the task lacks."""
        try:
            check_name(document.schema, self._own)
        except DataError as error:
            raise DataError(f"'{document.id}': {error}") from None
        return document.schema or (DEFAULT if self._own else "")

    def tree_of(self, document: Document) -> Record:
        """The field tree of a document's schema."""
        return self.plain[self.schema_of(document)].tree

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the documents."""
        if isinstance(self.documents, GoldFile):
            return self.documents.ids
        return tuple(document.id for document in self.documents)

    @property
    def known(self) -> tuple[str, ...]:
        """The ids of all documents that may be predicted: those that are held out too."""
        return (*self.ids, *(document.id for document in self.held_out))

    @cached_property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """The ids of the documents of each split that the metadata name."""
        splits: dict[str, tuple[str, ...]] = {}
        for document in () if isinstance(self.documents, GoldFile) else self.documents:
            if isinstance(split := document.meta.get("split"), str):
                splits[split] = (*splits.get(split, ()), document.id)
        return splits

    def scored(self, *splits: str, predicted: Container[str] = ()) -> Task:
        """The same task with the documents that a score is over.

        These are the documents of the splits that are named. If none is, they are all but those
        of `dev`, on which prompts and rules may have been made; all, if there are no others, or if
        documents were chosen before by `split` or `only`. A document whose text is withheld counts
        only if it is `predicted`. Raises UnknownNameError for a split that the task lacks, and
        DataError for a predicted document of a split that is left out and if no document is left.
        """
        left_out = self.left_out(splits)
        for split in left_out:
            for document in self.splits[split]:
                if document in predicted:
                    raise DataError(
                        f"'{document}' is predicted, but of the split {split}, which is not scored "
                        f"unless it is asked for: --split {split}, or task.split('{split}')"
                    )
        chosen = self.split(*splits) if splits else self
        if left_out and not splits:
            chosen = self.only(d for d in self.documents if d.meta.get("split") not in left_out)
        return chosen._at_hand(predicted)

    def left_out(self, splits: Sequence[str]) -> tuple[str, ...]:
        """The splits that are not scored where these, or none, are asked for."""
        if splits:
            return tuple(name for name in self.splits if name not in splits)
        others = len(self.splits.get(DEV, ())) < len(self.ids)
        return (DEV,) if DEV in self.splits and self.whole and others else ()

    def _at_hand(self, predicted: Container[str]) -> Task:
        """The same task without the documents whose text is withheld and which nobody predicted."""
        if isinstance(self.documents, GoldFile):
            return self
        # Documents may be made as they are asked for: none is held here but those that are kept.
        left_out = {d.id for d in self.documents if d.withheld and d.id not in predicted}
        if not left_out:
            return self
        if len(left_out) == len(self.ids):
            raise DataError(f"no document of '{self.name}' is left; supply the texts with --texts")
        return self.only(d for d in self.documents if d.id not in left_out)

    def with_text(self) -> Task:
        """The same task with the documents whose text is here."""
        return self.holding(d for d in self.documents if d.text is not None)

    def split(self, *names: str) -> Task:
        """The same task with the documents of these splits. Raises UnknownNameError for one that
        it lacks."""
        for name in names:
            if name not in self.splits:
                raise UnknownNameError(f"split of '{self.name}'", name, self.splits)
        return self.only(d for d in self.documents if d.meta.get("split") in names)

    def only(self, documents: Iterable[Document]) -> Task:
        """The same task with these documents: a choice, so that those of `dev` are scored too."""
        task = self.holding(documents)
        object.__setattr__(task, "whole", False)
        return task

    def holding(self, documents: Iterable[Document]) -> Task:
        """The same task with other documents, and no choice made of them."""
        # A copy of what was read of the schema: reading it again would take longer than scoring a
        # document. What was worked out of the documents is forgotten.
        task = copy(self)
        for derived in ("ids", "splits", "by_schema", "_parts"):
            task.__dict__.pop(derived, None)
        object.__setattr__(task, "documents", tuple(documents))
        return task
