"""What each mode sends, what comes back, and how the strictest mode is found."""

import orjson
import pytest
from client import SCHEMA, event

from runners.llm.schemas.raw import plain
from runners.llm.schemas.strict import Strict
from runners.settings import Mode

ADAPTERS = pytest.mark.parametrize("adapter", ["instructor", "direct"])
MODES = pytest.mark.parametrize("mode", list(Mode))
WITH_NULL = {"events": [{"place": "Place 1", "dead": None}]}
TEXTS = ["``` in ```", '"quoted" } {', "line\nbreak", "null", "```json\n{}\n```", "é\u2028𝄞"]
TRICKY = {"events": [{"place": text, "dead": 2**53} for text in TEXTS]}
TOOLS = {"tools", "tool_choice", "parallel_tool_calls"}
RICH = {**SCHEMA, "properties": {"events": {**SCHEMA["properties"]["events"], "x-compare": {}}}}


def sent(server):
    return [one.body for one in server.requests()]


def without_words(node):
    """A schema without titles and descriptions."""
    if isinstance(node, dict):
        return {k: without_words(v) for k, v in node.items() if k not in {"title", "description"}}
    return [without_words(one) for one in node] if isinstance(node, list) else node


# What is sent


@ADAPTERS
@MODES
def test_each_mode_sends_its_constraint(runs, server, adapter, mode):
    runs.documents([1], schema=RICH)
    server.plan(contents={None: event(1)})
    run = runs("--adapter", adapter, "--mode", mode)
    (body,) = sent(server)
    words = str(body["messages"])
    match mode:
        case Mode.JSON_SCHEMA:
            shape = body["response_format"]["json_schema"]
            assert body["response_format"]["type"] == "json_schema"
            assert shape == {"name": "answer", "strict": True, "schema": Strict(SCHEMA).schema}
        case Mode.JSON_SCHEMA_LOOSE:
            shape = body["response_format"]["json_schema"]
            assert shape == {"name": "answer", "strict": False, "schema": plain(RICH)}
        case Mode.TOOLS_STRICT | Mode.TOOLS:
            function = body["tools"][0]["function"]
            assert len(body["tools"]) == 1
            assert body["tool_choice"] == "required"
            assert body["parallel_tool_calls"] is False
            assert function.get("strict", False) is (mode is Mode.TOOLS_STRICT)
            schema = Strict(SCHEMA).schema if mode is Mode.TOOLS_STRICT else plain(RICH)
            assert function["parameters"] == schema
        case Mode.JSON:
            assert body["response_format"] == {"type": "json_object"}
    tools, bare = mode in {Mode.TOOLS, Mode.TOOLS_STRICT}, mode is Mode.MARKDOWN
    more = TOOLS if tools else {"response_format"}
    assert set(body) == {"model", "messages"} | (set() if bare else more)
    assert ("maxItems" in words or '"place"' in words) is (mode in {Mode.JSON, Mode.MARKDOWN})
    assert "x-compare" not in str(body)
    assert "doc-1" in words
    assert body["model"] == "test"
    assert run.scores["documents"]["ok"] == run.scores["micro"]["f1"] == 1


@ADAPTERS
def test_what_is_set_is_passed_on_and_nothing_else(runs, server, adapter):
    runs.documents([1])
    options = "--adapter", adapter, "--mode", "json-schema"
    runs(*options)
    usual = {"model", "messages", "response_format"}
    assert set(sent(server)[0]) == usual
    server.clear()
    given = [
        "--temperature",
        0,
        "--seed",
        7,
        "--max-output-tokens",
        99,
        "--reasoning-effort",
        "low",
    ]
    runs(*options, *given)
    body = {key: value for key, value in sent(server)[0].items() if key not in usual}
    assert body == {
        "temperature": 0,
        "seed": 7,
        "max_completion_tokens": 99,
        "reasoning_effort": "low",
    }


@ADAPTERS
def test_braces_in_a_text_are_no_template(runs, server, adapter):
    text = "doc-1 {{ 7 * 7 }} {% if x %} {# no #} ${HOME} {0}"
    runs.documents([1])
    gold = runs.task / "gold.jsonl"
    gold.write_text(gold.read_text("utf-8").replace("The text of doc-1.", text), "utf-8")
    runs("--adapter", adapter, "--mode", "json-schema")
    assert text in sent(server)[0]["messages"][-1]["content"]


# What comes back


