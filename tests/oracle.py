"""The scoring rules once more, exhaustively: every pairing is tried. Small tables only.

It reads the JSON Schema itself and shares no code with the scorer. It knows the comparators that
the strategies draw: exact, text (by case alone) and date (partly accepted within `days`).
"""

from datetime import date
from itertools import combinations, permutations


def best_credit(schema, gold, predicted, alternatives=None, path=""):
    """The highest total credit (COR + PAR / 2) of an object against another."""
    total = 0.0
    for name, node in schema["properties"].items():
        below = f"{path}.{name}" if path else name
        total += _credit(node, _get(gold, name), _get(predicted, name), alternatives or {}, below)
    return total


def _get(value, name):
    return value.get(name) if isinstance(value, dict) else None


def _credit(node, gold, predicted, alternatives, path):
    others = alternatives.get(path, [])
    kind = _kind(node)
    if kind == "object":
        return best_credit(node, gold, predicted, alternatives, path)
    if kind == "table":
        return _table(node, gold or [], predicted or [], alternatives, path)
    if kind == "bag":
        first = [[g, *alternatives.get(f"{path}[{n}]", [])] for n, g in enumerate(gold or [])]
        lists = [first] + [[[g] for g in other or []] for other in others]
        return max(_bag(node, one, predicted or []) for one in lists)
    return max((_leaf(node, g, predicted) for g in (gold, *others)), default=0.0)


def _kind(node):
    if node["type"] == "array":
        return "table" if node["items"]["type"] == "object" else "bag"
    return "object" if node["type"] == "object" else "leaf"


def _leaf(node, gold, predicted):
    if gold is None or predicted is None:
        return 0.0
    if type(gold) is not type(predicted):
        return 0.0
    if node.get("format") == "date":
        days = abs((date.fromisoformat(gold) - date.fromisoformat(predicted)).days)
        allowed = node.get("x-compare", {}).get("days", 0)
        return 1.0 if not days else 0.5 if days <= allowed else 0.0
    if isinstance(gold, str) and "enum" not in node:
        return float(gold.casefold() == predicted.casefold())
    return float(gold == predicted)


def _bag(node, golds, predicted):
    """`golds` lists what is accepted for each element. As a set, equal elements are one."""
    element = {**node["items"], "x-compare": node.get("x-compare", {})}
    if node.get("x-compare", {}).get("as") == "set":
        merged = {}
        for accepted in golds:
            merged.setdefault(_folded(element, accepted[0]), []).extend(accepted)
        golds = list(merged.values())
        predicted = list({_folded(element, p): p for p in predicted}.values())
    return _matching(
        len(golds),
        len(predicted),
        lambda i, j: max(_leaf(element, g, predicted[j]) for g in golds[i]),
    )


def _folded(node, value):
    folds = isinstance(value, str) and "enum" not in node
    return (type(value), value.casefold() if folds else value)


def _table(node, golds, predicted, alternatives, path):
    item = node["items"]
    fields = list(_through_objects(item))
    marked = [field for field in fields if field[1].get("x-compare", {}).get("key")]
    keys = marked or [field for field in fields if _kind(field[1]) in ("leaf", "bag")]

    def pair(i, j):
        here = f"{path}[{i}]"
        sides = [(_at(golds[i], name), _at(predicted[j], name)) for name, _ in keys]
        agrees = any(
            _credit(below, gold, given, alternatives, f"{here}.{name}")
            for (name, below), (gold, given) in zip(keys, sides, strict=True)
        )
        stated = any(_stated(value) for both in sides for value in both)
        total = best_credit(item, golds[i], predicted[j], alternatives, here)
        return total if agrees or not stated else 0.0

    return _matching(len(golds), len(predicted), pair)


def _through_objects(node, path=""):
    """Leaves, bags and tables of an object with their paths; an object in it is but a path."""
    for name, below in node["properties"].items():
        if _kind(below) == "object":
            yield from _through_objects(below, f"{path}{name}.")
        else:
            yield f"{path}{name}", below


def _stated(value):
    if isinstance(value, (dict, list)):
        return any(map(_stated, value.values() if isinstance(value, dict) else value))
    return value is not None


def _at(value, path):
    for name in path.split("."):
        value = _get(value, name)
    return value


def _matching(rows, columns, weight):
    """The best total over every one-to-one matching, found by trying them all."""
    table = [[weight(i, j) for j in range(columns)] for i in range(rows)]
    if rows > columns:
        table = [[table[i][j] for i in range(rows)] for j in range(columns)]
        rows, columns = columns, rows
    return max(
        sum(table[i][j] for i, j in zip(chosen, order, strict=True))
        for size in range(rows + 1)
        for chosen in combinations(range(rows), size)
        for order in permutations(range(columns), size)
    )
