"""`fieldmark run`: an extractor over a task, scored, written to a results folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli.console import Format, print_score, progress, say
from benchmark.cli.options import Form, TaskName, Texts
from benchmark.cli.score import at_hand
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.cli.folder import RunFolder
    from benchmark.tasks import Task
    from runners import Answer, Runner


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

    found, target = find(extractor)
    loaded = load_task(task, texts)
    over = at_hand(loaded)
    if bare := [document.id for document in over.documents if document.text is None]:
        raise DataError(f"no text to run over in {', '.join(bare)}: gold needs `text`")
    runner = found.make(Setting(over.tree, over.schema, over.aliases), target)
    folder = RunFolder(results, name or extractor, {"extractor": extractor, "task": over.name})
    started, clock = datetime.now(UTC), time.perf_counter()
    predictions = _kept(folder, runner, over)
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


def _kept(folder: RunFolder, runner: Runner, task: Task) -> dict[str, Any]:
    """The predictions, with a progress bar on a terminal."""
    with progress(len(task.documents), least=1) as advance:

        def answer_all(done: Callable[[Answer], None]) -> None:
            def counted(answer: Answer) -> None:
                done(answer)
                advance(1)

            runner.run(task.documents, counted)

        try:
            return folder.keep(task.ids, answer_all)
        except KeyboardInterrupt:
            say(f"interrupted: the answers so far are in {folder.part}")
            raise