@ADAPTERS
@MODES
def test_answers_come_through_but_for_nulls_of_the_strict_dialect(runs, server, adapter, mode):
    runs.documents([1, 2])
    server.plan(contents={"doc-1": WITH_NULL, "doc-2": TRICKY})
    run = runs("--adapter", adapter, "--mode", mode)
    is_strict = mode in {Mode.JSON_SCHEMA, Mode.TOOLS_STRICT}
    left = {"events": [{"place": "Place 1"}]} if is_strict else WITH_NULL
    assert run.predictions["d-1"].get("prediction") == left
    assert run.predictions["d-2"].get("prediction") == TRICKY
    assert run.scores["documents"]["ok"] == 1 + is_strict
    assert run.manifest["run"]["schema_dialect"] == ("strict" if is_strict else "raw")


@ADAPTERS
def test_an_answer_in_a_fence_is_read_in_markdown_only(runs, server, adapter):
    runs.documents([1])
    text = 'Here:\n```json\n{"events": []}\n```\nDone.'
    server.plan(default={"kind": "text", "text": text})
    run = runs("--adapter", adapter, "--mode", "markdown", name="a")
    assert run.predictions["d-1"]["prediction"] == {"events": []}
    run = runs("--adapter", adapter, "--mode", "json", name="b")
    assert run.predictions["d-1"]["prediction"] == text


@ADAPTERS
def test_any_name_of_a_property_comes_through(runs, server, adapter):
    names = ["model_config", "model_fields", "_id", "__class__", "json", "copy", "self", "a b"]
    properties = {name: {"type": "string"} for name in names}
    answer = dict.fromkeys(names, "x")
    schema = {"type": "object", "properties": properties, "required": names}
    runs.documents([1], schema=schema, gold=lambda n: answer)
    server.plan(contents={None: answer})
    run = runs("--adapter", adapter, "--mode", "json-schema")
    assert run.predictions["d-1"].get("prediction") == answer


@ADAPTERS
def test_what_a_grammar_cannot_hold_is_checked_all_the_same(runs, server, adapter):
    day = {"type": "string", "format": "date"}
    schema = {"type": "object", "properties": {"day": day}, "required": ["day"]}
    runs.documents([1], schema=schema, gold=lambda n: {"day": "2023-02-01"})
    server.plan(contents={None: {"day": "2023-02-31"}})
    run = runs("--adapter", adapter, "--mode", "json-schema")
    assert run.journal("final")[0]["outcome"] == "invalid_schema"
    assert run.predictions["d-1"]["prediction"] == {"day": "2023-02-31"}


# How the mode is found


@pytest.mark.parametrize(
    ("adapter", "rejected", "status", "mode", "tried"),
    [
        ("direct", [], 400, "json-schema", 0),
        ("direct", ["json_schema"], 400, "tools-strict", 1),
        ("direct", ["json_schema", "tools"], 422, "json", 4),
        ("direct", ["json_schema", "tools", "json_object"], 400, "markdown", 5),
        ("direct", ["json_schema"], 500, "tools-strict", 3),
        ("instructor", ["json_schema", "tools", "json_object"], 400, "markdown", 5),
        ("instructor", ["json_schema"], 500, "tools-strict", 3),
    ],
)
def test_the_strictest_mode_is_found_once(runs, server, adapter, rejected, status, mode, tried):
    runs.documents(range(4))
    server.reject(rejected, status)
    run = runs("--adapter", adapter, "--limit", 3)
    assert run.status == 0
    assert server.count() == 3 + tried
    assert run.manifest["run"]["mode"] == mode
    (line,) = run.journal("mode")
    assert (line["base_url"], line["model"], line["mode"]) == (server.url, "test", mode)
    assert run.scores["documents"]["ok"] == 3
    assert run.manifest["run"]["outcomes"] == {"valid": 3}
    again = runs("--adapter", adapter)
    assert server.count() == 4 + tried
    assert len(again.journal("mode")) == 1
    assert again.manifest["run"]["mode"] == mode


def test_a_mode_that_is_set_is_not_looked_for(runs, server):
    runs.documents(range(2))
    server.reject(["json_schema"])
    run = runs("--mode", "json-schema")
    assert server.count() == 2
    assert run.scores["documents"]["failed"] == 2
    assert run.journal("mode") == []


def test_an_endpoint_that_takes_no_mode_fails_document_by_document(runs, server):
    runs.documents(range(2))
    server.plan(default={"kind": "status", "code": 404})
    run = runs()
    assert run.status == 0
    assert run.journal("mode") == []
    assert run.scores["documents"]["failed"] == 2
    server.clear()
    assert runs().scores["documents"]["ok"] == 2
    assert runs().manifest["run"]["mode"] == "json-schema"


def test_a_document_that_no_mode_answers_says_nothing_of_modes(runs, server):
    runs.documents(range(4))
    server.plan({"doc-0": {"kind": "status", "code": 400}}, default={"kind": "answer"})
    run = runs()
    assert run.status == 0
    assert run.manifest["run"]["mode"] == "json-schema"
    assert server.count("doc-0") == len(Mode)
    assert [server.count(f"doc-{n}") for n in (1, 2, 3)] == [1, 1, 1]
    assert run.predictions["d-0"]["error"].startswith("http_400")
    assert runs().manifest["run"]["outcomes"] == {"http_400": 1, "valid": 3}


