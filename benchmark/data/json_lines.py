"""A JSON Lines file as a mapping: its objects by their ids, read when they are asked for.

Files may be larger than memory, in any order, and on another machine: only ids and the offsets of
lines are kept in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import IO, Self

from benchmark.data.files.stores import store
from benchmark.data.json_text import BOM, parse_line, repeated_name
from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json

_ID_FIRST = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]*)"\s*[,}]')
"""Most lines begin with their id: it is read without parsing the rest."""


class JsonLines(Mapping[str, dict[str, Json]]):
    """The objects of a JSON Lines file by their `id`, in the order of the file.

    Raises UnreadableError for a file that cannot be read, and DataError, with file and line, for a
    line that is no object, has no id or repeats one. What follows the id in a line is checked only
    when the object is asked for.
    """

    def __init__(self, source: str | Path) -> None:
        self.source = source
        self._name = str(source)
        self._store = store(source)
        self._lines: dict[str, tuple[int, int, int]] = {}  # id -> start, end, line number
        try:
            with self._store.open() as file:
                self._index(file)
        except OSError as error:
            raise unreadable(source, error) from None

    def _index(self, file: IO[bytes]) -> None:
        """Note id and offsets of every line; blank lines are skipped."""
        start = 0
        for number, line in enumerate(file, start=1):
            end = start + len(line)
            match = _ID_FIRST.match(line)
            if match or line.strip():
                try:
                    name = match[1].decode("utf-8") if match else self._id(line, number)
                except UnicodeDecodeError:  # the parser says what is wrong with the line
                    name = self._id(line, number)
                if name in self._lines:
                    raise DataError(f"{self.source}:{number}: {self.repeated(name)}")
                self._lines[name] = start, end, number
            start = end

    def _id(self, line: bytes, number: int) -> str:
        """The id of a line that does not begin with it."""
        name: str = self._parsed(line, number)["id"]
        return name

    def _parsed(self, line: bytes, number: int) -> dict[str, Json]:
        # As text, a source that is a path would be spelled out anew for each line.
        where = f"{self._name}:{number}"
        parsed = parse_line(line.removeprefix(BOM) if number == 1 else line, where)
        self.check(where, parsed)
        return parsed

    def check(self, where: str, line: dict[str, Json]) -> None:
        """Raise DataError for an object that is no valid line of such a file."""
        if not isinstance(line.get("id"), str):
            raise DataError(f"{where}: an `id` is needed, a string{id_hint(line)}")

    def repeated(self, name: str) -> str:
        """The problem of a second object with one id."""
        return f"a second '{name}'; ids are unique"

    def where(self, name: str) -> str:
        """The file and line of an object."""
        return f"{self._name}:{self._lines[name][2]}"

    def __getitem__(self, name: str) -> dict[str, Json]:
        parsed, twice = self.read(name)
        if twice is not None:
            raise DataError(f"{self.where(name)}: '{twice}' stands twice in one object; keep one")
        return parsed

    def read(self, name: str) -> tuple[dict[str, Json], str | None]:
        """An object, and a name that stands twice in it or in an object in it; None if none does.

        Of values of one name the last one is read.
        """
        start, end, number = self._lines[name]
        try:
            line = self._store.read(start, end)
        except OSError as error:
            raise unreadable(self.source, error) from None
        parsed = self._parsed(line, number)
        if parsed["id"] != name:
            raise DataError(f"{self.where(name)}: the line has two ids, or the file was changed")
        return parsed, repeated_name(line, parsed)

    def part(self, names: Iterable[str]) -> Self:
        """The same file restricted to the objects with these ids, in their order."""
        part = copy(self)
        part._lines = {name: self._lines[name] for name in names if name in self._lines}
        return part

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def id_hint(line: Mapping[str, Json]) -> str:
    """How to mend an id that is a number; empty for others."""
    name = line.get("id")
    return f', not a number: write "{name}"' if type(name) in (int, float) else ""
