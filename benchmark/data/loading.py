"""A task's folder, or its files, as a Task."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmark.data.documents import Document, GoldFile, GoldLines, check_documents, read_documents
from benchmark.data.files.flat_files import is_flat
from benchmark.data.flat_records import read_flat_documents
from benchmark.data.held_out import with_held_out
from benchmark.data.json_text import read_json, repeated_name
from benchmark.data.own_schemas import named_in_errors
from benchmark.data.task import Task
from benchmark.data.task_files import (
    DATA,
    GOLD,
    PACKED,
    SCHEMAS,
    card_version,
    folder_schema,
    folder_schemas,
    schema_file,
)
from benchmark.errors import DataError, UnknownNameError, unreadable
from benchmark.schema.aliases import read_aliases
from benchmark.schema.fields import Json, Record
from benchmark.schema.tree.dialects import json_schema
from benchmark.schema.validation import Validator

FLAT = ("gold.csv", "gold.parquet")
"""The gold of a task with one table, a row a record."""


def load_task(
    source: str | Path, texts: str | Path | None = None, *, gold_as_is: bool = False
) -> Task:
    """A shipped task by name ("sitrep") or any folder with `schema.json` (or schema.py, or, for
    documents that name their schemas, schemas/NAME.json) and `gold.jsonl` (or data/SPLIT.jsonl, or
    documents/*.json, or gold.csv or gold.parquet). `texts` holds `<id>.txt` of documents whose text
    is not shipped; a text whose SHA-256 is not the one recorded is an error, and so is gold that is
    no instance of the schema, unless `gold_as_is` (see Task). Documents of `held-out.jsonl` are the
    task's `held_out`.
    """
    task = read_task(source, texts)
    return with_held_out(_checked(replace(task, gold_as_is=True) if gold_as_is else task))


def read_task(source: str | Path, texts: str | Path | None = None) -> Task:
    """As load_task, but gold may break the schema."""
    bare = bare_task(source)
    task = bare.holding(read_documents(_gold_lines(bare), bare.schema_names))
    return _supplied(task, Path(texts)) if texts else task


def bare_task(source: str | Path) -> Task:
    """A task without its documents: schema, aliases, version."""
    folder = _folder(source)
    aliases, schemas = folder / "aliases.txt", folder_schemas(folder / SCHEMAS)
    return Task(
        name=folder.resolve().name,
        schema=folder_schema(folder, needed=not schemas),
        documents=(),
        aliases=read_aliases(aliases) if aliases.is_file() else (),
        version=card_version(folder / "README.md"),
        folder=folder,
        schemas=schemas,
    )


def make_task(gold: str | Path, schema: str | Path, *, gold_as_is: bool = False) -> Task:
    """A task of two files: gold in JSON Lines, or the URL of such a file, and a schema (.json or
    .py). The gold is read, and held against the schema, when it is asked for.

    gold: or a CSV or parquet file, with a row for each record of the one table, or a folder with
    the gold of the document ID in `ID.json`; these are read at once.
    schema: or a folder with a schema for each name that documents state, `NAME.json` or `NAME.py`;
    the gold is then read at once. gold_as_is: as of Task.
    """
    # Path.is_dir raises for a name that is too long for any file.
    folder = os.path.isdir(gold)
    name = Path(gold).resolve().name if folder else Path(str(gold).removesuffix(PACKED)).stem
    if os.path.isdir(schema):
        if not (schemas := folder_schemas(Path(schema))):
            raise DataError(f"{schema}: no schema is in it: NAME.json or NAME.py")
        task = Task(name, {}, (), schemas=schemas, gold_as_is=gold_as_is)
        lines = _gold_files(Path(gold)) if folder else _json_lines(gold)
        return _checked(task.holding(read_documents(lines, task.schema_names)))
    content = json_schema(schema_file(Path(schema)))
    if is_flat(gold):
        bare = Task(name, content, (), gold_as_is=gold_as_is)
        return _checked(bare.holding(read_documents(_flat_lines(gold, bare.tree))))
    if folder:
        documents = read_documents(_gold_files(Path(gold)))
        return _checked(Task(name, content, documents, gold_as_is=gold_as_is))
    gold_file = GoldFile(gold, content, checked=not gold_as_is)
    return Task(name, content, gold_file, gold_as_is=gold_as_is)


def _gold_files(folder: Path) -> Iterator[tuple[str, dict[str, Json]]]:
    """A line of gold for each file of a folder, with where it stands."""
    for file in sorted(folder.glob("*.json")):
        yield str(file), {"id": file.stem, "gold": read_gold(file)}


def _folder(source: str | Path) -> Path:
    if (path := Path(source)).is_dir():
        return path
    import gold

    shipped = {file.parent.name: file.parent for file in gold.TASKS.glob("*/schema.*")}
    if str(source) in shipped:
        return shipped[str(source)]
    if path.exists() or len(path.parts) > 1:
        raise DataError(f"task: {source} is not a folder")
    raise UnknownNameError("task or folder", str(source), shipped)


def _gold_lines(bare: Task) -> Iterator[tuple[str, dict[str, Json]]]:
    """The gold of a task's folder, each document with where it stands, a split in its metadata."""
    folder = bare.folder or Path()
    forms = {
        GOLD: sorted(folder.glob(GOLD)),
        GOLD + PACKED: sorted(folder.glob(GOLD + PACKED)),
        f"{DATA}/*.jsonl": sorted((folder / DATA).glob("*.jsonl")),
        f"{DATA}/*.jsonl{PACKED}": sorted((folder / DATA).glob(f"*.jsonl{PACKED}")),
        **{name: sorted(folder.glob(name)) for name in FLAT},
        "documents/*.json": sorted((folder / "documents").glob("*.json")),
    }
    present = [form for form, files in forms.items() if files]
    if len(present) > 1:
        raise DataError(f"task: {folder} has {' and '.join(present)}; keep one")
    if not present and any((folder / "documents").glob("**/*.txt")):
        raise DataError(f"task: {folder} has texts, but no gold: `fieldmark gold build` makes it")
    for file in forms[present[0]] if present else [folder / GOLD]:
        split = {"split": file.name.partition(".jsonl")[0]} if file.parent.name == DATA else {}
        for where, line in _lines(file, bare.tree):
            meta = line.get("meta")
            if split and (meta is None or isinstance(meta, dict)):
                line = {**line, "meta": {**split, **(meta or {})}}  # noqa: PLW2901
            yield where, line


def _lines(file: Path, tree: Record) -> Iterator[tuple[str, dict[str, Json]]]:
    """The documents of one file."""
    if is_flat(file):
        yield from _flat_lines(file, tree)
        return
    if file.suffix in (".jsonl", PACKED):
        yield from _json_lines(file)
        return
    content = read_gold(file)
    for document in content if isinstance(content, list) else [content]:
        if not isinstance(document, dict):
            raise DataError(f"{file}: a JSON object is expected for each document")
        yield str(file), document


def _flat_lines(source: str | Path, tree: Record) -> Iterator[tuple[str, dict[str, Json]]]:
    for name, (where, value) in read_flat_documents(source, tree).items():
        yield where, {"id": name, "gold": value}


def _json_lines(source: str | Path) -> Iterator[tuple[str, dict[str, Json]]]:
    lines = GoldLines(source)
    yield from ((lines.where(name), line) for name, line in lines.items())


def read_gold(file: Path) -> Json:
    """The JSON of a file. Raises DataError for one in which a name stands twice in an object."""
    content = read_json(file)
    if (twice := repeated_name(file.read_bytes(), content)) is not None:
        raise DataError(f"{file}: '{twice}' stands twice in one object; keep one")
    return content


def _supplied(task: Task, texts: Path) -> Task:
    """The task with the withheld texts that the folder `texts` holds."""
    if not texts.is_dir():
        raise DataError(f"texts: {texts} is not a folder")
    return task.holding(_with_text(d, texts) if d.text is None else d for d in task.documents)


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
    """Gold must be an instance of the schema, unless it is taken as it is: what cannot be right is
    not scored against."""
    for name, part in () if task.gold_as_is else task.parts.items():
        with named_in_errors(name):
            check_documents(part.tree, Validator(part.schema), part.documents)
    return task


def read_source(source: str) -> Task:
    """The schema of a file (.json or .py) as a task without documents; otherwise a task, by the
    name or folder that load_task takes. Raises SchemaError for a schema that cannot be scored."""
    path = Path(source)
    if path.suffix not in (".json", ".py") and (path.is_dir() or not path.exists()):
        return load_task(source)
    task = Task(path.stem, schema_file(path), ())
    Validator(task.schema)
    return task
