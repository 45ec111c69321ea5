"""What a run may cost: budgets, prices, tokens nobody counted, repairs, and what is asked first."""

import orjson
import pytest
from client import event, of

from runners.llm.calls.prices import Prices, Tokens, counted
from runners.llm.calls.retries import Budget, ParkedError
from runners.settings import OPENAI

ADAPTERS = pytest.mark.parametrize("adapter", ["instructor", "direct"])
VALID = {"kind": "answer"}
PROSE = {"kind": "text", "text": "There is nothing."}
MILLION = 1_000_000
MINI = "gpt-4o-mini"


# Tokens


@ADAPTERS
def test_max_tokens_stops_and_more_goes_on(runs, server, adapter):
    runs.documents(range(10))
    options = "--adapter", adapter, "--concurrency", 1, "--mode", "json-schema", "--max-tokens"
    run = runs(*options, 400)
    assert run.status == 2
    assert server.count() == 4
    assert "480 tokens are used, --max-tokens is 400; raise it" in run.err
    assert "the same command goes on" in run.err
    assert "Traceback" not in run.err
    assert runs(*options, 400).status == 2
    assert server.count() == 4
    done = runs(*options, 1200)
    assert done.status == 0
    assert server.count() == 10
    assert done.scores["documents"]["ok"] == 10
    assert done.manifest["run"]["tokens"]["input"] == 1000
    assert done.manifest["run"]["requests"] == 6


def test_no_more_than_what_is_under_way_is_spent_beyond(runs, server):
    runs.documents(range(20))
    server.plan(default={**VALID, "delay": 0.1})
    run = runs("--concurrency", 4, "--mode", "json-schema", "--max-tokens", 400)
    assert run.status == 2
    assert 4 <= server.count() <= 7
    assert len(run.journal("final")) == server.count()


@ADAPTERS
def test_tokens_that_nobody_counted_are_unknown_and_not_none(runs, server, adapter):
    runs.documents(range(7))
    server.plan(
        {
            "doc-1": {**VALID, "usage": None},
            "doc-2": {**VALID, "usage": "absent"},
            "doc-3": {**VALID, "usage": {}},
            "doc-4": {"kind": "refusal", "usage": None},
            "doc-5": {"kind": "status", "code": 400},
            "doc-6": [{"kind": "reset"}, VALID],
        }
    )
    run = runs("--adapter", adapter, "--mode", "json-schema")
    assert run.scores["documents"]["ok"] == 5
    attempts = run.journal("attempt")
    for n in (1, 2, 4, 5):
        assert of(attempts, f"d-{n}")[0]["usage"] is None
    tokens = run.manifest["run"]["tokens"]
    assert tokens == {"input": 200, "cached": 0, "output": 40, "reasoning": 0, "unknown": 6}
    runs("--adapter", adapter, "--mode", "json-schema")  # asks for doc-5 again
    assert run.manifest["run"]["tokens"] == {**tokens, "unknown": 7}


def test_what_a_server_counts_is_taken_as_it_is():
    usage = {
        "prompt_tokens": 100,
        "prompt_tokens_details": {"cached_tokens": 60},
        "completion_tokens": 30,
        "completion_tokens_details": {"reasoning_tokens": 20},
    }
    assert counted(usage) == Tokens(input=100, cached=60, output=30, reasoning=20)
    assert counted(usage).total == 130


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens": "many"},
        {"total_tokens": 7},
    ],
)
def test_what_a_server_does_not_count_is_unknown(usage):
    assert counted(usage) == Tokens(unknown=1)


# Prices


def test_a_known_model_has_a_price():
    prices = Prices(MINI, OPENAI)
    whole = prices.cost(Tokens(input=MILLION, output=MILLION))
    assert whole == pytest.approx(0.15 + 0.60)
    assert prices.cost(Tokens(input=MILLION, cached=MILLION)) == pytest.approx(0.075)
    assert prices.cost(Tokens()) == 0
    assert prices.source.startswith("genai-prices ")


@pytest.mark.parametrize(
    ("model", "url"),
    [("no-such-model", OPENAI), (MINI, "http://localhost:8000/v1"), (MINI, "https://a.example/v1")],
)
def test_what_the_table_lacks_has_no_price(model, url):
    assert Prices(model, url).cost(Tokens(input=1)) is None


