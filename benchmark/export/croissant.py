"""A task as Croissant metadata: what search engines and loaders of data sets read.

Croissant 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmark.data.task import Task
from benchmark.data.task_files import DATA, GOLD, card_header
from benchmark.errors import DataError
from benchmark.schema.fields import Json

COLUMNS = {
    "id": "The document's name.",
    "text": "The text; absent where it is withheld.",
}
"""The columns that Croissant 1.0 has types for: it has none for objects."""
REST = (
    "Its line of JSON holds, besides, meta; gold, an instance of the task's schema; alternatives, "
    "path of a value -> what else is accepted there; optional, paths of records that may be left "
    "out; spans, path of a value -> offsets in the text."
)


def croissant(task: Task) -> dict[str, Json]:
    """The metadata of a task's folder: its card's header, its files with their hashes, and a set
    of records for each split. Raises DataError without gold files, and for a header that
    Croissant refuses (a date that is none)."""
    import mlcroissant

    folder = task.folder
    files = list(_files(folder)) if folder else []
    if not folder or not files:
        raise DataError(f"'{task.name}' has no gold files to describe: {GOLD} or {DATA}/*.jsonl")
    card = folder / "README.md"
    try:
        metadata: Any = mlcroissant.Metadata(
            **_described(task, card_header(card)),
            distribution=[_object(folder, file) for file in files],
            record_sets=[_records(folder, file) for file in files],
        )
    except mlcroissant.ValidationError as error:
        raise DataError(f"{card}: no Croissant: {' '.join(str(error).split()):.300}") from None
    described: dict[str, Json] = metadata.to_json()
    return described


def _described(task: Task, header: dict[str, Json]) -> dict[str, Any]:
    """What the header of the card says, by the names of mlcroissant."""
    import mlcroissant

    told = {key: str(value) for key, value in header.items() if value}
    creator = told.get("creator")
    return {
        "name": told.get("pretty_name", task.name),
        "description": told.get("description", f"Gold of the task {task.name}."),
        "version": task.version,
        "license": header.get("license") or None,
        "url": told.get("url"),
        "date_published": told.get("date"),
        "creators": [mlcroissant.Organization(name=creator)] if creator else [],
        "cite_as": told.get("citation"),
        "in_language": header.get("language") or None,
        "keywords": header.get("tags") or None,
    }


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted((folder / DATA).glob("*.jsonl"))
    yield from sorted(folder.glob(GOLD))


def _object(folder: Path, file: Path) -> Any:
    import mlcroissant

    content, where = file.read_bytes(), file.relative_to(folder).as_posix()
    return mlcroissant.FileObject(
        id=where,
        name=where,
        content_url=where,
        content_size=f"{len(content)} B",
        encoding_formats=["application/jsonlines"],
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _records(folder: Path, file: Path) -> Any:
    import mlcroissant as ml

    where, split = file.relative_to(folder).as_posix(), file.stem
    fields = [
        ml.Field(
            id=f"{split}/{name}",
            name=name,
            description=told,
            data_types=ml.DataType.TEXT,
            source=ml.Source(file_object=where, extract=ml.Extract(column=name)),
        )
        for name, told in COLUMNS.items()
    ]
    told = f"A record a document of {where}. {REST}"
    return ml.RecordSet(id=split, name=split, description=told, fields=fields)