# Schemas that strict modes cannot say

PRICES = {
    "type": "object",
    "properties": {"prices": {"type": "object", "additionalProperties": {"type": "number"}}},
    "required": ["prices"],
}
TOLD = "`prices` is an open map, which the strict subset has no way to say"


@ADAPTERS
def test_what_strict_modes_cannot_say_is_sent_without_strict_and_told(runs, server, adapter):
    answer = {"prices": {"bread": 2.5}}
    runs.documents([1, 2], schema=PRICES, gold=lambda n: answer)
    server.plan(contents={None: answer})
    run = runs("--adapter", adapter)
    assert run.status == 0
    assert run.err.count(f"sent without strict: {TOLD}\n") == 1
    shape = sent(server)[0]["response_format"]["json_schema"]
    assert shape == {"name": "answer", "strict": False, "schema": PRICES}
    about = run.manifest["run"]
    assert (about["mode"], about["not_strict"]) == ("json-schema-loose", TOLD)
    assert about["schema_dialect"] == "raw"
    assert len(sent(server)) == run.scores["documents"]["ok"] == 2
    assert run.scores["micro"]["f1"] == 1


@pytest.mark.parametrize(
    ("rejected", "mode"), [(["json_schema"], "tools"), (["json_schema", "tools"], "json")]
)
def test_the_next_mode_is_taken_where_a_loose_schema_is_refused(runs, server, rejected, mode):
    runs.documents([1], schema=PRICES, gold=lambda n: {"prices": {}})
    server.plan(contents={None: {"prices": {}}})
    server.reject(rejected, 400)
    run = runs()
    assert run.manifest["run"]["mode"] == mode
    assert run.scores["documents"]["ok"] == 1


@pytest.mark.parametrize("mode", ["json-schema", "tools-strict"])
def test_a_strict_mode_that_is_set_for_such_a_schema_is_an_error(runs, server, mode):
    runs.documents([1], schema=PRICES, gold=lambda n: {"prices": {}})
    for more in ([], ["--dry-run"]):
        run = runs("--mode", mode, *more)
        assert run.status == 2
        assert f"--mode {mode}: {TOLD}" in " ".join(run.err.split())
    assert server.count() == 0


def test_a_preview_prints_the_request_and_says_that_it_is_not_strict(runs, server):
    runs.documents([1], schema=PRICES, gold=lambda n: {"prices": {}})
    run = runs("--dry-run")
    sent = orjson.loads(run.out)["response_format"]["json_schema"]
    assert sent["strict"] is False
    assert f"sent without strict: {TOLD}" in " ".join(run.err.split())
    assert server.count() == 0


def test_a_strict_run_tells_what_is_left_to_the_check(runs, server):
    schema = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}
    runs.documents([1], schema=schema, gold=lambda n: {"a": "x"})
    server.plan(contents={None: {"a": "x"}})
    about = runs().manifest["run"]
    assert (about["not_strict"], about["unsent_keywords"]) == (None, ["minLength"])


@ADAPTERS
@MODES
def test_an_answer_that_is_no_object_is_asked_for_in_one(runs, server, adapter, mode):
    schema = {"type": "array", "items": {"$ref": "#/$defs/row"}}
    schema["$defs"] = {"row": SCHEMA["properties"]["events"]["items"]}
    answer = [{"place": "Place 1", "dead": 1}]
    runs.documents([1], schema=schema, gold=lambda n: answer)
    server.plan(contents={None: {"answer": answer}})
    run = runs("--adapter", adapter, "--mode", mode)
    assert run.predictions["d-1"].get("prediction") == answer
    assert run.scores["micro"]["f1"] == 1


def test_examples_are_shown_as_answers_are_to_be_given(runs, server):
    schema = {"type": "array", "items": SCHEMA["properties"]["events"]["items"]}
    answer = [{"place": "Place 1", "dead": 1}]
    runs.documents([1, 2], schema=schema, gold=lambda n: answer)
    gold = runs.task / "gold.jsonl"
    first, rest = gold.read_text("utf-8").split("\n", 1)
    gold.write_text(f'{first[:-1]}, "meta": {{"split": "dev"}}}}\n{rest}', "utf-8")
    server.plan(contents={None: {"answer": answer}})
    run = runs("--few-shot", 1)
    assert run.scores["micro"]["f1"] == 1
    assert '{"answer":[{"place":"Place 1","dead":1}]}' in str(sent(server)[0]["messages"])
