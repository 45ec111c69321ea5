"""Scoring by several processes: the same score, and every way in which they can end."""

import io
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time

import pytest
from pydantic import BaseModel
from support.many_documents import (
    FILES,
    SCHEMA,
    assert_same,
    gold_lines,
    prediction_lines,
    write_files,
)
from support.tasks import write_lines

from benchmark import (
    DataError,
    Failure,
    SchemaError,
    Task,
    UnknownNameError,
    load_task,
    make_task,
    read_predictions,
    score,
)
from benchmark.cli.progress import LONG, scoring
from benchmark.data.documents import read_documents
from benchmark.errors import WorkerError
from benchmark.scoring.chunk import CHUNK
from benchmark.scoring.parallel import processes
from benchmark.scoring.parallel.batches import Work, batches

COMMAND = [sys.executable, "-c", "from benchmark.cli import main; main()", "score", *FILES]
SLOW = """
import time
from benchmark import Comparator

def wait(value):
    time.sleep(0.02)
    return value

slow = Comparator(wait, ("string",))
"""


class Title(BaseModel):
    title: str


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def here(files, monkeypatch):
    monkeypatch.chdir(files)


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """Files whose scoring takes a while, by a comparator of an installed package."""
    info = tmp_path / "site" / "fieldmark_slow-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fieldmark-slow\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[fieldmark.comparators]\nslow = fieldmark_slow:slow\n")
    (tmp_path / "site" / "fieldmark_slow.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)
    write_slow(tmp_path, 2000)
    return tmp_path


def write_slow(folder, documents):
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "x-compare": {"by": "slow"}}},
    }
    (folder / "s.json").write_text(json.dumps(schema), "utf-8")
    values = [(f"d{n}", {"a": str(n)}) for n in range(documents)]
    write_lines(folder / "g.jsonl", ({"id": name, "gold": value} for name, value in values))
    write_lines(folder / "p.jsonl", ({"id": name, "prediction": value} for name, value in values))


def pair():
    return make_task("g.jsonl", "s.json"), read_predictions("p.jsonl")


def in_memory():
    task = Task("g", SCHEMA, read_documents(("g", line) for line in gold_lines()))
    found = {
        line["id"]: Failure(line["error"]) if "error" in line else line["prediction"]
        for line in prediction_lines()
    }
    return task, {**found, "d0": Title(title="Title 0")}


# The same score


def test_two_processes_make_the_same_score_of_files(here):
    assert_same(score(*pair()), score(*pair(), jobs=2))


def test_they_make_the_same_score_of_what_is_in_memory():
    one = score(*in_memory())
    assert_same(one, score(*in_memory(), jobs=2))


def test_a_shipped_task_with_its_aliases_is_scored_the_same():
    task = load_task("sitrep").scored()
    predictions = {document.id: document.gold for document in task.documents}
    one, two = score(task, predictions), score(task, predictions, jobs=2)
    assert one.signature == two.signature
    assert (one.counts == two.counts).all()


def test_the_command_line_prints_the_same_by_path_and_by_url(files, fieldmark):
    def printed(place, *options):
        gold, predictions, schema = f"{place}/g.jsonl", f"{place}/p.jsonl", files / "s.json"
        files_ = [predictions, "--gold", gold, "--schema", schema]
        return fieldmark("score", *files_, "--format", "json", *options)

    status, one, err = printed(files)
    assert (status, err) == (0, "")
    assert printed(files, "--jobs", "2") == (0, one, "")
    assert printed(f"file://{files}", "--jobs", "2") == (0, one, "")


@pytest.mark.parametrize("url", ["file:///nowhere/p.jsonl", "nonsense://p.jsonl"])
def test_a_url_that_cannot_be_read_is_named(fieldmark, files, url):
    status, out, err = fieldmark(
        "score", url, "--gold", files / "g.jsonl", "--schema", files / "s.json"
    )
    assert (status, out) == (2, "")
    assert f"{url}: cannot be read" in err


# How many, and what is sent


def test_one_process_unless_the_documents_are_many():
    assert processes.how_many(0, processes.LARGE - 1) == 1
    assert processes.how_many(0, processes.LARGE) == processes._cores()
    assert processes.how_many(1, 10**9) == 1
    assert processes.how_many(3, 1) == 3


