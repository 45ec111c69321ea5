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
"""Where the gold of a task stands: one file, or a folder with a file for each split."""
# The header takes the end of the line above with it: errors then name lines of the file.
FRONT_MATTER = re.compile(
    r"---[ \t]*\r?(?=\n)(?:(.*?)^---[ \t]*(?:\r?\n|\Z))?", re.DOTALL | re.MULTILINE
)


def folder_schema(folder: Path) -> Json:
    """The schema of a task's folder: schema.json or schema.py, one of them."""
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


def card_version(card: Path) -> str:
    """The version in the header of a dataset card, "0" without one."""
    return harmless(str(card_header(card).get("version", "0")))


def card_header(card: Path) -> dict[str, Json]:
    """The YAML header of a dataset card, scalars as text (version 1.10 is no number); empty
    without one."""
    if not card.is_file():
        return {}
    header, _ = front_matter(_decoded(card, errors="replace"))
    found = parse_yaml(header or "", f"{card}: the header", scalars_as_text=True)
    return found if isinstance(found, dict) else {}


def read_text(file: Path) -> tuple[dict[str, Json], str]:
    """A text and its metadata, which a YAML header between two lines `---` may give."""
    header, text = front_matter(read_utf8(file))
    if header is None:
        return {}, text
    meta = parse_yaml(header, str(file))
    if not isinstance(meta, dict):
        raise DataError(f"{file}: the header is YAML, `key: value`, between two lines `---`")
    return meta, text


def front_matter(content: str) -> tuple[str | None, str]:
    """The header between two lines `---` at the top, and what follows, to the letter. None
    without a header; one that is opened and never closed is empty."""
    found = FRONT_MATTER.match(content)
    return (found[1] or "", content[found.end() :]) if found else (None, content)


def read_utf8(file: Path) -> str:
    """The content of a file, without a byte order mark, its line ends as they are."""
    try:
        return _decoded(file, errors="strict")
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: not UTF-8: {error}") from None


def _decoded(file: Path, errors: str) -> str:
    try:
        return file.read_bytes().removeprefix(BOM).decode("utf-8", errors)
    except OSError as error:
        raise unreadable(file, error) from None
