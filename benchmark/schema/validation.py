"""Whether a JSON value breaks a JSON Schema, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from benchmark.errors import SchemaError
from benchmark.schema.fields import Json
from benchmark.schema.paths import field_path, join, value_at

if TYPE_CHECKING:
    import jsonschema_rs


MOST_PLACES, MOST_KINDS = 3, 5
"""Places of one kind of problem that are named, and kinds that are told."""


class Problem(NamedTuple):
    """Where a value breaks its schema (a path, empty for the top), by which keyword, and how."""

    path: str
    keyword: str
    message: str

    @property
    def place(self) -> str:
        return self.path or "the top"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


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
        except jsonschema_rs.ValidationError as error:
            at = error.instance_path
            reason = error.message.splitlines()[0]
            if at and at[-1] == "type":
                reason = f"{error.instance!r} is no type of JSON Schema"
            raise SchemaError(join("", *at), f"no valid JSON Schema: {reason:.200}") from None
        except (jsonschema_rs.ReferencingError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SchemaError("", f"no valid JSON Schema: {reason:.200}") from None

    def problem(self, value: Json) -> str | None:
        """The first thing that breaks the schema ("events[0].low: ..."), or None."""
        import jsonschema_rs

        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return str(_problem(error))
        except (ValueError, TypeError, RecursionError) as unusable:
            return f"the top: no JSON value: {unusable}"
        return None

    def gold_problems(self, value: Json) -> list[Problem]:
        """Everything in which gold breaks the schema. That something is absent, or null, does not:
        it is no value, whatever the schema says."""
        try:
            if self._validator.is_valid(value):
                return []
            errors = self._validator.iter_errors(value)
            return [_problem(error) for error in errors if not _is_absence(error)]
        except (ValueError, TypeError, RecursionError) as unusable:
            return [Problem("", "type", f"no JSON value: {unusable}")]

    def without_refused_nulls(self, value: Json) -> Json:
        """The same object without the properties that are null where the schema takes no null:
        a property that may be absent need not take one. Changes the value."""
        for error in self._validator.iter_errors(value):
            *steps, name = error.instance_path or [""]
            parent = value_at(value, tuple(steps))
            if isinstance(parent, dict) and parent.get(name, "") is None:
                del parent[name]
        return value


def _problem(error: jsonschema_rs.ValidationError) -> Problem:
    path = join("", *error.instance_path)
    return Problem(path, error.kind.name, f"{error.message:.200}")


def _is_absence(error: jsonschema_rs.ValidationError) -> bool:
    """Whether an error says no more than that a value is null or not there."""
    if error.instance is None or error.kind.name == "required":
        return True
    if isinstance(error.instance, dict) and (names := getattr(error.kind, "unexpected", ())):
        return all(error.instance[name] is None for name in names)
    # Of several schemas one fits if nothing but absence keeps the value from it.
    branches = getattr(error.kind, "context", ())
    return any(all(map(_is_absence, branch)) for branch in branches)


def in_groups(problems: Iterable[tuple[str, Problem]]) -> list[str]:
    """Problems of documents, by their ids, a line for each kind of them.

    Of one kind are those of one field that break one keyword: the first is told in full, of a few
    more the place, and the rest are counted.
    """
    kinds: dict[tuple[str, str], list[tuple[str, Problem]]] = defaultdict(list)
    for document, problem in problems:
        kinds[field_path(problem.path), problem.keyword].append((document, problem))
    lines = list(map(_group, list(kinds.values())[:MOST_KINDS]))
    if len(kinds) > MOST_KINDS:
        lines.append(f"{len(kinds) - MOST_KINDS:,} more kinds of problem")
    return lines


def _group(problems: list[tuple[str, Problem]]) -> str:
    document, first = problems[0]
    text = f"'{document}' breaks the schema at {first}"
    if others := problems[1:MOST_PLACES]:
        text += ", as do " if len(problems) > 2 else ", as does "
        text += ", ".join(f"'{name}' at {other.place}" for name, other in others)
    if (more := len(problems) - MOST_PLACES) > 0:
        text += f", and {more:,} more of this kind"
    return text
