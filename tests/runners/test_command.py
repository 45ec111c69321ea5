"""`command:PROGRAM`: a line of JSON in, a line of JSON out, by real programs."""

import shlex
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from support.tasks import COMMAND_LINE, Shown, answered, ends, errors, obj, running, write_task

from benchmark import DataError
from runners import Answer, ExtractorError, program
from runners.command import STARTS, Command, command

START = """
import json, os, sys, time
open("starts", "a").write(f"{os.getpid()}\\n")

def read():
    line = sys.stdin.readline()
    return json.loads(line) if line else sys.exit()

def give(name, prediction):
    print(json.dumps({"id": name, "prediction": prediction}), flush=True)
"""

ANSWER_ALL = """
while True:
    asked = read()
    {}
    give(asked["id"], {{"pid": os.getpid()}})
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Makes a Python program -> the Command that runs it in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def make(code, **options):
        (tmp_path / "program.py").write_text(START + textwrap.dedent(code), "utf-8")
        return Command((sys.executable, "-S", "program.py"), **options)

    return make


@pytest.fixture
def when(write):
    """A program that answers all documents, but does this when it is asked for `bad`."""

    def make(code, **options):
        return write(ANSWER_ALL.format(f'if asked["id"] == "bad": {code}'), **options)

    return make


def pids():
    with open("starts", encoding="utf-8") as file:
        return [int(line) for line in file]


def test_a_program_is_started_once_and_asked_in_order(write):
    runner = write("while True:\n asked = read(); give(asked['id'], {'asked': asked})")
    shown = [Shown("a", "Grüße\n\u2028", {"lang": "de"}), Shown("b\n"), Shown("c", None)]
    whole = [{"id": one.id, "text": one.text or "", "meta": dict(one.meta)} for one in shown]
    assert answered(runner, *shown) == [Answer(one["id"], {"asked": one}) for one in whole]
    assert len(pids()) == 1
    assert not running(pids()[0])


def test_it_may_say_why_there_is_no_prediction(write):
    runner = write("""
        for line in sys.stdin:
            answer = {"id": json.loads(line)["id"], "error": "too short"}
            print(json.dumps(answer), end="\\r\\n", flush=True)
    """)
    assert errors(answered(runner, "a", "b")) == {"a": "too short", "b": "too short"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sys.exit('one\\ntwo\\n')", "the program ended with exit status 1: two"),
        ("os._exit(7)", "the program ended with exit status 7"),
        ("os._exit(0)", "the program ended with exit status 0"),
        ("1 / 0", "the program ended with exit status 1: ZeroDivisionError: division by zero"),
        ("os.kill(os.getpid(), 9)", "the program was ended by signal 9 (Killed)"),
        ("sys.stdout.write('{\"id\"'); sys.exit(3)", "the program ended with exit status 3"),
        ("sys.exit('\\x1b[31m')", r"the program ended with exit status 1: \x1b[31m"),
        ("sys.stderr.buffer.write(b'x' * 9999 + b'\\xff\\n'); os._exit(1)", None),
        ("print('Loading'*20, flush=True)", f"(char 0)): {('Loading' * 20)[:80]}"),
        ("print('', flush=True)", "(char 0)): "),
        ("print('[1]', flush=True)", "no answer (a JSON object is expected, not list): [1]"),
        ("print('[' * 9999, flush=True)", f"): {'[' * 80}"),
        ("os.write(1, b'\\xff\\n')", "): \ufffd"),
        ("give('else', {})", "the program was asked for 'bad' and answered 'else'"),
        ("give(7, {})", "the program was asked for 'bad' and answered '7'"),
        ("print('{}', flush=True)", "the program was asked for 'bad' and answered without an id"),
        ("give('e' * 999, {})", f"answered '{'e' * 79}"),
        ("print('x' * 33_000_000, flush=True)", "the program gave a line longer than 32 MB"),
    ],
)
def test_what_a_program_does_wrong_costs_one_document_and_a_new_start(when, code, expected):
    good, bad, after, last = answered(when(code), "good", "bad", "after", "last")
    assert bad.error
    assert bad.error.endswith(expected or "x\ufffd")
    first, second = pids()
    assert good.prediction == {"pid": first}
    assert after.prediction == last.prediction == {"pid": second}
    assert not running(first)
    assert not running(second)


@pytest.mark.parametrize(
    ("given", "hint"),
    [({}, "a prediction is"), ({"prediction": {}, "error": "x"}, "has both")],
)
def test_an_answer_that_cannot_be_used_needs_no_new_start(when, given, hint):
    code = f"print(json.dumps({{'id': 'bad', **{given}}}), flush=True); continue"
    bad, after = answered(when(code), "bad", "after")
    assert hint in bad.error
    assert after.prediction == {"pid": pids()[0]}
    assert len(pids()) == 1


CHILD = (
    "import subprocess; child = subprocess.Popen(['sleep', '60']); "
    "open('child', 'w').write(str(child.pid)); "
)


def child():
    with open("child", encoding="utf-8") as file:
        return int(file.read())


def test_a_program_that_hangs_ends_with_all_it_started(when):
    runner = when(CHILD + "time.sleep(60)", seconds=0.5)
    clock = time.monotonic()
    bad, after = answered(runner, "bad", "after")
    assert time.monotonic() - clock < 3
    assert bad.error.startswith("the program gave no answer within 0.5 seconds; does it flush")
    assert after.prediction == {"pid": pids()[1]}
    assert not running(pids()[0])
    assert ends(child())


def test_an_end_shows_though_something_it_started_holds_its_output(when):
    bad, after = answered(when(CHILD + "os._exit(5)", seconds=20), "bad", "after")
    assert bad.error == "the program ended with exit status 5"
    assert after.prediction
    assert ends(child())


def test_a_program_that_closes_its_output_is_ended(when, monkeypatch):
    monkeypatch.setattr(program, "GRACE", 0.1)
    bad, after = answered(when("os.close(1); time.sleep(60)"), "bad", "after")
    assert bad.error == "the program closed its input or output"
    assert after.prediction == {"pid": pids()[1]}


def test_one_that_reads_no_more_may_still_answer_but_once(when, monkeypatch):
    monkeypatch.setattr(program, "GRACE", 0.1)
    code = "os.close(0); give('bad', {}); time.sleep(60)"
    large = Shown("large", "x" * 200_000)
    bad, after, last = answered(when(code, seconds=0.5), "bad", large, "last")
    assert bad.prediction == {}
    assert "no answer within" in after.error
    assert last.prediction == {"pid": pids()[1]}


def test_what_answers_nothing_in_three_starts_is_given_up(write):
    found = answered(write("sys.exit('no licence')"), *"abcdef")
    one_line = "the program ended with exit status 1: no licence"
    assert [answer.error for answer in found[:3]] == [one_line] * 3
    assert {answer.error for answer in found[3:]} == {
        f"{one_line} (given up after 3 starts without an answer)"
    }
    assert len(pids()) == STARTS


def test_an_answer_between_keeps_it_from_being_given_up(write):
    found = answered(write("give(read()['id'], {}); sys.exit(1)"), *"abcdefghij")
    assert [bool(answer.error) for answer in found] == [False, True] * 5
    assert len(pids()) == 5


@pytest.mark.parametrize(
    "code",
    [
        # as one would
        "while True:\n asked = read(); give(asked['id'], {'text': asked['text']})",
        # as much on standard error
        "while True:\n asked = read(); sys.stderr.write(asked['text']); "
        "give(asked['id'], {'text': asked['text']})",
        # all output before all input is read
        "while True:\n start = sys.stdin.buffer.read(50) or sys.exit(); "
        "name = json.loads(start.split(b',')[0] + b'}')['id']; "
        "give(name, {'text': 'x' * 100_000}); sys.stdin.buffer.readline()",
    ],
    ids=["in turn", "noisy", "answers first"],
)
def test_much_in_and_out_blocks_nothing(write, code):
    text = "x" * 100_000
    found = answered(write(code, seconds=20), *(Shown(f"d{n}", text) for n in range(200)))
    assert found == [Answer(f"d{n}", {"text": text}) for n in range(200)]


def test_it_may_end_by_itself_once_there_is_no_more(write):
    code = "give(read()['id'], {}); read_all = sys.stdin.read(); time.sleep(0.2)"
    answered(write(code + "; print('x' * 999_999); open('ended', 'w').close()"), "a")
    with open("ended", encoding="utf-8"):
        assert not running(pids()[0])


def test_but_not_for_long(write, monkeypatch):
    monkeypatch.setattr("runners.command.GRACE", 0.2)
    answered(write("give(read()['id'], {})\nwhile True: print('x' * 99_999)"), "a")
    assert not running(pids()[0])


@pytest.mark.parametrize("code", ["sys.exit(1)", "give('else', {})", "time.sleep(60)"])
def test_fail_fast_ends_the_run_and_the_program(when, code):
    with pytest.raises(ExtractorError, match=r"^'bad': the program "):
        answered(when(code, fail_fast=True, seconds=0.5), "good", "bad", "after")
    assert len(pids()) == 1
    assert not running(pids()[0])


def test_an_exception_leaves_no_program(when):
    def full(answer):
        raise DataError("disk full")

    with pytest.raises(DataError, match="disk full"):
        when("pass").run([Shown("a"), Shown("b")], full)
    assert not running(pids()[0])


def test_an_interrupt_leaves_no_program(when, tmp_path):
    when(CHILD + "time.sleep(60)")
    gold = [{"id": name, "text": "t", "gold": {}} for name in ("good", "bad")]
    write_task(tmp_path / "task", obj(pid={"type": "integer"}), gold)
    line = f"command:{shlex.join([sys.executable, 'program.py'])}"
    run = subprocess.Popen(
        [*COMMAND_LINE, "run", line, "--task", "task", "--name", "x"],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=10)
    assert run.returncode not in (0, 2)
    assert "the answers so far are in fieldmark-results/runs/x" in err
    assert "Traceback" not in err
    assert ends(pids()[0])
    assert ends(child())
    part = (tmp_path / "fieldmark-results/runs/x/predictions.jsonl.part").read_text("utf-8")
    assert part.startswith('{"id":"good"')


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("nowhere-to-be-found -x", "no program 'nowhere-to-be-found' .*sh -c"),
        ("./nowhere", "no program './nowhere'"),
        ("here.sh", "no program 'here.sh'; did you mean ./here.sh"),
        ("./here.sh", "no program './here.sh' that can be run: chmod"),
        ("sh -c 'x", "command line sh -c 'x: No closing quotation"),
        (" ", "a command line is needed"),
        ("", "a command line is needed"),
    ],
)
def test_a_command_line_that_cannot_be_run_is_refused(tmp_path, monkeypatch, line, hint):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.sh").touch(mode=0o644)
    with pytest.raises(DataError, match=hint):
        command(line)


def test_what_turns_out_to_be_no_program_is_refused(tmp_path):
    (tmp_path / "data").write_bytes(b"\x00\x01")
    (tmp_path / "data").chmod(0o755)
    with pytest.raises(DataError, match="cannot be run: Exec format error"):
        answered(command(str(tmp_path / "data")), "a")


def test_words_are_split_as_a_shell_would_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = command("""python -c 'a b' "$HOME" *""")
    assert made.command == ["python", "-c", "a b", "$HOME", "*"]
