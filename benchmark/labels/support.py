"""Which words of a text support a value that nobody has quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmark.schema.fields import Bag, Json, Leaf, Record
from benchmark.schema.kinds import is_date
from benchmark.schema.paths import join, outermost_record_path, record_path, value_at
from benchmark.text.search import Span, occurrences
from benchmark.text.surface_forms import day_forms, number_forms


def value_forms(
    leaf: Leaf, value: Json, aliases: Mapping[str, tuple[str, ...]], langs: Sequence[str]
) -> Sequence[str]:
    """The surface forms of a value: a string also in the plural and by any of its aliases, a date
    as a day of a month, an integer in digits or words. Booleans and invalid dates have none."""
    if leaf.kind == "date":
        return [*day_forms(value)] if is_date(value) else []
    if leaf.kind == "integer" and type(value) is int:
        return [*number_forms(value, langs)]
    if leaf.kind == "string":
        return [str(value), f"{value}s", *aliases.get(str(value), ())]
    return [] if leaf.kind == "boolean" else [str(value)]


def find_value(text: str, leaf: Leaf, forms: Sequence[str], evidence: Span | None) -> Span | None:
    """The span of a value by its surface forms: the first and there the longest in the evidence.

    A string or a date that the evidence lacks may stand elsewhere, and the place nearest to the
    evidence is taken; numbers and enums outside it could belong to anything. None where no form
    is found.
    """
    start, end = evidence or (0, len(text))
    inside = [span for form in forms for span in occurrences(text[start:end], form)]
    if inside:
        first, last = min(inside, key=lambda span: (span[0], -span[1]))
        return start + first, start + last
    if leaf.kind not in {"string", "date"}:
        return None
    spans = [span for form in forms for span in occurrences(text, form)]
    # The gap to the evidence: only the one of the two that lies on the span's side is positive.
    return min(spans, key=lambda span: max(start - span[1], span[0] - end), default=None)


def share_spans(tree: Record, gold: Json, spans: dict[str, list[list[int]]]) -> None:
    """Give values without spans of their own those of an equal value nearby: the end of a single
    day that of its start, the upper limit of an exact figure that of its lower.

    Nearby is the same record; for a string, such as a party, the same outermost record. Of several
    equal values that have spans, the first in gold's order lends its own. Changes `spans`.
    """
    keys = {
        path: (_scope(leaf, path), value)
        for path, leaf, value in _scalars(tree, gold, "")
        if leaf.kind in {"string", "date", "integer"} and isinstance(value, str | int | float)
    }
    lent: dict[tuple[str, Json], list[list[int]]] = {}
    # All spans are known before any is lent: an equal value may come later in the record.
    for path, key in keys.items():
        if path in spans:
            lent.setdefault(key, spans[path])
    for path, key in keys.items():
        if key in lent:
            spans.setdefault(path, lent[key])


def _scope(leaf: Leaf, path: str) -> str:
    """The path of the record within which equal values share their spans."""
    return outermost_record_path(path) if leaf.kind == "string" else record_path(path)


def _scalars(record: Record, value: Json, path: str) -> Iterator[tuple[str, Leaf, Json]]:
    """Every scored scalar of a record, with its path and its leaf in the schema."""
    for item in record.fields:
        field, field_path = value_at(value, item.steps), join(path, *item.steps)
        if isinstance(item.node, Leaf):
            yield field_path, item.node, field
        elif isinstance(field, list):
            for index, element in enumerate(field):
                element_path = join(field_path, index)
                if isinstance(item.node, Bag):
                    yield element_path, item.node.element, element
                else:
                    yield from _scalars(item.node.record, element, element_path)
