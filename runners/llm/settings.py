"""What a user can set about a model: where it is, how it is asked, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


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
class Settings:
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
