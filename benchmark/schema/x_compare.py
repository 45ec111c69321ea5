"""`x-compare`: how a field is compared, in a JSON Schema or on a field of a pydantic model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.kinds import is_list_of_strings

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, eq=False)  # hashed by identity: metadata in a union needs a hash
class Compare:
    """Metadata of an `Annotated` type that puts `x-compare` into its JSON Schema."""

    options: Mapping[str, Json]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the type's JSON Schema with `x-compare`, added to that of an inner `compare`."""
        schema = handler(core_schema)
        return {**schema, "x-compare": {**schema.get("x-compare", {}), **self.options}}


def compare(  # noqa: PLR0913 - the keywords of x-compare
    *,
    by: str | None = None,
    key: bool | str | None = None,
    as_set: bool | None = None,
    as_sequence: bool | None = None,
    score: bool | None = None,
    evidence: bool | None = None,
    **options: Json,
) -> Compare:
    """Say how a field is compared: `place: Annotated[str, compare(by="name", key=True)]`.

    Takes what `x-compare` takes: `by`, `key`, `score`, `evidence`, `absent` and the comparator's
    own options (`days=1`); `as_set=True` is `"as": "set"` and `as_sequence=True` is
    `"as": "sequence"`, as `as` is a word of Python. What is left out depends on the field's type.
    Nothing is checked here: read_schema raises SchemaError for what does not fit the field.
    """
    how = _as(as_set, SET) if as_sequence is None else _as(as_sequence, SEQUENCE)
    stated = {"by": by, "key": key, "as": how, "score": score, "evidence": evidence}
    return Compare({word: value for word, value in stated.items() if value is not None} | options)


BAG, SET, SEQUENCE = "bag", "set", "sequence"
"""The values of `as`: how an array is compared."""

ALL = "all"
"""The value of `key` of properties that have to agree together."""


def _as(wanted: Json, word: str) -> Json:
    """The value of `as`; what is no bool stays as it is, for read_schema to refuse."""
    return (word if wanted else BAG) if isinstance(wanted, bool) else wanted


ABSENT = "absent"
"""Lists words that stand for no value. Any comparator takes it; it stands among its options."""

OPTIONS = ("by", "key", "as", "score", "evidence")
"""The keywords of `x-compare`; any other but `absent` is an option of the comparator."""


def compare_of(schema: Json, path: str) -> dict[str, Json]:
    """The `x-compare` of the schema at a path; empty without one.

    Raises SchemaError for keywords of other types and those that exclude each other, and for a key
    that looks like x-compare and is not.
    """
    if isinstance(schema, dict) and (misspelt := next(filter(_looks_alike, schema), None)):
        raise SchemaError(path, f"'{misspelt}' is spelt x-compare")
    compare = schema.get("x-compare", {}) if isinstance(schema, dict) else {}
    if not isinstance(compare, dict):
        raise SchemaError(path, "x-compare is an object")
    for option in ("score", "evidence"):
        if not isinstance(compare.get(option, False), bool):
            raise SchemaError(path, f"x-compare: `{option}` is true or false")
    if not isinstance(compare.get("key", False), bool) and compare["key"] != ALL:
        raise SchemaError(path, f'x-compare: `key` is true, "{ALL}" or false')
    if compare.get("as", BAG) not in (BAG, SET, SEQUENCE):
        raise SchemaError(path, f'x-compare: `as` is "{BAG}", "{SET}" or "{SEQUENCE}"')
    if not is_list_of_strings(compare.get(ABSENT, [])):
        raise SchemaError(path, "x-compare: `absent` is a list of strings")
    if compare.get("evidence") and compare.get("score") is not False:
        raise SchemaError(path, "x-compare: evidence is not scored; add `score: false`")
    if compare.get("evidence") and compare.get("key"):
        raise SchemaError(path, "x-compare: a quotation is no key")
    return compare


def _looks_alike(key: Json) -> bool:
    """Whether a key of a schema is x-compare in other letters: such a one would mean nothing."""
    return key != "x-compare" and "".join(filter(str.isalpha, str(key))).lower() == "xcompare"
