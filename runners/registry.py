"""Which extractors there are, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmark.errors import DataError, UnknownNameError
from benchmark.tree import Bag, Record, Table

Extract = Callable[[str, Mapping[str, Any]], Any]
"""A document's text and metadata -> the prediction. An exception costs the document."""


@dataclass(frozen=True)
class Setting:
    """What an extractor is made for: the field tree of its answers, and the alias list."""

    tree: Record
    aliases: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Extractor:
    """One entry of the table: what it is, and how it is made for a task."""

    about: str
    make: Callable[[Setting], Extract]


def rules(setting: Setting) -> Extract:
    """Situation reports by rules. Of its tables, those that the task's schema has are returned."""
    from runners.rules import Rules

    tables = {"events", "tallies", "measures", "speakers"} & setting.tree.known[()]
    if not tables:
        raise DataError(
            "rules extracts events, tallies, measures and speakers; this task's schema has "
            f"{', '.join(sorted(setting.tree.known[()]))}"
        )
    extract = Rules(setting.aliases)

    def from_text(text: str, meta: Mapping[str, Any]) -> Any:
        published = meta.get("published")
        report = extract(text, date.fromisoformat(published) if published else None)
        return {name: rows for name, rows in report.items() if name in tables}

    return from_text


def empty(setting: Setting) -> Extract:
    """The least valid answer: every list empty, nothing stated."""
    nothing: dict[str, Any] = {}
    for item in setting.tree.fields:
        inner = nothing
        for step in item.steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[item.steps[-1]] = [] if isinstance(item.node, (Bag, Table)) else None
    return lambda _text, _meta: nothing


EXTRACTORS = {
    "rules": Extractor("situation reports by rules and word lists; no model, no network", rules),
    "empty": Extractor("the baseline that finds nothing", empty),
}


def find(name: str) -> Extractor:
    """An extractor by name."""
    if name not in EXTRACTORS:
        raise UnknownNameError("extractor", name, EXTRACTORS)
    return EXTRACTORS[name]
