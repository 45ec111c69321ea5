"""The journal: what was written is there again, whatever ended the writing."""

import asyncio

import orjson
import pytest

from benchmark import DataError
from runners.llm.calls.journal import Journal

FINAL = {
    "type": "final",
    "key": "k",
    "document": "d",
    "outcome": "valid",
    "status": 200,
    "raw": "é",
}
ATTEMPT = {"type": "attempt", "key": "k", "usage": None}
MODE = {"type": "mode", "base_url": "u", "model": "m", "mode": "json"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.jsonl"


def written(path, *lines):
    journal = Journal(path)
    for line in lines:
        journal.write(line)
    journal.close()


def test_what_was_written_is_there_again(path):
    written(path, ATTEMPT, FINAL)
    written(path, MODE)
    again = Journal(path)
    assert again.finals == {"k": FINAL}
    assert again.attempts == [ATTEMPT]
    assert again.modes == [MODE]


def test_of_two_answers_to_one_request_the_last_counts(path):
    written(path, {**FINAL, "outcome": "http_500"}, FINAL)
    assert Journal(path).finals["k"] == FINAL


def test_a_torn_last_line_is_cut_wherever_it_is_torn(path):
    written(path, ATTEMPT)
    whole = path.read_bytes()
    line = orjson.dumps(FINAL) + b"\n"
    for torn in range(1, len(line)):
        path.write_bytes(whole + line[:torn])
        journal = Journal(path)
        assert (journal.torn, journal.finals, journal.attempts) == (torn, {}, [ATTEMPT])
        journal.write(FINAL)
        journal.close()
        assert path.read_bytes() == whole + line


@pytest.mark.parametrize(
    "line", ["{", "[]", "5", "{}", '{"type": "final"}', '{"type": "mode"}', "", "null"]
)
def test_a_line_that_is_no_line_of_a_journal_is_named(path, line):
    written(path, ATTEMPT)
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(DataError, match=r"journal\.jsonl:2: not a line of a journal"):
        Journal(path)


def test_a_fresh_one_sets_earlier_ones_aside(path):
    for n in range(3):
        journal = Journal(path, fresh=True)
        assert not journal.finals
        journal.write({**FINAL, "key": str(n)})
        journal.close()
    kept = [*Journal(path).finals]
    for n in (1, 2):
        kept += Journal(path.with_name(f"journal.{n}.jsonl")).finals
    assert kept == ["2", "0", "1"]


def test_a_journal_that_cannot_be_opened_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be used"):
        Journal(tmp_path)


def test_all_that_was_written_is_settled_with_few_waits(path, monkeypatch):
    waits = []
    monkeypatch.setattr("runners.llm.calls.journal._SYNC", waits.append)

    async def scenario():
        journal = Journal(path)

        async def write(n):
            journal.write({**FINAL, "key": str(n)})
            await journal.settle()

        await asyncio.gather(*map(write, range(100)))
        await journal.settle()
        journal.close()

    asyncio.run(scenario())
    assert 1 <= len(waits) <= 3
    assert len(Journal(path).finals) == 100
