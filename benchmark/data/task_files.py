"""The files of a task's folder: schema, card, texts with their headers."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from benchmark.data.json_text import BOM, read_json, unreadable
from benchmark.data.strict_yaml import parse_yaml
from benchmark.errors import DataError, harmless
from benchmark.schema.fields import Json

HEADER = "---\n"


def read_text(file: Path) -> tuple[dict[str, Json], str]:
    """A text and its metadata, which a YAML header between two lines `---` may give."""
    content = read_utf8(file)
    if not content.startswith(HEADER):
        return {}, content
    header, found, text = content.removeprefix(HEADER).partition("\n" + HEADER)
    meta = parse_yaml(header, str(file)) if found else None
    if not isinstance(meta, dict):
        raise DataError(f"{file}: the header is YAML, `key: value`, between two lines `---`")
    return meta, text


def read_utf8(file: Path) -> str:
    try:
        return file.read_bytes().removeprefix(BOM).decode("utf-8")
    except OSError as error:
        raise unreadable(file, error) from None
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: not UTF-8: {error}") from None


GOLD, DATA = "gold.jsonl", "data"
"""Where the gold of a task stands: one file, or a folder with a file for each split."""


def folder_schema(folder: Path) -> Json:
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
