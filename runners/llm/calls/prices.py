"""What tokens cost, by a dated table of prices (genai-prices)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Tokens:
    """Of some attempts. `unknown`: attempts about which the server said nothing."""

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Input and output; cached and reasoning ones are among them."""
        return self.input + self.output

    def plus(self, other: Tokens) -> Tokens:
        """Both together."""
        return Tokens(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))


def counted(usage: Mapping[str, Any] | None) -> Tokens:
    """The tokens of one attempt, from what the server said of it."""
    counts = [(usage or {}).get(name) for name in ("prompt_tokens", "completion_tokens")]
    if not any(type(one) is int for one in counts):
        return Tokens(unknown=1)
    return Tokens(
        _number(usage, "prompt_tokens"),
        _number(usage, "prompt_tokens_details", "cached_tokens"),
        _number(usage, "completion_tokens"),
        _number(usage, "completion_tokens_details", "reasoning_tokens"),
    )


def _number(usage: Any, *steps: str) -> int:
    for step in steps:
        usage = usage.get(step) if isinstance(usage, Mapping) else None
    return usage if type(usage) is int and usage > 0 else 0


class Prices:
    """The prices of one model, where the table has it."""

    def __init__(self, model: str, base_url: str) -> None:
        self.model, self.base_url = model, base_url

    @cached_property
    def source(self) -> str:
        """Which table, and of when."""
        from importlib.metadata import version

        return f"genai-prices {version('genai-prices')}"

    def cost(self, tokens: Tokens) -> float | None:
        """US dollars, or None for a model or endpoint that the table lacks."""
        from genai_prices import Usage, calc_price

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
    found = Tokens()
    for usage in usages:
        found = found.plus(counted(usage))
    return found
