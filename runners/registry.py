"""Which extractors there are, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmark.errors import DataError, FieldmarkError, UnknownNameError
from benchmark.tree import Bag, Json, Record, Table
from runners.engine import FAILURES, OneByOne, Runner, told
from runners.installed import Guarded, full_name, load, registered
from runners.llm.settings import Settings


@dataclass(frozen=True)
class Example:
    """A document with the answer that gold gives."""

    id: str
    text: str
    answer: Json


@dataclass(frozen=True)
class Setting:
    """What an extractor is made for: the JSON Schema of its answers with the field tree, the alias
    list, how the task is labelled, examples, where a journal of answers may be kept, what is set
    about a model, whether the first failure ends the run, how many samples were taken before, and
    what to call with a line for the user."""

    tree: Record
    schema: Json = field(default_factory=dict)
    aliases: Sequence[Sequence[str]] = ()
    codebook: str = ""
    examples: Sequence[Example] = ()
    journal: Path | None = None
    model: Settings = field(default_factory=Settings)
    fail_fast: bool = False
    sample: int = 0
    say: Callable[[str], object] = lambda _line: None


@dataclass(frozen=True)
class Extractor:
    """One entry of the table: what it is, how it is made for a task, what follows its name after a
    colon, if anything ("MODEL"), and whether it heeds what is set about a model."""

    about: str
    make: Callable[[Setting, str], Runner]
    target: str = ""
    heeds_settings: bool = False


def rules(setting: Setting, _target: str) -> Runner:
    """Situation reports by rules. Of its tables, those that the task's schema has are returned."""
    from runners.rules import Rules

    tables = {"events", "tallies", "measures", "speakers"} & setting.tree.known[()]
    if not tables:
        raise DataError(
            "rules extracts events, tallies, measures and speakers; this task's schema has "
            f"{', '.join(sorted(setting.tree.known[()]))}"
        )
    extract = Rules(setting.aliases)

    def from_text(text: str, meta: Mapping[str, Any]) -> Any:
        published = meta.get("published")
        report = extract(text, date.fromisoformat(published) if published else None)
        return {name: rows for name, rows in report.items() if name in tables}

    return OneByOne(from_text, setting.fail_fast)


def empty(setting: Setting, _target: str) -> Runner:
    """The least valid answer: every list empty, nothing stated."""
    nothing: dict[str, Any] = {}
    for item in setting.tree.fields:
        inner = nothing
        for step in item.steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[item.steps[-1]] = [] if isinstance(item.node, (Bag, Table)) else None
    return OneByOne(lambda _text, _meta: nothing, setting.fail_fast)


def openai(setting: Setting, model: str) -> Runner:
    """A model behind an OpenAI-compatible endpoint."""
    from runners.llm.run import ModelRunner

    return ModelRunner(setting, model)


def replay(setting: Setting, target: str) -> Runner:
    """The answers of a predictions file or of a journal."""
    from runners.replay import replay as read

    return read(target, setting.fail_fast)


def python(setting: Setting, target: str) -> Runner:
    """A function that Python can import."""
    from runners.python_functions import find_function, runner_of

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
        from runners.python_functions import runner_of

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
            raise DataError(f"{full}: {told(error)}") from error
        if not isinstance(made, Runner):
            raise DataError(f"{full}: it made no runners.Runner but {type(made).__name__}")
        return Guarded(made, full, setting.fail_fast)

    return replace(extractor, make=make)
