"""How the documents of a task are perturbed: perturb.toml in its folder."""

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
        """The names that one in a record can be swapped for: none if the pool has no such list."""
        value = record.get(self.by) if self.by and isinstance(record, dict) else ""
        return self.pool.get(value or "", ())


@dataclass(frozen=True)
class Context:
    """What a task gives the perturbations of its documents: fields, aliases, its perturb.toml.

    `distractors` are sentences by language.
    """

    tree: Record
    aliases: Aliases
    swaps: Mapping[str, Swap] = field(default_factory=dict)
    distractors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_context(task: Task) -> Context:
    """The task's perturb.toml; without one, there are no swaps and no distractors.

    Raises DataError for a file that is not TOML or names other keys or fields.
    """
    file = (task.folder or Path()) / FILE
    content: dict[str, Any] = {}
    if task.folder and file.is_file():
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{file}: not TOML: {error}") from None
    try:
        swaps = {name: _swap(task, table) for name, table in content.get("swap", {}).items()}
        distractors = {
            lang: _words(lines) for lang, lines in content.get("distractors", {}).items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise DataError(f"{file}: {error}") from None
    return Context(task.tree, task.aliases, swaps, distractors)


def _swap(task: Task, table: Mapping[str, Any]) -> Swap:
    """The swap of one TOML table. Raises ValueError for other keys or fields."""
    if unknown := table.keys() - {"fields", "pool", "by", "part"}:
        raise ValueError(f"a swap has no {', '.join(sorted(unknown))}")
    fields = frozenset(_words(table.get("fields")))
    known = {path for plain in task.plain.values() for path in value_paths(plain.tree)}
    if strange := fields - known:
        raise ValueError(f"the schema has no field {', '.join(sorted(strange))}")
    pool = table.get("pool")
    pools = pool if isinstance(pool, dict) else {"": pool}  # as Swap.pool_of looks them up
    return Swap(
        fields=fields,
        pool={key: _words(names) for key, names in pools.items()},
        by=str(table.get("by", "")),
        part=str(table.get("part", "all")),
    )


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError("a list of words is expected")
    return tuple(value)
