"""Every error that a user can meet: each names the file, line, path or id and the way out."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


def harmless(text: str) -> str:
    """Text that may quote untrusted input, with its control characters escaped: a terminal would
    obey them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def harmless_json(text: str) -> str:
    """JSON with the signs escaped that cannot be seen, or that turn a line around."""
    return "".join(c if c.isprintable() or c == "\n" else _json_escape(c) for c in text)


def _json_escape(sign: str) -> str:
    units = sign.encode("utf-16-be")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


class FieldmarkError(Exception):
    """Something the user can mend. The command line prints it and exits with status 2."""

    def __reduce__(self) -> tuple[Callable[..., FieldmarkError], tuple[Any, ...]]:
        """Pickle the message: subclasses take other arguments, from which it was made."""
        return copyreg.__newobj__, (type(self), *self.args)  # type: ignore[attr-defined]


class SchemaError(FieldmarkError):
    """A schema that cannot be scored: where in it, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"schema, at {path or 'the top'}: {reason}")


class DataError(FieldmarkError):
    """Gold, predictions or a text that cannot be used: which file, line or document, and why."""


class UnreadableError(DataError):
    """A file that cannot be read."""


def unreadable(path: str | Path, error: OSError | UnicodeDecodeError) -> UnreadableError:
    """The error for a file or URL that the system refuses to read."""
    reason = getattr(error, "strerror", None) or error
    return UnreadableError(f"{path}: cannot be read: {reason}")


def unwritable(path: str | Path, error: OSError) -> DataError:
    """The error for a file or folder that the system refuses to write."""
    return DataError(f"{path}: cannot be written: {error.strerror or error}")


class WorkerError(FieldmarkError):
    """A process or a cluster that was to score is gone, out of reach, or unfit for it."""


class UnknownNameError(FieldmarkError):
    """A name that is not among the valid ones; the message suggests similar ones."""

    def __init__(self, kind: str, name: str, valid: Iterable[str]) -> None:
        super().__init__(f"unknown {kind} '{name}'; {hint(name, valid)}")


def hint(name: str, valid: Iterable[str]) -> str:
    """The names most similar to an unknown one, 3 at most; all, if none is similar."""
    names = sorted(valid)
    similar = get_close_matches(name, names, n=3)
    if similar:
        return f"did you mean {' or '.join(similar)}?"
    return f"there are: {', '.join(names) or 'none'}"
