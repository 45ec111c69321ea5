"""Tokens and what they cost."""

import pytest

from runners.llm.calls.prices import Prices, Tokens, counted, total
from runners.settings import OPENAI

WHOLE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "prompt_tokens_details": {"cached_tokens": 60},
    "completion_tokens_details": {"reasoning_tokens": 5},
}


def test_tokens_are_those_that_the_server_counted():
    assert counted(WHOLE) == Tokens(100, 60, 20, 5)
    assert counted(WHOLE).total == 120


def test_what_the_server_did_not_say_is_unknown_and_not_nothing():
    assert counted(None) == Tokens(unknown=1)
    assert total([WHOLE, None, WHOLE, None]) == Tokens(200, 120, 40, 10, unknown=2)


@pytest.mark.parametrize("odd", [None, "100", -5, True, 1.5, {}, []])
def test_odd_numbers_of_a_server_count_nothing(odd):
    usage = {**WHOLE, "prompt_tokens": odd, "prompt_tokens_details": odd}
    assert counted(usage) == Tokens(0, 0, 20, 5)


def test_a_known_model_has_a_price_and_what_is_cached_costs_less():
    prices = Prices("gpt-4o-mini", OPENAI)
    whole, cached = (prices.cost(Tokens(1_000_000, part)) for part in (0, 1_000_000))
    assert 0 < cached < whole < 10
    assert prices.cost(Tokens(1_000_000, output=1_000_000)) > whole
    assert prices.cost(Tokens()) == 0
    assert prices.source.startswith("genai-prices ")


@pytest.mark.parametrize(
    ("model", "url"), [("no-such-model", OPENAI), ("gpt-4o-mini", "http://127.0.0.1:8000/v1")]
)
def test_what_the_table_lacks_has_no_price(model, url):
    assert Prices(model, url).cost(Tokens(100, output=10)) is None
