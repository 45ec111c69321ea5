"""What an extractor is given: the task's setting, and what a user can set about a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from benchmark.schema.fields import Json, Record


class Mode(StrEnum):
    """How the answer is constrained, the strictest first."""

    JSON_SCHEMA = "json-schema"
    TOOLS_STRICT = "tools-strict"
    TOOLS = "tools"
    JSON = "json"
    MARKDOWN = "markdown"


class Adapter(StrEnum):
    """Who builds the request and parses the answer."""

    INSTRUCTOR = "instructor"
    DIRECT = "direct"


OPENAI, KEY_ENV = "https://api.openai.com/v1", "OPENAI_API_KEY"


@dataclass(frozen=True)
class ModelOptions:
    """Defaults are those of the command line. `mode` None: the strictest that the endpoint takes;
    `repairs`: how often an invalid answer is asked for again; `timeout`: seconds an attempt may
    take; `max_cost` in US dollars and `max_tokens` are of the whole run, earlier starts included.
    """

    base_url: str = OPENAI
    api_key_env: str = KEY_ENV
    mode: Mode | None = None
    adapter: Adapter = Adapter.INSTRUCTOR
    prompt: Path | None = None
    temperature: float | None = None
    seed: int | None = None
    max_output_tokens: int | None = None
    reasoning_effort: str = ""
    concurrency: int = 16
    timeout: float = 300.0
    repairs: int = 0
    max_cost: float | None = None
    max_tokens: int | None = None
    fresh: bool = False


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
    model: ModelOptions = field(default_factory=ModelOptions)
    fail_fast: bool = False
    sample: int = 0
    say: Callable[[str], object] = lambda _line: None
