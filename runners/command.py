"""A program in any language as an extractor: it reads a document a line, and writes an answer a
line."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmark.errors import DataError
from runners.answer_lines import as_answer, parse_object
from runners.interface import Answer, Done, Runner, Source, fail_fast
from runners.program import GRACE, LostError, Program

TIME_LIMIT = 300.0
"""Seconds that a program has for a document; for the first one, its start is included."""

STARTS = 3
"""Starts in a row without an answer, after which a program is not started again."""

QUOTED = 80
"""Characters of a program's output that an error quotes."""


@dataclass(frozen=True)
class Command(Runner):
    """Asks a program about one document after another, each for up to `seconds`.

    It is started once, and again after a failure that leaves open which document its next line
    would answer.
    """

    command: Sequence[str]
    fail_fast: bool = False
    seconds: float = TIME_LIMIT

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = fail_fast(done) if self.fail_fast else done
        session = _Session(self.command, self.seconds)
        try:
            for document in documents:
                done(session.answer(document))
            session.end(GRACE)
        finally:
            session.end()


class _Session:
    """The requests of one run, to one process of the program after another."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._command, self._seconds = command, seconds
        self._program: Program | None = None
        self._fruitless_starts = 0
        self._given_up = ""  # why, once it is

    def answer(self, document: Source) -> Answer:
        """The program's answer for a document, or the error that took its place."""
        if self._given_up:
            return Answer(document.id, error=self._given_up)
        if self._program is None:
            self._program = Program(self._command)
            self._fruitless_starts += 1
        try:
            line = self._program.ask(_line(document), self._seconds)
            answer = _parse_answer(line, document.id)
        except LostError as error:
            self.end()
            if self._fruitless_starts == STARTS:
                self._given_up = f"{error} (given up after {STARTS} starts without an answer)"
            return Answer(document.id, error=str(error))
        self._fruitless_starts = 0
        return answer

    def end(self, grace: float = 0) -> None:
        """End the process, if one runs, after up to `grace` seconds in which it may end itself."""
        if self._program is not None:
            self._program.end(grace)
            self._program = None


def _line(document: Source) -> bytes:
    request = {"id": document.id, "text": document.text or "", "meta": dict(document.meta)}
    return orjson.dumps(request, option=orjson.OPT_APPEND_NEWLINE)


def _parse_answer(line: bytes, document: str) -> Answer:
    """The answer in a line, for the document of this id; LostError for a line that answers another
    one or none. An answer with the right id that cannot be used costs this document only."""
    try:
        answer = parse_object(line)
    except ValueError as error:
        # A character takes 4 bytes at most: enough is decoded, and no line of 32 MB.
        quoted = line[: 4 * QUOTED].decode("utf-8", "replace")[:QUOTED]
        raise LostError(f"the program gave a line that is no answer ({error}): {quoted}") from None
    if answer.get("id") != document:
        answered = f"'{answer['id']}'"[:QUOTED] if "id" in answer else "without an id"
        raise LostError(f"the program was asked for '{document}' and answered {answered}")
    try:
        return as_answer(answer)
    except ValueError as error:
        return Answer(document, error=f"the program's answer can't be used: {error}")


def command(line: str, fail_fast: bool = False) -> Command:
    """The runner of a command line, split as a POSIX shell would. Raises DataError if it cannot be
    split, or if there is no such program."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise DataError(f"command line {line}: {error}") from None
    if not words:
        raise DataError("a command line is needed; give command:'PROGRAM ARGUMENTS'")
    if not shutil.which(words[0]):
        raise DataError(f"there is no program '{words[0]}'{_advice(words[0])}")
    return Command(words, fail_fast)


def _advice(program: str) -> str:
    """What to do about a program that cannot be run; continues a sentence."""
    if not Path(program).is_file():
        return " (no shell is involved; for pipes give: sh -c '...')"
    return " that can be run: chmod +x" if "/" in program else f"; did you mean ./{program}?"
