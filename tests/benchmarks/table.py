"""Print how fast scoring is, as Markdown: python tests/benchmarks/table.py

Takes some minutes; nothing else should run meanwhile.
"""

from __future__ import annotations

import os
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measuring import Figures, Workload, measure, run
from workloads import shared

COLUMNS = ("workload", "documents", "records each", "P, s")
ONE_PROCESS = ("--jobs 1, s", "in P", "documents/s", "peak, MB")
LIBRARIES = ("numpy", "orjson", "rapidfuzz", "lapx")
FROM_SHELL = 5
"""Times that the command scores one document."""


def report(options: Namespace) -> Iterator[str]:
    """The lines of all tables."""
    own = options.own or shared() is None
    yield from _heading(own, options.repeat)
    found = {one: _measured(one, options.repeat) for one in _workloads(options.documents, own)}
    jobs = f"--jobs {_cores()}, s"
    yield from _table((*COLUMNS, *ONE_PROCESS, jobs, "in P"), map(_row, found, found.values()))
    yield _sitrep_to_flat(found)
    yield ""
    # The command comes first: see `run` on the peak of memory.
    yield from _one_document(Workload("flat", 1, 12, own))
    yield from _stages(Workload("flat", max(1, options.documents // 5), 12, own), options.repeat)


def _workloads(documents: int, own: bool) -> list[Workload]:
    """`flat` at growing sizes, with large documents, and `sitrep` as large as the smallest one."""
    smallest = max(1, documents // 10)
    sizes = (smallest, max(1, documents // 4), max(1, documents // 2), documents)
    return [
        *(Workload("flat", size, 12, own) for size in sizes),
        Workload("flat", max(1, documents // 400), 300, own),
        Workload("sitrep", smallest, 12, own),
    ]


def _heading(own: bool, repeat: int) -> Iterator[str]:
    source = "tests/benchmarks/workloads.py" if own else "../shared/bench/workload.py"
    yield f"Flat documents: {source}. Sitrep documents: tests/benchmarks/workloads.py."
    yield (
        "P: the time to `orjson.loads` every line of gold and predictions. Others: the whole "
        f"command `fieldmark score`. Medians of {repeat}."
    )
    yield ""
    machine = f"{platform.system()}, {platform.processor() or platform.machine()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield f"{machine}, {_cores()} cores; Python {platform.python_version()}, {libraries}."
    yield ""


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _files(workload: Workload) -> Iterator[Path]:
    """A workload's files, as long as they are needed."""
    _say(f"{workload.kind}: {workload.documents} documents of {workload.records} records")
    with TemporaryDirectory() as folder:
        workload.write(Path(folder))
        yield Path(folder)


def _measured(workload: Workload, repeat: int) -> Figures:
    with _files(workload) as folder:
        return measure(folder, _cores(), repeat)


def _row(workload: Workload, found: Figures) -> tuple[str, ...]:
    return (
        workload.kind,
        f"{workload.documents:,}",
        f"{workload.records}",
        f"{found.parsing:.3f}",
        f"{found.single:.2f}",
        f"{found.single / found.parsing:.1f}",
        f"{workload.documents / found.single:,.0f}",
        f"{found.peak:.0f}",
        f"{found.several:.2f}",
        f"{found.several / found.parsing:.1f}",
    )


def _sitrep_to_flat(found: dict[Workload, Figures]) -> str:
    """The last workload is held against the first, which has as many documents."""
    flat, *_, sitrep = found.values()
    return (
        f"Sitrep to flat, a document: {sitrep.single / flat.single:.2f} times the time "
        f"(P: {sitrep.parsing / flat.parsing:.2f} times)."
    )


def _one_document(workload: Workload) -> Iterator[str]:
    with _files(workload) as folder:
        shell = median(run(folder, 1).seconds for _ in range(FROM_SHELL))
        from stages import CALLS, one_document

        called = 1000 * one_document(folder)
    rows = (
        (f"`score` in Python (median of {CALLS})", f"{called:.2f} ms"),
        (f"`fieldmark score` (median of {FROM_SHELL})", f"{shell:.2f} s"),
    )
    yield from _table(("one document of 12 records", "time"), rows)


def _stages(workload: Workload, repeat: int) -> Iterator[str]:
    from stages import stages

    yield (
        f"Where the time goes: {workload.documents:,} flat documents, within one process. What is "
        "indented is part of the stage above it."
    )
    yield ""
    with _files(workload) as folder:
        yield from _table(("stage", "s", "share", "in P"), stages(folder, repeat))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="of the largest workload")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each workload")
    parser.add_argument("--own", action="store_true", help="only workloads of this repository")
    for line in report(parser.parse_args(arguments)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
