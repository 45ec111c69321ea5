"""The journal of a run: every attempt and every answer, written before anything is made of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from benchmark.errors import DataError, FieldmarkError
from runners.llm.outcomes import Reading
from runners.settings import Mode

Line = dict[str, Any]

ATTEMPT, FINAL, MODE = "attempt", "final", "mode"

NEEDED = {FINAL: {"key", "document", "outcome", "status"}, MODE: {"base_url", "model", "mode"}}
"""What is read of a line later on."""


_SYNC = getattr(os, "fdatasync", os.fsync)


class JournalError(FieldmarkError):
    """The journal cannot be written on: the disk is full, say."""


class Journal:
    """Append-only JSON Lines. `finals`: the answers by key; `answered`: keys with the documents
    that they answer; `attempts`: all attempts; `modes`: what endpoints took. A torn last line, of a
    run that was killed, is cut off."""

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
                path.replace(_free(path))
            self._file = path.open("ab", buffering=0)
            self._size = self._read()
        except OSError as error:
            raise DataError(f"{path}: cannot be used: {error.strerror or error}") from None

    def _read(self) -> int:
        """Take all whole lines; where they end."""
        end = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    break
                end += len(line)
                self._take(line, number)
        self.torn = self._file.tell() - end
        if self.torn:
            self._file.truncate(end)
        return end

    def _take(self, line: bytes, number: int) -> None:
        try:
            found = orjson.loads(line)
            kind = found["type"]
            if not found.keys() >= NEEDED.get(kind, set()):
                raise KeyError
            if kind == FINAL:
                self._final(found)
            elif kind == ATTEMPT:
                self.attempts.append({k: v for k, v in found.items() if k != "headers"})
            elif kind == MODE:
                self.modes.append({**found, "mode": Mode(found["mode"])})
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{self.path}:{number}: not a line of a journal; move the file away, or start anew "
                f"with --fresh"
            ) from None

    def _final(self, line: Line) -> None:
        self.finals[line["key"]] = line
        self.answered.add((line["key"], line["document"]))

    def found(self) -> Iterator[str]:
        """What earlier starts left, in words."""
        if self.torn:
            yield f"{self.path}: a last line of {self.torn} bytes was torn, and is cut off"
        if known := sum(Reading(line["outcome"]).is_answer for line in self.finals.values()):
            yield f"{self.path}: {known:,} answers are there from earlier starts"

    def write(self, line: Line) -> None:
        """Append a line: it outlives this process, if not a power cut."""
        data = orjson.dumps(line) + b"\n"
        try:
            left = data
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            self._take_back()
            raise self._unwritable(error) from None
        self._size += len(data)
        self._written += 1
        if line["type"] == FINAL:
            self._final(line)
        elif line["type"] == ATTEMPT:
            self.attempts.append(line)

    async def settle(self) -> None:
        """Wait until all that was written is on the disk. One wait does for all who came before it
        began."""
        mine = self._written
        async with self._settling:
            if self._settled >= mine:
                return
            written = self._written
            try:
                await asyncio.to_thread(_SYNC, self._file.fileno())
            except OSError as error:
                raise self._unwritable(error) from None
            self._settled = written

    def _take_back(self) -> None:
        """Part of a line may be there: what is written next, should there be room again, must not
        stand behind it."""
        with suppress(OSError):
            self._file.truncate(self._size)

    def _unwritable(self, error: OSError) -> JournalError:
        return JournalError(
            f"{self.path}: cannot be written: {error.strerror or error}; what was written before "
            f"is kept, and the same command goes on from there"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _free(path: Path) -> Path:
    """Where an earlier journal is moved: nothing that was paid for is thrown away."""
    names: Iterator[Path] = (path.with_suffix(f".{n}{path.suffix}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())
