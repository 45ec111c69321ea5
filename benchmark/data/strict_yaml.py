"""YAML that holds what JSON holds: dates, times and "no" are strings, and a key stands once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from benchmark.data.json_text import MOST_VALUES
from benchmark.errors import DataError
from benchmark.schema.fields import Json

if TYPE_CHECKING:
    import yaml


def parse_yaml(content: str, where: str) -> Json:
    """YAML whose scalars are read as JSON's: dates, times and "no" are strings, keys unique."""
    import yaml

    try:
        value = yaml.load(content, _loader())  # noqa: S506 - a SafeLoader
        _count(value)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DataError(f"{where}: not YAML: {' '.join(str(error).split()):.300}") from None
    return value


def _count(value: Json) -> None:
    """Aliases can make a short file endless."""
    found, stack = 0, [value]
    while stack:
        one = stack.pop()
        found += 1
        if found > MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES:,} values")
        below: Iterable[Json] = one.values() if isinstance(one, dict) else one
        stack += below if isinstance(one, (dict, list)) else ()


@cache
def _loader() -> type[yaml.SafeLoader]:
    import yaml

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            for key in sorted({str(key) for key in keys if keys.count(key) > 1}):
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"`{key}` stands twice in the object of line {line}")
            return super().construct_mapping(node, deep)

    for tag, pattern, first in (
        ("null", r"~|null|", [*"~n", ""]),
        ("bool", r"true|false", [*"tf"]),
        ("int", r"-?(?:0|[1-9][0-9]*)", [*"-0123456789"]),
        ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", [*"-0123456789"]),
        ("merge", r"<<", ["<"]),
    ):
        found = re.compile(f"^(?:{pattern})$")
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", found, first)
    return Loader
