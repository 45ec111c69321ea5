"""The alias list: which names are one party, place or thing."""

from __future__ import annotations

from pathlib import Path

from benchmark.errors import DataError

Aliases = tuple[tuple[str, ...], ...]
"""Lines of names; the first name of a line is the preferred one."""


def read_aliases(path: Path) -> Aliases:
    """Lines of `A | B | C`; blank lines and lines that begin with # are passed over."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
    lines = (line.strip() for line in text.splitlines())
    return tuple(
        tuple(name for part in line.split("|") if (name := part.strip()))
        for line in lines
        if line and not line.startswith("#")
    )
