"""YAML restricted to what JSON can hold: dates, times and "no" are strings, keys are unique."""

from __future__ import annotations

import re
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from benchmark.data.json_text import MOST_VALUES, has_too_many_values
from benchmark.errors import DataError
from benchmark.schema.fields import Json

if TYPE_CHECKING:
    import yaml

IMPLICIT = (
    ("null", r"~|null|", [*"~n", ""]),
    ("bool", r"true|false", [*"tf"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", [*"-0123456789"]),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", [*"-0123456789"]),
    ("merge", r"<<", ["<"]),
)
"""The types of plain scalars (no quotes, no tag) other than strings: the name of the tag, a pattern
of the whole scalar, and the characters that it can begin with."""
SURROGATE = re.compile("[\ud800-\udfff]")
UNREADABLE = (ValueError, LookupError, AttributeError, RecursionError)
"""What PyYAML raises besides its own errors: for scalars that do not fit their tag, and for
nesting too deep to be read."""


def parse_yaml(content: str, where: str, scalars_as_text: bool = False) -> Json:
    """The value of a YAML text, with scalars typed as in JSON, or all as strings.

    Raises DataError, with `where`, for what is not YAML, repeats a key or has no form in JSON.
    """
    import yaml

    try:
        value = yaml.load(content, _loader(scalars_as_text))  # noqa: S506 - a SafeLoader
        _check(value)
    except (yaml.YAMLError, *UNREADABLE) as error:
        raise DataError(f"{where}: not YAML: {' '.join(str(error).split()):.300}") from None
    return value


def _check(value: Json) -> None:
    """Raise ValueError for a value that JSON has no form for, which tags and keys can make, and
    for one of too many values, which aliases can make of a short file."""
    if has_too_many_values(value):
        raise ValueError(f"more than {MOST_VALUES:,} values")
    unchecked = [value]
    while unchecked:
        checked = unchecked.pop()
        if isinstance(checked, dict):
            unchecked += checked.values()
            if wrong := [key for key in checked if not isinstance(key, str)]:
                raise ValueError(f"the key `{wrong[0]}` is no text; quote it")
        elif isinstance(checked, list):
            unchecked += checked
        elif not _is_scalar(checked):
            raise ValueError(f"a value that JSON has no form for: {checked!r:.50}")


def _is_scalar(value: Any) -> bool:
    """Whether a value is a scalar of JSON, as strictly as it is parsed from JSON."""
    if isinstance(value, int):
        return abs(value) < 2**63
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, str):
        return not SURROGATE.search(value)
    return value is None


@cache
def _loader(scalars_as_text: bool) -> type[yaml.SafeLoader]:
    """PyYAML's safe loader with the types of IMPLICIT in place of its own, or with none."""
    import yaml

    # libyaml, where PyYAML was built with it, reads the same in a sixth of the time.
    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            for key in sorted({str(key) for key in keys if keys.count(key) > 1}):
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"`{key}` stands twice in the object of line {line}")
            mapping: dict[Any, Any] = super().construct_mapping(node, deep)
            return mapping

    for tag, pattern, first in () if scalars_as_text else IMPLICIT:
        whole = re.compile(f"^(?:{pattern})$")
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", whole, first)
    return Loader
