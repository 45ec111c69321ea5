"""The files of a task's folder other than its gold: schema, dataset card, texts with a header."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

from benchmark.data.json_text import BOM, read_json
from benchmark.data.strict_yaml import parse_yaml
from benchmark.errors import DataError, harmless, unreadable
from benchmark.schema.fields import Json

GOLD, DATA = "gold.jsonl", "data"
"""The gold of a task's folder: one file, or a folder with a file for each split."""
SCHEMAS = "schemas"
"""The folder, in a task's, of the schemas that documents name."""
PACKED = ".gz"
"""What the name of a file ends with that is packed by gzip."""
# The header takes the end of the line above with it: errors then name lines of the file.
FRONT_MATTER = re.compile(
    r"---[ \t]*\r?(?=\n)(?:(.*?)^---[ \t]*(?:\r?\n|\Z))?", re.DOTALL | re.MULTILINE
)


def folder_schema(folder: Path, needed: bool = True) -> Json:
    """The schema of a task's folder (see `schema_file`).

    Raises DataError unless it has one of schema.json and schema.py; if it is not `needed`, it may
    have neither and is then {}.
    """
    files = [folder / name for name in ("schema.json", "schema.py") if (folder / name).is_file()]
    if not files and not needed:
        return {}
    if len(files) != 1:
        has = "both schema.json and schema.py; keep one" if files else "no schema.json or schema.py"
        raise DataError(f"task: {folder} has {has}")
    return schema_file(files[0])


def folder_schemas(folder: Path) -> dict[str, Json]:
    """The schemas of a folder of NAME.json or NAME.py, by name, in their order; none, if it is not
    there. Raises DataError for two schemas of one name."""
    schemas: dict[str, Json] = {}
    for file in sorted((*folder.glob("*.json"), *folder.glob("*.py"))):
        if file.stem in schemas:
            raise DataError(f"{folder} has both {file.stem}.json and {file.stem}.py; keep one")
        schemas[file.stem] = schema_file(file)
    return schemas


def schema_file(path: Path) -> Json:
    """The schema in a file: its JSON, or what a Python file calls SCHEMA, which is executed."""
    return _python_schema(path) if path.suffix == ".py" else read_json(path)


def _python_schema(path: Path) -> Json:
    """The SCHEMA of a Python file: a pydantic model, or a JSON Schema as a dict.

    Raises DataError for a file without one and for whatever it raises.
    """
    spec = importlib.util.spec_from_file_location(
        f"fieldmark_schema_{path.parent.name}_{path.stem}", path
    )
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


def card_version(card: Path) -> str:
    """The version that the header of a dataset card states; "0" if it states none."""
    return harmless(str(card_header(card).get("version", "0")))


def card_header(card: Path) -> dict[str, Json]:
    """The YAML header of a dataset card, with scalars as text: version 1.10 is no number. Empty
    without a card or a header."""
    if not card.is_file():
        return {}
    header, _ = front_matter(_decoded(card, errors="replace"))
    fields = parse_yaml(header or "", f"{card}: the header", scalars_as_text=True)
    return fields if isinstance(fields, dict) else {}


def read_text(file: Path) -> tuple[dict[str, Json], str]:
    """The metadata and the text of a file; metadata are its YAML header between two lines `---`.

    Raises DataError for a header that is no YAML object, UnreadableError for the file.
    """
    header, text = front_matter(read_utf8(file))
    if header is None:
        return {}, text
    meta = parse_yaml(header, str(file))
    if not isinstance(meta, dict):
        raise DataError(f"{file}: the header is YAML, `key: value`, between two lines `---`")
    return meta, text


def front_matter(content: str) -> tuple[str | None, str]:
    """The header between two lines `---` at the top, and what follows it, unchanged.

    The header is None if the first line is not `---`, and empty if there is no second such line.
    """
    match = FRONT_MATTER.match(content)
    return (match[1] or "", content[match.end() :]) if match else (None, content)


def read_utf8(file: Path) -> str:
    """The text of a file without a byte order mark, its line ends unchanged.

    Raises DataError for what is not UTF-8, UnreadableError for the file.
    """
    try:
        return _decoded(file, errors="strict")
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: not UTF-8: {error}") from None


def _decoded(file: Path, errors: str) -> str:
    try:
        return file.read_bytes().removeprefix(BOM).decode("utf-8", errors)
    except OSError as error:
        raise unreadable(file, error) from None
