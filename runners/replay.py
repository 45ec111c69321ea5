"""The answers of a predictions file or of a journal, given again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.errors import DataError
from runners.answer_lines import FORM, as_answer, parse_object
from runners.interface import Answer, Done, Runner, Source, fail_fast

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Replay(Runner):
    """Answers documents from a file that was read."""

    file: str
    answers: Mapping[str, Answer]
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = fail_fast(done) if self.fail_fast else done
        for document in documents:
            lacking = Answer(document.id, error=f"no answer in {self.file}")
            done(self.answers.get(document.id, lacking))


def replay(file: str, fail_fast: bool = False) -> Replay:
    """Read a predictions file, or the journal of a model's run; DataError, with the line, if it
    can't be one."""
    answers: dict[str, Answer] = {}
    for number, line in _lines(file):
        where = f"{file}:{number}"
        found = _parsed(line, where)
        if "type" in found:
            found = _in_journal(found)
        elif found.get("id") in answers:
            raise DataError(f"{where}: '{found['id']}' is answered a second time")
        if found:
            answer = _answer(found, where)
            answers[answer.id] = answer
    if not answers:
        raise DataError(f"{file}: there is no answer in it; a line is {FORM}")
    return Replay(file, answers, fail_fast)


def _in_journal(line: Mapping[str, Any]) -> dict[str, Any]:
    """The answer in a line of a journal, if it is one; of several to a document the last counts,
    and of several samples the first."""
    if line["type"] != "final" or line.get("sample"):
        return {}
    found = {"id": line.get("document")}
    if line.get("prediction") is not None:
        return {**found, "prediction": line["prediction"]}
    return {**found, "error": f"{line.get('outcome')}: {line.get('reason')}"}


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


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        return parse_object(line)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None


def _answer(found: dict[str, Any], where: str) -> Answer:
    try:
        if not isinstance(found.get("id"), str):
            raise ValueError(f"an answer is {FORM}")
        return as_answer(found)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
