"""The journal of a run: every attempt and every answer, written before it is used."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmark.data.json_text import dump, parse
from benchmark.errors import DataError, FieldmarkError
from runners.llm.outcomes import Reading
from runners.settings import Mode

Line = dict[str, Any]

ATTEMPT, FINAL, MODE = "attempt", "final", "mode"

NEEDED = {FINAL: {"key", "document", "outcome", "status"}, MODE: {"base_url", "model", "mode"}}
"""The properties of a line that are read later on, by its type."""

_SYNC = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


class JournalError(FieldmarkError):
    """The journal cannot be written on: the disk is full, say."""


class Journal:
    """A file of JSON Lines that is only appended to.

    `finals`: the lines of answers, by key; `answered`: pairs of a key and the id of a document that
    it answers; `attempts`: the lines of all attempts; `modes`: the lines of modes that endpoints
    took; `torn`: bytes of an incomplete last line, of a run that was killed, which is cut off.
    `fresh` renames an earlier journal and begins a new one. Raises DataError for a file that cannot
    be opened, or that is no journal.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.path = path
        self.finals: dict[str, Line] = {}
        self.answered: set[tuple[str, str]] = set()
        self.attempts: list[Line] = []
        self.modes: list[Line] = []
        self.torn = 0
        self._written, self._settled, self._settling = 0, 0, asyncio.Lock()
        try:
            if fresh and path.exists():
                path.replace(_unused(path))
            self._file = path.open("ab", buffering=0)
            self._size = self._read()
        except OSError as error:
            raise DataError(f"{path}: cannot be used: {error.strerror or error}") from None

    def _read(self) -> int:
        """Load all complete lines; returns the offset in bytes where they end."""
        end = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):  # torn; only the last can be
                    break
                end += len(line)
                self._load(line, number)
        self.torn = self._file.tell() - end
        if self.torn:
            self._file.truncate(end)
        return end

    def _load(self, text: bytes, number: int) -> None:
        try:
            line = parse(text)
            kind = line["type"]
            if not line.keys() >= NEEDED.get(kind, set()):
                raise KeyError
            if kind == FINAL:
                self._add_final(line)
            elif kind == ATTEMPT:
                # Only their usage is read again, and headers are most of the memory.
                self.attempts.append({k: v for k, v in line.items() if k != "headers"})
            elif kind == MODE:
                self.modes.append({**line, "mode": Mode(line["mode"])})
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{self.path}:{number}: not a line of a journal; move the file away, or start anew "
                f"with --fresh"
            ) from None

    def _add_final(self, line: Line) -> None:
        self.finals[line["key"]] = line
        self.answered.add((line["key"], line["document"]))

    def notes(self) -> Iterator[str]:
        """Sentences for the user on what earlier starts of the run left."""
        if self.torn:
            yield f"{self.path}: a last line of {self.torn} bytes was torn, and is cut off"
        if answers := sum(Reading(line["outcome"]).is_answer for line in self.finals.values()):
            yield f"{self.path}: {answers:,} answers are there from earlier starts"

    def write(self, line: Line) -> None:
        """Append a line. Once this returns it survives the end of this process; against a power
        failure see `settle`. Raises JournalError."""
        data = dump(line) + b"\n"
        try:
            unwritten = data
            while unwritten:
                unwritten = unwritten[self._file.write(unwritten) :]
        except OSError as error:
            self._take_back()
            raise self._unwritable(error) from None
        self._size += len(data)
        self._written += 1
        if line["type"] == FINAL:
            self._add_final(line)
        elif line["type"] == ATTEMPT:
            self.attempts.append(line)

    async def settle(self) -> None:
        """Wait until all that was written before is on the disk; JournalError if it cannot be.

        Concurrent callers share a sync (group commit): the one that holds the lock syncs the lines
        of all that were written by then, and whoever gets the lock next finds its own among them.
        """
        mine = self._written  # counts of lines, so that they can be compared
        async with self._settling:
            if self._settled >= mine:
                return
            written = self._written  # by now more than mine: others wrote while this waited
            try:
                await asyncio.to_thread(_SYNC, self._file.fileno())
            except OSError as error:
                raise self._unwritable(error) from None
            self._settled = written

    def _take_back(self) -> None:
        """Cut off a line that was written in part, so that the next one, should there be room
        again, does not continue it."""
        with suppress(OSError):
            self._file.truncate(self._size)

    def _unwritable(self, error: OSError) -> JournalError:
        return JournalError(
            f"{self.path}: cannot be written: {error.strerror or error}; what was written before "
            f"is kept, and the same command goes on from there"
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _unused(path: Path) -> Path:
    """A name that no file has, for an earlier journal: answers that were paid for are kept."""
    names: Iterator[Path] = (path.with_suffix(f".{n}{path.suffix}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())
