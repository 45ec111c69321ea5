"""What becomes of each answer and each fault of a server: requests, journal, prediction, score."""

import subprocess
import sys
import time

import pytest
from client import event, of, read_journal

ADAPTERS = pytest.mark.parametrize("adapter", ["instructor", "direct"])

VALID = {"kind": "answer"}
TEXT = '{"events": ['
QUOTED = "Here it is: {'events': []}"
PROSE = 'Here it is: {"events": []}. I hope that this helps.'
ALIEN = {"events": [{"place": 5}]}

TABLE = {
    # what the server does -> outcome, prediction or error, attempts, the scorer's status
    "valid": (VALID, "valid", event(1), 1, "ok"),
    "invalid_json": ({"kind": "text", "text": TEXT}, "invalid_json", TEXT, 1, "unparsable"),
    "no_json": ({"kind": "text", "text": QUOTED}, "invalid_json", QUOTED, 1, "unparsable"),
    "invalid_schema": (
        {"kind": "answer", "content": ALIEN},
        "invalid_schema",
        ALIEN,
        1,
        "invalid",
    ),
    "prose": ({"kind": "text", "text": PROSE}, "prose", PROSE, 1, "unparsable"),
    "truncated": (
        {"kind": "truncated", "text": '{"events": []}'},
        "truncated",
        '{"event',
        1,
        "unparsable",
    ),
    "refusal": (
        {"kind": "refusal", "text": "I can't."},
        "refusal",
        "refusal: I can't.",
        1,
        "failed",
    ),
    "filtered": (
        {"kind": "filtered"},
        "filtered",
        "filtered: stopped by a content filter",
        1,
        "failed",
    ),
    "empty_choices": (
        {"kind": "empty_choices"},
        "empty",
        "empty: no choice in the answer",
        1,
        "failed",
    ),
    "empty_content": ({"kind": "empty_content"}, "empty", "empty: an empty answer", 1, "failed"),
    "html": (
        {"kind": "html_200"},
        "malformed_200",
        "malformed_200: no chat completion: <!doctype html>",
        5,
        "failed",
    ),
    "http_400": (
        {"kind": "status", "code": 400},
        "http_400",
        "http_400: The request is invalid.",
        1,
        "failed",
    ),
    "http_404": (
        {"kind": "status", "code": 404, "body": "<p>Not here</p>"},
        "http_404",
        "http_404: <p>Not here</p>",
        1,
        "failed",
    ),
    "http_500": (
        {"kind": "status", "code": 500},
        "http_500",
        "http_500: The server had an error",
        3,
        "failed",
    ),
    "closed": ({"kind": "close"}, "connection", "connection: ", 5, "failed"),
    "reset": ({"kind": "reset"}, "connection", "connection: ", 5, "failed"),
    "half": ({"kind": "reset_mid_body"}, "connection", "connection: ", 5, "failed"),
}


@ADAPTERS
def test_each_fault_is_recorded_and_scored_as_what_it_is(runs, server, adapter):
    runs.documents(range(len(TABLE)))
    server.plan(
        {f"doc-{n}": row[0] for n, row in enumerate(TABLE.values())}, contents={None: event(1)}
    )
    run = runs("--adapter", adapter, "--mode", "json-schema")
    assert run.status == 0
    finals, attempts = run.journal("final"), run.journal("attempt")
    statuses = dict.fromkeys(run.scores["documents"], 0)
    for n, (name, row) in enumerate(TABLE.items()):
        _, outcome, told, requests, status = row
        assert server.count(f"doc-{n}") == requests, name
        (final,) = of(finals, f"d-{n}")
        assert final["outcome"] == outcome, name
        tried = of(attempts, f"d-{n}")
        assert [one["outcome"] for one in tried] == [outcome] * requests, name
        assert [one["number"] for one in tried] == [*range(1, requests + 1)], name
        line = run.predictions[f"d-{n}"]
        if status == "failed":
            assert line["error"].startswith(told), name
        else:
            assert line["prediction"] == told, name
        statuses[status] += 1
    assert run.scores["documents"] == statuses
    assert run.manifest["run"]["requests"] == server.count()
    assert "Traceback" not in run.err


def test_a_run_started_by_hand_does_the_same(runs, server):
    runs.documents(range(3))
    server.plan({"doc-1": {"kind": "refusal"}})
    forked = runs("--adapter", "instructor", name="forked")
    where = ["--base-url", server.url, "--task", runs.task, "--results", runs.results]
    options = ["run", "openai:test", *where, "--name", "by-hand"]
    command = [sys.executable, "-c", "from benchmark.cli import main; main()", *options]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    assert "events (all fields)" in run.stdout
    assert "kept in" in run.stderr
    folder = runs.results / "runs" / "by-hand"
    for name in ("predictions.jsonl", "scores.json"):
        assert (folder / name).read_bytes() == (forked.path / name).read_bytes()
    assert len(read_journal(folder / "journal.jsonl")) == len(forked.journal())


@ADAPTERS
def test_an_attempt_says_what_a_reader_must_know_of_it(runs, server, adapter):
    runs.documents([1])
    server.plan(contents={None: event(1)})
    run = runs("--adapter", adapter, "--mode", "json-schema")
    (attempt,), (final,) = run.journal("attempt"), run.journal("final")
    assert attempt["key"] == final["key"]
    assert attempt["request_id"] == server.requests()[0].request_id
    assert attempt["headers"]["x-ratelimit-remaining-requests"] == "9999"
    assert attempt["usage"]["prompt_tokens"] == 100
    assert attempt["status"] == 200
    assert attempt["seconds"] < 1
    assert "Place 1" in final["raw"]


