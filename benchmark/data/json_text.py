"""Strict JSON from untrusted files."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import orjson

from benchmark.data.files.not_json import cause
from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json

BOM = b"\xef\xbb\xbf"
MOST_VALUES = 250_000
"""In one document: far more than any real one has, few enough to be scored within a minute."""

MOST_DIGITS = 4_300
"""Of an integer: Python writes and reads no longer ones, as the time grows with the square."""


def parse(raw: bytes | str) -> Json:
    """The value of a JSON text by RFC 8259, integers of any length as they are.

    Raises ValueError for anything else: NaN, lone surrogates, nesting too deep to be parsed, an
    integer of more than MOST_DIGITS digits.
    """
    try:
        value = orjson.loads(raw)
    except ValueError:
        # Integers that no double can hold are no fault of the text.
        if not _valid_but_for_long_numbers(raw):
            raise
        return _parse_exactly(raw)
    return _parse_exactly(raw) if _has_long_numbers(raw) else value


_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_ENDLESS = re.compile(rb"\d{300,}")


def _has_long_numbers(raw: bytes | str) -> bool:
    """Whether a text has 19 digits in a row: of integers beyond 64 bits orjson makes doubles."""
    raw = raw.encode() if isinstance(raw, str) else raw
    # Every sixth byte first, of which 19 digits hold three in a row: parsing takes longer than
    # this look by far.
    return b"000" in raw[::6].translate(_ZEROS) and b"0" * 19 in raw.translate(_ZEROS)


def _valid_but_for_long_numbers(raw: bytes | str) -> bool:
    try:
        text = raw.encode() if isinstance(raw, str) else raw
        shortened = _ENDLESS.sub(b"1111", text)  # four: they may belong to \\u
        orjson.loads(shortened)
    except ValueError:
        return False
    return True


def _parse_exactly(raw: bytes | str) -> Json:
    """The value of what is known to be JSON by the standard, with its integers as they are."""
    try:
        return json.loads(raw, parse_int=_integer, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply to be parsed") from None


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"an integer of more than {MOST_DIGITS:,} digits")
    return int(digits)


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError("a number is infinity when parsed as double")
    return value


def dump(value: Json, option: int | None = None) -> bytes:
    """A value as JSON, by orjson with its options; by hand where integers are too long for it.

    Raises TypeError for what is no JSON value.
    """
    try:
        return orjson.dumps(value, option=option)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
    options = option or 0
    text = json.dumps(
        value,
        ensure_ascii=False,
        allow_nan=False,
        indent=2 if options & orjson.OPT_INDENT_2 else None,
        separators=None if options & orjson.OPT_INDENT_2 else (",", ":"),
        sort_keys=bool(options & orjson.OPT_SORT_KEYS),
    )
    return text.encode() + b"\n" * bool(options & orjson.OPT_APPEND_NEWLINE)


def read_json(path: Path) -> Json:
    """The JSON value of a file. Raises UnreadableError, or DataError for what is not JSON."""
    try:
        raw = path.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise unreadable(path, error) from None
    return json_in(raw, path)


def json_in(raw: bytes, where: str | Path) -> Json:
    """The JSON value of a text. Raises DataError, with `where`, for what is not JSON."""
    try:
        return parse(raw)
    except ValueError as error:
        raise DataError(f"{where}: not JSON: {cause(raw) or error}") from None


def repeated_name(raw: bytes, value: Json) -> str | None:
    """A name that stands twice in one object of a JSON text; None if there is none.

    value: what was parsed from the text, the last value for each name.
    """
    # The parser drops all but the last. Written again, a text without repeats is the same, but for
    # how it was spaced and escaped; and it has as many colons, unless one was escaped (\u003a).
    try:
        again = orjson.dumps(value)
    except TypeError:  # nested deeper than can be written, or an integer of more than 64 bits
        return _first_repeated(raw)
    if raw.startswith(again) and not raw[len(again) :].strip():
        return None
    if raw.count(b":") == again.count(b":") and b"\\u003" not in raw:
        return None
    return _first_repeated(raw)


def _first_repeated(raw: bytes) -> str | None:
    """As repeated_name, by a slower parser that sees every name."""
    repeated: list[str] = []

    def note(pairs: list[tuple[str, Json]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                repeated.append(name)
            seen.add(name)

    try:
        json.loads(raw, object_pairs_hook=note)
    except (ValueError, RecursionError):  # numbers or nesting beyond what this parser takes
        return None
    return repeated[0] if repeated else None


def parse_line(line: bytes, where: str) -> dict[str, Json]:
    """The object in one line of a JSON Lines file.

    Raises DataError, with `where` (file and line), for anything but an object and for one of more
    than MOST_VALUES values.
    """
    try:
        value = parse(line)
    except ValueError as error:
        reason = cause(line) or f"{error}; one JSON object a line is expected"
        raise DataError(f"{where}: not JSON: {reason}") from None
    if not isinstance(value, dict):
        is_list = isinstance(value, list)
        hint = "; one object a line, as `jq -c '.[]'` makes of a list" if is_list else ""
        raise DataError(f"{where}: a JSON object is expected, not {type(value).__name__}{hint}")
    # A value and the comma behind it take two bytes: a short line needs no counting.
    if len(line) > 2 * MOST_VALUES:
        check_size(value, where)
    return value


def check_size(value: Json, where: str) -> None:
    """Raise DataError, with `where`, for a document of more than MOST_VALUES values."""
    if has_too_many_values(value):
        raise DataError(f"{where}: more than {MOST_VALUES:,} values in one document; split it")


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
