"""Every error that a user can meet: each names the file, line, path or id and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def harmless(text: str) -> str:
    """Text that may quote untrusted input, without what a terminal would obey."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class FieldmarkError(Exception):
    """Something the user can mend. The command line prints it and exits with status 2."""


class SchemaError(FieldmarkError):
    """A schema that cannot be scored: where in it, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"schema, at {path or 'the top'}: {reason}")


class DataError(FieldmarkError):
    """Gold, predictions or a text that cannot be used: which file, line or document, and why."""


class UnknownNameError(FieldmarkError):
    """A name that is not in a table of names; the near ones are named."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}"
        super().__init__(f"unknown {kind} '{name}'; {hint}")
