"""Strict JSON, from files that nobody vouches for."""

from __future__ import annotations

from pathlib import Path

from benchmark.errors import DataError, UnreadableError
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


def unreadable(path: str | Path, error: OSError) -> UnreadableError:
    return UnreadableError(f"{path}: cannot be read: {error.strerror or error}")


def parse_line(line: bytes, where: str) -> dict[str, Json]:
    """The object of one line of a JSON Lines file, or DataError with where it stands."""
    try:
        value = parse(line)
    except ValueError as error:
        raise DataError(f"{where}: not JSON: {error}; one JSON object a line is expected") from None
    if not isinstance(value, dict):
        raise DataError(f"{where}: a JSON object is expected, not {type(value).__name__}")
    # A value and the comma behind it take two bytes: a short line needs no counting.
    if len(line) > 2 * MOST_VALUES and _values(value) > MOST_VALUES:
        raise DataError(f"{where}: more than {MOST_VALUES:,} values in one document; split it")
    return value


def _values(value: Json) -> int:
    """How many elements and properties a JSON value holds, at all depths."""
    found, stack = 0, [value]
    while stack:
        one = stack.pop()
        below = list(one.values()) if isinstance(one, dict) else one
        found += len(below)
        stack += [item for item in below if isinstance(item, (dict, list))]
    return found
