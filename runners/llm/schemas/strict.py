"""A JSON Schema in the subset that strict structured outputs take.

There every property is required and no other is allowed, so an optional property becomes nullable.
What the subset says in other words is said in them: `allOf` and what stands beside a `$ref` are
merged, `oneOf` is an `anyOf`, `const` an `enum`, and a schema that is not of one object stands in
the property `answer` of one. Keywords about single values that grammars do not know (`minLength`,
say) are not sent: an answer is validated against the original schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from runners.llm.schemas.containers import Place, elements, object_of, properties
from runners.llm.schemas.keywords import bounded, listed_values, refuse_conditions, unsent
from runners.llm.schemas.limits import excess
from runners.llm.schemas.ways import OBJECT, UnsayableError, Way, Ways, types_of

WRAPPER = "answer"
"""The property that holds an answer which is not, or not always, one object."""

NULL = {"type": "null"}

Node = dict[str, Any]
_Key = tuple[frozenset[int], frozenset[str]]
"""A way, and the types of it that are meant."""


class Strict:
    """A JSON Schema in the strict subset.

    schema: what is sent. wrapped: whether it has the answer in the property WRAPPER of an object.
    unsent: keywords that are not sent; answers are checked for what they ask. added: by the id of
    an object's schema, the properties that are nullable only because they are optional.

    Raises UnsayableError for a schema that the subset has no way to say.
    """

    def __init__(self, root: Json) -> None:
        writer = _Writer(root)
        try:
            top, self.wrapped = writer.top(root)
        except RecursionError:
            raise UnsayableError("", "is nested too deeply") from None
        self.schema = {**top, "$defs": writer.defs} if writer.defs else dict(top)
        self.added = {**writer.added, id(self.schema): writer.added.get(id(top), frozenset())}
        self.unsent = tuple(sorted(writer.unsent))
        self._written = writer.written  # keeps what `added` names by ids
        if more := excess(self.schema):
            raise UnsayableError("", f"has {more}")


class _Writer:
    """Writes the places of one schema. What a reference leads to becomes a definition."""

    def __init__(self, root: Json) -> None:
        self.ways = Ways(root)
        self.defs: dict[str, Node] = {}
        self.added: dict[int, frozenset[str]] = {}
        self.unsent: set[str] = set()
        self.written: dict[_Key, Node | None] = {}
        self._names: dict[_Key, str] = {}

    def top(self, root: Json) -> tuple[Node, bool]:
        """The schema of a whole answer, and whether it stands in the property WRAPPER."""
        ways = self.ways.of((root,), "")
        if len(ways) == 1 and types_of(ways[0]) == OBJECT:
            node, is_wrapped = self.way(ways[0], ""), False
        else:
            inner, is_wrapped = self.place((root,), ""), True
            node = inner and {"type": "object", **object_of({WRAPPER: inner})}
        if node is None:
            raise UnsayableError("", "takes no value")
        return node, is_wrapped

    def place(self, place: Place, path: str, optional: bool = False) -> Node | None:
        """The schema of a place, null added to one that is optional; None if no value can stand
        there."""
        ways = [w for way in self.ways.of(place, path) for w in self._by_type(way, path)]
        nodes = [node for way in ways if (node := self._referred(way, path)) is not None]
        if not nodes:
            return None
        if optional:
            nodes.append(NULL)
        if len(nodes) == 1:
            return nodes[0]
        words = [schema.get("description") for schema in place if isinstance(schema, Mapping)]
        union = isinstance(place[0], Mapping) and (place[0].keys() & {"anyOf", "oneOf"})
        return {**({"description": words[0]} if union and words[0] else {}), "anyOf": nodes}

    def takes_null(self, place: Place, path: str) -> bool:
        """Whether null is a value of a place by the schema itself."""
        for way in self.ways.of(place, path):
            types = types_of(way)
            if types is None or "null" in types:
                values = listed_values(way, types or {"null"}, path)
                if values is None or None in values:
                    return True
        return False

    def way(self, way: Way, path: str, types: frozenset[str] | None = None) -> Node | None:
        """The schema of one way; None if it takes no value."""
        types = types_of(way) if types is None else types
        if types is None:
            raise UnsayableError(path, "takes any value")
        key = way.key, types
        if key not in self.written:
            self.written[key] = self._written(way, path, types)
        return self.written[key]

    def _by_type(self, way: Way, path: str) -> list[tuple[Way, frozenset[str]]]:
        """A way by the types that it takes: objects and arrays by themselves, scalars together."""
        types = types_of(way)
        if types is None:
            raise UnsayableError(path, "takes any value")
        apart = [frozenset({name}) for name in ("object", "array") if name in types]
        scalars = types - {"object", "array"}
        return [(way, some) for some in [*apart, scalars] if some]

    def _referred(self, typed: tuple[Way, frozenset[str]], path: str) -> Node | None:
        """The schema of a way, or a reference to it if a reference leads there."""
        way, types = typed
        if not way.ref:
            return self.way(way, path, types)
        key = way.key, types
        if key not in self._names:
            name = self._new_name(way.ref)
            self._names[key], self.defs[name] = name, {}  # it may refer to itself
            node = self.way(way, path, types)
            if node is None:
                del self.defs[name], self._names[key]
                return None
            self.defs[name] = node
        return {"$ref": f"#/$defs/{self._names[key]}"}

    def _new_name(self, ref: str) -> str:
        # Names are limited to these characters; references to different places may end alike.
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", unquote(ref.rpartition("/")[2])) or "top"
        while name in self.defs:
            name += "_"
        return name

    def _written(self, way: Way, path: str, types: frozenset[str]) -> Node | None:
        refuse_conditions(way, path)
        values = listed_values(way, types, path)
        if not types or values == []:
            return None
        names = sorted(types, key=lambda name: (name == "null", name))
        node: Node = {"type": names if len(names) > 1 else names[0]}
        if words := way.all("description"):
            node["description"] = words[0]
        if values is not None:
            node["enum"] = values
        if types == OBJECT:
            inner = self._properties(way, path)
        elif types == {"array"}:
            inner = self._items(way, path)
        else:
            inner = {}
        if inner is None:
            return None
        written = {**node, **bounded(way, types), **inner}
        self.added[id(written)] = self.added.pop(id(inner), frozenset())
        self.unsent.update(unsent(way, written))
        return written

    def _properties(self, way: Way, path: str) -> Node | None:
        """What the schema of an object says of its properties; None if there is no such object."""
        places, required = properties(way, path)
        nodes, added = {}, set()
        for name, place in places.items():
            at = join(path, name)
            adds_null = name not in required and not self.takes_null(place, at)
            node = self.place(place, at, adds_null)
            if node is None and name in required:
                return None
            if node is not None:
                nodes[name] = node
                added |= {name} if adds_null else set()
        found = object_of(nodes)
        self.added[id(found)] = frozenset(added)
        return found

    def _items(self, way: Way, path: str) -> Node | None:
        """What the schema of an array says of its elements."""
        node = self.place(elements(way, path), path)
        if node is None:
            raise UnsayableError(path, "is an array without elements")
        return {"items": node}
