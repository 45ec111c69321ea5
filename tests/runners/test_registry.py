"""Which extractors there are: ours by the command line, and those of an installed package.

As in tests/test_entry_points.py, the package is a module and its metadata in a folder on the path.
"""

import json
import sys

import pytest
from support.tasks import INTEGER, obj, write_lines, write_task

from benchmark import DataError
from benchmark.runs.places import run_path
from runners import EXTRACTORS, Answer, Runner, find, registered
from runners.plugins import ENTRY_POINTS, Guarded

CODE = '''
"""Extractors, good and bad."""

from runners import Answer, Extractor, Runner


def length(text, meta):
    return {"n": len(text)}


async def later(text):
    return {"n": len(text)}


def faulty(text, meta):
    raise ValueError("too short")


def wrong(text, meta, more):
    return {}


class Plain(Runner):
    def __init__(self, setting, target):
        self.target = target

    def run(self, documents, done):
        for document in documents:
            done(self.answer(document.id))

    def answer(self, name):
        return Answer(name, {"n": int(self.target)})


class Crashing(Plain):
    def answer(self, name):
        raise OSError("no network")


class Unsure(Plain):
    def answer(self, name):
        return Answer(name, error="unsure")


class Odd(Plain):
    def answer(self, name):
        return Answer(name, {1, 2})


def no_make(setting, target):
    raise KeyError("licence")


constant = Extractor("always the same", Plain, "NUMBER")
crashing, unsure, odd = (Extractor("bad", one) for one in (Crashing, Unsure, Odd))
unmade = Extractor("bad", no_make)
nothing = Extractor("bad", lambda setting, target: None)
number = 3
'''
NAMES = ("length", "later", "faulty", "wrong", "constant", "crashing", "unsure", "odd")
POINTS = {name: f"fieldmark_bits:{name}" for name in (*NAMES, "unmade", "nothing", "number")} | {
    "gone": "fieldmark_bits:nothing_of_this_name",
    "absent": "fieldmark_not_installed:extract",
    "quits": "fieldmark_quits:extract",
    "rules": "fieldmark_bits:length",
}


@pytest.fixture
def site(tmp_path, monkeypatch, fresh_imports):
    """A folder with the package `fieldmark-bits` installed in it, on the path."""
    site = tmp_path / "site"
    info = site / "fieldmark_bits-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "fieldmark_bits.py").write_text(CODE, "utf-8")
    (site / "fieldmark_quits.py").write_text("raise SystemExit(0)", "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fieldmark-bits\nVersion: 1.0\n")
    points = "".join(f"{name} = {target}\n" for name, target in POINTS.items())
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{points}", "utf-8")
    monkeypatch.syspath_prepend(site)
    return site


@pytest.fixture
def run(fieldmark, tmp_path, fresh_imports):
    """Runs an extractor over three documents -> (exit status, its answers, errors)."""
    gold = [{"id": name, "text": name * 3, "gold": {"n": 3}} for name in "abc"]
    task = write_task(tmp_path / "task", obj(n=INTEGER), gold)

    def call(extractor, *more):
        status, out, err = fieldmark("run", extractor, "--task", task, *more)
        if status:
            assert out == ""
            assert [line.startswith("error: ") for line in err.splitlines()] == [True]
            return status, [], err
        (kept,) = (tmp_path / "fieldmark-results" / "runs").glob("*/predictions.jsonl")
        return status, [json.loads(line) for line in kept.read_text("utf-8").splitlines()], err

    return call


@pytest.mark.parametrize("name", ["length", "later", "constant:3"])
def test_a_registered_extractor_is_run_by_its_name(run, site, name):
    status, answers, _ = run(name)
    assert status == 0
    assert answers == [{"id": one, "prediction": {"n": 3}} for one in "abc"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("gone", "extractor 'gone' (fieldmark_bits:nothing_of_this_name): AttributeError"),
        ("absent", "extractor 'absent' (fieldmark_not_installed:extract): ModuleNotFoundError"),
        ("quits", "extractor 'quits' (fieldmark_quits:extract): SystemExit"),
        ("number", "(fieldmark_bits:number) is neither a function nor a runners.Extractor but int"),
        ("wrong", "(fieldmark_bits:wrong)(text, meta, more) takes neither"),
        ("unmade", "extractor 'unmade' (fieldmark_bits:unmade): KeyError: 'licence'"),
        (
            "nothing",
            "extractor 'nothing' (fieldmark_bits:nothing): it made no runners.Runner but NoneType",
        ),
        ("crashing", "extractor 'crashing' (fieldmark_bits:crashing): OSError: no network"),
        ("constant", "extractor 'constant' needs to know more: constant:NUMBER"),
        ("length:3", "extractor 'length' takes nothing behind its name"),
        ("lenght", "unknown extractor 'lenght'; did you mean length"),
    ],
)
def test_a_broken_one_is_named_with_what_broke(run, site, name, hint):
    status, _, err = run(name)
    assert status == 2
    assert hint in err


