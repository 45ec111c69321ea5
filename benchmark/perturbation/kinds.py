"""Twins: documents changed on purpose, text and gold together.

Counterfactual kinds (swaps of the task's perturb.toml, figures, dates) change what is true: a
system that reads scores as before, one that has memorised the documents does not. The other kinds
leave every label as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from benchmark.data.documents import Document
from benchmark.data.task import TWINS, Task
from benchmark.errors import DataError, UnknownNameError
from benchmark.perturbation import dates, figures, names, wording
from benchmark.perturbation.config import Context, read_context

Change = Callable[[Document, Context, Random], Document | None]
"""A document -> its twin, or None for a document that this kind of change does not fit."""

KINDS: dict[str, Change] = {
    "figures": figures.swapped,
    "dates": dates.moved,
    "words": figures.written_out,
    "aliases": wording.other_names,
    "typos": wording.typos,
    "distractors": wording.distracted,
    "order": wording.reordered,
}


def kinds(task: Task) -> dict[str, Change]:
    """The kinds of change that a task's documents can undergo, its own swaps first."""
    own = read_context(task).swaps
    return {**{name: partial(names.swapped, swap=swap) for name, swap in own.items()}, **KINDS}


def perturb(task: Task, seed: int = 0, wanted: Sequence[str] = ()) -> Task:
    """The task with twins in place of its documents, one for each kind of change that fits.

    `wanted` names kinds of change; all, if it is empty. The same seed makes the same twins. A
    twin's id is the document's with the kind and the seed; `meta.twin` holds the same. Raises
    UnknownNameError for an unknown kind, DataError if there are no twins.
    """
    context, available = read_context(task), kinds(task)
    for name in wanted:
        if name not in available:
            raise UnknownNameError("kind of change", name, available)
    chosen = {name: available[name] for name in wanted or available}
    twins = list(_twins(task, context, chosen, seed))
    if not twins:
        raise DataError(f"no document of '{task.name}' can be changed so: {', '.join(chosen)}")
    return replace(task, documents=tuple(twins), version=f"{task.version}{TWINS}{seed}")


def _twins(
    task: Task, context: Context, chosen: dict[str, Change], seed: int
) -> Iterator[Document]:
    for document in task.documents:
        own = replace(context, tree=task.tree_of(document))
        for name, change in chosen.items() if document.text else ():
            # One generator a twin: others come out the same whichever kinds are chosen.
            random = Random(f"{seed} {name} {document.id}")  # noqa: S311 - no secret
            twin = change(document, own, random)
            if twin is not None:
                origin = {"of": document.id, "kind": name, "seed": seed}
                meta = {**twin.meta, "twin": origin}
                yield replace(twin, id=f"{document.id}.{name}-{seed}", meta=meta)
