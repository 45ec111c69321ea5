"""`fieldmark gold`: check, show, agreement."""

from __future__ import annotations

from typing import Annotated

import typer

from benchmark.cli.console import Format, print_score, say, stdout, write
from benchmark.cli.options import Form, TaskName, Texts
from benchmark.errors import harmless

app = typer.Typer(no_args_is_help=True, help="Check, show and compare gold labels.")


@app.command()
def check(task: TaskName = "sitrep", texts: Texts = None) -> None:
    """Validate a task's gold and labels: all that can be wrong, a line each."""
    from benchmark.checks import problems
    from benchmark.tasks import read_task

    loaded = read_task(task, texts)
    found = list(problems(loaded))
    for problem in found:
        write(harmless(problem))
    for document in loaded.documents:
        if document.withheld:
            say(f"'{document.id}': its text is not here, so its spans are unchecked (--texts)")
    if found:
        say(f"{len(found)} problem{'s' * (len(found) > 1)} in '{loaded.name}'")
        raise typer.Exit(1)
    write(f"{loaded.name} {loaded.version}: {len(loaded.documents)} documents, nothing wrong")


@app.command()
def show(
    document: Annotated[str | None, typer.Argument(help="Its id; without one, the list.")] = None,
    task: TaskName = "sitrep",
    texts: Texts = None,
) -> None:
    """Show a document's gold records with their evidence, or list the documents."""
    from benchmark.show import document_tree, listing
    from benchmark.tasks import load_task

    loaded = load_task(task, texts)
    stdout().print(document_tree(loaded, document) if document else listing(loaded))


@app.command()
def agreement(task: TaskName = "sitrep", form: Form = Format.TABLE) -> None:
    """How far two labelling passes agree: the second scored against the first."""
    from benchmark.agreement import against_gold, lenient
    from benchmark.agreement import agreement as agree
    from benchmark.tables import show_rate
    from benchmark.tasks import load_task

    loaded = load_task(task)
    print_score(agree(loaded), form)
    if form is Format.TABLE:
        f1 = show_rate(lenient(loaded).strict.f1)
        say(f"micro F1 with each pass's own alternatives accepted: {f1}")
        for name, score in against_gold(loaded).items():
            f1 = show_rate(score.micro().strict.f1)
            say(f"micro F1 of {name} against the adjudicated gold: {f1}")
