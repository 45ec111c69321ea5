"""The kinds of leaves: the type of their values, which are valid, their default comparator."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from benchmark.schema.fields import Json


@dataclass(frozen=True)
class Kind:
    """What holds for the values of one kind of leaf, null aside.

    python_type: what Python calls most of them; a JSON parser may return others, such as an int
        where numbers are expected.
    is_valid: whether a value is of the kind. Nothing is coerced.
    comparator: the name of the default comparator.
    """

    python_type: type
    is_valid: Callable[[Json], bool]
    comparator: str


def _is_string(value: Json) -> bool:
    return isinstance(value, str)


def is_list_of_strings(value: Json) -> bool:
    """A list, or a tuple in its place, of strings and nothing else."""
    return isinstance(value, (list, tuple)) and all(map(_is_string, value))


def _is_boolean(value: Json) -> bool:
    return isinstance(value, bool)


MOST_BITS = 14_284
"""Of an integer: 4,300 digits, more than which Python does not write."""


def is_number(value: Json) -> bool:
    """A finite JSON number; NaN, infinity and integers that cannot be written are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value.bit_length() <= MOST_BITS if isinstance(value, int) else math.isfinite(value)


def _is_integer(value: Json) -> bool:
    """A number with a zero fractional part, as JSON Schema defines integers: 1.0 is one."""
    return value.is_integer() if isinstance(value, float) else is_number(value)


def is_date(value: Json) -> bool:
    """A full-date of RFC 3339 (YYYY-MM-DD) that is in the calendar."""
    # The length and the hyphens: fromisoformat takes other forms of ISO 8601 as well.
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_decimal(value: Json) -> bool:
    """A number, or a string: whether it holds a number, the comparator finds out."""
    return isinstance(value, str) or is_number(value)


def is_json(value: Json) -> bool:
    """Any JSON value at all, however deeply nested."""
    rest = [value]
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            if not all(isinstance(name, str) for name in part):
                return False
            rest += part.values()
        elif isinstance(part, (list, tuple)):
            rest += part
        elif not (part is None or isinstance(part, (str, bool)) or is_number(part)):
            return False
    return True


def _is_scalar(value: Json) -> bool:
    return isinstance(value, (str, int, float))


KINDS: dict[str, Kind] = {
    "string": Kind(str, _is_string, "text"),
    "date": Kind(str, is_date, "date"),
    "date-time": Kind(str, _is_string, "instant"),
    "decimal": Kind(str, _is_decimal, "decimal"),
    "enum": Kind(str, _is_scalar, "exact"),  # which scalars, the leaf lists
    "integer": Kind(int, _is_integer, "exact"),
    "number": Kind(float, is_number, "number"),
    "boolean": Kind(bool, _is_boolean, "exact"),
    "union": Kind(str, _is_scalar, ""),  # which scalars, and how they compare, the members say
    "json": Kind(str, is_json, "json"),
}
"""The kinds by their names (`Leaf.kind`)."""
