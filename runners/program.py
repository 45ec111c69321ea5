"""A running program that reads a line and writes a line, again and again."""

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
"""Bytes of a line that a program may write."""

PIECE = 1 << 16
"""Bytes that are read from or written to a pipe at once."""

LAST_ERRORS = 4096
"""Bytes of standard error that are kept, for the message."""

GRACE = 5.0
"""Seconds that a program has to end by itself, once its input is closed."""

LOOK = 0.02
"""Seconds between two checks of whether a silent program still runs."""


class LostError(Exception):
    """The program ended, hangs, or wrote too long a line: this process of it is of no more use."""


class Program:
    """A process with pipes for standard input, output and error.

    All three are served in turn and without blocking: a pipe that fills up while another is waited
    for would stop both sides for good. The process leads a process group, which is killed with it.
    Raises DataError if the program cannot be started.
    """

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
        self._unsent, self._received, self._errors = bytearray(), bytearray(), b""

    def ask(self, line: bytes, seconds: float) -> bytes:
        """Write a line (with its line feed) and return the next one that the program writes
        (without). Raises LostError if it ends, or writes none in so many seconds."""
        self._enqueue(line)
        deadline = time.monotonic() + seconds
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if searched > LONGEST:
                raise LostError(f"the program gave a line longer than {LONGEST // 1_000_000} MB")
            if time.monotonic() > deadline:
                raise LostError(
                    f"the program gave no answer within {seconds:g} seconds; "
                    "does it flush its output after each line?"
                )
            served = self._serve()
            # What a process that has ended still left in its pipe is read before it is given up.
            if self._out.closed or (not served and self._process.poll() is not None):
                raise LostError(self._how_it_ended())
        answer = bytes(self._received[:end])
        del self._received[: end + 1]
        return answer

    def _enqueue(self, line: bytes) -> None:
        if self._in.closed:  # since the line before
            raise LostError(self._how_it_ended())
        if not self._unsent:
            self._selector.register(self._in, selectors.EVENT_WRITE)
        self._unsent += line

    def _serve(self) -> bool:
        """Wait up to LOOK seconds, read and write what the pipes are ready for, and return whether
        any was ready."""
        ready = self._selector.select(LOOK)
        for key, _ in ready:
            if key.fileobj is self._in:
                self._send()
            elif key.fileobj is self._out:
                self._received += self._receive(self._out)
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
            data = os.read(pipe.fileno(), PIECE)
        except BlockingIOError:
            return b""
        if not data:  # the end of the file
            self._stop(pipe)
        return data

    def _stop(self, pipe: IO[bytes]) -> None:
        """Close a pipe, and serve it no more."""
        if not pipe.closed:
            with suppress(KeyError):  # it is not registered: the input, while nothing is to be sent
                self._selector.unregister(pipe)
            pipe.close()

    def _how_it_ended(self) -> str:
        """A sentence with the exit status and the last line of standard error."""
        status = self._settle(GRACE)
        if status is None:
            how = "closed its input or output"
        elif status < 0:  # subprocess gives the number of a signal so
            how = f"was ended by signal {-status} ({signal.strsignal(-status)})"
        else:
            how = f"ended with exit status {status}"
        last = self._errors.decode("utf-8", "replace").strip().splitlines()[-1:]
        return ": ".join([f"the program {how}", *map(harmless, last)])

    def _settle(self, seconds: float) -> int | None:
        """Wait up to so many seconds for the end; returns the exit status, or None if it still
        runs. What it writes meanwhile is read, lest it waits for a full pipe, and dropped."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            served = self._serve()
            self._received.clear()
            if not served and self._process.poll() is not None:
                break
        return self._process.poll()

    def end(self, grace: float = 0) -> None:
        """Close the input, wait up to `grace` seconds, and kill what still runs of the group."""
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
