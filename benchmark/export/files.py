"""A task's gold in the forms in which data sets are passed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.data.task import Task
from benchmark.errors import DataError, unwritable
from benchmark.export.croissant import croissant
from benchmark.export.hf_dataset import to_dataset

if TYPE_CHECKING:
    import datasets


def export(task: Task, to: str, where: str) -> list[str]:
    """Write a task's gold and return the paths of the files, or the URL, that were written.

    to: "jsonl" or "parquet" writes a file for each split into the folder `where`, evidence quoted;
        "croissant" writes croissant.json into it; "hub" pushes to the repository `where` of the
        Hugging Face Hub, with the token that `hf auth login` or HF_TOKEN gives.
    Raises DataError for what cannot be written.
    """
    if to == "hub":
        return [_push(task, where)]
    folder = Path(where)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if to == "croissant":
            return [_write_croissant(task, folder)]
        written = []
        for split, rows in _splits(task).items():
            file = folder / f"{split}.{to}"
            if to == "parquet":
                rows.to_parquet(file)
            else:
                rows.to_json(file, force_ascii=False)
            written.append(str(file))
    except OSError as error:
        raise unwritable(where, error) from None
    return written


def _splits(task: Task) -> dict[str, datasets.Dataset]:
    """A dataset for each split; "gold" for a task without splits."""
    parts = {name: task.split(name) for name in task.splits} or {"gold": task}
    return {name: to_dataset(part) for name, part in parts.items()}


def _write_croissant(task: Task, folder: Path) -> str:
    import orjson

    file = folder / "croissant.json"
    file.write_bytes(orjson.dumps(croissant(task), option=orjson.OPT_INDENT_2) + b"\n")
    return str(file)


def _push(task: Task, repository: str) -> str:
    import datasets

    try:
        datasets.DatasetDict(_splits(task)).push_to_hub(repository)
    except Exception as error:  # of the network, the token, the name: many types
        reason = " ".join(str(error).split())
        raise DataError(
            f"the Hub took no {repository}: {type(error).__name__}: {reason:.300}; "
            f"`hf auth login` or HF_TOKEN gives the right to write"
        ) from error
    return f"https://huggingface.co/datasets/{repository}"
