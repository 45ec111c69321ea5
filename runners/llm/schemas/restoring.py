"""Answers by a schema of the strict subset, read back to the schema that was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from benchmark.schema.fields import Json
from runners.llm.schemas.strict import WRAPPER, Strict

if TYPE_CHECKING:
    import jsonschema_rs

Node = Mapping[str, Any]


def unwrapped(answer: Json) -> Json:
    """What the property WRAPPER of an object holds; an answer without the object, as it is."""
    is_wrapped = isinstance(answer, dict) and answer.keys() == {WRAPPER}
    return answer[WRAPPER] if is_wrapped else answer


class Restorer:
    """Reads answers back: a null that stands for an absent property is taken out."""

    def __init__(self, strict: Strict) -> None:
        self._strict = strict
        self._defs: Mapping[str, Node] = strict.schema.get("$defs", {})
        self._validators: dict[int, jsonschema_rs.Validator] = {}

    def restored(self, answer: Json) -> Json:
        """The answer in terms of the schema that was given, valid or not."""
        node: Node = self._strict.schema
        if self._strict.wrapped:
            node, answer = node["properties"][WRAPPER], unwrapped(answer)
        return self._read(node, answer)

    def _read(self, node: Node, value: Json) -> Json:
        if isinstance(value, list):
            items = self._chosen(node, value).get("items", {})
            return [self._read(items, item) for item in value]
        if not isinstance(value, dict):
            return value
        node = self._chosen(node, value)
        properties = node.get("properties", {})
        added = self._strict.added.get(id(node), frozenset())
        return {
            name: self._read(properties.get(name, {}), item)
            for name, item in value.items()
            if item is not None or name not in added
        }

    def _chosen(self, node: Node, value: Json) -> Node:
        """The schema of one object or array that a value is an instance of; where it is one of
        none, the one that is closest to it."""
        node = self._followed(node)
        while "anyOf" in node:
            branches = [self._followed(branch) for branch in node["anyOf"]]
            fitting = [branch for branch in branches if self._fits(branch, value)]
            node = fitting[0] if fitting else max(branches, key=lambda b: self._closeness(b, value))
        return node

    def _followed(self, node: Node) -> Node:
        while "$ref" in node:
            node = self._defs[node["$ref"].rpartition("/")[2]]
        return node

    def _closeness(self, branch: Node, value: Json) -> int:
        if isinstance(value, list):
            return int("items" in branch)
        properties = branch.get("properties", {})
        return sum(
            self._fits(properties[name], item) for name, item in value.items() if name in properties
        )

    def _fits(self, node: Node, value: Json) -> bool:
        import jsonschema_rs

        if id(node) not in self._validators:
            whole = {**node, "$defs": self._defs}
            self._validators[id(node)] = jsonschema_rs.validator_for(whole, validate_formats=True)
        return self._validators[id(node)].is_valid(value)
