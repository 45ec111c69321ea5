"""Strict JSON from untrusted files."""

from __future__ import annotations

from pathlib import Path

from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json

BOM = b"\xef\xbb\xbf"
MOST_VALUES = 250_000
"""In one document: far more than any real one has, few enough to be scored within a minute."""


def parse(raw: bytes | str) -> Json:
    """The value of a JSON text by RFC 8259.

    Raises ValueError for anything else: NaN, lone surrogates, nesting too deep to be parsed.
    """
    import orjson

    return orjson.loads(raw)


def read_json(path: Path) -> Json:
    """The JSON value of a file. Raises UnreadableError, or DataError for what is not JSON."""
    try:
        return parse(path.read_bytes().removeprefix(BOM))
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}") from None


def parse_line(line: bytes, where: str) -> dict[str, Json]:
    """The object in one line of a JSON Lines file.

    Raises DataError, with `where` (file and line), for anything but an object and for one of more
    than MOST_VALUES values.
    """
    try:
        value = parse(line)
    except ValueError as error:
        raise DataError(f"{where}: not JSON: {error}; one JSON object a line is expected") from None
    if not isinstance(value, dict):
        raise DataError(f"{where}: a JSON object is expected, not {type(value).__name__}")
    # A value and the comma behind it take two bytes: a short line needs no counting.
    if len(line) > 2 * MOST_VALUES and has_too_many_values(value):
        raise DataError(f"{where}: more than {MOST_VALUES:,} values in one document; split it")
    return value


def has_too_many_values(value: Json) -> bool:
    """Whether a JSON value holds more than MOST_VALUES elements and properties, at all depths."""
    count, containers = 0, [value] if isinstance(value, (dict, list)) else []
    # It stops at the bound: what YAML's aliases make of a short file may have no end.
    while containers and count <= MOST_VALUES:
        container = containers.pop()
        children = list(container.values()) if isinstance(container, dict) else container
        count += len(children)
        containers += [child for child in children if isinstance(child, (dict, list))]
    return count > MOST_VALUES