@ADAPTERS
def test_an_answer_that_calls_no_function_is_no_tool_call(runs, server, adapter):
    runs.documents([1, 2])
    server.plan({"doc-1": {"kind": "no_tool_call", "text": "I found nothing."}})
    run = runs("--adapter", adapter, "--mode", "tools-strict")
    assert server.count() == 2
    assert of(run.journal("final"), "d-1")[0]["outcome"] == "no_tool_call"
    assert run.predictions["d-1"]["prediction"] == "I found nothing."
    assert run.scores["documents"]["unparsable"] == run.scores["documents"]["ok"] == 1


@ADAPTERS
def test_a_mishap_is_tried_again_and_the_answer_counts(runs, server, adapter):
    faults = [
        {"kind": "status", "code": 500},
        {"kind": "status", "code": 429},
        {"kind": "reset"},
        {"kind": "reset_mid_body"},
        {"kind": "html_200"},
        {"kind": "status", "code": 408},
    ]
    runs.documents(range(len(faults)))
    server.plan({f"doc-{n}": [fault, VALID] for n, fault in enumerate(faults)})
    run = runs("--adapter", adapter, "--mode", "json-schema")
    assert run.scores["documents"]["ok"] == len(faults)
    assert server.count() == 2 * len(faults)
    assert [one["outcome"] for one in run.journal("final")] == ["valid"] * len(faults)
    assert run.manifest["run"]["retries"] == len(faults)


def test_too_many_requests_end_at_last(runs, server):
    runs.documents([1])
    server.plan(default={"kind": "status", "code": 429})
    run = runs("--mode", "json-schema", patched={"runners.llm.calls.retries.FIRST_WAIT": 0.0001})
    assert server.count() == 20
    assert run.predictions["d-1"]["error"].startswith("http_429")


# Waiting where the server says how long


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (429, {"retry_after": 1}),
        (503, {"retry_after_date": 1}),
    ],
)
def test_all_workers_wait_as_long_as_the_server_says(runs, server, code, said):
    runs.documents(range(8))
    server.plan(
        {"doc-0": [{"kind": "status", "code": code, **said}, VALID]},
        default={"kind": "answer", "delay": 0.1},
    )
    run = runs("--mode", "json-schema", "--concurrency", 2)
    assert run.scores["documents"]["ok"] == 8
    first, *others = server.requests()
    assert len(others) == 8
    assert all(not 0.1 < one.at - first.ended < 0.9 for one in others)
    assert sum(one.at - first.ended >= 0.9 for one in others) >= 7


@pytest.mark.parametrize(
    ("adapter", "fault", "why"),
    [
        ("instructor", {"code": 429, "retry_after": 121}, "come back in 121 s"),
        ("direct", {"code": 429, "error": "insufficient_quota"}, "the quota is used up"),
        ("instructor", {"code": 401}, "no access (http_401): Incorrect API key"),
        ("direct", {"code": 401}, "no access (http_401): Incorrect API key"),
        ("direct", {"code": 403}, "no access (http_403): Not available here"),
    ],
)
def test_what_waiting_does_not_mend_stops_the_run(runs, server, adapter, fault, why):
    runs.documents(range(8))
    server.plan({"doc-4": {"kind": "status", **fault}})
    options = "--adapter", adapter, "--mode", "json-schema", "--concurrency", 2
    run = runs(*options)
    assert run.status == 2
    assert why in run.err
    assert "the same command goes on" in run.err
    assert "Traceback" not in run.err
    assert server.count("doc-4") == 1
    answered = {one["document"] for one in run.journal("final") if one["outcome"] == "valid"}
    assert {"d-0", "d-1", "d-2"} <= answered
    assert len(answered) == sum(one.complete for one in server.requests()) - 1
    server.clear()
    again = runs(*options)
    assert again.status == 0
    assert again.scores["documents"]["ok"] == 8
    assert server.count() == 8 - len(answered)


# Deadlines


@ADAPTERS
@pytest.mark.parametrize("fault", [{"kind": "hang"}, {"kind": "trickle"}])
def test_an_attempt_has_a_deadline(runs, server, adapter, fault):
    runs.documents([0, 1])
    server.plan({"doc-1": [fault, VALID]})
    started = time.monotonic()
    run = runs("--adapter", adapter, "--mode", "json-schema", "--timeout", 0.5)
    assert time.monotonic() - started < 5
    assert run.scores["documents"]["ok"] == 2
    tried = of(run.journal("attempt"), "d-1")
    assert [one["outcome"] for one in tried] == ["timeout", "valid"]
    assert tried[0]["status"] is None
    assert tried[0]["reason"] == "no whole answer in 0.5 s"
    assert tried[0]["usage"] is None
    assert 0.5 <= tried[0]["seconds"] < 1


def test_a_document_without_an_answer_in_time_fails(runs, server):
    runs.documents([1])
    server.plan(default={"kind": "hang"})
    run = runs("--mode", "json-schema", "--timeout", 0.1)
    assert run.status == 0
    assert server.count() == 5
    assert run.predictions["d-1"]["error"] == "timeout: no whole answer in 0.1 s"
