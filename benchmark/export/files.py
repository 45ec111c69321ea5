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
    """Write a task's gold and return what was written.

    `to` jsonl or parquet: a file for each split into the folder `where`, evidence quoted.
    croissant: croissant.json into it. hub: a repository of the Hugging Face Hub by that name; the
    token is the one that `hf auth login` or HF_TOKEN gives. Raises DataError where it can't be
    written.
    """
    if to == "hub":
        return [_push(task, where)]
    folder = Path(where)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if to == "croissant":
            return [_described(task, folder)]
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
    names = task.splits or {"gold": task.ids}
    parts = {name: task.split(name) if task.splits else task for name in names}
    return {name: to_dataset(part) for name, part in parts.items()}


def _described(task: Task, folder: Path) -> str:
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
