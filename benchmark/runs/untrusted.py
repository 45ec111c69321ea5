"""Files of a run that anyone may have made: opened here and nowhere else.

A submission may hold links that lead out of it, devices and pipes that never end, files that fill
memory, and numbers that fill a page. What is read is a plain file of a bounded size that lies in
the run's folder itself; what is written never goes through a link.
"""

from __future__ import annotations

import contextlib
import math
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from benchmark.data.files.stores import GZIP
from benchmark.data.json_text import BOM, json_in
from benchmark.errors import DataError, unreadable, unwritable
from benchmark.schema.fields import Json

MIB = 1 << 20
MOST_BYTES = 10 * MIB
"""Of a manifest, a submission.toml, a scores.json and a table that is already there."""
MOST_PREDICTED = 1024 * MIB
"""Of a file of predictions."""
MOST_IN_LINE = 64 * MIB
MOST_FILES = 1_000
"""In a run's folder, at all depths."""
MOST_STATED = 1e9
"""Seconds or US dollars: what states more states nothing."""

_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def check_folder(folder: Path) -> None:
    """Raise DataError, with its name, for anything in a run's folder, at any depth, that is no
    plain file and no folder, and for a run's folder that is a link itself."""
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise DataError(f"{folder}: a run is a folder, not {_kind(folder.lstat().st_mode)}")
        for number, entry in enumerate(_entries(folder)):
            if number >= MOST_FILES:
                raise DataError(f"{folder}: more than {MOST_FILES:,} files; a run has a few")
            mode = entry.stat(follow_symlinks=False).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise DataError(f"{entry.path}: {_kind(mode)}; a run's folder holds plain files")
    except OSError as error:
        raise unreadable(folder, error) from None


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All that lies below a folder; no link is followed. Folders wait in a list, as they may be
    nested deeper than Python calls itself."""
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "a file")


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """All that a plain file holds. Raises UnreadableError, and DataError for what is no plain file
    or holds more than `most` bytes."""
    descriptor = _open(path, most)
    with open(descriptor, "rb") as file:
        raw = file.read(most + 1)  # it may have grown since
    if len(raw) > most:
        raise _too_large(path, most)
    return raw


def read_text(path: Path) -> str:
    """The text of a plain file. Raises UnreadableError for what is no UTF-8, else as read_bytes."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise unreadable(path, error) from None


def read_json(path: Path) -> Json:
    """The JSON value of a plain file. Raises DataError for what is not JSON, else as read_bytes."""
    return json_in(read_bytes(path).removeprefix(BOM), path)


def check_predictions(path: Path, documents: int) -> None:
    """Raise DataError for what is no file of predictions of so many documents: before it is read,
    so that no file takes more memory than a run of this task can."""
    descriptor = _open(path, MOST_PREDICTED)
    lines, in_line = 0, 0
    with open(descriptor, "rb") as file:
        while block := file.read(MIB):
            if not (lines or in_line) and block.startswith(GZIP):
                raise DataError(f"{path}: packed by gzip; a run holds plain JSON Lines")
            first, *more = block.split(b"\n")
            lines += len(more)
            in_line += len(first)
            if max(in_line, *map(len, more), 0) > MOST_IN_LINE:
                raise DataError(f"{path}: a line of more than {MOST_IN_LINE // MIB} MiB")
            in_line = len(more[-1]) if more else in_line
            if lines + bool(in_line) > documents:
                raise DataError(f"{path}: more lines than the {documents:,} documents of the run")


def _open(path: Path, most: int) -> int:
    """The descriptor of a plain file. A pipe is not waited for, and no link is followed."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else _kind(mode)
            raise DataError(f"{path}: {what}; a plain file is expected")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise unreadable(path, error) from None
    about = os.fstat(descriptor)
    if stat.S_ISREG(about.st_mode) and about.st_size <= most:
        return descriptor
    os.close(descriptor)
    raise _too_large(path, most)


def _too_large(path: Path, most: int) -> DataError:
    return DataError(f"{path}: more than {most // MIB:,} MiB, the limit for this file")


def plain_number(value: Json) -> float | None:
    """A number that a run states of itself, such as its cost; None for what is no number of this
    world: negative, infinite, beyond MOST_STATED, or of another type."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= MOST_STATED and math.isfinite(value) else None


def write_text(path: Path, text: str) -> None:
    """Put a file in place of whatever is there, a link too: what a link leads to is left alone.

    Raises DataError if the system refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        try:
            with part.open("x", encoding="utf-8", newline="\n") as file:  # never a file of before
                file.write(text)
            os.replace(part, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        raise unwritable(path, error) from None
