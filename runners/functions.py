"""Python functions as extractors: `function(text)` or `function(text, meta)`, sync or async."""

from __future__ import annotations

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
"""As `Extract`, to be awaited."""


@dataclass(frozen=True)
class SeveralAtOnce(Runner):
    """Runs a coroutine function over up to IN_FLIGHT documents at a time."""

    extract: Coroutine
    fail_fast: bool = False

    def run(self, documents: Sequence[Source], done: Done) -> None:
        """As Runner.run, in the order in which the answers come."""
        import asyncio  # a tenth of the command line's start, and few extractors are coroutines

        done = fail_fast(done) if self.fail_fast else done
        asyncio.run(self._answer_all(deque(documents), done))

    async def _answer_all(self, queue: deque[Source], done: Done) -> None:
        import asyncio

        async def work() -> None:
            while queue:
                done(await self._answer(queue.popleft()))

        try:
            await asyncio.gather(*(work() for _ in range(min(IN_FLIGHT, len(queue)))))
        finally:
            queue.clear()  # a function may catch its cancellation: then at least no other begins

    async def _answer(self, document: Source) -> Answer:
        import asyncio

        try:
            prediction = await self.extract(document.text or "", document.meta)
            return Answer(document.id, as_json(prediction))
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # the run ends; else the function was cancelled by what it awaited
            return Answer(document.id, error=one_line(error))
        except FAILURES as error:
            return Answer(document.id, error=one_line(error))


def find_function(target: str) -> Any:
    """Import the object that "MODULE:NAME" names, with the current folder on the path as for
    `python -m`. Raises DataError, with near names, if there is no such module or name."""
    module_name, colon, name = target.partition(":")
    if not (module_name and colon and name):
        raise DataError(f"'{target}' names no function; give python:MODULE:FUNCTION")
    module = _module(module_name)
    try:
        return getattr(module, name)
    except AttributeError:
        file = getattr(module, "__file__", None) or "no file"
        near = hint(name, _callables(module))
        raise DataError(f"module '{module_name}' ({file}) has no '{name}'; {near}") from None
    except FAILURES as error:  # a module may have a __getattr__ of its own (PEP 562)
        raise _import_error(module_name, error) from error


def _module(name: str) -> ModuleType:
    """Import a module by its dotted name."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # Only if the module or one of its packages is missing: not one that the module imports.
        if error.name and f"{name}.".startswith(f"{error.name}."):
            raise DataError(
                f"there is no module '{error.name}', neither in {here} nor installed; "
                f"{hint(error.name, _modules(here, error.name))}"
            ) from None
        raise _import_error(name, error) from error
    except FAILURES as error:
        raise _import_error(name, error) from error


def _import_error(name: str, error: BaseException) -> DataError:
    return DataError(f"module '{name}' can't be imported: {one_line(error)}")


def _modules(here: str, name: str) -> list[str]:
    """The names of the modules beside a missing one: those of its package, or of this folder."""
    package, dot, _ = name.rpartition(".")
    paths = getattr(sys.modules.get(package), "__path__", []) if dot else [here]
    return [package + dot + module.name for module in iter_modules(paths)]


def _callables(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if callable(value) and name[0] != "_"]


def runner_of(function: Any, name: str, fail_fast: bool = False) -> Runner:
    """The runner of a function, which errors call `name`. Raises DataError if it is no function, or
    cannot be called with (text) or (text, meta)."""
    if not callable(function):
        raise DataError(f"{name} is no function but {type(function).__name__}")
    takes_meta = _takes_meta(function, name)

    def extract(text: str, meta: Mapping[str, Any]) -> Any:
        return function(text, meta) if takes_meta else function(text)

    # An object may be callable by a coroutine method: then it is no coroutine function itself.
    if any(map(inspect.iscoroutinefunction, (function, type(function).__call__))):
        return SeveralAtOnce(extract, fail_fast)
    return OneByOne(extract, fail_fast)


def _takes_meta(function: Callable[..., Any], name: str) -> bool:
    """Whether a function is called with metadata: its second parameter is called `meta` or has no
    default. A second parameter of another name with a default is left to its default."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise DataError(f"{name} does not say what it takes; wrap it in a function") from None
    second = list(signature.parameters.values())[1:2]
    named = any(p.name == "meta" and p.kind is not p.KEYWORD_ONLY for p in second)
    for takes_meta in named, not named:
        try:
            signature.bind(*(("", {}) if takes_meta else ("",)))
        except TypeError:
            continue
        return takes_meta
    raise DataError(f"{name}{signature} takes neither (text) nor (text, meta)")


def as_json(value: Any) -> Any:
    """Convert what a function returned to plain JSON values, as a predictions file will hold them.

    A pydantic model stands for its JSON, a string for a raw answer. Raises TypeError for anything
    else that is no object of JSON.
    """
    plain = orjson.loads(orjson.dumps(value, default=_dump_model))
    if not _is_finite(value):  # orjson writes null for these
        raise TypeError("NaN and infinity are no JSON")
    if not isinstance(plain, (dict, str)):
        raise TypeError(f"a dict or a pydantic model is expected, not {type(value).__name__}")
    return plain


def _is_finite(value: Any) -> bool:
    """Whether no number in a value, at any depth, is NaN or infinite."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return True
    return all(map(_is_finite, value))


def _dump_model(value: Any) -> Any:
    """The JSON values of a pydantic model; TypeError for any other object, as orjson expects."""
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
                prediction = self.extract(document.text or "", document.meta)
                answer = Answer(document.id, as_json(prediction))
            except FAILURES as error:
                answer = Answer(document.id, error=one_line(error))
            done(answer)
