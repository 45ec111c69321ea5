"""Which extractors there are, and how each is made."""

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
    """One entry of the table: what it is, how it is made for a task, what follows its name after a
    colon, if anything ("MODEL"), and whether it heeds what is set about a model."""

    about: str
    make: Callable[[Setting, str], Runner]
    target: str = ""
    heeds_settings: bool = False


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
        "MODEL",
        heeds_settings=True,
    ),
    "empty": Extractor("the baseline that finds nothing", empty),
    "replay": Extractor(
        "the answers of a predictions file or journal, given again", replay, "FILE"
    ),
    "python": Extractor("a function of a text, sync or async", python, "MODULE:FUNCTION"),
    "command": Extractor("a program of any language, a line in, a line out", command, "PROGRAM"),
}


def find(name: str) -> tuple[Extractor, str]:
    """An extractor by name, ours or one that an installed package registers, and what follows the
    name: "openai:gpt" is `openai` for "gpt"."""
    first, colon, target = name.partition(":")
    found = EXTRACTORS[first] if first in EXTRACTORS else _find_registered(first)
    if found.target and not target:
        raise DataError(f"extractor '{first}' needs to know more: {first}:{found.target}")
    if colon and not found.target:
        raise DataError(f"extractor '{first}' takes nothing behind its name")
    return found, target


def _find_registered(name: str) -> Extractor:
    points = registered()
    if name not in points:
        raise UnknownNameError("extractor", name, [*EXTRACTORS, *points])
    found, full = load(points[name]), full_name(points[name])
    if isinstance(found, Extractor):
        return _guard(found, full)
    if not callable(found):
        raise DataError(
            f"{full} is neither a function nor a runners.Extractor but {type(found).__name__}"
        )

    def make(setting: Setting, _target: str) -> Runner:
        from runners.functions import runner_of

        return runner_of(found, full, setting.fail_fast)

    return Extractor(full, make)


def _guard(extractor: Extractor, full: str) -> Extractor:
    """The same, but whatever it raises is told with its name."""

    def make(setting: Setting, target: str) -> Runner:
        try:
            made = extractor.make(setting, target)
        except FieldmarkError:
            raise
        except FAILURES as error:
            raise DataError(f"{full}: {one_line(error)}") from error
        if not isinstance(made, Runner):
            raise DataError(f"{full}: it made no runners.Runner but {type(made).__name__}")
        return Guarded(made, full, setting.fail_fast)

    return replace(extractor, make=make)
