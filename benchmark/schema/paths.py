"""Paths of values in a JSON document, such as `events[3].casualties[0].low`.

A path is a chain of steps: the name of a property, or the index of an array's element, from 0. The
empty path is the document itself. A name with a dot or bracket in it, or an empty one, is
written `["No."]`, so that a path is readable in one way only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from benchmark.schema.fields import Json

Steps = tuple[str | int, ...]
"""A parsed path: names and indexes."""

_NAME = r"[^.\[\]]+"
_INDEX = r"\[(0|[1-9][0-9]*)\]"  # no sign and no leading zeros: one spelling for each index
_QUOTED = r'\[("(?:[^"\\]|\\.)*")\]'  # a name with other signs, as JSON writes it
_SIGNS = frozenset(".[]")
_INDEXES = re.compile(_INDEX)
# Steps are found in what _PATH has matched: by itself, _STEP would take ".a" for a path.
_STEP = re.compile(rf"\.?({_NAME})|{_INDEX}|{_QUOTED}", re.DOTALL)
_PATH = re.compile(rf"(?:{_NAME}|{_INDEX}|{_QUOTED})(?:\.{_NAME}|{_INDEX}|{_QUOTED})*|", re.DOTALL)


def is_name(name: Json) -> bool:
    """Whether a property of this name stands in a path as it is; others are quoted."""
    return isinstance(name, str) and bool(name) and _SIGNS.isdisjoint(name)


def parse(path: str) -> Steps:
    """The steps of a path. Raises ValueError for what is no path, such as `a..b` or `a[01]`."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path")
    return tuple(_step(*match.groups()) for match in _STEP.finditer(path))


def _step(name: str | None, index: str | None, quoted: str | None) -> str | int:
    if name is not None:
        return name
    return int(index) if index is not None else str(json.loads(quoted or ""))


def join(path: str, *steps: str | int) -> str:
    """The path that some steps lead to from where another path ends."""
    for step in steps:
        if not isinstance(step, str):
            path = f"{path}[{step}]"
        elif not is_name(step):
            path = f"{path}[{json.dumps(step, ensure_ascii=False)}]"
        else:
            path = f"{path}.{step}" if path else step
    return path


def concat(path: str, below: str) -> str:
    """The path that a second one leads to from where a first ends, whether it is a path or not."""
    return f"{path}.{below}" if path and not below.startswith("[") else path + below


def is_inside(path: str, outer: str) -> bool:
    """Whether a path, of a value or a field, leads to something in what `outer` leads to."""
    return path.startswith((f"{outer}.", f"{outer}["))


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
    if '"' not in path:
        return _INDEXES.sub("", path)
    return join("", *(step for step in parse(path) if isinstance(step, str)))


def object_path(path: str) -> str:
    """The path of the object that has the value at a path, or the array it stands in, as a
    property: `events[3].dates` for `events[3].dates.start`."""
    steps = parse(path)
    names = [n for n, step in enumerate(steps) if isinstance(step, str)]
    return join("", *steps[: names[-1]]) if names else ""


def record_path(path: str) -> str:
    """The path of the innermost record that holds the value at a path: `events[3]` for
    `events[3].dates.start`; empty for a value outside any table."""
    ends = _record_ends(path)
    return join("", *parse(path)[: ends[-1]]) if ends else ""


def outermost_record_path(path: str) -> str:
    """The path of the outermost record that holds the value at a path: `events[3]` for
    `events[3].casualties[0].low`; empty for a value outside any table."""
    ends = _record_ends(path)
    return join("", *parse(path)[: ends[0]]) if ends else ""


def _record_ends(path: str) -> list[int]:
    """How many steps lead to each record on the way to a value: those before a property."""
    steps = parse(path)
    return [
        n
        for n in range(1, len(steps))
        if isinstance(steps[n - 1], int) and isinstance(steps[n], str)
    ]
