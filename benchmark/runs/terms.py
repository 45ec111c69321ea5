"""The terms of a board: the documents and the gold that all of its runs are scored over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.data.held_out import with_gold_of
from benchmark.data.signature import signature
from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.fields import Json

PARTS = ("gold", "schema", "options")
"""Of a signature: what two scores have to share to be compared."""


class OtherGoldError(DataError):
    """A run of other gold than the board's."""


@dataclass(frozen=True, eq=False)
class Terms:
    """What a run of a board is scored over.

    over: the task with the documents of the board. public: without those whose gold is kept
    elsewhere: what a run's own figures are of. signature: that of `public`, as a run states it.
    """

    over: Task
    public: Task
    signature: str

    @property
    def held_out(self) -> dict[str, int]:
        """The splits whose gold is kept elsewhere -> the number of their documents."""
        public = self.public.splits
        splits = self.over.splits
        return {name: len(ids) for name, ids in splits.items() if ids != public.get(name)}


def terms_of(task: Task, gold_url: str = "") -> Terms:
    """The terms of a task's board. gold_url: where the gold of its held-out documents is, a path or
    URL; without it, these are not scored."""
    public = task.scored()
    over = with_gold_of(task, gold_url).scored() if gold_url else public
    return Terms(over, public, signature(public))


def check_terms(manifest: Mapping[str, Any], terms: Terms, folder: Path) -> None:
    """Raise DataError, with the reason, for a run that is not of the board's documents, schema and
    options, and OtherGoldError for one of other gold."""
    task = terms.public
    if manifest.get("task") != task.name:
        raise DataError(f"{folder}: no run of '{task.name}'")
    stated, wanted = (
        signature_parts(manifest.get("signature"), folder),
        signature_parts(terms.signature, folder),
    )
    for part in ("schema", "options"):
        if stated[part] != wanted[part]:
            raise DataError(
                f"{folder}: made with {part} '{stated[part]:.40}', the board's is '{wanted[part]}'"
            )
    of_another_version = stated["gold"].partition("#")[0] != wanted["gold"].partition("#")[0]
    if not of_another_version:
        _check_documents(manifest["documents"], terms, folder)
    if stated["gold"] != wanted["gold"]:
        raise OtherGoldError(f"{folder}: of other gold, {stated['gold']:.80}")


def signature_parts(signature: Json, folder: Path) -> dict[str, str]:
    """The parts of a signature by name."""
    text = signature if isinstance(signature, str) else ""
    parts = dict(part.partition(":")[::2] for part in text.split("|"))
    if missing := [name for name in PARTS if name not in parts]:
        raise DataError(
            f"{folder}: the manifest's signature does not say {', '.join(missing)}; `fieldmark "
            f"score` prints the whole of it"
        )
    return parts


def _check_documents(stated: Sequence[str], terms: Terms, folder: Path) -> None:
    """Raise DataError for a run that is not over all documents of the board, and no others."""
    wanted = terms.public.known
    missing = sorted(set(wanted) - set(stated))
    others = sorted(set(stated) - set(wanted))
    if missing:
        covered = f"{len(wanted) - len(missing)} of the board's {len(wanted)} documents"
        raise DataError(f"{folder}: over {covered}; without {_some(missing)}")
    if others:
        raise DataError(
            f"{folder}: over documents that the board has not: {_some(others)}; texts that are not "
            f"shipped are given with --texts"
        )


def _some(names: Sequence[str]) -> str:
    """A few of some ids, which may be of any length."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"{name:.60}" for name in names[:3]) + more
