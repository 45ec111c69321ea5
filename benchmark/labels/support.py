"""Which words of a text support a value that nobody has quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmark.schema.fields import Bag, Json, Leaf, Record
from benchmark.schema.kinds import is_date
from benchmark.schema.paths import join, outermost_record_path, record_path, value_at
from benchmark.text.search import Span, occurrences
from benchmark.text.surface_forms import day_forms, number_forms


def printed_as(
    leaf: Leaf, value: Json, aliases: Mapping[str, tuple[str, ...]], langs: Sequence[str]
) -> Sequence[str]:
    """What a value may be printed as: a string also in the plural or by any of its names."""
    if leaf.kind == "date":
        return [*day_forms(value)] if is_date(value) else []
    if leaf.kind == "integer" and type(value) is int:
        return [*number_forms(value, langs)]
    if leaf.kind == "string":
        return [str(value), f"{value}s", *aliases.get(str(value), ())]
    return [] if leaf.kind == "boolean" else [str(value)]


def stands(text: str, leaf: Leaf, forms: Sequence[str], evidence: Span | None) -> Span | None:
    """Where one of the forms stands: in the evidence; words and days else where they are nearest
    to it."""
    start, end = evidence or (0, len(text))
    inside = [span for form in forms for span in occurrences(text[start:end], form)]
    if inside:
        first, last = min(inside, key=lambda one: (one[0], -one[1]))
        return start + first, start + last
    if leaf.kind not in {"string", "date"}:
        return None
    found = [span for form in forms for span in occurrences(text, form)]
    return min(found, key=lambda one: max(start - one[1], one[0] - end), default=None)


def tell_again(tree: Record, gold: Json, spans: dict[str, list[list[int]]]) -> None:
    """Give values without spans of their own those of an equal value nearby: the end of a single
    day that of its start, the upper limit of an exact figure that of its lower.

    Nearby is the same record; for a string, such as a party, the same outermost record. Adds to
    `spans`; of several equal values that have spans, the first in gold's order lends its own.
    """
    keys = {
        path: (_scope(leaf, path), value)
        for path, leaf, value in _scalars(tree, gold, "")
        if leaf.kind in {"string", "date", "integer"} and isinstance(value, str | int | float)
    }
    lent: dict[tuple[str, Json], list[list[int]]] = {}
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
