"""What a cell of a flat file holds, by the type of its field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from benchmark.data.json_text import parse
from benchmark.errors import DataError
from benchmark.schema.fields import Bag, Json, Leaf, Table, UnionLeaf
from benchmark.schema.kinds import KINDS

SEPARATOR = "|"
"""Between the values of a list that stands in one cell, where it is not written as JSON."""
_TEXTUAL = frozenset({"string", "date", "date-time", "decimal"})
_BOOLEANS = {"true": True, "false": False}

Node = Leaf | Bag | Table | None
"""The field of a cell; None for one that the schema lacks, or an object."""


def read_cell(text: str, node: Node) -> Json:
    """The value that a text stands for: of the type of its field, or else the text itself."""
    if isinstance(node, Bag):
        return _elements(text, node.element)
    if isinstance(node, Leaf):
        return _scalar(text, node)
    # What holds records is JSON; of what the schema lacks, nothing is known.
    value = _json(text) if isinstance(node, Table) else text
    return value if isinstance(value, list) else text


def _elements(text: str, element: Leaf) -> Sequence[Json]:
    value = _json(text) if text.lstrip().startswith("[") else None
    if isinstance(value, list):
        return value
    parts = (part.strip() for part in text.split(SEPARATOR))
    return [_scalar(part, element) for part in parts if part]


def _scalar(text: str, leaf: Leaf) -> Json:
    if isinstance(leaf, UnionLeaf):
        values = (_scalar(text, member) for member in leaf.members)
        return next((value for value in values if not isinstance(value, str)), text)
    if leaf.kind in _TEXTUAL or text in leaf.values:
        return text
    value = _BOOLEANS.get(text.strip().casefold(), _json(text))
    if leaf.values and not any(type(v) is type(value) and v == value for v in leaf.values):
        return text
    return value if KINDS[leaf.kind].is_valid(value) else text


def _json(text: str) -> Json:
    """The JSON value that a text is; the text, if it is none."""
    try:
        return parse(text)
    except ValueError:
        return text


def typed_cell(value: Json, node: Node) -> Json:
    """The JSON of a typed cell: days and times as ISO 8601 has them, NaN as nothing.

    Raises DataError for a type that has no JSON, such as bytes.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Decimal):
        numeric = isinstance(node, Leaf) and node.kind in ("integer", "number")
        return float(value) if numeric else str(value)
    if isinstance(value, list):
        element = node.element if isinstance(node, Bag) else None
        return [typed_cell(child, element) for child in value]
    if isinstance(value, dict):
        return {name: typed_cell(child, None) for name, child in value.items()}
    raise DataError(f"a {type(value).__name__} is no JSON value")
