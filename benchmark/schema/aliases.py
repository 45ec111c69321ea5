"""The alias list: which names are one party, place or thing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from pathlib import Path

from benchmark.errors import DataError, unreadable
from benchmark.schema.comparing.texts import name

Aliases = tuple[tuple[str, ...], ...]
"""Lines of names; the first name of a line is the preferred one."""


def read_aliases(path: Path) -> Aliases:
    """The lines of an alias file, `A | B | C`; blank lines and lines that begin with # are skipped.

    Raises DataError for a file that cannot be read or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None
    lines = (line.strip() for line in text.splitlines())
    return tuple(
        tuple(name for part in line.split("|") if (name := part.strip()))
        for line in lines
        if line and not line.startswith("#")
    )


@cache
def alias_groups(
    aliases: Aliases, fold: Callable[[str], Hashable] = name
) -> Mapping[Hashable, Hashable]:
    """Each name -> the first name of its line, both folded.

    Raises DataError for a name in two lines.
    """
    groups: dict[Hashable, Hashable] = {}
    lines: dict[Hashable, tuple[str, ...]] = {}
    for line in aliases:
        for alias in line:
            # The same line may repeat a name: in other letters, say, that fold to the same.
            if lines.setdefault(fold(alias), line) is not line:
                raise DataError(
                    f"alias list: '{alias}' stands in the lines of '{lines[fold(alias)][0]}' and "
                    f"of '{line[0]}'; keep it in one"
                )
            groups[fold(alias)] = fold(line[0])
    return groups
