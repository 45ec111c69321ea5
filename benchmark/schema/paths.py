"""Paths of values in a JSON document, such as `events[3].casualties[0].low`.

A path is a chain of steps: the name of a property, or the index of an array's element, from 0. The
empty path is the document itself. A name holds any character but a dot and square brackets, which
is what makes a path readable in one way only; schemas with other names are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmark.schema.fields import Json

Steps = tuple[str | int, ...]
"""A parsed path: names and indexes."""

_NAME = r"[^.\[\]]+"
_INDEX = r"\[(0|[1-9][0-9]*)\]"  # no sign and no leading zeros: one spelling for each index
_INDEXES = re.compile(_INDEX)
# Steps are found in what _PATH has matched: by itself, _STEP would take ".a" for a path.
_STEP = re.compile(rf"\.?({_NAME})|{_INDEX}")
_PATH = re.compile(rf"(?:{_NAME}|{_INDEX})(?:\.{_NAME}|{_INDEX})*|")


def is_name(name: Json) -> bool:
    """Whether a property of this name can stand in a path."""
    return isinstance(name, str) and re.fullmatch(_NAME, name) is not None


def parse(path: str) -> Steps:
    """The steps of a path. Raises ValueError for what is no path, such as `a..b` or `a[01]`."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path")
    return tuple(step[1] or int(step[2]) for step in _STEP.finditer(path))


def join(path: str, *steps: str | int) -> str:
    """The path that some steps lead to from where another path ends."""
    for step in steps:
        if not isinstance(step, str):
            path = f"{path}[{step}]"
        elif path:
            path = f"{path}.{step}"
        else:
            path = step
    return path


def value_at(value: Json, path: str | Steps) -> Json:
    """The value that a path leads to in a JSON value; None where it leads nowhere or is no path."""
    if isinstance(path, str):
        try:
            path = parse(path)
        except ValueError:
            return None
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and step < len(value) else None
    return value


def walk_values(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """A JSON value and all those in it, objects and arrays before what they hold, each with its
    path; `path` is that of the value itself."""
    yield path, value
    if isinstance(value, dict):
        for name, child in value.items():
            yield from walk_values(child, join(path, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk_values(child, join(path, index))


def scalars(value: Json) -> Iterator[tuple[str, Json]]:
    """Every string, number, boolean and null in a JSON value, with its path."""
    for path, child in walk_values(value):
        if not isinstance(child, (dict, list)):
            yield path, child


def field_path(path: str) -> str:
    """The path of a value's field: without indexes, as schemas and scores name it."""
    return _INDEXES.sub("", path)


def object_path(path: str) -> str:
    """The path of the object that has the value at a path, or the array it stands in, as a
    property: `events[3].dates` for `events[3].dates.start`."""
    return path.rpartition(".")[0]


def record_path(path: str) -> str:
    """The path of the innermost record that holds the value at a path: `events[3]` for
    `events[3].dates.start`; empty for a value outside any table."""
    return path[: path.rfind("].") + 1]


def outermost_record_path(path: str) -> str:
    """The path of the outermost record that holds the value at a path: `events[3]` for
    `events[3].casualties[0].low`; empty for a value outside any table."""
    return path[: path.find("].") + 1]
