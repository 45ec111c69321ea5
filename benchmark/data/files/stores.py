"""Files here or elsewhere, packed or not, to be read from the start or at any offset."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tempfile
import zlib
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol

from benchmark.errors import DataError, unreadable

GZIP = b"\x1f\x8b"
"""What a file that is packed by gzip begins with."""


class Store(Protocol):
    """A file, here or elsewhere. Both methods raise OSError."""

    def open(self) -> IO[bytes]:
        """Open it to be read from its start to its end."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes [start, end)."""


AHEAD = 1 << 20
"""Bytes that are read at once where lines are read one after another."""


class LocalFile:
    """A file on this machine. What cannot be read at any offset, such as a pipe or what gzip has
    packed, is copied first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # The block read last, the offset it begins at, and the end of the read before.
        self._start, self._block, self._last = 0, b"", -1

    def open(self) -> IO[bytes]:
        file: IO[bytes] = self.path.open("rb", buffering=AHEAD)
        assert isinstance(file, io.BufferedReader)
        packed = file.peek(len(GZIP)).startswith(GZIP)
        if packed or not file.seekable():
            with file:
                self._copy = _copied(file, packed)  # it lives as long as self
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
        return self._unpacked.open() if self._is_packed else self._stream()

    def read(self, start: int, end: int) -> bytes:
        if self._is_packed:
            return self._unpacked.read(start, end)
        return bytes(self._system.cat_file(self._path, start, end))

    @property
    def _is_packed(self) -> bool:
        return str(self._path).endswith(".gz")

    def _stream(self) -> IO[bytes]:
        file: IO[bytes] = self._system.open(self._path, "rb")
        return file

    # Made when first needed and left out of pickles: each process fetches the file for itself.
    @cached_property
    def _unpacked(self) -> LocalFile:
        with self._stream() as file:
            self._copy = _copied(file, packed=True)
        return LocalFile(Path(self._copy.name))

    def __getstate__(self) -> dict[str, Any]:
        return {"_system": self._system, "_path": self._path}


def _copied(file: IO[bytes], packed: bool) -> tempfile._TemporaryFileWrapper[bytes]:
    """A temporary file with the content of another. Raises OSError for a damaged one."""
    copy = tempfile.NamedTemporaryFile()  # noqa: SIM115 - whoever asked for it keeps it
    try:
        shutil.copyfileobj(gzip.GzipFile(fileobj=file) if packed else file, copy)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(f"damaged gzip: {error}") from None
    copy.flush()
    return copy


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


def read_bytes(source: str | Path) -> bytes:
    """All that a file holds, unpacked. Raises UnreadableError for one that cannot be read."""
    try:
        with store(source).open() as file:
            return file.read()
    except OSError as error:
        raise unreadable(source, error) from None
