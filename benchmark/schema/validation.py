"""Whether a JSON value breaks a JSON Schema, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.paths import join, value_at

if TYPE_CHECKING:
    import jsonschema_rs


def _refuse(uri: str) -> Json:
    """A schema stands alone: nothing it refers to is fetched."""
    raise ValueError(f"{uri} is outside the schema; copy it under $defs")


class Validator:
    """Full JSON Schema validation, formats included."""

    def __init__(self, schema: Json) -> None:
        import jsonschema_rs

        try:
            self._validator = jsonschema_rs.validator_for(
                schema, validate_formats=True, retriever=_refuse
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SchemaError("", f"no valid JSON Schema: {reason:.200}") from None

    def problem(self, value: Json) -> str | None:
        """The first thing that breaks the schema ("events[0].low: ..."), or None."""
        import jsonschema_rs

        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return _error_text(error)
        except (ValueError, TypeError, RecursionError) as unusable:
            return f"the top: no JSON value: {unusable}"
        return None

    def problems(self, value: Json) -> list[str]:
        """Everything that breaks the schema."""
        return [_error_text(error) for error in self._validator.iter_errors(value)]

    def without_refused_nulls(self, value: Json) -> Json:
        """The same object without the properties that are null where the schema takes no null:
        a property that may be absent need not take one. Changes the value."""
        for error in self._validator.iter_errors(value):
            *steps, name = error.instance_path or [""]
            parent = value_at(value, tuple(steps))
            if isinstance(parent, dict) and parent.get(name, "") is None:
                del parent[name]
        return value


def _error_text(error: jsonschema_rs.ValidationError) -> str:
    """Where in the value, and what: "events[0].low: ..."."""
    return f"{join('', *error.instance_path) or 'the top'}: {error.message:.200}"
