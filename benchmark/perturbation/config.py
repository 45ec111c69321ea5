"""What a task says of its twins: perturb.toml in its folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmark.data.task import Task
from benchmark.errors import DataError
from benchmark.schema.aliases import Aliases
from benchmark.schema.fields import Json, Record, value_paths

FILE = "perturb.toml"


@dataclass(frozen=True)
class Swap:
    """Names of one kind: the fields that hold them, and others to take instead.

    With `by`, the pool has a list for each value of that field of the same record. `part` "last"
    swaps the last word only.
    """

    fields: frozenset[str]
    pool: Mapping[str, Sequence[str]]
    by: str = ""
    part: str = "all"

    def pool_of(self, record: Json) -> Sequence[str]:
        """What a name in a record can be swapped for."""
        value = record.get(self.by) if self.by and isinstance(record, dict) else ""
        return self.pool.get(value or "", ())


@dataclass(frozen=True)
class Context:
    """What changes of a task's documents go by."""

    tree: Record
    aliases: Aliases
    swaps: Mapping[str, Swap] = field(default_factory=dict)
    distractors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_context(task: Task) -> Context:
    """The task's perturb.toml; without one, names and distractors are left alone."""
    file = (task.folder or Path()) / FILE
    content: dict[str, Any] = {}
    if task.folder and file.is_file():
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{file}: not TOML: {error}") from None
    try:
        swaps = {name: _swap(task, one) for name, one in content.get("swap", {}).items()}
        distractors = {
            lang: _words(lines) for lang, lines in content.get("distractors", {}).items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise DataError(f"{file}: {error}") from None
    return Context(task.tree, task.aliases, swaps, distractors)


def _swap(task: Task, given: Mapping[str, Any]) -> Swap:
    if unknown := given.keys() - {"fields", "pool", "by", "part"}:
        raise ValueError(f"a swap has no {', '.join(sorted(unknown))}")
    fields = frozenset(_words(given.get("fields")))
    if strange := fields - {*value_paths(task.tree)}:
        raise ValueError(f"the schema has no field {', '.join(sorted(strange))}")
    pool = given.get("pool")
    pools = pool if isinstance(pool, dict) else {"": pool}
    return Swap(
        fields,
        {key: _words(names) for key, names in pools.items()},
        str(given.get("by", "")),
        str(given.get("part", "all")),
    )


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError("a list of words is expected")
    return tuple(value)
