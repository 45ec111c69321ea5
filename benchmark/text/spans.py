"""Quotations that gold states as spans: character offsets in a text, end excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmark.schema.fields import Json, Record, Table
from benchmark.schema.paths import join, value_at

Spans = Mapping[str, Sequence[Sequence[int]]]
"""The path of a value in gold -> the spans that support it, each [start, end)."""


def quote(tree: Record, gold: Json, spans: Spans, text: str | None) -> Json:
    """A copy of gold in which each evidence property with a span and no value is the quotation of
    its first span, empty without the text. Where there are no spans, only the top is copied."""
    if not spans or not isinstance(gold, Mapping):
        return dict(gold) if isinstance(gold, Mapping) else gold
    filled = _copy(dict(gold))
    _fill(tree, filled, spans, text, "")
    return filled


def _copy(value: Json) -> Json:
    """As copy.deepcopy, for JSON alone: in a tenth of the time."""
    if isinstance(value, dict):
        return {name: _copy(child) for name, child in value.items()}
    return [_copy(child) for child in value] if isinstance(value, list) else value


def _fill(tree: Record, record: Json, spans: Spans, text: str | None, path: str) -> None:
    """Put quotations into one record, at `path`, and into the records of its tables."""
    for steps in tree.evidence:
        evidence, parent = spans.get(join(path, *steps)), value_at(record, steps[:-1])
        if evidence and isinstance(parent, dict) and steps[-1] not in parent:
            parent[steps[-1]] = text[slice(*evidence[0])] if text is not None else ""
    for item in tree.fields:
        if isinstance(item.node, Table):
            rows, rows_path = value_at(record, item.steps), join(path, *item.steps)
            for index, row in enumerate(rows if isinstance(rows, list) else ()):
                _fill(item.node.record, row, spans, text, join(rows_path, index))
