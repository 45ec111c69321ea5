"""Fields and keys of a plain schema, and the values that stand there."""

from copy import deepcopy


def kind(node):
    if node["type"] == "array":
        return "table" if node["items"]["type"] == "object" else "bag"
    return "object" if node["type"] == "object" else "leaf"


def fields_of(node):
    """The leaves, bags and tables of an object that are scored, by their paths in it."""
    return {name: one for name, one in _all_fields(node) if _compare(one).get("score") is not False}


def _all_fields(node, path=""):
    for name, below in node["properties"].items():
        if kind(below) == "object":
            yield from _all_fields(below, f"{path}{name}.")
        else:
            yield f"{path}{name}", below


def _compare(node):
    return node.get("x-compare", {})


def keys_of(item):
    """The fields on one of which records must agree, and those that have to agree together."""
    alone = {name: one for name, one in _all_fields(item) if _compare(one).get("key") is True}
    together = {name: one for name, one in _all_fields(item) if _compare(one).get("key") == "all"}
    if not alone and not together:
        alone = {name: one for name, one in fields_of(item).items() if kind(one) != "table"}
    return alone, together


def states(node, value):
    """Whether there is any value in a field. What else is accepted there is not stated,
    which is the scorer's own rule."""
    if kind(node) == "leaf":
        return value is not None
    if kind(node) == "bag":
        return any(one is not None for one in listed(value))
    rows = filter(is_record, listed(value))
    return any(
        states(below, at(row, n)) for row in rows for n, below in fields_of(node["items"]).items()
    )


def laid_over(item, record, other):
    """A record with what another object says about its fields in place of its own."""
    laid = deepcopy(record)
    for path, _ in _all_fields(item):
        if says(other, path):
            *above, last = path.split(".")
            inside = laid
            for name in above:
                inside[name] = inside[name] if isinstance(inside.get(name), dict) else {}
                inside = inside[name]
            inside[last] = at(other, path)
    return laid


def says(value, path):
    """Whether an object says what stands at a path; null above it says that nothing does."""
    for name in path.split("."):
        if not isinstance(value, dict):
            return True
        if name not in value:
            return False
        value = value[name]
    return True


def nested(named):
    """An object of which some names are paths, with an object in place of each dot."""
    found = {}
    for path, value in named.items():
        *above, last = path.split(".")
        inside = found
        for name in above:
            inside = inside.setdefault(name, {})
        inside[last] = value
    return found


def joined(path, name):
    """The path of a field in an object."""
    if name == "[]":
        return f'{path}["[]"]'
    return f"{path}.{name}" if path else name


def at(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def listed(value):
    """A bag's or table's elements: what is no list holds none."""
    return value if isinstance(value, list) else []


def is_record(value):
    return isinstance(value, dict)
