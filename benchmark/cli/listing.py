"""`fieldmark schema` and `fieldmark extractors`."""

from __future__ import annotations

from benchmark.cli.console import write, write_json
from benchmark.cli.options import TaskName


def schema(task: TaskName = "sitrep") -> None:
    """Print the JSON Schema that an extractor's answer must follow."""
    from benchmark.tasks import load_task

    write_json(load_task(task).schema)


def extractors() -> None:
    """List the extractors that `fieldmark run` knows."""
    from runners import EXTRACTORS

    width = max(map(len, EXTRACTORS))
    for name, extractor in sorted(EXTRACTORS.items()):
        write(f"{name:{width}}  {extractor.about}")
