"""`x-compare`: how a field is compared, in a JSON Schema or on a field of a pydantic model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, eq=False)  # told apart by identity: a member of a union must be hashable
class Compare:
    """Metadata of an `Annotated` type that puts `x-compare` into its JSON Schema."""

    options: Mapping[str, Json]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The type's own schema with x-compare beside it; what an inner `compare` says stays."""
        schema = handler(core_schema)
        return {**schema, "x-compare": {**schema.get("x-compare", {}), **self.options}}


def compare(
    *,
    by: str | None = None,
    key: bool | None = None,
    as_set: bool | None = None,
    score: bool | None = None,
    evidence: bool | None = None,
    **options: float,
) -> Compare:
    """How a field is compared: `place: Annotated[str, compare(by="name", key=True)]`.

    It takes what `x-compare` takes: `by`, `key`, `score`, `evidence` and the comparator's own
    options (`days=1`); `as_set=True` is `"as": "set"`, as `as` is a word of Python. What is left
    out is left to the field's type. read_schema raises SchemaError for what does not fit the field.
    """
    stated = {"by": by, "key": key, "as": _as(as_set), "score": score, "evidence": evidence}
    return Compare({word: value for word, value in stated.items() if value is not None} | options)


def _as(as_set: Json) -> Json:
    """The word that x-compare has for it; what is no bool is left for read_schema to refuse."""
    return ("set" if as_set else "bag") if isinstance(as_set, bool) else as_set


OPTIONS = ("by", "key", "as", "score", "evidence")


def compare_of(schema: Json, path: str) -> dict[str, Json]:
    compare = schema.get("x-compare", {}) if isinstance(schema, dict) else {}
    if not isinstance(compare, dict):
        raise SchemaError(path, "x-compare is an object")
    for option in ("key", "score", "evidence"):
        if not isinstance(compare.get(option, False), bool):
            raise SchemaError(path, f"x-compare: `{option}` is true or false")
    if compare.get("as", "bag") not in ("bag", "set"):
        raise SchemaError(path, 'x-compare: `as` is "bag" or "set"')
    if compare.get("key") and compare.get("score") is False:
        raise SchemaError(path, "x-compare: a key is scored")
    if compare.get("evidence") and compare.get("score") is not False:
        raise SchemaError(path, "x-compare: evidence is not scored; add `score: false`")
    return compare