def test_a_budget_holds_for_money():
    budget = Budget(Prices(MINI, OPENAI), max_cost=0.15)
    budget.check(Tokens(input=MILLION - 1000))
    with pytest.raises(ParkedError, match=r"\$0\.1500 is spent, --max-cost is 0\.15; raise it"):
        budget.check(Tokens(input=MILLION))


def test_a_budget_of_nought_lets_nothing_pass():
    with pytest.raises(ParkedError):
        Budget(Prices(MINI, OPENAI), max_cost=0).check(Tokens())
    with pytest.raises(ParkedError):
        Budget(Prices(MINI, OPENAI), max_tokens=0).check(Tokens())


def test_no_budget_lets_all_pass():
    Budget(Prices("no-such-model", OPENAI)).check(Tokens(input=10**12))


def test_a_budget_in_money_needs_a_price(runs, server):
    runs.documents([1])
    run = runs("--max-cost", 1)
    assert run.status == 2
    assert "no price of 'test'" in run.err
    assert "--max-tokens" in run.err
    assert server.count() == 0


# What is asked first


@ADAPTERS
def test_a_dry_run_sends_and_writes_nothing(runs, server, adapter):
    runs.documents(range(3))
    run = runs("--adapter", adapter, "--dry-run", "--seed", 7)
    assert run.status == 0
    assert server.count() == 0
    assert not runs.results.exists()
    request, end = orjson.loads(run.out), run.err
    assert request["seed"] == 7
    assert "doc-0" in request["messages"][1]["content"]
    assert request["response_format"]["json_schema"]["strict"] is True
    assert end.startswith("3 calls, about ")
    assert "unknown price" in end


@pytest.mark.parametrize("mode", ["json-schema", "tools-strict", "tools", "json", "markdown"])
def test_a_dry_run_prints_what_is_sent(runs, server, mode):
    runs.documents([1])
    options = "--adapter", "direct", "--mode", mode
    request = orjson.loads(runs(*options, "--dry-run").out)
    runs(*options)
    assert request == server.requests()[0].body


# Asking again


@ADAPTERS
def test_an_invalid_answer_is_asked_for_again_with_the_objection(runs, server, adapter):
    runs.documents([0, 1, 2])
    alien = {"kind": "answer", "content": {"events": [{"place": 5}]}}
    server.plan(
        {"doc-1": [PROSE, alien, VALID], "doc-2": [alien, VALID]}, contents={None: event(1)}
    )
    options = "--adapter", adapter, "--mode", "json-schema", "--repairs", 2
    run = runs(*options)
    assert (server.count("doc-0"), server.count("doc-1"), server.count("doc-2")) == (1, 3, 2)
    assert run.scores["documents"]["ok"] == 3
    assert run.manifest["run"]["outcomes"] == {"valid": 3}
    assert run.manifest["run"]["requests"] == 6
    assert run.manifest["run"]["tokens"]["input"] == 600
    last = [one.body["messages"] for one in server.requests() if one.marker == "doc-1"][-1]
    roles = ["system", "user", "assistant", "user", "assistant", "user"]
    assert [one["role"] for one in last] == roles
    assert last[2]["content"] == PROSE["text"]
    assert "not JSON" in last[3]["content"]
    assert "is not valid: events[0].place" in last[5]["content"]
    again = runs(*options)
    assert server.count() == 6
    assert again.scores == run.scores


@ADAPTERS
def test_repairs_come_to_an_end(runs, server, adapter):
    runs.documents([1])
    server.plan(default=PROSE)
    run = runs("--adapter", adapter, "--mode", "json-schema", "--repairs", 1)
    assert server.count() == 2
    assert run.scores["documents"]["unparsable"] == 1


@pytest.mark.parametrize(
    "fault",
    [{"kind": "refusal"}, {"kind": "truncated"}, {"kind": "filtered"}, {"kind": "empty_choices"}],
)
def test_what_a_model_cannot_mend_is_not_asked_again(runs, server, fault):
    runs.documents([1])
    server.plan(default=fault)
    runs("--mode", "json-schema", "--repairs", 3)
    assert server.count() == 1


@ADAPTERS
def test_fail_fast_ends_with_the_first_failure(runs, server, adapter):
    runs.documents(range(8))
    server.plan({"doc-3": {"kind": "refusal"}})
    options = "--adapter", adapter, "--mode", "json-schema", "--concurrency", 1
    run = runs(*options, "--fail-fast")
    assert run.status == 2
    assert "'d-3': refusal" in run.err
    assert server.count() == 4
    assert runs(*options).scores["documents"]["ok"] == 7
    assert server.count() == 8
