"""The rule-based extractor: a report from text by the codebook's rules, without a model."""

from collections.abc import Sequence
from datetime import date
from typing import Any

__all__ = ["Rules"]


class Rules:
    """Reads situation reports by lexicon, gazetteer and rules; the same text, the same report."""

    def __init__(self, aliases: Sequence[Sequence[str]]) -> None:
        # spaCy and the gazetteer are loaded here, so that importing this package stays light.
        from .mentions import Finder

        self._finder = Finder(aliases)

    def __call__(self, text: str, published: date | None = None) -> dict[str, Any]:
        """The report that the text makes; an instance of the sitrep schema."""
        from .compose import report

        return report(self._finder.find(text, published), self._finder.states)
