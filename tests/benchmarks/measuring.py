"""A workload in files: how long it takes to parse it, and to score it from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import orjson
from workloads import FLAT, flat, shared, sitrep, write

COMMAND = Path(sysconfig.get_path("scripts")) / "fieldmark"
GOLD, PREDICTIONS, SCHEMA = "gold.jsonl", "predictions.jsonl", "schema.json"
NOISE, SEED = 0.25, 7


@dataclass(frozen=True)
class Workload:
    """`documents` of about so many `records` each; `own`: never the workload from outside."""

    kind: str
    documents: int
    records: int
    own: bool

    def write(self, folder: Path) -> None:
        """Make its files."""
        outside = None if self.own else shared()
        if self.kind == "sitrep":
            from benchmark import load_task

            write(folder, sitrep(self.documents, self.records, SEED), load_task("sitrep").schema)
        elif outside is None:
            write(folder, flat(self.documents, self.records, SEED), FLAT)
        else:
            outside.write(folder, self.documents, self.records, NOISE, SEED)
            (folder / "pred.jsonl").rename(folder / PREDICTIONS)


@dataclass(frozen=True)
class Run:
    """One run of the command: wall time in seconds, peak memory in MB."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Figures:
    """Medians of wall times in seconds: of parsing, of one process and of several. The peak is of
    one process, in MB."""

    parsing: float
    single: float
    several: float
    peak: float


def parse(folder: Path) -> int:
    """Parse every line of both files and keep none: no scorer can do with less. How many lines."""
    lines = 0
    for name in (GOLD, PREDICTIONS):
        with (folder / name).open("rb") as file:
            for line in file:
                orjson.loads(line)
                lines += 1
    return lines


def parsing_time(folder: Path) -> float:
    start = perf_counter()
    parse(folder)
    return perf_counter() - start


def run(folder: Path, jobs: int) -> Run:
    """Score a workload with the command, as a user would."""
    files = (folder / PREDICTIONS, "--gold", folder / GOLD, "--schema", folder / SCHEMA)
    arguments = (COMMAND, "score", *files, "--format", "json", "--jobs", str(jobs))
    start = perf_counter()
    with subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"fieldmark score ended with {child.returncode}: {said}")
    # The system counts what this process held at its peak as well, as the other one begins as a
    # copy of it. So the figure is right only if this one has not scored, or imported, as much.
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_maxrss * unit / 1e6)


def measure(folder: Path, jobs: int, repeat: int) -> Figures:
    """The figures of a workload, with parsing in between, so that what else the machine does hits
    all alike."""
    parsing, single, several = [], [], []
    for _ in range(repeat):
        parsing.append(parsing_time(folder))
        single.append(run(folder, 1))
        parsing.append(parsing_time(folder))
        several.append(run(folder, jobs))
    return Figures(
        median(parsing),
        median(one.seconds for one in single),
        median(one.seconds for one in several),
        max(one.peak for one in single),
    )
