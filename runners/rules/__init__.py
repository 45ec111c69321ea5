"""The rule-based runner: extracts a report from text by the codebook's rules, without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from benchmark.errors import DataError
from runners.functions import OneByOne
from runners.interface import Runner
from runners.settings import Setting

__all__ = ["Rules", "rules"]

TABLES = {"events", "tallies", "measures", "speakers"}
"""The lists of a sitrep report, all of which the rules fill in."""


class Rules:
    """Extracts situation reports by lexicon, gazetteer and rules; deterministic.

    `aliases` are lines of names for one party each, its canonical name first.
    """

    def __init__(self, aliases: Sequence[Sequence[str]]) -> None:
        # spaCy and the gazetteer are loaded here, so that importing this package stays light.
        from runners.rules.mentions.finder import Finder

        self._finder = Finder(aliases)

    def __call__(self, text: str, published: date | None = None) -> dict[str, Any]:
        """Extract the report of a text, as an instance of the sitrep schema.

        Without a date of publication, years come from the text alone (rule D3).
        """
        from runners.rules.report.compose import report

        return report(self._finder.find(text, published), self._finder.states)


def rules(setting: Setting, _target: str) -> Runner:
    """Build the runner; it returns those of its tables that the task's schema has.

    Raises DataError for a task whose schema has none of them.
    """
    tables = TABLES & setting.tree.known[()]
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

    return OneByOne(from_text, setting.fail_fast)
