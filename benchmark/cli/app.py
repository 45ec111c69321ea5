"""The verbs."""

from __future__ import annotations

import typer

from benchmark.cli.commands import (
    compare,
    extractors,
    gold,
    import_,
    leaderboard,
    run,
    schema,
    score,
    submit,
)

app = typer.Typer(
    name="fieldmark",
    help="Score structured extraction field by field.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("score")(score.score)
app.command("compare")(compare.compare)
app.command("leaderboard")(leaderboard.leaderboard)
app.add_typer(submit.submit, name="submit")
app.add_typer(gold.app, name="gold")
app.command("import")(import_.import_)
app.command("schema")(schema.schema)
app.command("extractors")(extractors.extractors)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"fieldmark {version('fieldmark')}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Score structured extraction field by field."""
