"""Which words of a text support a value that nobody has quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmark.schema.fields import Bag, Json, Leaf, Record, join
from benchmark.schema.kinds import is_date
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
    """Give values without words of their own those of an equal value in their record: the end of a
    single day, the upper limit of an exact figure; a party, wherever in the outermost record."""
    told: dict[tuple[str, Json], list[list[int]]] = {}
    found = [
        ((path.partition("]")[0] if leaf.kind == "string" else path, value), where)
        for path, leaf, where, value in _leaves(tree, gold, "")
        if leaf.kind in {"string", "date", "integer"} and value is not None
    ]
    for key, where in found:
        if where in spans:
            told.setdefault(key, spans[where])
    for key, where in found:
        if key in told:
            spans.setdefault(where, told[key])


def _leaves(node: Record, made: Json, path: str) -> Iterator[tuple[str, Leaf, str, Json]]:
    """Every scalar with the path of its record, its own path and its value."""
    for item in node.fields:
        value, where = reached(made, item.steps), join(path, item.steps)
        if isinstance(item.node, Leaf):
            yield path, item.node, where, value
        elif isinstance(value, list):
            for n, one in enumerate(value):
                if isinstance(item.node, Bag):
                    yield path, item.node.element, f"{where}[{n}]", one
                else:
                    yield from _leaves(item.node.record, one, f"{where}[{n}]")


def reached(value: Json, steps: tuple[str, ...]) -> Json:
    """The value at some steps; None where they lead nowhere."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
