"""A program that gets a line and gives a line, again and again."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, cast

from benchmark.errors import DataError, harmless

LONGEST = 32_000_000
"""Bytes of a line that a program may give."""

PIECE = 1 << 16
LAST_ERRORS = 4096
"""Bytes of standard error that are kept, for the message."""

GRACE = 5.0
"""Seconds that a program has to end by itself, once it is given nothing more."""

LOOK = 0.02
"""Seconds between two looks at whether a program still runs, while it says nothing."""


class LostError(Exception):
    """The program ended, hangs, or gave a line too long: it is of no more use."""


class Program:
    """A running program. All three pipes are served in turn, so that none can fill up while another
    is waited for. It leads a process group, which ends with it."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - what the user said to run
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise DataError(f"{command[0]}: cannot be run: {error.strerror or error}") from None
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        assert all(pipes)
        self._in, self._out, self._err = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", pipes)
        self._selector = selectors.DefaultSelector()
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe.fileno(), False)
        for pipe in (self._out, self._err):
            self._selector.register(pipe, selectors.EVENT_READ)
        self._unsent, self._given, self._errors = bytearray(), bytearray(), b""

    def ask(self, line: bytes, seconds: float) -> bytes:
        """Give a line (with its end), get the next one (without), or LostError."""
        self._give(line)
        deadline = time.monotonic() + seconds
        searched = 0
        while (end := self._given.find(b"\n", searched)) < 0:
            searched = len(self._given)
            if searched > LONGEST:
                raise LostError(f"the program gave a line longer than {LONGEST // 1_000_000} MB")
            if time.monotonic() > deadline:
                raise LostError(
                    f"the program gave no answer within {seconds:g} seconds; "
                    "does it flush its output after each line?"
                )
            moved = self._serve()
            if self._out.closed or (not moved and self._process.poll() is not None):
                raise LostError(self._how_it_ended())
        found = bytes(self._given[:end])
        del self._given[: end + 1]
        return found

    def _give(self, line: bytes) -> None:
        if self._in.closed:  # since the line before
            raise LostError(self._how_it_ended())
        if not self._unsent:
            self._selector.register(self._in, selectors.EVENT_WRITE)
        self._unsent += line

    def _serve(self) -> bool:
        """Move what can be moved through the pipes; whether there was anything."""
        ready = self._selector.select(LOOK)
        for key, _ in ready:
            if key.fileobj is self._in:
                self._send()
            elif key.fileobj is self._out:
                self._given += self._receive(self._out)
            else:
                self._errors = (self._errors + self._receive(self._err))[-LAST_ERRORS:]
        return bool(ready)

    def _send(self) -> None:
        try:
            del self._unsent[: os.write(self._in.fileno(), self._unsent[:PIECE])]
        except BlockingIOError:
            return
        except OSError:  # it reads no more, but may still answer
            self._stop(self._in)
            return
        if not self._unsent:
            self._selector.unregister(self._in)

    def _receive(self, pipe: IO[bytes]) -> bytes:
        try:
            found = os.read(pipe.fileno(), PIECE)
        except BlockingIOError:
            return b""
        if not found:
            self._stop(pipe)
        return found

    def _stop(self, pipe: IO[bytes]) -> None:
        if not pipe.closed:
            with suppress(KeyError):  # what is not served now
                self._selector.unregister(pipe)
            pipe.close()

    def _how_it_ended(self) -> str:
        """The exit status, and the last line of standard error."""
        status = self._settle(GRACE)
        if status is None:
            how = "closed its input or output"
        elif status < 0:
            how = f"was ended by signal {-status} ({signal.strsignal(-status)})"
        else:
            how = f"ended with exit status {status}"
        last = self._errors.decode("utf-8", "replace").strip().splitlines()[-1:]
        return ": ".join([f"the program {how}", *map(harmless, last)])

    def _settle(self, seconds: float) -> int | None:
        """Read and drop what the program still says, until it has ended: then its exit status."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            moved = self._serve()
            self._given.clear()
            if not moved and self._process.poll() is not None:
                break
        return self._process.poll()

    def end(self, grace: float = 0) -> None:
        """Give nothing more, wait so long, and end what still runs then."""
        try:
            self._stop(self._in)
            self._settle(grace)
        finally:
            with suppress(ProcessLookupError, PermissionError):  # all of the group have ended
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for pipe in (self._in, self._out, self._err):
                self._stop(pipe)
            self._selector.close()
