"""What an extractor is given: the task's setting, and what a user can set about a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from benchmark.schema.fields import Json, Record


class Mode(StrEnum):
    """How the answer is constrained, the strictest first."""

    JSON_SCHEMA = "json-schema"
    TOOLS_STRICT = "tools-strict"
    JSON_SCHEMA_LOOSE = "json-schema-loose"
    TOOLS = "tools"
    JSON = "json"
    MARKDOWN = "markdown"


class Adapter(StrEnum):
    """Who builds the request and parses the answer."""

    INSTRUCTOR = "instructor"
    DIRECT = "direct"


OPENAI, KEY_ENV = "https://api.openai.com/v1", "OPENAI_API_KEY"


@dataclass(frozen=True)
class Option:
    """What a user is told of a field of ModelOptions, and the bounds of its values."""

    help: str
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class ModelOptions:
    """What a user can set about a model. The command line makes an option of each field."""

    base_url: Annotated[str, Option("Where the endpoint is: OpenAI's, vLLM's, Ollama's, ...")] = (
        OPENAI
    )
    api_key_env: Annotated[str, Option("The environment variable that holds the API key.")] = (
        KEY_ENV
    )
    mode: Annotated[
        Mode | None,
        Option("How the answer is constrained; by default as strictly as the endpoint takes."),
    ] = None
    adapter: Annotated[Adapter, Option("Who builds the request and parses the answer.")] = (
        Adapter.INSTRUCTOR
    )
    prompt: Annotated[
        Path | None, Option("A Jinja template with a `system` and a `user` block.")
    ] = None
    temperature: Annotated[float | None, Option("Passed on.", min=0)] = None
    seed: Annotated[int | None, Option("Passed on.", min=-(2**63), max=2**63 - 1)] = None
    max_output_tokens: Annotated[int | None, Option("Tokens of one answer.", min=1)] = None
    reasoning_effort: Annotated[str, Option("Passed on: low, medium, high, ...")] = ""
    concurrency: Annotated[int, Option("Calls under way at a time.", min=1, max=1024)] = 16
    timeout: Annotated[
        float, Option("Seconds that an attempt may take.", min=0.001, max=86_400)
    ] = 300.0
    repairs: Annotated[
        int, Option("Times that an invalid answer is asked for again.", min=0, max=10)
    ] = 0
    max_cost: Annotated[
        float | None,
        Option("Stop when so many US dollars are spent, earlier starts included.", min=0),
    ] = None
    max_tokens: Annotated[
        int | None, Option("Stop when so many tokens are used, earlier starts included.", min=0)
    ] = None
    fresh: Annotated[bool, Option("Set earlier answers of the run aside.")] = False


@dataclass(frozen=True)
class Example:
    """A document with the answer that gold gives."""

    id: str
    text: str
    answer: Json


@dataclass(frozen=True)
class Setting:
    """What an extractor is made for.

    tree, schema: the field tree and the JSON Schema of its answers.
    aliases: the alias list, a line for each thing.
    codebook: how the task is labelled, in words.
    examples: documents with the answers that gold gives.
    journal: where a journal of answers may be kept.
    model: what is set about a model.
    fail_fast: the first failure ends the run.
    sample: how many samples were taken before this one.
    say: what to call with a line for the user.
    """

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
