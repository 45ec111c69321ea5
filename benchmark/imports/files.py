"""Which files of a benchmark are of which document, and of which system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.data.json_text import read_json
from benchmark.errors import DataError
from benchmark.imports.layouts import Layout
from benchmark.imports.patterns import Pattern, checked_file
from benchmark.schema.fields import Json

MOST_NAMED = 5
"""Ids that are named where something is said of many."""
WITHHELD = "sha256"
"""In the metadata of a document it is the hash of its text, and others mean other files by it."""


@dataclass(frozen=True)
class DocumentFiles:
    """The files of one document. schema_name: what tells its schema apart from others."""

    label: Path
    schema: Path
    schema_name: str
    text: Path | None
    meta: Mapping[str, Json]


@dataclass
class BenchmarkFiles:
    """The files of a benchmark.

    documents: by id. outputs: system -> id -> file. left_out: what is there and is not taken, and
    why, a line each.
    """

    documents: dict[str, DocumentFiles] = field(default_factory=dict)
    outputs: dict[str, dict[str, Path]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.documents) + sum(map(len, self.outputs.values()))


def find_files(root: Path, layout: Layout) -> BenchmarkFiles:
    """The files below a folder that a layout names.

    Raises DataError for a pattern without the placeholders it needs, for two labels of one
    document, and if there is no document that has both label and schema.
    """
    if not root.is_dir():
        raise DataError(f"{root} is not a folder")
    labels = _pattern(layout.labels, "labels", {"id"})
    found, values = BenchmarkFiles(), dict[str, dict[str, str]]()
    files: dict[str, Path] = {}
    for placeholders, file in labels.files(root):
        name = placeholders["id"]
        if name in files:
            raise DataError(f"{files[name]} and {file} are both labels of '{name}'")
        values[name], files[name] = placeholders, file
    if not files:
        raise DataError(f"{root}: no file in it is {layout.labels}; --labels says what labels are")
    _add_documents(found, root, layout, values, files)
    if layout.outputs:
        _add_outputs(found, root, layout, values)
    return found


def _pattern(
    text: str, option: str, needed: set[str], known: frozenset[str] | None = None
) -> Pattern:
    """A pattern that has the placeholders it needs, and only known ones."""
    pattern = Pattern(text)
    if missing := needed - pattern.names:
        raise DataError(f"--{option} {text}: it needs {_braced(missing)}")
    if known is not None and (unknown := pattern.names - known - needed):
        raise DataError(f"--{option} {text}: --labels has no {_braced(unknown)}")
    return pattern


def _braced(names: set[str] | frozenset[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in sorted(names))


def _add_documents(
    found: BenchmarkFiles,
    root: Path,
    layout: Layout,
    values: Mapping[str, dict[str, str]],
    labels: Mapping[str, Path],
) -> None:
    """Add the documents that have a schema."""
    known = frozenset(next(iter(values.values())))
    schemas = _pattern(layout.schemas, "schemas", set(), known)
    texts = _pattern(layout.texts, "texts", {"id"}, known) if layout.texts else None
    meta, without = _metadata(root, layout.meta, found), []
    for name, label in labels.items():
        schema = schemas.file(root, values[name])
        if schema is None:
            without.append(name)
            continue
        own = {key: value for key, value in values[name].items() if key != "id"}
        found.documents[name] = DocumentFiles(
            label=label,
            schema=schema,
            schema_name=schemas.short_name(values[name]),
            text=texts.file(root, values[name]) if texts else None,
            meta={**own, **meta.get(name, {})},
        )
    _tell_missing(found, root, layout, without)


def _tell_missing(found: BenchmarkFiles, root: Path, layout: Layout, without: list[str]) -> None:
    """Note which documents have no schema, and so are left out, and which have no text."""
    if without:
        found.left_out.append(f"documents without a schema ({layout.schemas}): {_some(without)}")
    if not found.documents:
        raise DataError(f"{root}: no label has a schema, {layout.schemas}; --schemas says where")
    if layout.texts and (
        bare := [name for name, files in found.documents.items() if not files.text]
    ):
        found.left_out.append(f"documents that have no text ({layout.texts}): {_some(bare)}")


def _metadata(root: Path, name: str, found: BenchmarkFiles) -> dict[str, dict[str, Json]]:
    """The metadata of a benchmark's documents, by id."""
    if not name:
        return {}
    file = root / name
    if not file.exists():
        found.left_out.append(f"metadata: there is no {name}")
        return {}
    rows = read_json(checked_file(file, root))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{file}: a list of objects is expected, with the metadata of documents")
    kept: dict[str, dict[str, Json]] = {}
    for row in rows:
        key = "doc_id" if "doc_id" in row else "id"
        if isinstance(row.get(key), str):
            kept[row[key]] = {k: v for k, v in row.items() if k not in (key, WITHHELD)}
    return kept


def _add_outputs(
    found: BenchmarkFiles, root: Path, layout: Layout, values: Mapping[str, dict[str, str]]
) -> None:
    """Add what systems returned for the documents that are taken."""
    known = frozenset(next(iter(values.values())))
    apart: dict[str, list[str]] = {}
    for placeholders, file in _pattern(layout.outputs, "outputs", {"system", "id"}, known).files(
        root
    ):
        system, name = placeholders.pop("system"), placeholders["id"]
        if name in found.documents and placeholders.items() <= values[name].items():
            found.outputs.setdefault(system, {})[name] = file
        else:
            apart.setdefault(system, []).append(name)
    for system, names in apart.items():
        found.left_out.append(f"outputs of {system} for what is no document: {_some(names)}")
    if not found.outputs:
        found.left_out.append(f"outputs: no file is {layout.outputs}")


def _some(names: list[str]) -> str:
    """How many there are, and the first few of them."""
    more = ", ..." if len(names) > MOST_NAMED else ""
    return f"{len(names):,}: {', '.join(names[:MOST_NAMED])}{more}"