def test_an_exception_or_a_value_that_is_no_json_costs_its_document(run, site):
    _, answers, _ = run("faulty")
    assert {answer["error"] for answer in answers} == {"ValueError: too short"}


def test_so_does_an_answer_that_no_file_can_hold(run, site):
    _, answers, _ = run("odd")
    said = "the answer is no JSON: Type is not JSON serializable: set"
    assert answers == [{"id": name, "error": said} for name in "abc"]


def test_an_answer_that_could_not_be_read_again_is_a_failure(run, fieldmark, tmp_path):
    (tmp_path / "much.py").write_text(
        "def extract(text): return {'n': [0] * 300_000} if 'b' in text else {'n': 3}", "utf-8"
    )
    status, answers, _ = run("python:much:extract")
    assert status == 0
    assert [answer.get("error") for answer in answers] == [
        None,
        "the answer: more than 250,000 values in one document; split it",
        None,
    ]


def test_ours_keep_their_names(site):
    assert find("rules") == (EXTRACTORS["rules"], "")
    assert registered()["rules"].value == "fieldmark_bits:length"


def test_all_are_listed_and_none_is_loaded(fieldmark, site):
    status, out, err = fieldmark("extractors")
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert (status, err) == (0, "")
    ours = {
        "rules",
        "empty",
        "openai:MODEL",
        "replay:FILE",
        "python:MODULE:FUNCTION",
        "command:PROGRAM",
    }
    assert lines.keys() == ours | POINTS.keys()
    assert lines["gone"] == "installed: fieldmark_bits:nothing_of_this_name"
    assert "fieldmark_bits" not in sys.modules
    assert list(lines) == sorted(lines)


FAILING = {
    "faulty": "ValueError: too short",
    "unsure": "unsure",
    "python:mine:extract": "ZeroDivisionError: division by zero",
    "python:mine:later": "ZeroDivisionError: division by zero",
    "command:sh -c 'exit 3'": "the program ended with exit status 3",
    "replay:p.jsonl": "none",
}


@pytest.mark.parametrize("name", FAILING)
def test_fail_fast_ends_every_kind_of_run_at_the_first_failure(run, site, tmp_path, name):
    functions = "def extract(text): return 1 / 0\nasync def later(text): return 1 / 0"
    (tmp_path / "mine.py").write_text(functions, "utf-8")
    write_lines(tmp_path / "p.jsonl", [{"id": "a", "error": "none"}])
    assert run(name)[0] == 0
    status, _, err = run(name, "--fail-fast")
    assert status == 2
    assert err == f"error: 'a': {FAILING[name]}\n"


@pytest.mark.parametrize("name", ["command:nowhere-to-be-found", "replay:nowhere", "python:n:o"])
def test_a_wrong_target_ends_with_one_message(run, name):
    assert run(name)[0] == 2


@pytest.mark.parametrize(("name", "target"), [("replay", "FILE"), ("python", "MODULE:FUNCTION")])
@pytest.mark.parametrize("colon", ["", ":"])
def test_what_needs_a_target_says_so(name, target, colon):
    with pytest.raises(DataError, match=f"needs to know more: {name}:{target}"):
        find(name + colon)


@pytest.mark.parametrize(
    ("extractor", "name"),
    [
        ("command:./a b.sh --x=1", "command-.-a-b.sh---x-1"),
        ("python:mine:extract", "python-mine-extract"),
        ("replay:results/größe.jsonl", "replay-results-größe.jsonl"),
        (f"command:{'x' * 91}/y", f"command-{'x' * 91}"),
        (f"command:{'x' * 999}", f"command-{'x' * 92}"),
        ("command:'.'", "command"),
    ],
)
def test_a_run_is_named_after_its_extractor(extractor, name, tmp_path):
    assert run_path(tmp_path, "", extractor) == tmp_path / "runs" / name


def test_what_an_extractor_prints_is_not_among_the_results(run, fieldmark, tmp_path):
    (tmp_path / "talks.py").write_text(
        "print('importing')\ndef extract(text): print('reading'); return {'n': 3}", "utf-8"
    )
    task = tmp_path / "task"
    _, out, err = fieldmark("run", "python:talks:extract", "--task", task, "--format", "json")
    assert json.loads(out)["documents"]["ok"] == 3
    assert err.splitlines()[:2] == ["importing", "reading"]


class Telling(Runner):
    """A runner that has something to say of all that it may be asked."""

    def run(self, documents, done):
        pass

    def check(self):
        raise DataError("no licence")

    def about(self):
        return {"model": "m"}

    def status(self):
        return "half way"

    def first(self):
        return [Answer("d", {"n": 1})]

    def preview(self, documents):
        return iter(documents)


def test_a_runner_of_another_package_is_asked_itself():
    runner, guarded = Telling(), Guarded(Telling(), "telling")
    with pytest.raises(DataError, match="no licence"):
        guarded.check()
    for name in ("about", "status", "first"):
        assert getattr(guarded, name)() == getattr(runner, name)()
    assert list(guarded.preview("ab")) == ["a", "b"]
