"""`fieldmark gold`: make, check, show, change and pass on gold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.cli.console import Format, print_score, print_sheet, say, stdout, write, write_json
from benchmark.cli.options import Form, GoldSplits, TaskName, Texts, To
from benchmark.errors import harmless

if TYPE_CHECKING:
    from benchmark.data.task import Task
    from benchmark.labels.agreement import PassPair

app = typer.Typer(no_args_is_help=True, help="Make, check, show, change and pass on gold labels.")


@app.command()
def check(task: TaskName = "sitrep", texts: Texts = None) -> None:
    """Validate a task's gold and labels: all that can be wrong, a line each."""
    from benchmark.data.loading import read_task
    from benchmark.labels.checks import problems

    loaded = read_task(task, texts)
    wrong = list(problems(loaded))
    for problem in wrong:
        write(harmless(problem))
    for document in loaded.documents:
        if document.withheld:
            say(f"'{document.id}': its text is not here, so its spans are unchecked (--texts)")
    if wrong:
        say(f"{len(wrong)} problem{'s' * (len(wrong) > 1)} in '{loaded.name}'")
        raise typer.Exit(1)
    write(f"{loaded.name} {loaded.version}: {len(loaded.documents)} documents, nothing wrong")


@app.command()
def build(task: TaskName = "sitrep") -> None:
    """Make a task's gold of its texts and labels: quoted words become offsets."""
    from benchmark.labels.build import build as build_gold

    files, wrong = build_gold(task)
    for problem in wrong:
        write(harmless(problem))
    if wrong:
        say(f"{len(wrong)} problem{'s' * (len(wrong) > 1)}; nothing is written")
        raise typer.Exit(1)
    for file, content in files.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        say(f"{file}: {len(content.splitlines())} documents")


@app.command()
def show(
    document: Annotated[str | None, typer.Argument(help="Its id; without one, the list.")] = None,
    task: TaskName = "sitrep",
    texts: Texts = None,
) -> None:
    """Show a document's gold records with their evidence, or list the documents."""
    from benchmark.data.loading import load_task
    from benchmark.reports.gold_tree import document_tree, listing

    loaded = load_task(task, texts)
    stdout().print(document_tree(loaded, document) if document else listing(loaded))


@app.command()
def perturb(
    to: Annotated[Path, typer.Option(help="The folder of the new task.", show_default=False)],
    task: TaskName = "sitrep",
    split: GoldSplits = None,
    texts: Texts = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same twins.")] = 0,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="A kind of change, more than once for more; by default all."),
    ] = None,
) -> None:
    """Make a task of a task's twins: documents changed on purpose, text and gold together."""
    from benchmark.data.loading import load_task
    from benchmark.data.writing import write_task
    from benchmark.perturbation.kinds import perturb as perturbed

    loaded = load_task(task, texts)
    twins = perturbed(loaded.split(*split) if split else loaded, seed, kind or ())
    write_task(twins, to)
    say(f"{to}: {len(twins.ids)} twins of '{loaded.name}'")


@app.command()
def export(
    to: Annotated[To, typer.Option(help="What gold is exported to.", show_default=False)],
    out: Annotated[
        str, typer.Option(help="The folder, or for hub the repository, such as me/sitrep.")
    ],
    task: TaskName = "sitrep",
    split: GoldSplits = None,
    texts: Texts = None,
) -> None:
    """Write gold as jsonl or parquet, a file for each split, its Croissant metadata, or to the
    Hugging Face Hub."""
    from datasets import disable_progress_bars

    from benchmark.data.loading import load_task
    from benchmark.export.files import export as send

    if to is not To.HUB or not sys.stderr.isatty():  # files are written at once
        disable_progress_bars()
    loaded = load_task(task, texts)
    for written in send(loaded.split(*split) if split else loaded, to.value, out):
        say(written)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The new task's folder; it must not exist yet.")],
    schema: Annotated[Path, typer.Option(help="A JSON Schema, or a Python file with SCHEMA.")],
) -> None:
    """Make the folder of a task of one's own."""
    from benchmark.labels.scaffold import start

    for file in start(folder, schema):
        say(str(file))
    say(f"next: texts into {folder}/documents, labels into {folder}/labels/gold, then")
    say(f"fieldmark gold build --task {folder}")


@app.command()
def agreement(
    task: TaskName = "sitrep",
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="PASS PASS", help="Two passes, shown field by field.", show_default=False
        ),
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """How far labelling passes agree: every two of them, and all on codes beyond chance. Of two
    passes, the second is scored against the first, field by field."""
    from benchmark.data.loading import load_task
    from benchmark.labels.agreement import against_gold, pairwise, without_pair
    from benchmark.reports.sheet import show_rate

    loaded, names = load_task(task), between or ()
    pairs = pairwise(loaded, names)
    if len(pairs) == 1:
        _print_two(loaded, pairs[0], form)
    else:
        _print_several(loaded, pairs, form)
    for first, second in without_pair(loaded, names, pairs):
        say(f"{first} and {second} have no document in common")
    if form not in {Format.TABLE, Format.MD}:
        return
    for name, labels in against_gold(loaded, names).items():
        f1 = show_rate(labels.micro().strict.f1)
        say(f"micro F1 of {name} against the adjudicated gold: {f1}")


def _print_two(task: Task, pair: PassPair, form: Format) -> None:
    """Two passes, field by field."""
    from benchmark.labels.coding import coding, coding_sheet
    from benchmark.reports import score_data
    from benchmark.reports.sheet import show_rate

    codes = coding(task, [pair])
    if form is Format.JSON:
        coded = [field._asdict() for field in codes]
        write_json({**score_data.as_dict(pair.score), "coding": coded})
        return
    print_score(pair.score, form, fields=True)
    if form is Format.CSV:
        return
    print_sheet(coding_sheet(codes), form)
    f1 = show_rate(pair.lenient.strict.f1)
    say(f"micro F1 with each pass's own alternatives accepted: {f1}")


def _print_several(task: Task, pairs: list[PassPair], form: Format) -> None:
    """More than two passes: how far every two of them agree, and all on codes."""
    from benchmark.labels.agreement import as_csv, as_dict, pair_sheet
    from benchmark.labels.coding import coding, coding_sheet

    if form is Format.CSV:
        write(as_csv(pairs))
        return
    codes = coding(task, pairs)
    if form is Format.JSON:
        write_json({**as_dict(pairs), "coding": [field._asdict() for field in codes]})
        return
    print_sheet(pair_sheet(pairs), form)
    print_sheet(coding_sheet(codes, kappa=False), form)
    say(f"field by field: --between {pairs[0].first} {pairs[0].second}")
