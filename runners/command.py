"""A program of any language as an extractor: a document a line in, an answer a line out."""

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
"""Seconds that a program has for a document; the first one's include its start."""

STARTS = 3
"""Starts in a row without an answer, after which a program is given up."""

QUOTED = 80
"""Characters that are quoted of what a program says."""


@dataclass(frozen=True)
class Command(Runner):
    """Asks a program about one document after another. It is started once, and again whenever
    questions and answers may have got out of step."""

    command: Sequence[str]
    fail_fast: bool = False
    seconds: float = TIME_LIMIT

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = fail_fast(done) if self.fail_fast else done
        talk = _Talk(self.command, self.seconds)
        try:
            for document in documents:
                done(talk.answer(document))
            talk.end(GRACE)
        finally:
            talk.end()


class _Talk:
    """What is said to a program and its successors."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._command, self._seconds = command, seconds
        self._program: Program | None = None
        self._silent = 0
        self._given_up = ""

    def answer(self, document: Source) -> Answer:
        if self._given_up:
            return Answer(document.id, error=self._given_up)
        if self._program is None:
            self._program = Program(self._command)
            self._silent += 1
        try:
            answer = _read(self._program.ask(_line(document), self._seconds), document.id)
        except LostError as error:
            self.end()
            if self._silent == STARTS:
                self._given_up = f"{error} (given up after {STARTS} starts without an answer)"
            return Answer(document.id, error=str(error))
        self._silent = 0
        return answer

    def end(self, grace: float = 0) -> None:
        if self._program is not None:
            self._program.end(grace)
            self._program = None


def _line(document: Source) -> bytes:
    asked = {"id": document.id, "text": document.text or "", "meta": dict(document.meta)}
    return orjson.dumps(asked, option=orjson.OPT_APPEND_NEWLINE)


def _read(line: bytes, name: str) -> Answer:
    """The answer that a line gives to a document; LostError if it is no answer to it."""
    try:
        found = parse_object(line)
    except ValueError as error:
        quoted = line[: 4 * QUOTED].decode("utf-8", "replace")[:QUOTED]
        raise LostError(f"the program gave a line that is no answer ({error}): {quoted}") from None
    if found.get("id") != name:
        given = f"'{found['id']}'"[:QUOTED] if "id" in found else "without an id"
        raise LostError(f"the program was asked for '{name}' and answered {given}")
    try:
        return as_answer(found)
    except ValueError as error:
        return Answer(name, error=f"the program's answer can't be used: {error}")


def command(line: str, fail_fast: bool = False) -> Command:
    """What runs a command line; DataError if there is no such program."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise DataError(f"command line {line}: {error}") from None
    if not words:
        raise DataError("a command line is needed; give command:'PROGRAM ARGUMENTS'")
    if not shutil.which(words[0]):
        raise DataError(f"there is no program '{words[0]}'{_near(words[0])}")
    return Command(words, fail_fast)


def _near(program: str) -> str:
    """What may have been meant by what can't be run."""
    if not Path(program).is_file():
        return " (no shell is involved; for pipes give: sh -c '...')"
    return " that can be run: chmod +x" if "/" in program else f"; did you mean ./{program}?"
