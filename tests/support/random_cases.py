"""Random documents of random schemas, whose values often collide."""

from copy import deepcopy
from dataclasses import dataclass
from random import Random

from support.dressing import dressed
from support.oracle import top_of
from support.oracle_fields import fields_of, joined, nested, says
from support.oracle_forms import as_in_json, plain, plainly
from support.random_schemas import SchemaMaker
from support.strategies import leaf_values, places

TOGETHER = 12
UNTYPED = ("?", 7, True, 0.25, [], ["a"], {}, {"p": "a"})
IN_PLAIN_FORM = ({"[]": ["a"]}, [{"<key>": "a", "<value>": "a"}], {"0": "a"}, {"<value>": "a"})


@dataclass(frozen=True)
class Case:
    """`dressed`: the schema again, in other keywords that say the same."""

    schema: dict
    dressed: dict
    gold: object
    predicted: object
    alternatives: dict
    optional: list


class Maker(SchemaMaker):
    """Makes cases, the same for the same seed."""

    def __init__(self, seed):
        super().__init__(Random(seed))
        self._values = 0

    def cases(self):
        """Some cases of one schema."""
        schema = self.document()
        other = dressed(schema, self.random)
        return [self._case(schema, other) for _ in range(self.random.randint(1, TOGETHER))]

    def _case(self, schema, other):
        self._values = self.random.choice([1, 2, 4])
        most = self.random.choice([2, 3, 3, 4])
        gold = self._filled(schema, most, None)
        predicted = self._filled(schema, most, gold)
        if self.chance(8):
            predicted = self._untyped(schema, predicted)
        return Case(schema, other, gold, predicted, *self._annotations(schema, gold))

    def _annotations(self, schema, gold):
        """Alternatives and optional records. What a reading of a record lays over is left alone:
        its alternatives would be those of another value."""
        alternatives, optional, laid = {}, [], []
        one_in = self.random.choice([2, 5, 1000])
        node = plain(schema)
        for below, path in places(node, plainly(node, gold), top_of(schema)):
            if not self.chance(one_in) or any(path.startswith(one) for one in laid):
                continue
            if below["type"] != "object":
                alternatives[path] = [self._other(below) for _ in range(self.random.randint(1, 2))]
            elif self.chance(2):
                optional.append(path)
            elif fields := _to_lay_over(below):
                readings = [self._reading(fields) for _ in range(self.random.randint(1, 2))]
                alternatives[path] = readings
                laid += [
                    joined(path, name)
                    for name in fields
                    if any(says(one, name) for one in readings)
                ]
        return alternatives, optional

    def _reading(self, fields):
        names = self.random.sample(sorted(fields), self.random.randint(1, min(2, len(fields))))
        return nested(
            {name: as_in_json(fields[name], self._value(fields[name], 2, None)) for name in names}
        )

    def _other(self, node):
        """Another value, or list, that is accepted."""
        if self.chance(3):
            return None
        if node["type"] != "array":
            return self._drawn(node)
        return [self._drawn(node["items"]) for _ in range(self.random.randint(0, 3))]

    def _value(self, node, most, like):
        """An instance of a schema or null, half of it taken from another one."""
        return None if self.chance(10) else self._filled(node, most, like)

    def _filled(self, node, most, like):
        if like is not None and self.chance(5):
            return deepcopy(like)
        if "anyOf" in node and "title" in node:
            return self._of_branches(node, most, like)
        if node.get("type") == "object":
            return self._members(node, most, like if isinstance(like, dict) else {})
        if node.get("type") == "array":
            return self._array(node, most, like if isinstance(like, list) else [])
        return deepcopy(like) if like is not None and self.chance(2) else self._drawn(plain(node))

    def _of_branches(self, node, most, like):
        if node["title"] == "one or many":
            return self._filled(self.random.choice(node["anyOf"]), most, like)
        both = {name: one for part in node["anyOf"] for name, one in part["properties"].items()}
        return self._filled({"type": "object", "properties": both}, most, like)

    def _members(self, node, most, like):
        """Named properties, most of them there, and entries of a map."""
        members = {
            name: self._value(below, most, like.get(name))
            for name, below in node.get("properties", {}).items()
            if not self.chance(12)
        }
        if node.get("title") == "map":
            (value,) = _values_of(node)
            for name in self.random.sample("aAbc", self.random.randint(0, min(most, 4))):
                members[name] = self._value(value, max(1, most - 1), like.get(name))
        return members

    def _array(self, node, most, like):
        if "prefixItems" in node:
            return self._tuple_value(node, like)
        size = self.random.choice([0, 1, most - 1, most, most])
        chosen = [
            self.random.choice(like) if like and self.chance(2) else None for _ in range(size)
        ]
        return [self._element(node["items"], max(1, most - 1), one) for one in chosen]

    def _element(self, node, fewer, like):
        scalar = plain(node)["type"] not in ("object", "array")
        if scalar:
            return self._drawn(plain(node)) if like is None else like
        return self._value(node, fewer, like)

    def _tuple_value(self, node, like):
        places = (
            [*node["prefixItems"], *[node["items"]] * 2][: self.random.randint(0, 5)]
            if "items" in node
            else node["prefixItems"]
        )
        like = like + [None] * len(places)
        return [self._value(one, 1, other) for one, other in zip(places, like, strict=False)]

    def _drawn(self, node):
        return self.random.choice(leaf_values(node)[: self._values])

    def _untyped(self, node, value):
        """The same value, with some parts of it of the wrong type or null."""
        if isinstance(value, dict) and "properties" in node:
            names = node["properties"]
            return {n: self._spoilt(names[n], v) if n in names else v for n, v in value.items()}
        if isinstance(value, dict) and node.get("title") == "map":
            (below,) = _values_of(node)
            return {n: self._spoilt(below, v) for n, v in value.items()}
        if isinstance(value, list) and "prefixItems" not in node and "items" in node:
            return [self._spoilt(node["items"], one) for one in value]
        return value

    def _spoilt(self, node, value):
        if self.chance(8):
            return self.random.choice([None, *UNTYPED, *IN_PLAIN_FORM])
        return self._untyped(node, value)


def _values_of(node):
    """What the entries of a map are."""
    return (
        [node["additionalProperties"]]
        if "additionalProperties" in node
        else [*node["patternProperties"].values()]
    )


def _to_lay_over(node):
    """Fields of a record that can be laid over. A tuple is so as a whole, and of a map beside named
    properties it is not said whether its entries are: these are left alone."""
    if node.get("from"):
        return {}
    whole = {
        name: one
        for name, one in node["properties"].items()
        if not any(word in str(one) for word in ("'tuple'", "'map and names'"))
    }
    return {
        name: one
        for name, one in fields_of({**node, "properties": whole}).items()
        if not name.startswith("<")
    }
