"""`fieldmark run openai:test` against the server, each run in a process of its own.

The processes are forks of one that has loaded all packages: a run starts in a tenth of a second,
and can be killed like any other.
"""

import multiprocessing
import os
import signal
import sys
from importlib import import_module
from itertools import count
from pathlib import Path

import orjson
from support.tasks import write_task

PATCHED = {"runners.llm.calls.retries.FIRST_WAIT": 0.02, "benchmark.runs.folder._versions": dict}
"""What a run sees otherwise than a user does: seconds before a second attempt, and the versions of
packages, which take a third of a run to find."""

QUICKER = "--adapter", "direct"
"""For runs that do not say."""

EVENT = {
    "type": "object",
    "properties": {"place": {"type": "string"}, "dead": {"type": "integer"}},
    "required": ["place"],
}
SCHEMA = {
    "type": "object",
    "properties": {"events": {"type": "array", "items": EVENT}},
    "required": ["events"],
}

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "aiohttp",
        "benchmark.cli.app",
        "benchmark.reports.score_data",
        "benchmark.scoring.scores",
        "benchmark.reports.score_tables",
        "docstring_parser",
        "genai_prices.data",
        "httpcore2",
        "instructor.core",
        "instructor.v2.providers.openai.handlers",
        "jinja2.sandbox",
        "jsonschema_rs",
        "numpy.ma",
        "openai.types.chat",
        "pytest",
        "runners.llm.runner",
        "tenacity.asyncio",
    ]
)


def event(n):
    """What the gold of doc-n holds."""
    return {"events": [{"place": f"Place {n}", "dead": n}]}


def write_documents(folder, numbers, schema=SCHEMA, gold=event):
    """A task's folder, with doc-n in the text of d-n."""
    lines = [{"id": f"d-{n}", "text": f"The text of doc-{n}.", "gold": gold(n)} for n in numbers]
    return write_task(folder, schema, lines)


class Runs:
    """Runs over one task, with results in one folder."""

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        self.task, self.results = folder / "task", folder / "results"
        self._started, self._numbers = [], count()

    def documents(self, numbers, **more):
        write_documents(self.task, numbers, **more)

    def start(self, *options, name="run", environment=None, patched=None, most_bytes=None):
        """A run under way. `patched`: constants by their dotted names; `most_bytes`: of a file."""
        where = ["--base-url", self.url, "--task", self.task, "--results", self.results]
        what = ["run", "openai:test", *where, "--name", name, "--format", "json"]
        arguments = [*map(str, [*what, *QUICKER, *options])]
        number = next(self._numbers)  # runs may be started by several threads
        streams = [self.folder / f"{number}.{one}" for one in ("out", "err")]
        given = environment or {}, {**PATCHED, **(patched or {})}, most_bytes
        process = FORKS.Process(target=_main, args=(arguments, streams, *given))
        process.start()
        run = Run(process, self.results / "runs" / name, *streams)
        self._started.append(run)
        return run

    def __call__(self, *options, **more):
        """A run that has ended."""
        return self.start(*options, **more).wait()

    def close(self):
        for run in self._started:
            run.process.kill()
            run.process.join()


class Run:
    """One start of the command line, and the folder that it writes."""

    def __init__(self, process, path, out, err):
        self.process, self.path, self._out, self._err = process, path, out, err

    def wait(self, seconds=60):
        self.process.join(seconds)
        assert self.process.exitcode is not None, "the run does not end"
        return self

    def send(self, number):
        os.kill(self.process.pid, number)

    def kill(self):
        self.process.kill()
        self.process.join()

    @property
    def status(self):
        return self.process.exitcode

    @property
    def out(self):
        return self._out.read_text("utf-8")

    @property
    def err(self):
        return self._err.read_text("utf-8")

    @property
    def scores(self):
        return orjson.loads((self.path / "scores.json").read_bytes())

    @property
    def manifest(self):
        return orjson.loads((self.path / "manifest.json").read_bytes())

    @property
    def predictions(self):
        """By document."""
        lines = (self.path / "predictions.jsonl").read_bytes().splitlines()
        return {line["id"]: line for line in map(orjson.loads, lines)}

    def journal(self, kind=None):
        return read_journal(self.path / "journal.jsonl", kind)


def read_journal(path, kind=None):
    """The lines of a journal, of one kind or all; a torn last one is left out."""
    whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
    lines = map(orjson.loads, whole.splitlines())
    return [line for line in lines if kind in (None, line["type"])]


def of(lines, document):
    """Those lines of a journal that are about a document."""
    return [line for line in lines if line.get("document") == document]


def _main(arguments, streams, environment, patched, most_bytes):
    """In the fork: the command line, with its streams in files."""
    for number, path in enumerate(streams, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.pop("OPENAI_API_KEY", None)
    os.environ.update(environment)
    for name, value in patched.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, value)
    if most_bytes is not None:
        _limit_files(most_bytes)
    sys.argv = ["fieldmark", *arguments]
    from benchmark.cli import main

    main()


def _limit_files(most_bytes):
    """As on a full disk, writing beyond is an error."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def files(folder):
    """All files below a folder."""
    return [path for path in Path(folder).rglob("*") if path.is_file()]