def test_a_batch_of_files_holds_places_and_no_documents(here):
    task, predictions = pair()
    sent = [len(pickle.dumps(batch)) for batch in batches(task, predictions, 1)]
    assert len(sent) > 1
    size = sum(os.path.getsize(name) for name in ("g.jsonl", "p.jsonl"))
    assert sum(sent) < size / 5
    assert len(pickle.dumps(Work(task))) < 5000


def test_progress_is_told_of_every_document(here):
    for jobs in (1, 2):
        done = []
        score(*pair(), jobs=jobs, progress=done.append)
        assert sum(done) == 700
        assert len(done) == -(-700 // CHUNK)


@pytest.mark.parametrize(("documents", "terminal"), [(LONG, True), (LONG - 1, True), (LONG, False)])
def test_a_bar_is_shown_on_a_terminal_and_for_many_documents(monkeypatch, documents, terminal):
    stream = io.StringIO()
    stream.isatty = lambda: terminal
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with scoring(documents) as progress:
        progress.advance(documents)
    shown = documents == LONG and terminal
    assert (f"{LONG}/{LONG}" in stream.getvalue()) == shown
    assert bool(stream.getvalue()) == shown


# What goes wrong


def test_errors_travel_with_their_kind_and_message():
    for error in (DataError("x"), SchemaError("a.b", "why"), UnknownNameError("task", "x", ["y"])):
        other = pickle.loads(pickle.dumps(error))
        assert (type(other), str(other)) == (type(error), str(error))


def test_a_worker_of_another_release_is_refused(here):
    task, predictions = pair()
    work = pickle.loads(pickle.dumps(Work(task, "0.0.1")))
    with pytest.raises(WorkerError, match=r"this is 0\.0\.1: the counts would not be the same"):
        work.score(next(batches(task, predictions, 1)))


def test_the_first_error_is_that_of_one_process(files, tmp_path, fieldmark):
    write_files(tmp_path)
    lines = gold_lines()
    for n in (300, 301, 650):
        lines[n]["gold"]["size"] = "large"
    write_lines(tmp_path / "g.jsonl", lines)
    one = fieldmark("score", *FILES, "--jobs", "1")
    assert one[0] == 2
    first, others = one[2].split(", as do")
    assert "gold of 'd300' breaks the schema" in first
    assert "'d301'" in others
    # Each process tells what else is wrong in the documents that it reads.
    status, out, two = fieldmark("score", *FILES, "--jobs", "2")
    assert (status, out, two.split(", as do")[0]) == (2, "", first)
    assert multiprocessing.active_children() == []


def test_a_comparator_of_another_package_is_found_and_its_failure_named(slow, fieldmark):
    write_slow(slow, 300)
    (slow / "site" / "fieldmark_slow.py").write_text(SLOW.replace("0.02", "0"))  # no need to wait
    status, out, err = fieldmark("score", *FILES, "--jobs", "2", "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out)["micro"]["cor"] == 300
    (slow / "site" / "fieldmark_slow.py").write_text(SLOW.replace("time.sleep(0.02)", "1 / 0"))
    status, out, err = fieldmark("score", *FILES, "--jobs", "2")
    assert (status, out) == (2, "")
    assert "comparator 'slow' broke on" in err


def test_a_killed_process_is_an_error_and_not_the_end_of_patience(slow):
    def kill(_documents):
        multiprocessing.active_children()[0].kill()

    with pytest.raises(WorkerError, match="ended from outside, or ran out of memory"):
        score(*pair(), jobs=2, progress=kill)
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX")
def test_ctrl_c_ends_all_at_once_and_without_a_word(slow):
    run = subprocess.Popen(
        [*COMMAND, "--jobs", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(1.5)
    os.killpg(run.pid, signal.SIGINT)
    started = time.monotonic()
    _, err = run.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert run.returncode not in (0, 2)
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        _wait_for_no_group(run.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="groups of processes are POSIX")
def test_nothing_is_left_when_the_main_process_is_killed(slow):
    run = subprocess.Popen(
        [*COMMAND, "--jobs", "2"], stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(1.5)
    run.kill()
    run.wait()
    with pytest.raises(ProcessLookupError):
        _wait_for_no_group(run.pid)


def _wait_for_no_group(group):
    """Raises ProcessLookupError once no process of the group is left."""
    for _ in range(50):
        os.killpg(group, 0)
        time.sleep(0.1)


def test_a_number_below_nought_is_refused(fieldmark):
    status, out, err = fieldmark("score", "p.jsonl", "--jobs", "-1")
    assert (status, out) == (2, "")
    assert "--jobs" in err
