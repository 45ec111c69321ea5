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
OTHER_KEYS = (
    "Its line of JSON holds, besides, meta; gold, an instance of the task's schema; alternatives, "
    "path of a value -> what else is accepted there; optional, paths of records that may be left "
    "out; spans, path of a value -> offsets in the text."
)


def croissant(task: Task) -> dict[str, Json]:
    """The JSON-LD of a task's folder: what the header of its card says, its gold files with their
    hashes, and a record set for each split.

    Raises DataError for a task without gold files, and for a header that Croissant refuses, such
    as one with a date that is no date.
    """
    import mlcroissant

    folder = task.folder
    files = list(_files(folder)) if folder else []
    if not folder or not files:
        raise DataError(f"'{task.name}' has no gold files to describe: {GOLD} or {DATA}/*.jsonl")
    card = folder / "README.md"
    try:
        metadata: Any = mlcroissant.Metadata(
            **_card_fields(task, card_header(card)),
            distribution=[_file_object(folder, file) for file in files],
            record_sets=[_record_set(folder, file) for file in files],
        )
    except mlcroissant.ValidationError as error:
        raise DataError(f"{card}: no Croissant: {' '.join(str(error).split()):.300}") from None
    json_ld: dict[str, Json] = metadata.to_json()
    return json_ld


def _card_fields(task: Task, header: dict[str, Json]) -> dict[str, Any]:
    """The fields of the card's header, by mlcroissant's names for them."""
    import mlcroissant

    fields = {key: str(value) for key, value in header.items() if value}
    creator = fields.get("creator")
    return {
        "name": fields.get("pretty_name", task.name),
        "description": fields.get("description", f"Gold of the task {task.name}."),
        "version": task.version,
        "license": header.get("license") or None,
        "url": fields.get("url"),
        "date_published": fields.get("date"),
        "creators": [mlcroissant.Organization(name=creator)] if creator else [],
        "cite_as": fields.get("citation"),
        "in_language": header.get("language") or None,
        "keywords": header.get("tags") or None,
    }


def _files(folder: Path) -> Iterator[Path]:
    """The gold files of a task's folder."""
    yield from sorted((folder / DATA).glob("*.jsonl"))
    yield from sorted(folder.glob(GOLD))


def _file_object(folder: Path, file: Path) -> Any:
    import mlcroissant

    content, file_id = file.read_bytes(), file.relative_to(folder).as_posix()
    return mlcroissant.FileObject(
        id=file_id,
        name=file_id,
        content_url=file_id,
        content_size=f"{len(content)} B",
        encoding_formats=["application/jsonlines"],
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _record_set(folder: Path, file: Path) -> Any:
    import mlcroissant as ml

    file_id, split = file.relative_to(folder).as_posix(), file.stem
    fields = [
        ml.Field(
            id=f"{split}/{name}",
            name=name,
            description=description,
            data_types=ml.DataType.TEXT,
            source=ml.Source(file_object=file_id, extract=ml.Extract(column=name)),
        )
        for name, description in COLUMNS.items()
    ]
    description = f"A record a document of {file_id}. {OTHER_KEYS}"
    return ml.RecordSet(id=split, name=split, description=description, fields=fields)
