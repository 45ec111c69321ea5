"""Tokens and their prices, by a dated table (genai-prices)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Tokens:
    """Token counts of some attempts. `input` includes the `cached` ones and `output` those of
    `reasoning`; `unknown` counts the attempts about which the server said nothing."""

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Input and output tokens together."""
        return self.input + self.output

    def plus(self, other: Tokens) -> Tokens:
        """The sums, count by count."""
        return Tokens(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))


def counted(usage: Mapping[str, Any] | None) -> Tokens:
    """The tokens of one attempt, from the `usage` of its chat completion."""
    counts = [(usage or {}).get(name) for name in ("prompt_tokens", "completion_tokens")]
    # Not isinstance: a bool is an int to Python, and no count.
    if not any(type(count) is int for count in counts):
        return Tokens(unknown=1)
    return Tokens(
        input=_count(usage, "prompt_tokens"),
        cached=_count(usage, "prompt_tokens_details", "cached_tokens"),
        output=_count(usage, "completion_tokens"),
        reasoning=_count(usage, "completion_tokens_details", "reasoning_tokens"),
    )


def _count(usage: Any, *steps: str) -> int:
    """The count at a path of names; 0 for what is absent or no count: servers send anything."""
    for step in steps:
        usage = usage.get(step) if isinstance(usage, Mapping) else None
    return usage if type(usage) is int and usage > 0 else 0


class Prices:
    """The prices of one model at one endpoint."""

    def __init__(self, model: str, base_url: str) -> None:
        self.model, self.base_url = model, base_url

    @cached_property
    def source(self) -> str:
        """The table and its version, which is its date."""
        from importlib.metadata import version

        return f"genai-prices {version('genai-prices')}"

    def cost(self, tokens: Tokens) -> float | None:
        """The cost in US dollars, or None for a model or endpoint that the table lacks."""
        from genai_prices import Usage, calc_price

        # genai-prices refuses usage with more cached tokens than input; servers may state such.
        usage = Usage(
            input_tokens=tokens.input,
            cache_read_tokens=min(tokens.cached, tokens.input),
            output_tokens=tokens.output,
        )
        try:
            return float(calc_price(usage, self.model, provider_api_url=self.base_url).total_price)
        except LookupError:
            return None


def total(usages: Iterable[Mapping[str, Any] | None]) -> Tokens:
    """The tokens of many attempts."""
    tokens = Tokens()
    for usage in usages:
        tokens = tokens.plus(counted(usage))
    return tokens
