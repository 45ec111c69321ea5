"""`python:MODULE:FUNCTION`: functions of a text, sync or async."""

import asyncio
import os
import signal
import subprocess
import time
from contextlib import suppress
from functools import partial

import pytest
from pydantic import BaseModel, Field
from support.tasks import COMMAND_LINE, Shown, answered, errors, obj, write_task

from benchmark import DataError
from runners import Answer, ExtractorError
from runners.functions import IN_FLIGHT, SeveralAtOnce, as_json, find_function, runner_of


class Line(BaseModel):
    amount: float = Field(alias="Amount")


class Model(BaseModel):
    lines: list[Line] = []


def of_text(text):
    return {"text": text}


def of_both(text, meta):
    return {"text": text, "meta": meta}


def optional_meta(text, meta=None):
    return {"text": text, "meta": meta}


def of_more(text, limit=5):
    return {"text": text, "limit": limit}


async def asynchronous(text, meta):
    return {"text": text, "meta": meta}


def in_async(function):
    async def extract(text):
        return function(text)

    return extract


class Callable:
    async def __call__(self, text):
        return {"text": text}


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (of_text, {"text": "t"}),
        (of_both, {"text": "t", "meta": {"lang": "en"}}),
        (optional_meta, {"text": "t", "meta": {"lang": "en"}}),
        (of_more, {"text": "t", "limit": 5}),
        (partial(of_both, meta={}), {"text": "t", "meta": {}}),
        (asynchronous, {"text": "t", "meta": {"lang": "en"}}),
        (partial(asynchronous, meta={}), {"text": "t", "meta": {}}),
        (Callable(), {"text": "t"}),
    ],
)
def test_it_gets_what_its_signature_asks_for(function, expected):
    found = answered(runner_of(function, "f"), Shown("d", "t", {"lang": "en"}))
    assert found == [Answer("d", expected)]


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (3, "f is no function but int"),
        (lambda: {}, "takes neither"),
        (lambda text, *, meta: {}, "takes neither"),
        (lambda text, meta, more: {}, "takes neither"),
        (max, "f does not say what it takes; wrap it in a function"),
    ],
)
def test_what_cannot_be_called_with_a_text_is_refused(function, hint):
    with pytest.raises(DataError, match=hint):
        runner_of(function, "f")


@pytest.mark.parametrize("make", [lambda function: function, in_async], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Model(lines=[Line(Amount=1)]), {"lines": [{"Amount": 1.0}]}),
        ({"lines": [Line(Amount=2)]}, {"lines": [{"Amount": 2.0}]}),
        ('{"raw": 1}', '{"raw": 1}'),
        (None, "TypeError: a dict or a pydantic model is expected, not NoneType"),
        ([1], "TypeError: a dict or a pydantic model is expected, not list"),
        ({"a": {1, 2}}, "TypeError: Type is not JSON serializable: set"),
        ({1: 2}, "TypeError: Dict key must be str"),
        ({"a": 10**30}, "TypeError: Integer exceeds 64-bit range"),
        ({"a": "\ud800"}, "TypeError: str is not valid UTF-8: surrogates not allowed"),
        (ValueError("no\x1b[31m \ud800"), r"ValueError: no\x1b[31m \ud800"),
        (SystemExit(0), "SystemExit: 0"),
        (RecursionError(), "RecursionError"),
    ],
    ids=str,
)
def test_only_a_value_that_is_json_is_a_prediction(make, value, expected):
    def extract(text):
        if isinstance(value, BaseException):
            raise value
        return value

    first, second = answered(runner_of(make(extract), "f"), "a", "b")
    assert (first.error or first.prediction) == expected
    assert second.id == "b"


def test_an_exception_that_cannot_be_told_is_named():
    class MuteError(Exception):
        def __str__(self):
            raise ValueError

    def extract(text):
        raise MuteError

    assert errors(answered(runner_of(extract, "f"), "a")) == {"a": "MuteError"}


def test_a_coroutine_that_is_cancelled_by_what_it_awaits_costs_its_document():
    async def extract(text):
        raise asyncio.CancelledError

    found = answered(runner_of(extract, "f"), "a", "b")
    assert errors(found) == {"a": "CancelledError", "b": "CancelledError"}


def test_several_are_in_flight_and_told_as_they_come():
    flying = most = 0

    async def extract(text, meta):
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(meta["wait"])
        flying -= 1
        return {}

    documents = [Shown(str(n), meta={"wait": 0.2 if n == 0 else 0.01}) for n in range(40)]
    found = answered(runner_of(extract, "f"), *documents)
    assert most == IN_FLIGHT
    assert {answer.id for answer in found} == {document.id for document in documents}
    assert found[-1].id == "0"


