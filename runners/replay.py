"""The answers of a predictions file, given again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.errors import DataError
from runners.engine import Answer, Done, Source, strict
from runners.lines import FORM, as_answer, parse_object

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Replay:
    """Answers documents from a file that was read."""

    file: str
    answers: Mapping[str, Answer]
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = strict(done) if self.fail_fast else done
        for document in documents:
            lacking = Answer(document.id, error=f"no answer in {self.file}")
            done(self.answers.get(document.id, lacking))


def replay(file: str, fail_fast: bool = False) -> Replay:
    """Read a predictions file; DataError, with the line, if it can't be one."""
    answers: dict[str, Answer] = {}
    for number, line in _lines(file):
        where = f"{file}:{number}"
        answer = _answer(line, where)
        if answer.id in answers:
            raise DataError(f"{where}: '{answer.id}' is answered a second time")
        answers[answer.id] = answer
    if not answers:
        raise DataError(f"{file}: there is no answer in it; a line is {FORM}")
    return Replay(file, answers, fail_fast)


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, numbered from 1."""
    try:
        with Path(file).open("rb") as opened:
            for number, line in enumerate(opened, start=1):
                bare = (line.removeprefix(BOM) if number == 1 else line).strip()
                if bare:
                    yield number, bare
    except OSError as error:
        raise DataError(f"{file}: cannot be read: {error.strerror or error}") from None


def _answer(line: bytes, where: str) -> Answer:
    try:
        found = parse_object(line)
        if not isinstance(found.get("id"), str):
            raise ValueError(f"an answer is {FORM}")
        return as_answer(found)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
