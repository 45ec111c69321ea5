"""`fieldmark run`: an extractor over a task, scored, written to a results folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli.console import Format, print_score, say
from benchmark.cli.options import Form, TaskName, Texts
from benchmark.cli.score import at_hand
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.cli.folder import RunFolder
    from benchmark.tasks import Task
    from runners import Answer, Extract


def run(
    extractor: Annotated[str, typer.Argument(help="Its name: see `fieldmark extractors`.")],
    task: TaskName = "sitrep",
    texts: Texts = None,
    name: Annotated[
        str, typer.Option(help="The name of the run; by default, of the extractor.")
    ] = "",
    results: Annotated[Path, typer.Option(help="Where runs are kept.")] = Path("results"),
    form: Form = Format.TABLE,
) -> None:
    """Run an extractor over a task, score it, and keep predictions and scores in results/runs."""
    from benchmark import reports, scoring
    from benchmark.cli.folder import RunFolder
    from benchmark.signature import signature
    from benchmark.tasks import load_task
    from runners import Setting, find

    found = find(extractor)
    loaded = load_task(task, texts)
    over = at_hand(loaded)
    if bare := [document.id for document in over.documents if document.text is None]:
        raise DataError(f"no text to run over in {', '.join(bare)}: gold needs `text`")
    extract = found.make(Setting(over.tree, over.aliases))
    folder = RunFolder(results, name or extractor, {"extractor": extractor, "task": over.name})
    started, clock = datetime.now(UTC), time.perf_counter()
    predictions = _kept(folder, _answers(extract, over))
    manifest = {
        "extractor": extractor,
        "task": over.name,
        "task_version": over.version,
        "signature": signature(over),
        "documents": [document.id for document in over.documents],
        "left_out": [document.id for document in loaded.documents if document.withheld],
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    scored = scoring.score(over, predictions)
    folder.finish(manifest, reports.as_dict(scored))
    print_score(scored, form)
    say(f"kept in {folder.path}")


def _kept(folder: RunFolder, answers: Iterator[Answer]) -> dict[str, Any]:
    try:
        return folder.keep(answers)
    except KeyboardInterrupt:
        say(f"interrupted: the answers so far are in {folder.part}")
        raise


def _answers(extract: Extract, task: Task) -> Iterator[Answer]:
    """The answers, with a progress bar on a terminal."""
    from runners import extract_all

    answers = extract_all(extract, task.documents)
    if not sys.stderr.isatty():
        yield from answers
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(
        answers, "documents", len(task.documents), console=Console(stderr=True), transient=True
    )
