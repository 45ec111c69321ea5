"""The table of extractors, and how each is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmark.errors import DataError, FieldmarkError, UnknownNameError
from runners.baselines import empty
from runners.interface import FAILURES, Runner, one_line
from runners.plugins import Guarded, full_name, load, registered
from runners.rules import rules
from runners.settings import Setting


@dataclass(frozen=True)
class Extractor:
    """An entry of the table.

    `about`: a description for lists; `make(setting, target)` returns the runner for a task;
    `target`: what follows the name after a colon ("MODEL"), "" if nothing does; `heeds_settings`:
    whether it uses `Setting.model`.
    """

    about: str
    make: Callable[[Setting, str], Runner]
    target: str = ""
    heeds_settings: bool = False


# Each of these imports its module when it is called: listing extractors stays quick.


def openai(setting: Setting, model: str) -> Runner:
    """A model behind an OpenAI-compatible endpoint."""
    from runners.llm.runner import ModelRunner

    return ModelRunner(setting, model)


def replay(setting: Setting, target: str) -> Runner:
    """The answers of a predictions file or of a journal."""
    from runners.replay import replay as read

    return read(target, setting.fail_fast)


def python(setting: Setting, target: str) -> Runner:
    """A function that Python can import."""
    from runners.functions import find_function, runner_of

    return runner_of(find_function(target), target, setting.fail_fast)


def command(setting: Setting, target: str) -> Runner:
    """A program that answers line by line."""
    from runners.command import command as prepare

    return prepare(target, setting.fail_fast)


EXTRACTORS = {
    "rules": Extractor("situation reports by rules and word lists; no model, no network", rules),
    "openai": Extractor(
        "a model behind an OpenAI-compatible endpoint, by schema-constrained output",
        openai,
        target="MODEL",
        heeds_settings=True,
    ),
    "empty": Extractor("the baseline that finds nothing", empty),
    "replay": Extractor(
        "the answers of a predictions file or journal, given again", replay, target="FILE"
    ),
    "python": Extractor("a function of a text, sync or async", python, target="MODULE:FUNCTION"),
    "command": Extractor(
        "a program of any language, a line in, a line out", command, target="PROGRAM"
    ),
}


def find(name: str) -> tuple[Extractor, str]:
    """The extractor of a name such as "openai:gpt", and what follows the colon ("gpt").

    It is one of the table or one that an installed package registers. Raises UnknownNameError for
    any other, and DataError where what follows the name is missing or too much.
    """
    first, colon, target = name.partition(":")
    extractor = EXTRACTORS[first] if first in EXTRACTORS else _find_registered(first)
    if extractor.target and not target:
        raise DataError(f"extractor '{first}' needs to know more: {first}:{extractor.target}")
    if colon and not extractor.target:
        raise DataError(f"extractor '{first}' takes nothing behind its name")
    return extractor, target


def _find_registered(name: str) -> Extractor:
    """The extractor that a package registers: an Extractor, or a function to make one of."""
    points = registered()
    if name not in points:
        raise UnknownNameError("extractor", name, [*EXTRACTORS, *points])
    plugin, full = load(points[name]), full_name(points[name])
    if isinstance(plugin, Extractor):
        return _guard(plugin, full)
    if not callable(plugin):
        raise DataError(
            f"{full} is neither a function nor a runners.Extractor but {type(plugin).__name__}"
        )

    def make(setting: Setting, _target: str) -> Runner:
        from runners.functions import runner_of

        return runner_of(plugin, full, setting.fail_fast)

    return Extractor(full, make)


def _guard(extractor: Extractor, full: str) -> Extractor:
    """The same extractor, but any exception becomes an error that begins with its full name."""

    def make(setting: Setting, target: str) -> Runner:
        try:
            runner = extractor.make(setting, target)
        except FieldmarkError:  # it says what the user can do
            raise
        except FAILURES as error:
            raise DataError(f"{full}: {one_line(error)}") from error
        if not isinstance(runner, Runner):
            raise DataError(f"{full}: it made no runners.Runner but {type(runner).__name__}")
        return Guarded(runner, full, setting.fail_fast)

    return replace(extractor, make=make)
