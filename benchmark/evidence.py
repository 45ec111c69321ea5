"""Quotations that gold states as spans: character offsets in a text, end excluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmark.schema import Json, Record, Table

Spans = Mapping[str, Sequence[Sequence[int]]]
"""The path of a value in gold -> where in the text it stands."""


def quote(
    tree: Record, gold: Mapping[str, Json], spans: Spans, text: str | None, path: str = ""
) -> dict[str, Json]:
    """Gold with each evidence property that it leaves out filled in from its first span."""
    filled = dict(gold)
    for (name,) in (steps for steps in tree.evidence if len(steps) == 1):
        place = spans.get(f"{path}.{name}" if path else name)
        if name not in filled and place:
            filled[name] = text[slice(*place[0])] if text is not None else ""
    for item in tree.fields:
        if isinstance(item.node, Table) and len(item.steps) == 1:
            (name,) = item.steps
            below = f"{path}.{name}" if path else name
            if isinstance(filled.get(name), list):
                filled[name] = [
                    quote(item.node.record, row, spans, text, f"{below}[{n}]")
                    if isinstance(row, dict)
                    else row
                    for n, row in enumerate(filled[name])
                ]
    return filled
