"""A JSON Lines file as a mapping: its objects by their ids, read when they are asked for.

Files may be larger than memory, in any order, and on another machine: only ids and the offsets of
lines are kept in memory.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol, Self

from benchmark.data.json_text import BOM, parse_line
from benchmark.errors import DataError, unreadable
from benchmark.schema.fields import Json

_ID_FIRST = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]*)"\s*[,}]')
"""Most lines begin with their id: it is read without parsing the rest."""


class Store(Protocol):
    """A file, here or elsewhere. Both methods raise OSError."""

    def open(self) -> IO[bytes]:
        """Open it to be read from its start to its end."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes [start, end)."""


AHEAD = 1 << 20
"""Bytes that are read at once where lines are read one after another."""


class LocalFile:
    """A file on this machine. What cannot be read twice, such as a pipe, is copied first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # The block read last, the offset it begins at, and the end of the read before.
        self._start, self._block, self._last = 0, b"", -1

    def open(self) -> IO[bytes]:
        file = self.path.open("rb", buffering=AHEAD)
        if not file.seekable():
            self._copy = tempfile.NamedTemporaryFile()  # noqa: SIM115 - lives as long as self
            shutil.copyfileobj(file, self._copy)
            self._copy.flush()
            file.close()
            self.path = Path(self._copy.name)
            file = self.path.open("rb", buffering=AHEAD)
        return file

    def read(self, start: int, end: int) -> bytes:
        if not self._start <= start <= end <= self._start + len(self._block):
            # Ahead only where the last read ended: in other orders, it would be in vain.
            size = max(AHEAD if start == self._last else 0, end - start)
            self._start, self._block = start, os.pread(self._descriptor, size, start)
        self._last = end
        return self._block[start - self._start : end - self._start]

    @cached_property
    def _descriptor(self) -> int:
        return os.open(self.path, os.O_RDONLY)

    def __reduce__(self) -> tuple[Any, ...]:
        return LocalFile, (self.path.absolute(),)  # another process may work in another folder

    def __del__(self) -> None:
        if "_descriptor" in self.__dict__:
            os.close(self._descriptor)


class RemoteFile:
    """A file at a URL that fsspec can read (s3://, https://, memory://, ...)."""

    def __init__(self, url: str) -> None:
        import fsspec

        self._system, self._path = fsspec.core.url_to_fs(url)

    def open(self) -> IO[bytes]:
        file: IO[bytes] = self._system.open(self._path, "rb")
        return file

    def read(self, start: int, end: int) -> bytes:
        return bytes(self._system.cat_file(self._path, start, end))


def store(source: str | Path) -> Store:
    """The store for a path on this machine or for a URL.

    Raises DataError for a URL that fsspec cannot handle.
    """
    if not isinstance(source, str) or "://" not in source:
        return LocalFile(Path(source))
    try:
        return RemoteFile(source)
    except (ImportError, ValueError) as error:  # no such protocol, or its package is not here
        raise DataError(f"{source}: cannot be read: {error}") from None


class JsonLines(Mapping[str, dict[str, Json]]):
    """The objects of a JSON Lines file by their `id`, in the order of the file.

    Raises UnreadableError for a file that cannot be read, and DataError, with file and line, for a
    line that is no object, has no id or repeats one. What follows the id in a line is checked only
    when the object is asked for.
    """

    def __init__(self, source: str | Path) -> None:
        self.source = source
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
                name = self._id(match[1] if match else None, line, number)
                if name in self._lines:
                    raise DataError(f"{self.source}:{number}: {self.repeated(name)}")
                self._lines[name] = start, end, number
            start = end

    def _id(self, first: bytes | None, line: bytes, number: int) -> str:
        """The id of a line: what it begins with, or that of the parsed object."""
        try:
            if first is not None:
                return first.decode("utf-8")
        except UnicodeDecodeError:
            pass  # the parser says what is wrong with the line
        name: str = self._parsed(line, number)["id"]
        return name

    def _parsed(self, line: bytes, number: int) -> dict[str, Json]:
        where = f"{self.source}:{number}"
        parsed = parse_line(line.removeprefix(BOM) if number == 1 else line, where)
        self.check(where, parsed)
        return parsed

    def check(self, where: str, line: dict[str, Json]) -> None:
        """Raise DataError for an object that is no valid line of such a file."""
        if not isinstance(line.get("id"), str):
            raise DataError(f"{where}: an `id` is needed, a string")

    def repeated(self, name: str) -> str:
        """The problem of a second object with one id."""
        return f"a second '{name}'; ids are unique"

    def where(self, name: str) -> str:
        """The file and line of an object."""
        return f"{self.source}:{self._lines[name][2]}"

    def __getitem__(self, name: str) -> dict[str, Json]:
        start, end, number = self._lines[name]
        try:
            line = self._store.read(start, end)
        except OSError as error:
            raise unreadable(self.source, error) from None
        parsed = self._parsed(line, number)
        if parsed["id"] != name:
            raise DataError(f"{self.where(name)}: the line has two ids, or the file was changed")
        return parsed

    def part(self, names: Iterable[str]) -> Self:
        """The same file restricted to the objects with these ids, in their order."""
        part = copy(self)
        part._lines = {name: self._lines[name] for name in names if name in self._lines}
        return part

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)
