"""What people decided while TST3 was scored: responses that they took for a fill of the key.

The file is one Lisp list: per document, template and slot the responses that the scorer asked
about, each with `match`, `partial` or `fail` and the fill of the key that was meant.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from muc4_reader import FOLDER, Fill, Template
from muc4_task import STRINGS


class Match(NamedTuple):
    """A response that people took for a fill of a key template; `value` is one of that fill."""

    document: str
    template: str
    slot: str
    response: str
    value: str


TOKEN = re.compile(r'[()]|"((?:\\.|[^"\\])*)"|[^\s()"]+')


def with_matches(key: Mapping[str, list[Template]]) -> dict[str, list[Template]]:
    """The key, accepting besides what people called a match of one of its strings.

    Gold has no place for what they called partial: an alternative is accepted in full.
    """
    matches = read_matches()
    return {
        document: [replace(template, slots=_extended(template, matches)) for template in templates]
        for document, templates in key.items()
    }


def _extended(template: Template, matches: set[Match]) -> dict[str, tuple[Fill, ...]]:
    """The slots of a template, each fill with the responses matched with one of its values."""
    found = [m for m in matches if m[:2] == (template.document, template.number)]
    return {
        slot: tuple(_accepting(fill, [m for m in found if m.slot == slot]) for fill in fills)
        for slot, fills in template.slots.items()
    }


def _accepting(fill: Fill, matches: list[Match]) -> Fill:
    more = sorted(match.response for match in matches if match.value in fill.values)
    return replace(fill, values=tuple(dict.fromkeys((*fill.values, *more))))


def read_matches() -> set[Match]:
    """Each match of two strings, once for every value that the fill of the key accepts."""
    text = gzip.decompress((FOLDER / "history-tst3.txt.gz").read_bytes()).decode("ascii")
    history = next(_lists(TOKEN.finditer(text)))
    return {
        Match(document, number, slot, _string(response), _string(value))
        for document, *templates in history
        for number, *slots in templates
        for slot, *decisions in slots
        if slot in STRINGS
        for response, decision, *meant in decisions
        if decision == "match"
        for value in _values(meant[0])
    }


def _lists(tokens: Iterator[re.Match[str]]) -> Iterator[Any]:
    """Nested lists of words and strings."""
    for token in tokens:
        if token[0] == ")":
            return
        if token[0] == "(":
            yield list(_lists(tokens))
        else:
            yield token[0] if token[1] is None else re.sub(r"\\(.)", r"\1", token[1])


def _values(meant: Any) -> list[Any]:
    """The values of a fill of the key: a string, or `(or ...)`, or `(optional ...)` of either."""
    if isinstance(meant, str) or meant[0] not in ("or", "optional"):
        return [meant]
    return [
        value for part in meant[1:] if meant[0] in ("or", "optional") for value in _values(part)
    ]


def _string(fill: Any) -> str:
    """A string fill without its quotes; the value of a fill with a tag."""
    return _string(fill[1]) if isinstance(fill, list) else re.sub(r'^"|"$', "", fill)
