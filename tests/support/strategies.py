"""Hypothesis strategies: small schemas of up to three levels, and values that collide often."""

from copy import deepcopy

from hypothesis import strategies as st
from support.oracle_fields import joined

WORDS = ("a", "A", "b", "c")
VALUES = {
    "string": WORDS,
    "integer": (0, 1, 2),
    "number": (0, 0.5, 1, 1.5),
    "boolean": (False, True),
    "json": ({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}, [1, "a"], ["a", 1]),
}
DAYS = ("2025-07-01", "2025-07-02", "2025-07-05")

LEAVES = [
    {"type": "string"},
    {"type": "string", "enum": ["x", "y"]},
    {"type": "integer"},
    {"type": "boolean"},
    {"type": "string", "format": "date"},
    {"type": "number", "x-compare": {"abs": 0.5}},
]
PARTIAL = {"type": "string", "format": "date", "x-compare": {"days": 1}}


@st.composite
def schemas(draw, depth=3, partial=True):
    """A document's schema, with a table in it. `partial`: some comparators may accept partly."""
    schema = draw(_objects(depth, partial))
    if not any(_is_table(node) for node in schema["properties"].values()):
        schema["properties"]["t"] = {"type": "array", "items": draw(_objects(depth - 1, partial))}
    return schema


@st.composite
def _objects(draw, depth, partial):
    leaves = st.sampled_from([*LEAVES, PARTIAL] if partial else LEAVES).map(deepcopy)
    properties = {}
    for name in draw(st.lists(st.sampled_from("pqrs"), min_size=1, max_size=3, unique=True)):
        kind = draw(st.sampled_from(["leaf", "leaf", "bag", "table", "object"]))
        if kind == "leaf" or depth == 1:
            node = draw(leaves)
        elif kind == "bag":
            items = draw(leaves)
            node = {"type": "array", "items": items, "x-compare": items.pop("x-compare", {})}
            if draw(st.booleans()) and "days" not in node["x-compare"]:
                node["x-compare"]["as"] = "set"
        elif kind == "table":
            node = {"type": "array", "items": draw(_objects(depth - 1, partial))}
        else:
            node = draw(_objects(depth - 1, partial))
        if kind != "object" and draw(st.integers(0, 2)) == 0:
            node.setdefault("x-compare", {})["key"] = True
        properties[name] = node
    return {"type": "object", "properties": properties}


def _is_table(node):
    return node["type"] == "array" and node["items"]["type"] == "object"


def leaf_values(node):
    """Values of a leaf, so few that they often collide."""
    if node["type"] == "union":
        return [
            one for values in zip(*map(leaf_values, node["of"]), strict=False) for one in values
        ]
    if "enum" in node:
        return node["enum"]
    if node.get("format") == "date":
        return DAYS
    return VALUES[node["type"]]


def _drawn(node):
    return st.sampled_from(leaf_values(node))


@st.composite
def values(draw, node, most=3):
    """Instances of a schema, well filled; anything may be absent or null."""
    if node["type"] == "object":
        filled = {name: draw(values(below, most)) for name, below in node["properties"].items()}
        absent = draw(st.booleans())
        return {name: one for name, one in filled.items() if one is not None or not absent}
    if draw(st.integers(0, 5)) == 5:
        return None
    if node["type"] == "array":
        element = values(node["items"], most) if _is_table(node) else _drawn(node["items"])
        return [draw(element) for _ in range(draw(st.integers(0, most)))]
    return draw(_drawn(node))


@st.composite
def annotated(draw, schema, gold):
    """Alternatives and optional records for a gold value."""
    alternatives, optional = {}, []
    for node, path in places(schema, gold, ""):
        if draw(st.integers(0, 3)):
            continue
        if node["type"] == "object":
            optional.append(path)
            continue
        others = st.none() | _drawn(node) if node["type"] != "array" else _bags(node)
        alternatives[path] = draw(st.lists(others, min_size=1, max_size=2))
    return alternatives, optional


def _bags(node):
    return st.lists(_drawn(node["items"]), max_size=2)


def places(node, value, path):
    """What gold may annotate: leaves, bags and their elements, records."""
    if node["type"] == "object":
        if path.endswith("]"):
            yield node, path
        for name, below in node["properties"].items():
            yield from places(below, (value or {}).get(name), joined(path, name))
        return
    if not _is_table(node):
        yield node, path
    if node["type"] == "array":
        for n, row in enumerate(value if isinstance(value, list) else []):
            if row is not None:
                yield from places(node["items"], row, f"{path}[{n}]")


@st.composite
def cases(draw, partial=True, most=3, depth=3):
    """A schema, a gold value and a predicted one."""
    schema = draw(schemas(depth, partial))
    return schema, draw(values(schema, most)), draw(values(schema, most))


@st.composite
def annotated_cases(draw, most=2, depth=3):
    """As cases, with alternatives and optional records on the gold."""
    schema, gold, predicted = draw(cases(most=most, depth=depth))
    alternatives, optional = draw(annotated(schema, gold))
    return schema, gold, predicted, alternatives, optional


@st.composite
def shuffled(draw, value):
    """The same value with its lists and keys in another order."""
    if isinstance(value, dict):
        names = draw(st.permutations(list(value)))
        return {name: draw(shuffled(value[name])) for name in names}
    if isinstance(value, list):
        return draw(st.permutations([draw(shuffled(one)) for one in value]))
    return value