@pytest.mark.parametrize("swallows", [False, True])
def test_fail_fast_begins_nothing_more(swallows):
    begun = []

    async def extract(text, meta):
        begun.append(text)
        if len(begun) == 1:
            raise ValueError("bad")
        with suppress(asyncio.CancelledError if swallows else ()):
            await asyncio.sleep(30)
        return {}

    with pytest.raises(ExtractorError, match=r"^'0': ValueError: bad$"):
        answered(SeveralAtOnce(extract, fail_fast=True), *map(str, range(100)))
    assert len(begun) <= IN_FLIGHT


def test_fail_fast_of_a_plain_function():
    asked = []

    def extract(text):
        asked.append(text)
        return {"b": {1}} if "b" in text else {}

    with pytest.raises(ExtractorError, match=r"^'b': TypeError"):
        answered(runner_of(extract, "f", fail_fast=True), "a", "b", "c")
    assert len(asked) == 2


@pytest.fixture
def here(tmp_path, monkeypatch, fresh_imports):
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_function_is_found_in_the_current_directory(here):
    (here / "pack").mkdir()
    (here / "pack" / "inner.py").write_text("def extract(text): return {}", "utf-8")
    assert find_function("pack.inner:extract")("") == {}


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("mine", "'mine' names no function; give python:MODULE:FUNCTION"),
        ("mine:", "names no function"),
        (":extract", "names no function"),
        ("mien:extract", "no module 'mien', neither in .* nor installed; did you mean mine"),
        ("mine:extrct", r"module 'mine' \(.*mine.py\) has no 'extrct'; did you mean extract"),
        ("mine:number", None),
        ("pack.on:extract", "no module 'pack.on', .*; did you mean pack.one"),
        ("pack:extract", "module 'pack' (.*) has no 'extract'"),
        ("mine.sub:extract", "no module 'mine.sub'"),
        ("sys:extrct", r"module 'sys' \(no file\) has no 'extrct'"),
        (".mine:extract", "module '.mine' can't be imported: TypeError"),
        ("wrong:extract", "module 'wrong' can't be imported: SyntaxError: .*wrong.py, line 1"),
        ("needy:extract", "module 'needy' can't be imported: ModuleNotFoundError: .*absent_one"),
        ("exits:extract", "module 'exits' can't be imported: SystemExit: 1"),
        ("lazy:extract", "module 'lazy' can't be imported: KeyError"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(here, target, hint):
    (here / "mine.py").write_text("number = 3\ndef extract(text): return {}", "utf-8")
    (here / "wrong.py").write_text("def extract(:", "utf-8")
    (here / "needy.py").write_text("import absent_one", "utf-8")
    (here / "exits.py").write_text("raise SystemExit(1)", "utf-8")
    (here / "lazy.py").write_text("def __getattr__(name): return {}[name]", "utf-8")
    (here / "pack").mkdir()
    (here / "pack" / "one.py").touch()
    if hint is None:
        assert find_function(target) == 3
        return
    with pytest.raises(DataError, match=hint):
        find_function(target)


SLOW = """
import asyncio, time
def mark():
    with open("begun", "a") as file:
        file.write("x")
def extract(text):
    mark(); time.sleep(60)
async def later(text):
    mark(); await asyncio.sleep(60)
"""


@pytest.mark.parametrize("name", ["extract", "later"])
def test_an_interrupt_ends_the_run_at_once_and_says_where_the_answers_are(tmp_path, name):
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    gold = [{"id": str(n), "text": "t", "gold": {}} for n in range(20)]
    write_task(tmp_path / "task", obj(n={"type": "integer"}), gold)
    run = subprocess.Popen(
        [*COMMAND_LINE, "run", f"python:slow:{name}", "--task", "task"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun, most = tmp_path / "begun", 1 if name == "extract" else IN_FLIGHT
    while not begun.exists() or len(begun.read_text()) < most:
        assert run.poll() is None
        time.sleep(0.02)
    os.kill(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=10)
    assert run.returncode not in (0, 2)
    assert "the answers so far are in fieldmark-results/runs" in err
    assert "Traceback" not in err
    assert len(begun.read_text()) == most


@pytest.mark.parametrize("value", [{"n": float("nan")}, {"n": [1, {"m": float("inf")}]}])
def test_what_json_has_no_number_for_is_no_answer(value):
    with pytest.raises(TypeError, match="NaN and infinity are no JSON"):
        as_json(value)
