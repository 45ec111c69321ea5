"""A task's folder -> documents, gold, schema, aliases."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmark.aliases import Aliases, read_aliases
from benchmark.documents import Document, GoldFile, GoldLines, check_document, read_documents
from benchmark.errors import DataError, UnknownNameError, harmless
from benchmark.jsonl import read_json, unreadable
from benchmark.schema import json_schema, read_schema
from benchmark.tree import Json, Record
from benchmark.validation import Validator

GOLD, DATA = "gold.jsonl", "data"
"""Where the gold of a task stands: one file, or a folder with a file for each split."""


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


def load_task(source: str | Path, texts: str | Path | None = None) -> Task:
    """A shipped task by name ("sitrep") or any folder with `schema.json` (or schema.py) and
    `gold.jsonl` (or data/SPLIT.jsonl, or documents/*.json). `texts` holds `<id>.txt` of documents
    whose text is not shipped; a text whose SHA-256 is not the one recorded is an error, and so is
    gold that is no instance of the schema.
    """
    return _checked(read_task(source, texts))


def read_task(source: str | Path, texts: str | Path | None = None) -> Task:
    """As load_task, but gold may break the schema."""
    bare = bare_task(source)
    task = bare.only(read_documents(_gold_lines(bare.folder or Path())))
    return _supplied(task, Path(texts)) if texts else task


def bare_task(source: str | Path) -> Task:
    """A task without its documents: schema, aliases, version."""
    folder = _folder(source)
    aliases = folder / "aliases.txt"
    return Task(
        name=folder.resolve().name,
        schema=_read_schema(folder),
        documents=(),
        aliases=read_aliases(aliases) if aliases.is_file() else (),
        version=_version(folder / "README.md"),
        folder=folder,
    )


def make_task(gold: str | Path, schema: str | Path) -> Task:
    """A task of two files: gold in JSON Lines, or the URL of such a file, and a schema (.json or
    .py). The gold is read, and held against the schema, when it is asked for."""
    found = json_schema(schema_file(Path(schema)))
    return Task(Path(gold).stem, found, GoldFile(gold, found))


def _folder(source: str | Path) -> Path:
    if (path := Path(source)).is_dir():
        return path
    import gold

    shipped = {folder.parent.name: folder.parent for folder in gold.TASKS.glob("*/schema.*")}
    if str(source) in shipped:
        return shipped[str(source)]
    if path.exists() or len(path.parts) > 1:
        raise DataError(f"task: {source} is not a folder")
    raise UnknownNameError("task or folder", str(source), shipped)


def _gold_lines(folder: Path) -> Iterator[tuple[str, dict[str, Json]]]:
    """The gold of a folder, each document with where it stands, a split in its metadata."""
    forms = {
        GOLD: sorted(folder.glob(GOLD)),
        f"{DATA}/*.jsonl": sorted((folder / DATA).glob("*.jsonl")),
        "documents/*.json": sorted((folder / "documents").glob("*.json")),
    }
    found = [form for form, files in forms.items() if files]
    if len(found) > 1:
        raise DataError(f"task: {folder} has {' and '.join(found)}; keep one")
    if not found and any((folder / "documents").glob("**/*.txt")):
        raise DataError(f"task: {folder} has texts, but no gold: `fieldmark gold build` makes it")
    for file in forms[found[0]] if found else [folder / GOLD]:
        split = {"split": file.stem} if file.parent.name == DATA else {}
        for where, line in _lines(file):
            meta = line.get("meta")
            if split and (meta is None or isinstance(meta, dict)):
                line = {**line, "meta": {**split, **(meta or {})}}  # noqa: PLW2901
            yield where, line


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Json]]]:
    """The documents of one file."""
    if file.suffix == ".jsonl":
        lines = GoldLines(file)
        yield from ((lines.where(name), line) for name, line in lines.items())
        return
    content = read_json(file)
    for document in content if isinstance(content, list) else [content]:
        if not isinstance(document, dict):
            raise DataError(f"{file}: a JSON object is expected for each document")
        yield str(file), document


def _read_schema(folder: Path) -> Json:
    found = [folder / name for name in ("schema.json", "schema.py") if (folder / name).is_file()]
    if len(found) != 1:
        has = "both schema.json and schema.py; keep one" if found else "no schema.json or schema.py"
        raise DataError(f"task: {folder} has {has}")
    return schema_file(found[0])


def schema_file(path: Path) -> Json:
    """The schema of a file: JSON, or what a Python file calls SCHEMA."""
    return _python_schema(path) if path.suffix == ".py" else read_json(path)


def _python_schema(path: Path) -> Json:
    """What a schema.py calls SCHEMA: a pydantic model, or a JSON Schema as a dict."""
    spec = importlib.util.spec_from_file_location(f"fieldmark_schema_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # pydantic looks names up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise DataError(f"{path}: {type(error).__name__}: {error}") from error
    if not hasattr(module, "SCHEMA"):
        raise DataError(f"{path}: name the model or the JSON Schema SCHEMA")
    return module.SCHEMA


def _version(card: Path) -> str:
    return harmless(str(card_header(card).get("version", "0")))


def card_header(card: Path) -> dict[str, Any]:
    """The YAML header of a dataset card, scalars as text; empty without one."""
    if not card.is_file():
        return {}
    import yaml

    parts = card.read_text(encoding="utf-8-sig", errors="replace").split("---\n", 2)
    found = len(parts) == 3 and not parts[0]
    try:  # BaseLoader leaves 1.10 the text that it is
        header: Any = yaml.load(parts[1], yaml.BaseLoader) if found else {}  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        raise DataError(f"{card}: the header is no YAML: {error}") from None
    return header if isinstance(header, dict) else {}


def _supplied(task: Task, texts: Path) -> Task:
    """The task with the withheld texts that the folder `texts` holds."""
    if not texts.is_dir():
        raise DataError(f"texts: {texts} is not a folder")
    return task.only(_with_text(d, texts) if d.text is None else d for d in task.documents)


def _with_text(document: Document, texts: Path) -> Document:
    path = texts / f"{document.id}.txt"
    if path.name != f"{document.id}.txt" or not path.is_file():
        return document
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    digest = hashlib.sha256(raw).hexdigest()
    if digest != document.meta.get("sha256", digest):
        raise DataError(
            f"{path}: not the text that was labelled: its SHA-256 is {digest}, the gold of "
            f"'{document.id}' was made from {document.meta['sha256']}"
        )
    try:
        return replace(document, text=raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8: {error}") from None


def _checked(task: Task) -> Task:
    """Gold must be an instance of the schema: what cannot be right is not scored against."""
    validator = Validator(task.schema)
    for document in task.documents:
        check_document(task.tree, validator, document)
    return task
