"""Replay: the answers of a predictions file or of a journal, given again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmark.data.files.stores import store
from benchmark.data.json_text import BOM
from benchmark.data.predictions import LINE
from benchmark.errors import DataError, unreadable
from runners.answer_lines import as_answer, parse_object
from runners.interface import Answer, Done, Runner, Source, fail_fast


@dataclass(frozen=True)
class Replay(Runner):
    """Answers documents by the answers of a file; one that it lacks gets an error."""

    file: str
    answers: Mapping[str, Answer]
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = fail_fast(done) if self.fail_fast else done
        for document in documents:
            missing = Answer(document.id, error=f"no answer in {self.file}")
            done(self.answers.get(document.id, missing))


def replay(file: str, fail_fast: bool = False) -> Replay:
    """Read a predictions file, or the journal of a model's run. Raises DataError, with the line, if
    it is neither."""
    answers: dict[str, Answer] = {}
    for number, text in _lines(file):
        where = f"{file}:{number}"
        line = _parsed(text, where)
        in_journal = "type" in line
        prediction = _prediction_line(line) if in_journal else line
        if prediction is None:
            continue
        answer = _answer(prediction, where)
        # A resumed run journals a document again; a predictions file has it once.
        if answer.id in answers and not in_journal:
            raise DataError(f"{where}: '{answer.id}' is answered a second time")
        answers[answer.id] = answer
    if not answers:
        raise DataError(f"{file}: there is no answer in it; a line is {LINE}")
    return Replay(file, answers, fail_fast)


def _prediction_line(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """A journal's line of an answer as a line of a predictions file; None for any other line, and
    for answers of a second or later sample. A document's last answer replaces those before it."""
    if line["type"] != "final" or line.get("sample"):
        return None
    document = line.get("document")
    if line.get("prediction") is not None:
        return {"id": document, "prediction": line["prediction"]}
    return {"id": document, "error": f"{line.get('outcome')}: {line.get('reason')}"}


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers, which count from 1."""
    try:
        source = store(file)  # it holds what it unpacks
        with source.open() as lines:
            for number, line in enumerate(lines, start=1):
                text = (line.removeprefix(BOM) if number == 1 else line).strip()
                if text:
                    yield number, text
    except OSError as error:
        raise unreadable(file, error) from None


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        return parse_object(line)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None


def _answer(line: dict[str, Any], where: str) -> Answer:
    try:
        return as_answer(line)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
