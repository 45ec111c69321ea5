"""Functions of Python as extractors: `function(text)` or `function(text, meta)`, sync or async."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import orjson

from benchmark.errors import DataError, hint
from runners.interface import FAILURES, Answer, Done, Extract, Runner, Source, fail_fast, one_line

IN_FLIGHT = 16
"""Documents that a coroutine function works on at a time, at most."""

Coroutine = Callable[[str, Mapping[str, Any]], Awaitable[Any]]


@dataclass(frozen=True)
class SeveralAtOnce(Runner):
    """Runs a coroutine function over several documents at a time."""

    extract: Coroutine
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, as answers come."""
        asyncio.run(self._all(deque(documents), fail_fast(done) if self.fail_fast else done))

    async def _all(self, left: deque[Source], done: Done) -> None:
        async def work() -> None:
            while left:
                done(await self._answer(left.popleft()))

        try:
            await asyncio.gather(*(work() for _ in range(min(IN_FLIGHT, len(left)))))
        finally:
            left.clear()  # a function may catch its cancellation: then at least no other begins

    async def _answer(self, document: Source) -> Answer:
        try:
            found = await self.extract(document.text or "", document.meta)
            return Answer(document.id, as_json(found))
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # the run ends; else the function was cancelled by what it awaited
            return Answer(document.id, error=one_line(error))
        except FAILURES as error:
            return Answer(document.id, error=one_line(error))


def find_function(target: str) -> Any:
    """What "module:name" names, imported as `python -m` would; DataError if there is no such."""
    module_name, colon, name = target.partition(":")
    if not (module_name and colon and name):
        raise DataError(f"'{target}' names no function; give python:MODULE:FUNCTION")
    module = _module(module_name)
    try:
        return getattr(module, name)
    except AttributeError:
        file = getattr(module, "__file__", None) or "no file"
        known = hint(name, _callables(module))
        raise DataError(f"module '{module_name}' ({file}) has no '{name}'; {known}") from None
    except FAILURES as error:  # a module may look names up by a function of its own
        raise _broken(module_name, error) from error


def _module(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            raise DataError(
                f"there is no module '{error.name}', neither in {here} nor installed; "
                f"{hint(error.name, _modules(here, error.name))}"
            ) from None
        raise _broken(name, error) from error
    except FAILURES as error:
        raise _broken(name, error) from error


def _broken(name: str, error: BaseException) -> DataError:
    return DataError(f"module '{name}' can't be imported: {one_line(error)}")


def _modules(here: str, name: str) -> list[str]:
    """The modules that stand where one was looked for: here, or in its package."""
    package, dot, _ = name.rpartition(".")
    paths = getattr(sys.modules.get(package), "__path__", []) if dot else [here]
    return [package + dot + found.name for found in iter_modules(paths)]


def _callables(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if callable(value) and name[0] != "_"]


def runner_of(function: Any, name: str, fail_fast: bool = False) -> Runner:
    """What runs a function; DataError if it is none, or can't be called with a text."""
    if not callable(function):
        raise DataError(f"{name} is no function but {type(function).__name__}")
    takes_meta = _takes_meta(function, name)

    def extract(text: str, meta: Mapping[str, Any]) -> Any:
        return function(text, meta) if takes_meta else function(text)

    if any(map(inspect.iscoroutinefunction, (function, type(function).__call__))):
        return SeveralAtOnce(extract, fail_fast)
    return OneByOne(extract, fail_fast)


def _takes_meta(function: Callable[..., Any], name: str) -> bool:
    """Whether a function wants metadata: its second parameter is named so, or must be given."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise DataError(f"{name} does not say what it takes; wrap it in a function") from None
    second = list(signature.parameters.values())[1:2]
    named = any(one.name == "meta" and one.kind is not one.KEYWORD_ONLY for one in second)
    for takes_meta in named, not named:
        try:
            signature.bind(*(("", {}) if takes_meta else ("",)))
        except TypeError:
            continue
        return takes_meta
    raise DataError(f"{name}{signature} takes neither (text) nor (text, meta)")


def as_json(value: Any) -> Any:
    """What a function returned, as a predictions file will hold it; TypeError if it can't be."""
    plain = orjson.loads(orjson.dumps(value, default=_dumped))
    if not _is_finite(value):
        raise TypeError("NaN and infinity are no JSON")
    if not isinstance(plain, (dict, str)):
        raise TypeError(f"a dict or a pydantic model is expected, not {type(value).__name__}")
    return plain


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return True
    return all(map(_is_finite, value))


def _dumped(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError


@dataclass(frozen=True)
class OneByOne(Runner):
    """Runs a function over one document after another."""

    extract: Extract
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in order."""
        done = fail_fast(done) if self.fail_fast else done
        for document in documents:
            try:
                found = self.extract(document.text or "", document.meta)
                answer = Answer(document.id, as_json(found))
            except FAILURES as error:
                answer = Answer(document.id, error=one_line(error))
            done(answer)
