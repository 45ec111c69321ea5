"""Quotations that gold states as spans: character offsets in a text, end excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmark.schema.fields import Json, Record, Table
from benchmark.schema.paths import join, value_at

Spans = Mapping[str, Sequence[Sequence[int]]]
"""The path of a value in gold -> where in the text it stands."""


def quote(
    tree: Record, gold: Mapping[str, Json], spans: Spans, text: str | None
) -> dict[str, Json]:
    """Gold with each evidence property that it leaves out filled in from its first span (empty
    without the text)."""
    if not spans:
        return dict(gold)
    filled: dict[str, Json] = _copied(dict(gold))
    _fill(tree, filled, spans, text, "")
    return filled


def _copied(value: Json) -> Json:
    """As copy.deepcopy, for JSON alone: in a tenth of the time."""
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _fill(tree: Record, record: Json, spans: Spans, text: str | None, path: str) -> None:
    for steps in tree.evidence:
        place, holder = spans.get(join(path, *steps)), value_at(record, steps[:-1])
        if place and isinstance(holder, dict) and steps[-1] not in holder:
            holder[steps[-1]] = text[slice(*place[0])] if text is not None else ""
    for item in tree.fields:
        if isinstance(item.node, Table):
            rows = value_at(record, item.steps)
            for n, row in enumerate(rows if isinstance(rows, list) else ()):
                _fill(item.node.record, row, spans, text, join(path, *item.steps, n))
