"""The ways to fill a place of a document: references followed, allOf and unions written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from benchmark.schema.fields import Json
from benchmark.schema.tree.resolver import RefError, json_type, target

Schema = Mapping[str, Any]

MOST_WAYS = 256
"""Ways to fill one place that are told apart."""

COMBINING = {"$ref", "allOf", "anyOf", "oneOf"}
ANNOTATIONS = {
    *("title", "default", "examples", "example", "deprecated", "readOnly", "writeOnly"),
    *("$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$comment", "$defs", "definitions"),
    *("description", "$vocabulary", "contentMediaType", "contentEncoding", "discriminator"),
}
"""Keywords that leave the values of a place as they are, unless they stand for other ones."""


OF_OBJECTS = "properties", "patternProperties", "additionalProperties"
"""Keywords that say of a schema without a type that it is one of objects."""

OBJECT = frozenset({"object"})


class UnsayableError(ValueError):
    """What a schema says at a place, and the strict subset has no way to say; in words."""

    def __init__(self, path: str, what: str) -> None:
        place = f"`{path}`" if path else "the top"
        super().__init__(f"{place} {what}, which the strict subset has no way to say")


class Way:
    """Schemas that hold together at a place, without references and unions.

    parts: their own keywords. ref: the first reference that was followed to them, "" for none.
    """

    def __init__(self, parts: tuple[Schema, ...] = (), ref: str = "") -> None:
        unique = {id(part): part for part in parts}
        self.parts, self.ref = tuple(unique.values()), ref
        self.key = frozenset(unique)

    def __add__(self, other: Way) -> Way:
        return Way((*self.parts, *other.parts), self.ref or other.ref)

    def all(self, keyword: str) -> list[Any]:
        """What the schemas say by a keyword, those that are silent left out."""
        return [part[keyword] for part in self.parts if keyword in part]


class Ways:
    """Finds the ways to fill the places of one JSON Schema, `root`."""

    def __init__(self, root: Json) -> None:
        self.root = root
        self._own: dict[int, Schema] = {}  # one object a schema: ways are told apart by these

    def of(self, place: tuple[Json, ...], path: str) -> list[Way]:
        """The ways to fill a place for which several schemas hold together; none if no value can.

        Raises UnsayableError for references that lead nowhere and for too many ways.
        """
        return self._together((self._of(schema, path, ()) for schema in place), path)

    def _of(self, schema: Json, path: str, entered: tuple[int, ...]) -> list[Way]:
        if schema is False:
            return []
        if not isinstance(schema, Mapping) or id(schema) in entered:
            return [Way()]
        return self._together(self._parts(schema, path, (*entered, id(schema))), path)

    def _parts(self, schema: Schema, path: str, entered: tuple[int, ...]) -> Iterator[list[Way]]:
        own = self._own.setdefault(id(schema), _own(schema))
        yield [Way((own,)) if own else Way()]
        if isinstance(ref := schema.get("$ref"), str):
            yield [Way(ref=ref) + way for way in self._of(self._target(ref, path), path, entered)]
        for branch in schema.get("allOf") or ():
            yield self._of(branch, path, entered)
        for word in ("anyOf", "oneOf"):
            if branches := schema.get(word):
                yield [way for branch in branches for way in self._of(branch, path, entered)]

    def _target(self, ref: str, path: str) -> Json:
        try:
            return target(self.root, ref)
        except RefError as error:
            raise UnsayableError(path, f"refers to what cannot be sent ({error})") from None

    def _together(self, parts: Iterator[list[Way]], path: str) -> list[Way]:
        """The ways in which one way of each part holds, each once."""
        ways = [Way()]
        for part in parts:
            if len(ways) * len(part) > MOST_WAYS:
                raise UnsayableError(path, f"has more than {MOST_WAYS} alternatives")
            ways = list({(w := a + b).key: w for a, b in product(ways, part)}.values())
        return ways


def _own(schema: Schema) -> Schema:
    """The keywords of a schema that bear on values, those that combine schemas left out. A
    description stays, but that of a union, which is of all its branches."""
    union = schema.get("anyOf") or schema.get("oneOf")
    kept = () if union else ("description",)
    dropped = (COMBINING | ANNOTATIONS).difference(kept)
    return {
        word: value
        for word, value in schema.items()
        if word not in dropped and not word.startswith("x-")
    }


def types_of(way: Way) -> frozenset[str] | None:
    """The JSON types that a way leaves, by their names; None for any. "number" takes integers.

    Where no type is stated, keywords that are about one type say it, as the field tree has it.
    """
    found: frozenset[str] | None = None
    for part in way.parts:
        if (types := _stated(part)) is not None:
            found = types if found is None else found & types
    if found is None:
        return None
    return found - {"integer"} if "number" in found else found


def _stated(part: Schema) -> frozenset[str] | None:
    stated = part.get("type")
    if stated is not None:
        names = set(stated if isinstance(stated, list) else [stated])
    elif (values := listed(part)) is not None:
        names = set(map(json_type, values))
    elif any(isinstance(part.get(word), Mapping) for word in OF_OBJECTS):
        names = {"object"}
    elif isinstance(part.get("items"), (Mapping, list)) or "prefixItems" in part:
        names = {"array"}
    else:
        return None
    return frozenset(names | ({"integer"} if "number" in names else set()))


def listed(part: Schema) -> list[Json] | None:
    """The values that a schema lists by enum or const; None if it lists none."""
    if "const" in part:
        return [part["const"]]
    values = part.get("enum")
    return values if isinstance(values, list) else None


def only_objects(root: Json) -> bool:
    """Whether each instance of a schema is an object."""
    try:
        ways = Ways(root).of((root,), "")
    except UnsayableError:
        return False
    return bool(ways) and all(types_of(way) == OBJECT for way in ways)
