"""An extractor run over a task: answers kept, scored, and the run put in place."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmark.cli.console import say
from benchmark.cli.progress import running
from benchmark.errors import harmless

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.runs.folder import RunFolder
    from benchmark.scoring.scores import Score
    from runners import Answer, Example, Extractor, Runner, Setting
    from runners.settings import ModelOptions


@dataclass(frozen=True)
class Plan:
    """What is to run, where the run is kept, and what is set about it.

    name: the extractor as it was asked for; target: what follows the colon in it.
    path: the run's folder. left_out: documents that are not run over, as their text is not here.
    """

    name: str
    extractor: Extractor
    target: str
    path: Path
    fail_fast: bool
    model: ModelOptions
    examples: Sequence[Example]
    left_out: Sequence[str]

    def runners(self, over: Task, samples: int) -> list[Runner]:
        """The extractor made for a task, once for each sample."""
        from benchmark.runs.folder import JOURNAL
        from runners import Setting

        setting = Setting(
            tree=over.tree,
            schema=over.schema,
            aliases=over.aliases,
            codebook=_codebook(over),
            examples=self.examples,
            journal=self.path / JOURNAL,
            model=self.model,
            fail_fast=self.fail_fast,
            say=say,
        )
        with redirect_stdout(sys.stderr):  # what an extractor prints is no result
            return [
                self.extractor.make(sample, self.target) for sample in _settings(setting, samples)
            ]

    def run(self, runners: Sequence[Runner], over: Task) -> Score:
        """Answer, score and keep; the score is the mean over samples."""
        from benchmark.runs.folder import RunFolder

        folder = RunFolder(self.path, {"extractor": self.name, "task": over.name})
        return _run(folder, runners, over, {"extractor": self.name, "left_out": self.left_out})

    def run_twins(self, over: Task) -> Score:
        """The same over the documents' twins, in a folder beside the run's."""
        from benchmark.perturbation.kinds import perturb

        beside = replace(self, path=self.path.with_name(f"{self.path.name}-twins"))
        twins = replace(perturb(over), held_out=())
        return beside.run(beside.runners(over, 1), twins)


def _settings(setting: Setting, samples: int) -> Iterator[Setting]:
    """The setting of each sample. Only the first one sets an earlier journal aside."""
    yield setting
    for sample in range(1, samples):
        yield replace(setting, sample=sample, model=replace(setting.model, fresh=False))


def _codebook(task: Task) -> str:
    file = task.folder / "codebook.md" if task.folder else None
    return file.read_text("utf-8") if file and file.is_file() else ""


def _run(folder: RunFolder, runners: Sequence[Runner], over: Task, about: dict[str, Any]) -> Score:
    """Answer, score and keep."""
    from benchmark.reports.score_data import as_dict
    from benchmark.runs.samples import mean_score
    from benchmark.scoring.scores import score

    started, clock = datetime.now(UTC), time.perf_counter()
    with redirect_stdout(sys.stderr):
        predictions = [_answer_all(folder, runner, over, n) for n, runner in enumerate(runners)]
    folder.keep_first(runners[0].first())
    seconds = round(time.perf_counter() - clock, 3)
    scores = [score(over, sample) for sample in predictions]
    manifest = {
        **about,
        "task": over.name,
        "task_version": over.version,
        "splits": sorted(over.splits),
        "signature": scores[0].signature,
        "documents": list(over.known),
        "started": started.isoformat(timespec="seconds"),
        "seconds": seconds,
    }
    if about_runner := runners[-1].about():
        manifest["run"] = about_runner
    if len(scores) > 1:
        manifest["samples"] = [asdict(sample.micro().strict) for sample in scores]
    mean = mean_score(scores)
    folder.finish(manifest, as_dict(mean), len(scores))
    _say_failures(mean)
    _say_samples(scores)
    if status := runners[-1].status():
        say(status)
    say(f"kept in {folder.path}")
    return mean


def _answer_all(folder: RunFolder, runner: Runner, over: Task, sample: int) -> dict[str, Any]:
    """The predictions, while it is shown how far the run is."""
    failed = 0

    def words() -> str:
        return ", ".join(filter(None, [f"{failed:,} failed", runner.status()]))

    documents = (*over.documents, *over.held_out)
    with running(len(documents), words) as progress:

        def answer_all(done: Callable[[Answer], None]) -> None:
            def counted(answer: Answer) -> None:
                nonlocal failed
                done(answer)
                failed += answer.error is not None
                progress.advance()

            runner.run(documents, counted)

        try:
            return folder.keep(over.known, answer_all, sample)
        except KeyboardInterrupt:
            say(f"interrupted: the answers so far are in {folder.kept}")
            raise


def _say_failures(score: Score) -> None:
    """Every document without a prediction, and why."""
    from benchmark.data.predictions import Status

    without = [n for n, s in score.statuses.items() if s not in {Status.OK, Status.INVALID}]
    for name in without:
        say(f"no prediction for '{harmless(name)}': {harmless(score.reasons[name]):.200}")
    if len(without) == len(score.statuses):
        say("there is no prediction at all: this score says nothing of the extractor")


def _say_samples(scores: Sequence[Score]) -> None:
    """How much the samples differ: their spread is that of the model, not of the documents."""
    from statistics import mean, stdev

    rates = [rate for sample in scores if (rate := sample.micro().strict.f1) is not None]
    if len(rates) > 1:
        each = ", ".join(f"{rate:.3f}" for rate in rates)
        say(f"micro F1 of samples: mean {mean(rates):.3f}, sd {stdev(rates):.3f} ({each})")
