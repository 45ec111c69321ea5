"""A task as Croissant metadata: what search engines and loaders of data sets read.

Croissant 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from benchmark.data.task import Task
from benchmark.data.task_files import DATA, GOLD, card_header
from benchmark.errors import DataError
from benchmark.schema.fields import Json

CONTEXT: dict[str, Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
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
    of records for each split."""
    folder = task.folder
    files = list(_files(folder)) if folder else []
    if not folder or not files:
        raise DataError(f"'{task.name}' has no gold files to describe: {GOLD} or {DATA}/*.jsonl")
    header = card_header(folder / "README.md")
    described: dict[str, Json] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": str(header.get("pretty_name", task.name)),
        "description": str(header.get("description", f"Gold of the task {task.name}.")),
        "version": task.version,
        "license": str(header.get("license", "")),
        "url": str(header.get("url", "")),
        "datePublished": str(header.get("date", "")),
        "creator": {"@type": "Organization", "name": str(header.get("creator", ""))},
        "citeAs": str(header.get("citation", "")),
        "inLanguage": header.get("language", []),
        "keywords": header.get("tags", []),
        "distribution": [_object(folder, file) for file in files],
        "recordSet": [_records(folder, file) for file in files],
    }
    return {name: value for name, value in described.items() if value not in ("", [])}


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted((folder / DATA).glob("*.jsonl"))
    yield from sorted(folder.glob(GOLD))


def _object(folder: Path, file: Path) -> dict[str, Json]:
    content, where = file.read_bytes(), file.relative_to(folder).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": where,
        "name": where,
        "contentUrl": where,
        "contentSize": f"{len(content)} B",
        "encodingFormat": "application/jsonlines",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _records(folder: Path, file: Path) -> dict[str, Json]:
    where = file.relative_to(folder).as_posix()
    return {
        "@type": "cr:RecordSet",
        "@id": file.stem,
        "name": file.stem,
        "description": f"A record a document of {where}. {REST}",
        "field": [_field(file.stem, where, name, told) for name, told in COLUMNS.items()],
    }


def _field(split: str, where: str, name: str, told: str) -> dict[str, Json]:
    return {
        "@type": "cr:Field",
        "@id": f"{split}/{name}",
        "name": name,
        "description": told,
        "dataType": "sc:Text",
        "source": {"fileObject": {"@id": where}, "extract": {"column": name}},
    }
