"""Runs that are to be compared: what their manifests say has to be the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.data.predictions import read_predictions
from benchmark.data.signature import signature
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.runs.manifest import PREDICTIONS, read_manifest, sample_files
from benchmark.runs.samples import mean_score
from benchmark.runs.terms import PARTS, signature_parts
from benchmark.runs.untrusted import check_predictions
from benchmark.scoring.scores import Score, score


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run's folder as its manifest has it.

    documents: the ids that it is over. over: the task with those of them whose gold it has. parts:
    of the signature, by name.
    """

    folder: Path
    documents: Sequence[str]
    over: Task
    parts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.folder.absolute().name


def compared_run(folder: Path, task: Task) -> ComparedRun:
    """A run of a task. Raises DataError for one of another task or of documents that it lacks."""
    manifest = read_manifest(folder)
    name, documents = folder.absolute().name, manifest["documents"]
    if manifest.get("task") != task.name:
        raise DataError(
            f"'{name}' is a run of the task '{manifest.get('task')!s:.60}', not of '{task.name}': "
            f"name its task by --task"
        )
    if unknown := sorted(set(documents) - set(task.known)):
        shown = ", ".join(f"{document:.60}" for document in unknown[:5])
        raise DataError(f"'{name}': '{task.name}' has no document {shown}")
    over = task.only(document for document in task.documents if document.id in set(documents))
    if not over.ids:
        raise DataError(f"'{name}' is over no document that '{task.name}' has gold of")
    parts = signature_parts(manifest.get("signature"), folder)
    return ComparedRun(folder, documents, over, parts)


def check_like(runs: Sequence[ComparedRun], task: Task) -> None:
    """Raise DataError, with what differs, for runs that are not all of the same documents, gold,
    schema and options as each other and as the task."""
    for run in runs[1:]:
        first = runs[0]
        if apart := sorted(set(first.documents) ^ set(run.documents)):
            shown = ", ".join(f"{document:.60}" for document in apart[:5])
            raise DataError(f"'{first.name}' and '{run.name}' are of different documents: {shown}")
    here = signature_parts(signature(runs[0].over), Path(task.name)) if runs else {}
    for run in runs:
        for part in reversed(PARTS):  # another schema or option changes the hash of gold, too
            if run.parts[part] != here[part]:
                raise DataError(
                    f"'{run.name}' was made with other {part}: '{run.parts[part]:.80}', not "
                    f"'{here[part]}'; to compare it all the same, name {run.folder / PREDICTIONS}"
                )


def read_samples(run: ComparedRun) -> list[Mapping[str, Any]]:
    """The predictions of a run, of each time that the documents were answered."""
    files = sample_files(run.folder)
    for file in files:
        check_predictions(file, len(run.documents))
    return [read_predictions(str(file)) for file in files]


def mean_over(over: Task, samples: Sequence[Mapping[str, Any]]) -> Score:
    """The mean score of samples over some documents; what is predicted of others is left aside."""
    ids = set(over.ids)
    return mean_score(
        [score(over, {name: sample[name] for name in sample if name in ids}) for sample in samples]
    )
