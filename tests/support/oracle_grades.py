"""What one value earns beside another, by the comparators that random cases draw: exact, text,
number, date (partly accepted within `days`) and json, and unions of them."""

import re
import unicodedata
from datetime import date
from fractions import Fraction


def grade(node, gold, predicted):
    """1 if accepted, 0.5 if partly, else 0."""
    if gold is None or not is_valid(node, predicted):
        return 0.0
    if node["type"] == "union":
        return max(_grade_in(one, gold, predicted) for one in node["of"])
    compare = node.get("x-compare", {})
    if node.get("format") == "date":
        days = abs((date.fromisoformat(gold) - date.fromisoformat(predicted)).days)
        return 1.0 if not days else 0.5 if days <= compare.get("days", 0) else 0.0
    if node["type"] == "number":
        absolute, relative, g, p = (
            Fraction(str(one))
            for one in (compare.get("abs", 0), compare.get("rel", 0), gold, predicted)
        )
        return float(abs(g - p) <= max(absolute, relative * abs(g)))
    return float(folded(node, gold) == folded(node, predicted))


def _grade_in(node, gold, predicted):
    """By one type of a union: both values have to be of it."""
    return grade(node, gold, predicted) if is_valid(node, gold) else 0.0


def folded(node, value):
    """What a value is compared as; equal in Python if and only if it is equal to the schema."""
    if node["type"] == "json":
        return canonical(value)
    if node["type"] == "union":
        (one,) = [one for one in node["of"] if is_valid(one, value)]
        return one["type"], folded(one, value)
    by_text = node["type"] == "string" and not node.keys() & {"enum", "format"}
    if by_text and node.get("x-compare", {}).get("by") != "exact":
        return " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return value


def canonical(value):
    """A JSON value as something equal where it is: objects without order, numbers by value."""
    if isinstance(value, dict):
        return "object", frozenset((name, canonical(one)) for name, one in value.items())
    if isinstance(value, list):
        return "array", tuple(map(canonical, value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number", Fraction(str(value))
    return type(value).__name__, value


def is_valid(node, value):
    """Whether a predicted value is of the field's type."""
    if node["type"] == "json":
        return True
    if node["type"] == "union":
        return any(is_valid(one, value) for one in node["of"])
    if "enum" in node:
        return isinstance(value, str) and value in node["enum"]
    if node.get("format") == "date":
        return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    if node["type"] in ("string", "boolean"):
        return isinstance(value, {"string": str, "boolean": bool}[node["type"]])
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and (node["type"] == "number" or value == int(value))
