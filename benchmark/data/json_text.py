"""Strict JSON, from files that nobody vouches for."""

from __future__ import annotations

from pathlib import Path

from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json

BOM = b"\xef\xbb\xbf"
MOST_VALUES = 250_000
"""Of one document: far beyond any real one, near enough that scoring it ends within a minute."""


def parse(raw: bytes | str) -> Json:
    """JSON by RFC 8259, or ValueError: no NaN, no lone surrogates, no endless nesting."""
    import orjson

    return orjson.loads(raw)


def read_json(path: Path) -> Json:
    """The one JSON value of a file."""
    try:
        return parse(path.read_bytes().removeprefix(BOM))
    except OSError as error:
        raise unreadable(path, error) from None
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}") from None


def parse_line(line: bytes, where: str) -> dict[str, Json]:
    """The object of one line of a JSON Lines file, or DataError with where it stands."""
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
