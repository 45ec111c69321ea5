"""`fieldmark run`: an extractor over a task, scored, written to a results folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.cli.commands import model_options as models
from benchmark.cli.console import Format, print_score, print_sheet, say, write, write_json
from benchmark.cli.options import Form, Splits, TaskName, Texts
from benchmark.cli.progress import watched
from benchmark.cli.selection import DEV, at_hand, chosen
from benchmark.errors import DataError, harmless
from runners.settings import KEY_ENV, OPENAI, Adapter, ModelOptions

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.runs.folder import RunFolder
    from benchmark.scoring.scores import Score
    from runners import Answer, Example, Runner, Setting


def run(
    context: typer.Context,
    extractor: Annotated[str, typer.Argument(help="Its name: see `fieldmark extractors`.")],
    task: TaskName = "sitrep",
    split: Splits = None,
    texts: Texts = None,
    name: Annotated[
        str, typer.Option(help="The name of the run; by default, of the extractor.")
    ] = "",
    results: Annotated[Path, typer.Option(help="Where runs are kept.")] = Path("results"),
    form: Form = Format.TABLE,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Only the first documents; more can follow.", show_default=False),
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Times that each document is answered.")] = 1,
    perturb: Annotated[
        bool,
        typer.Option(
            "--perturb", help="Score the documents' twins too: see `fieldmark gold perturb`."
        ),
    ] = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="End at the first document without a prediction.")
    ] = False,
    few_shot: models.FewShot = 0,
    base_url: models.BaseUrl = OPENAI,
    api_key_env: models.KeyEnv = KEY_ENV,
    mode: models.Constraint = None,
    adapter: models.By = Adapter.INSTRUCTOR,
    prompt: models.PromptFile = None,
    temperature: models.Temperature = None,
    seed: models.Seed = None,
    max_output_tokens: models.MaxOutput = None,
    reasoning_effort: models.Effort = "",
    concurrency: models.Concurrency = 16,
    timeout: models.Timeout = 300.0,
    repairs: models.Repairs = 0,
    max_cost: models.MaxCost = None,
    max_tokens: models.MaxTokens = None,
    fresh: models.Fresh = False,
    dry_run: models.DryRun = False,
) -> None:
    """Run an extractor over a task, score it, and keep predictions and scores in results/runs."""
    from benchmark.runs.folder import JOURNAL, RunFolder, run_path
    from runners import Setting, find

    found, target = find(extractor)
    if not found.heeds_settings and (given := models.given(context)):
        raise DataError(f"{given[0]} says nothing to '{extractor}': it is for models")
    whole, over, left_out = _documents(task, split or (), texts)
    over, examples = _shown(whole, over, few_shot)
    over = over.only(over.documents[:limit])
    settings = ModelOptions(
        base_url=base_url,
        api_key_env=api_key_env,
        mode=mode,
        adapter=adapter,
        prompt=prompt,
        temperature=temperature,
        seed=seed,
        max_output_tokens=max_output_tokens,
        reasoning_effort=reasoning_effort,
        concurrency=concurrency,
        timeout=timeout,
        repairs=repairs,
        max_cost=max_cost,
        max_tokens=max_tokens,
        fresh=fresh,
    )
    path = run_path(results, name, extractor)
    codebook = _codebook(over)

    def made(path: Path, samples: int) -> list[Runner]:
        setting = Setting(
            over.tree,
            over.schema,
            over.aliases,
            codebook,
            examples,
            path / JOURNAL,
            settings,
            fail_fast,
            say=say,
        )
        with redirect_stdout(sys.stderr):  # what an extractor prints is no result
            return [found.make(one, target) for one in _samples(setting, samples)]

    runners = made(path, repeat)
    if dry_run:
        _preview(runners[0], over, repeat)
        return
    runners[0].check()
    owner = {"extractor": extractor, "task": over.name}
    told = {"extractor": extractor, "left_out": left_out}
    score = _run(RunFolder(path, owner), runners, over, told)
    if not perturb or form is not Format.JSON:
        print_score(score, form)
    if not perturb:
        return
    from benchmark.perturbation.kinds import perturb as changed

    beside = path.with_name(f"{path.name}-twins")
    twins = _run(RunFolder(beside, owner), made(beside, 1), changed(over), told)
    _print_twins(score, twins, form)


def _preview(runner: Runner, over: Task, repeat: int) -> None:
    """The first request to standard output, and what all would cost."""
    request, *told = [*runner.preview(tuple(over.documents) * repeat)] or [""]
    if request:
        write(request)
    for line in told or ["nothing would be sent: this extractor asks no server"]:
        say(line)


def _samples(setting: Setting, repeat: int) -> Iterator[Setting]:
    """The setting of each sample. Only the first one sets an earlier journal aside."""
    yield setting
    for sample in range(1, repeat):
        yield replace(setting, sample=sample, model=replace(setting.model, fresh=False))


def _documents(name: str, split: Sequence[str], texts: Path | None) -> tuple[Task, Task, list[str]]:
    """The task, the same with the documents to run over, and those whose text is not here."""
    from benchmark.data.loading import load_task

    loaded = load_task(name, texts)
    wanted = chosen(loaded, split)
    over = at_hand(wanted)
    if bare := [document.id for document in over.documents if document.text is None]:
        raise DataError(f"no text to run over in {', '.join(bare)}: gold needs `text`")
    return loaded, over, [document.id for document in wanted.documents if document.withheld]


def _shown(whole: Task, over: Task, wanted: int) -> tuple[Task, list[Example]]:
    """The task without the documents that are shown as examples, and these."""
    from benchmark.data.documents import quoted
    from runners import Example

    if not wanted:
        return over, []
    dev = [d for d in whole.documents if d.meta.get("split") == DEV and d.text is not None]
    if len(dev) < wanted:
        raise DataError(
            f"--few-shot {wanted}: '{over.name}' has {len(dev)} documents with text in its split "
            f'{DEV} (`"meta": {{"split": "{DEV}"}}`)'
        )
    shown = dev[:wanted]
    left = over.only(document for document in over.documents if document not in shown)
    return left, [Example(one.id, one.text or "", quoted(over.tree, one)) for one in shown]


def _codebook(task: Task) -> str:
    file = task.folder / "codebook.md" if task.folder else None
    return file.read_text("utf-8") if file and file.is_file() else ""


def _run(folder: RunFolder, runners: Sequence[Runner], over: Task, told: dict[str, Any]) -> Score:
    """Answer, score and keep."""
    from benchmark.reports.score_data import as_dict
    from benchmark.scoring.scores import score

    started, clock = datetime.now(UTC), time.perf_counter()
    with redirect_stdout(sys.stderr):
        predictions = [_kept(folder, runner, over, n) for n, runner in enumerate(runners)]
    folder.keep_first(runners[0].first())
    seconds = round(time.perf_counter() - clock, 3)
    scores = [score(over, one) for one in predictions]
    manifest = {
        **told,
        "task": over.name,
        "task_version": over.version,
        "splits": sorted(over.splits),
        "signature": scores[0].signature,
        "documents": list(over.ids),
        "started": started.isoformat(timespec="seconds"),
        "seconds": seconds,
    }
    if about := runners[-1].about():
        manifest["run"] = about
    if len(scores) > 1:
        manifest["samples"] = [asdict(one.micro().strict) for one in scores]
    folder.finish(manifest, as_dict(scores[0]), len(scores))
    _say_failures(scores[0])
    _say_samples(scores)
    for status in filter(None, [runners[-1].status()]):
        say(status)
    say(f"kept in {folder.path}")
    return scores[0]


def _print_twins(score: Score, twins: Score, form: Format) -> None:
    """What each kind of change makes of a score; in JSON, beside it."""
    from benchmark.perturbation.effects import difference_sheet, differences
    from benchmark.reports.score_data import as_dict
    from benchmark.reports.sheet import plain_sheet

    found = differences(score, twins)
    if form is Format.JSON:
        write_json({**as_dict(score), "twins": [one._asdict() for one in found]})
    elif form is Format.CSV:
        for line in plain_sheet(difference_sheet(found)).splitlines():
            say(line)
    else:
        print_sheet(difference_sheet(found), form)


def _say_failures(score: Score) -> None:
    """Every document without a prediction, and why."""
    from benchmark.data.predictions import Status

    without = {n: s for n, s in score.statuses.items() if s not in {Status.OK, Status.INVALID}}
    for name in without:
        say(f"no prediction for '{harmless(name)}': {harmless(score.reasons[name]):.200}")
    if len(without) == len(score.statuses):
        say("there is no prediction at all: this score says nothing of the extractor")


def _say_samples(scores: Sequence[Score]) -> None:
    """How much the samples differ: their spread is that of the model, not of the documents."""
    from statistics import mean, stdev

    found = [one.micro().strict.f1 for one in scores]
    rates = [one for one in found if one is not None]
    if len(rates) > 1:
        each = ", ".join(f"{one:.3f}" for one in rates)
        say(f"micro F1 of samples: mean {mean(rates):.3f}, sd {stdev(rates):.3f} ({each})")


def _kept(folder: RunFolder, runner: Runner, over: Task, sample: int) -> dict[str, Any]:
    """The predictions, while it is shown how far the run is."""
    with watched(len(over.documents), runner.status) as watch:

        def answer_all(done: Callable[[Answer], None]) -> None:
            def counted(answer: Answer) -> None:
                done(answer)
                watch.advance(failed=answer.error is not None)

            runner.run(over.documents, counted)

        try:
            return folder.keep(over.ids, answer_all, sample)
        except KeyboardInterrupt:
            say(f"interrupted: the answers so far are in {folder.kept}")
            raise
