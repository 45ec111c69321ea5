"""Random schemas of every kind. `title` says which, where a plain keyword alone would not."""

from copy import deepcopy

from support.oracle_fields import fields_of, kind
from support.oracle_forms import plain
from support.strategies import LEAVES, PARTIAL

LEVELS = 3
OTHER_LEAVES = [
    {"type": "string", "x-compare": {"by": "exact"}},
    {"type": "number", "x-compare": {"rel": 0.5}},
    PARTIAL,
    {"type": ["string", "integer"]},
    {"anyOf": [{"type": "boolean"}, {"type": "number"}, {"type": "null"}]},
    {"description": "anything"},
]
KEYS = ({"key": True}, {"key": True}, {"key": "all"}, {"key": True, "score": False})


class SchemaMaker:
    """Makes schemas whose tables nest, but for the last of the levels."""

    def __init__(self, random):
        self.random = random

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def document(self):
        """A document's schema, at times an array or a map."""
        while True:
            schema = self._object(LEVELS + 1)
            if self.chance(8):
                schema = self.random.choice([self._table, self._map])(LEVELS)
            if _has_scored(plain(schema)):
                return schema

    def _object(self, levels):
        names = self.random.sample("pqrs", self.random.randint(1, 3))
        properties = {name: self._property(levels) for name in names}
        if levels == LEVELS + 1:
            properties["t"] = self._table(levels)
        return {"type": "object", "properties": properties}

    def _property(self, levels):
        shallow = [self._leaf, self._bag, self._tuple, self._one_or_many, self._map_of_leaves]
        deep = [self._object, self._table, self._map, self._arrays, self._objects, self._records]
        more = self.random.choice([shallow, deep if levels > 1 else shallow])
        make = self.random.choice([self._leaf, self._leaf, self._leaf, self._bag, *more])
        node = make(levels - 1 if make in deep else levels)
        if make not in (self._object, self._objects, self._records, self._tuple):
            self._mark(node)
        return node

    def _mark(self, node):
        """Make it a key, by chance; objects with properties are none."""
        if self.chance(3) and "properties" not in node:
            is_table = kind(plain(node)) == "table"
            mark = self.random.choice(KEYS[:3] if is_table else KEYS)
            node["x-compare"] = {**node.get("x-compare", {}), **mark}

    def _ordered(self, node):
        """Make it a sequence, by chance."""
        if self.chance(4):
            node["x-compare"] = {**node.get("x-compare", {}), "as": "sequence"}
        return node

    def _leaf(self, _levels):
        return deepcopy(self.random.choice(LEAVES + OTHER_LEAVES))

    def _bag(self, levels):
        items = self._leaf(levels)
        node = {"type": "array", "items": items, "x-compare": items.pop("x-compare", {})}
        if self.chance(3):
            node["x-compare"]["as"] = "set"
            return node
        return self._ordered(node)

    def _table(self, levels):
        return self._ordered({"type": "array", "items": self._object(levels - 1)})

    def _arrays(self, levels):
        inner = self.random.choice([self._bag, self._table] if levels > 1 else [self._bag])
        return self._ordered({"type": "array", "title": "arrays", "items": inner(levels)})

    def _tuple(self, levels):
        places = [self._leaf(levels) for _ in range(self.random.randint(1, 3))]
        rest = {"items": self._leaf(levels)} if self.chance(3) else {}
        return {"type": "array", "title": "tuple", "prefixItems": places, **rest}

    def _one_or_many(self, levels):
        leaf = deepcopy(self.random.choice(LEAVES))
        return {"title": "one or many", "anyOf": [leaf, {"type": "array", "items": leaf}]}

    def _records(self, levels):
        record = self._object(max(levels - 1, 1))
        return {"title": "one or many", "anyOf": [record, {"type": "array", "items": record}]}

    def _objects(self, levels):
        both = self._object(levels)["properties"]
        parts = [{}, {}]
        for n, (name, node) in enumerate(both.items()):
            parts[n % 2][name] = node
        objects = [{"type": "object", "properties": one} for one in parts if one]
        return {"title": "objects", "anyOf": objects}

    def _map(self, levels):
        return self._open(self.random.choice([self._object, self._bag])(levels - 1))

    def _map_of_leaves(self, levels):
        node = self._open(self._leaf(levels))
        if self.chance(3):
            node["properties"] = {"p": self._leaf(levels)}
        return node

    def _open(self, value):
        if self.chance(3):
            return {"type": "object", "title": "map", "patternProperties": {"": value}}
        return {"type": "object", "title": "map", "additionalProperties": value}


def _has_scored(node):
    if kind(node) == "table":
        return _has_scored(node["items"])
    return kind(node) != "object" or any(map(_has_scored, fields_of(node).values()))
