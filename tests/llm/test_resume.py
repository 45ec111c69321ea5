"""The same command again: what is answered is not asked for twice, however the last run ended."""

import os
import signal
import time

import pytest
from client import event
from tools.kill_runs import CONCURRENCY, kill_many

from benchmark.errors import DataError
from runners.llm.calls.journal import ATTEMPT, FINAL, Journal, JournalError

ADAPTERS = pytest.mark.parametrize("adapter", ["instructor", "direct"])
ANSWER = {"kind": "answer"}
KILLS = int(os.environ.get("FIELDMARK_KILLS", "15"))


def all_right(server, numbers, delay=0.0):
    contents = {f"doc-{n}": event(n) for n in numbers}
    server.plan(default={**ANSWER, "delay": delay}, contents=contents)


def answered(run):
    return {one["document"] for one in run.journal("final") if one["outcome"] == "valid"}


def wait_for(met, seconds=20):
    """Until it is so."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


# Runs that came to their end


@ADAPTERS
def test_the_same_command_again_asks_nothing(runs, server, adapter):
    runs.documents(range(6))
    server.plan(
        {
            "doc-1": {"kind": "refusal"},
            "doc-2": {"kind": "truncated"},
            "doc-3": {"kind": "empty_choices"},
            "doc-4": {"kind": "text", "text": "no"},
            "doc-5": {"kind": "filtered"},
        }
    )
    first = runs("--adapter", adapter)
    assert server.count() == 6
    before = first.scores, first.predictions, first.journal()
    again = runs("--adapter", adapter)
    assert again.status == 0
    assert server.count() == 6
    assert (again.scores, again.predictions, again.journal()) == before
    assert again.manifest["run"]["known"] == 6
    assert again.manifest["run"]["outcomes"] == first.manifest["run"]["outcomes"]
    assert again.manifest["run"]["tokens"] == first.manifest["run"]["tokens"]


def test_what_failed_on_the_way_is_asked_again(runs, server):
    runs.documents(range(4))
    faults = [{"kind": "status", "code": 400}, {"kind": "status", "code": 500}, {"kind": "close"}]
    server.plan({f"doc-{n}": fault for n, fault in enumerate(faults)})
    assert runs("--mode", "json-schema").scores["documents"]["failed"] == 3
    server.clear()
    again = runs("--mode", "json-schema")
    assert again.scores["documents"]["ok"] == 4
    assert server.count() == server.count("doc-0", "doc-1", "doc-2") == 3


def test_more_documents_cost_no_more_than_themselves(runs, server):
    runs.documents(range(12))
    all_right(server, range(12))
    assert runs("--limit", 5).scores["documents"]["ok"] == 5
    assert server.count() == 5
    assert runs().scores["documents"]["ok"] == 12
    assert server.count() == 12


@pytest.mark.parametrize(
    ("options", "requests"),
    [
        (["--timeout", 9, "--concurrency", 2, "--api-key-env", "OTHER"], 0),
        (["--temperature", 0.5], 3),
        (["--seed", 1], 3),
        (["--adapter", "instructor"], 3),
        (["--mode", "tools"], 3),
    ],
)
def test_only_what_bears_on_answers_makes_them_be_asked_for_anew(runs, server, options, requests):
    runs.documents(range(3))
    runs()
    server.clear()
    assert runs(*options, environment={"OTHER": "another-key"}).status == 0
    assert server.count() == requests


def test_fresh_asks_anew_and_keeps_the_old_answers(runs, server):
    runs.documents(range(3))
    old = runs().path / "journal.jsonl"
    before = old.read_bytes()
    run = runs("--fresh")
    assert run.status == 0
    assert server.count() == 6
    assert run.path.joinpath("journal.1.jsonl").read_bytes() == before
    assert len(run.journal("final")) == 3
    runs("--fresh")
    assert run.path.joinpath("journal.1.jsonl").read_bytes() == before
    assert run.path.joinpath("journal.2.jsonl").exists()


def test_one_text_twice_is_asked_once(runs, server):
    runs.documents([1, 1_000])
    gold = runs.task / "gold.jsonl"
    gold.write_text(gold.read_text("utf-8").replace("doc-1000", "doc-1"), "utf-8")
    all_right(server, [1], delay=0.1)
    run = runs("--mode", "json-schema")
    assert server.count() == 1
    assert [one["prediction"] for one in run.predictions.values()] == [event(1)] * 2


# A journal that is not as it was left


@pytest.mark.parametrize("torn", [b'{"type":"final","ke', b"{", b'{"type":"final","key":"\xc3'])
def test_a_torn_last_line_is_cut(tmp_path, torn):
    path = tmp_path / "journal.jsonl"
    whole = b'{"type":"final","key":"a","document":"d","outcome":"valid","status":200,"raw":""}\n'
    path.write_bytes(whole + torn)
    journal = Journal(path)
    assert set(journal.finals) == {"a"}
    assert journal.torn == len(torn)
    journal.close()
    assert path.read_bytes() == whole


def test_the_answer_of_a_torn_line_is_asked_for_again(runs, server):
    runs.documents(range(3))
    journal = runs().path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-5])
    assert runs().status == 0
    assert server.count() == 4
    assert len(runs().journal("final")) == 3
    assert server.count() == 4


@pytest.mark.parametrize(
    "damaged",
    [
        b"what is this",
        b"\0" * 50,
        b"[]",
        b'{"type":"final"}',
        b'{"type":"final","key":"k"}',
        b'{"type":"mode","base_url":"u","model":"m","mode":"other"}',
        b'{"key":"k"}',
    ],
)
def test_a_damaged_line_is_no_line_of_a_journal(tmp_path, damaged):
    path = tmp_path / "journal.jsonl"
    good = b'{"type":"attempt","key":"k","usage":null}\n'
    path.write_bytes(good + damaged + b"\n" + good)
    with pytest.raises(DataError, match="2: not a line of a journal"):
        Journal(path)


def test_a_damaged_line_ends_a_run_before_it_begins(runs, server):
    runs.documents(range(3))
    journal = runs().path / "journal.jsonl"
    lines = journal.read_bytes().splitlines()
    lines[2] = b"what is this"
    journal.write_bytes(b"\n".join(lines) + b"\n")
    run = runs()
    assert run.status == 2
    assert "journal.jsonl:3: not a line of a journal" in run.err
    assert "--fresh" in run.err
    assert server.count() == 3
    assert runs("--fresh").status == 0


# Runs that were stopped


def test_a_second_run_of_a_name_is_refused_at_once(runs, server):
    runs.documents(range(4))
    all_right(server, range(4), delay=0.4)
    first = runs.start("--concurrency", 2)
    wait_for(server.count)
    second = runs()
    assert second.status == 2
    assert "another run is writing there" in second.err
    assert first.status is None
    assert first.wait().status == 0
    assert server.count() == 4


@ADAPTERS
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_what_is_under_way_come_in(runs, server, adapter, how):
    runs.documents(range(20))
    all_right(server, range(20), delay=0.3)
    options = "--adapter", adapter, "--mode", "json-schema", "--concurrency", 4
    run = runs.start(*options)
    wait_for(lambda: server.count() >= 8)
    run.send(how)
    assert run.wait(5).status == 130
    assert "Traceback" not in run.err
    assert "the answers so far are in" in run.err
    asked = server.count()
    assert asked < 20
    assert len(answered(run)) == asked
    all_right(server, range(20))
    again = runs(*options)
    assert again.scores["documents"]["ok"] == 20
    assert server.count() == 20


@ADAPTERS
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_it(runs, server, adapter, how):
    runs.documents(range(8))
    server.plan({f"doc-{n}": {"kind": "hang"} for n in range(4, 8)})
    options = "--adapter", adapter, "--mode", "json-schema", "--concurrency", 4
    run = runs.start(*options)
    wait_for(lambda: server.count() == 8)
    run.send(how)
    time.sleep(0.2)
    assert run.status is None
    run.send(how)
    assert run.wait(5).status == 130
    assert "Traceback" not in run.err
    assert answered(run) == {f"d-{n}" for n in range(4)}
    server.plan()
    again = runs(*options)
    assert again.scores["documents"]["ok"] == 8
    assert server.count() == 12


def test_a_signal_while_the_mode_is_looked_for(runs, server):
    runs.documents(range(3))
    server.plan(default={**ANSWER, "delay": 0.3})
    run = runs.start()
    wait_for(server.count)
    run.send(signal.SIGINT)
    assert run.wait(5).status == 130
    assert len(run.journal("final")) == len(run.journal("mode")) == 1
    assert runs().status == 0
    assert server.count() == 3


def test_a_signal_while_all_wait_for_a_server(runs, server):
    runs.documents(range(3))
    server.plan(default={"kind": "status", "code": 429, "retry_after": 100})
    run = runs.start("--mode", "json-schema")
    wait_for(lambda: len(run.journal("attempt")) == 3)
    run.send(signal.SIGINT)
    assert run.wait(5).status == 130


def test_killed_again_and_again_nothing_recorded_is_asked_twice(server, tmp_path):
    found = kill_many(server, tmp_path, KILLS)
    assert found.kills == KILLS
    assert found.excess == 0
    assert found.differing == 0
    assert found.most_in_flight <= CONCURRENCY
    assert found.repeated == found.in_flight > 0


# A disk that is full


@ADAPTERS
def test_a_full_disk_stops_the_run_and_it_goes_on_from_there(runs, server, adapter):
    runs.documents(range(30))
    all_right(server, range(30), delay=0.02)
    options = "--adapter", adapter, "--concurrency", 4
    run = runs(*options, most_bytes=15_000)
    assert run.status == 2
    assert "journal.jsonl: cannot be written: File too large" in run.err
    assert "the same command goes on" in run.err
    assert "Traceback" not in run.err
    kept = answered(run)
    assert 5 < len(kept) < 30
    asked = server.count()
    assert asked - len(kept) <= 4
    again = runs(*options)
    assert again.scores["documents"]["ok"] == 30
    assert server.count() - asked == 30 - len(kept)


def test_room_again_after_a_full_disk_leaves_no_damaged_line(tmp_path, monkeypatch):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    answer = {"document": "d", "outcome": "valid", "status": 200, "raw": ""}
    journal.write({"type": FINAL, "key": "a", **answer})
    full = _FullDisk(journal._file, room=10)
    monkeypatch.setattr(journal, "_file", full)
    with pytest.raises(JournalError, match="No space left"):
        journal.write({"type": FINAL, "key": "b", **answer})
    full.room = 10_000
    journal.write({"type": ATTEMPT, "key": "c", "usage": None})
    journal.close()
    again = Journal(path)
    assert set(again.finals) == {"a"}
    assert len(again.attempts) == 1
    again.close()


class _FullDisk:
    """A file that takes a few more bytes."""

    def __init__(self, file, room):
        self._file, self.room = file, room

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, data):
        taken = self._file.write(data[: self.room])
        self.room -= taken
        if not taken:
            raise OSError(28, "No space left on device")
        return taken
