"""An API key that a server repeats is in no file and on no terminal."""

import pytest
from client import files

ADAPTERS = pytest.mark.parametrize("adapter", ["instructor", "direct"])
KEY = "sk-proj/F1eldmark+planted=K3y"
ENVIRONMENT = {"PLANTED": KEY}
OPTIONS = "--api-key-env", "PLANTED", "--mode", "json-schema"
HEADERS = {"x-request-id": f"req {KEY}", "x-ratelimit-key": KEY, "x-other": KEY}

SLASHED = KEY.replace("/", "\\/")
ESCAPED = KEY.replace("/", "\\u002f").replace("+", "\\u002B").replace("=", "\\u003D")


def told(status, message=f"Incorrect API key provided: {KEY}"):
    error = {"message": message, "code": KEY, "type": f"x{KEY}"}
    return {"kind": "status", "code": status, "body": {"error": error}, "headers": HEADERS}


def seen(run, server, folder):
    """What a reader could get to see: all files but the task, both streams among them."""
    assert server.requests()[-1].headers["authorization"] == f"Bearer {KEY}"
    found = {path: path.read_bytes() for path in files(folder) if path.parent.name != "task"}
    assert run.path / "journal.jsonl" in found
    return b"\n".join(found.values())


@pytest.mark.parametrize(
    ("adapter", "status"),
    [("direct", 400), ("direct", 401), ("instructor", 401), ("direct", 403), ("instructor", 500)],
)
def test_a_key_in_an_error_is_nowhere(runs, server, tmp_path, adapter, status):
    runs.documents([1])
    server.plan(default=told(status))
    run = runs(*OPTIONS, "--adapter", adapter, environment=ENVIRONMENT)
    assert KEY.encode() not in seen(run, server, tmp_path)
    assert run.status == (2 if status in (401, 403) else 0)
    assert "Incorrect API key provided: ***" in run.journal("final")[0]["reason"]
    assert run.journal("attempt")[0]["request_id"] == "req ***"


@ADAPTERS
def test_a_key_in_an_answer_is_nowhere(runs, server, tmp_path, adapter):
    runs.documents(range(7))
    server.plan(
        {
            "doc-1": {"kind": "text", "text": f"I was called with {KEY}."},
            "doc-2": {"kind": "refusal", "text": f"No: {KEY}"},
            "doc-3": {"kind": "text", "text": '{"events": [{"place": "' + SLASHED + '"}]}'},
            "doc-4": {"kind": "text", "text": '{"events": [{"place": "' + ESCAPED + '"}]}'},
            "doc-5": {"kind": "status", "code": 400, "body": f"<p>{KEY}</p>"},
            "doc-6": {"kind": "status", "code": 400, "body": '{"error": "' + ESCAPED + '"}'},
        },
        default={"kind": "answer", "headers": HEADERS},
        contents={None: {"events": [{"place": KEY}]}},
    )
    run = runs(*OPTIONS, "--adapter", adapter, environment=ENVIRONMENT)
    assert run.status == 0
    everything = seen(run, server, tmp_path)
    assert KEY.encode() not in everything
    assert SLASHED.encode() not in everything
    for n in (0, 3, 4):
        assert run.predictions[f"d-{n}"]["prediction"] == {"events": [{"place": "***"}]}
    assert run.predictions["d-6"]["error"] == "http_400: ***"


@ADAPTERS
def test_a_key_is_nowhere_after_a_crash(runs, server, tmp_path, adapter):
    runs.documents([1])
    server.plan(default=told(400))
    run = runs(
        *OPTIONS,
        "--adapter",
        adapter,
        environment=ENVIRONMENT,
        patched={"runners.llm.calls.caller.counted": None},
    )
    assert run.status == 1
    assert "TypeError: 'NoneType' object is not callable" in run.err
    assert KEY.encode() not in seen(run, server, tmp_path)


def test_a_key_is_nowhere_when_nobody_listens(runs, tmp_path):
    runs.documents([1])
    runs.url = "http://127.0.0.1:1/v1"
    run = runs(*OPTIONS, environment=ENVIRONMENT)
    assert run.predictions["d-1"]["error"].startswith("connection: ConnectionRefusedError")
    for path in files(tmp_path):
        assert KEY.encode() not in path.read_bytes()


def test_another_key_is_no_other_run(runs, server):
    runs.documents([1])
    runs(*OPTIONS, environment=ENVIRONMENT)
    runs(*OPTIONS, environment={"PLANTED": "another-key"})
    assert server.count() == 1


@pytest.mark.parametrize("key", ["x", "1", "EMPTY"])
def test_a_stand_in_for_a_key_is_left_in_answers(runs, server, key):
    runs.documents([1])
    answer = {"events": [{"place": "EMPTY x", "dead": 11}]}
    server.plan(contents={None: answer})
    run = runs(*OPTIONS, environment={"PLANTED": key})
    assert server.requests()[0].headers["authorization"] == f"Bearer {key or 'none'}"
    assert run.predictions["d-1"]["prediction"] == answer


def test_a_variable_that_was_named_has_to_hold_a_key(runs, server):
    runs.documents([1])
    run = runs(*OPTIONS, environment={"PLANTED": ""})
    assert run.status == 2
    assert "no API key: set PLANTED" in run.err
    assert not server.requests()


def test_white_space_around_a_key_is_no_part_of_it(runs, server):
    runs.documents([1])
    assert runs(*OPTIONS, environment={"PLANTED": f" {KEY}\n"}).status == 0
    assert server.requests()[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["sk-two\nlines-of-it", "sk-proj-…", "sk-two words"])
def test_what_can_be_no_key_is_refused_and_not_shown(runs, server, key):
    runs.documents([1])
    run = runs(*OPTIONS, environment={"PLANTED": key})
    assert run.status == 2
    assert "PLANTED" in run.err
    assert key[:5] not in run.err
    assert server.count() == 0


@pytest.mark.parametrize("user", ["me:pass-word@", "token-of-mine@", ":pass-word@"])
def test_a_url_with_a_password_is_refused_and_not_shown(runs, server, tmp_path, user):
    runs.documents([1])
    runs.url = server.url.replace("://", f"://{user}")
    run = runs(*OPTIONS, environment=ENVIRONMENT)
    assert run.status == 2
    assert "--api-key-env" in run.err
    assert not (tmp_path / "results").exists()
    for secret in ("pass-word", "token-of-mine"):
        assert secret not in run.err + run.out


@pytest.mark.parametrize("url", ["ftp://host/v1", "me:pass-word@host/v1", "http://", "host", ""])
def test_what_is_no_url_is_refused(runs, url):
    runs.documents([1])
    runs.url = url
    run = runs()
    assert run.status == 2
    assert "--base-url" in run.err
    assert "pass-word" not in run.err


def test_openai_itself_needs_a_key(runs):
    runs.documents([1])
    runs.url = "https://api.openai.com/v1"
    run = runs("--api-key-env", "NOT_SET")
    assert run.status == 2
    assert "set NOT_SET" in run.err
