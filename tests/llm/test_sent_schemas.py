"""Real schemas as they are sent: 511 of JSONSchemaBench, with instances that are valid and not."""

import gzip
import json
from collections import Counter
from functools import partial
from itertools import islice, product

import jsonschema_rs
import pytest
from strict_subset import check
from support.tasks import ROOT

from benchmark.schema.tree.dialects import json_schema
from runners.llm.dialect import Dialect, strictness
from runners.llm.schemas.restoring import Restorer
from runners.llm.schemas.strict import WRAPPER, Strict
from runners.settings import Mode

SAMPLE = ROOT.parent / "shared" / "reference" / "schemas" / "sample.jsonl.gz"
needs_sample = pytest.mark.skipif(not SAMPLE.is_file(), reason=f"there is no {SAMPLE.name}")

validator = partial(jsonschema_rs.validator_for, validate_formats=True)
STRUCTURAL = {"type", "enum", "const", "required"}


@pytest.fixture(scope="module")
def cases():
    with gzip.open(SAMPLE) as lines:
        return list(map(json.loads, lines))


@needs_sample
def test_each_is_sent_in_every_mode_that_can_say_it(cases):
    counts = Counter()
    for case in cases:
        schema = json_schema(case["schema"])
        reason, _ = strictness(schema)
        for mode in Mode:
            if not (reason and mode in (Mode.JSON_SCHEMA, Mode.TOOLS_STRICT)):
                dialect = Dialect(schema, mode)
                validator(dialect.schema)
                assert dialect.schema["type"] == "object"
        counts["loose" if reason else "strict"] += 1
    assert counts == {"strict": 338, "loose": 173}


@needs_sample
def test_each_strict_one_keeps_the_rules_of_the_subset(cases):
    for case in cases:
        schema = json_schema(case["schema"])
        if not strictness(schema)[0]:
            check(Strict(schema).schema)


@needs_sample
def test_loose_modes_take_what_the_schema_takes(cases):
    for case in cases:
        schema = json_schema(case["schema"])
        dialect = Dialect(schema, Mode.JSON_SCHEMA_LOOSE)
        sent, given = map(validator, (dialect.schema, schema))
        for instance in case["valid"] + case["invalid"]:
            answer = dialect.wrapped(instance)
            assert sent.is_valid(answer) == given.is_valid(instance), case["name"]
            assert dialect.restored(answer) == instance


@needs_sample
def test_strict_modes_take_what_the_schema_takes_and_read_it_back(cases):
    """Of instances with no properties but those that the schema names."""
    taken = 0
    for schema, strict, instances in strict_cases(cases, "valid"):
        sent, restorer = validator(strict.schema), Restorer(strict)
        for instance in instances:
            answers = [one for one in as_sent(strict, instance) if sent.is_valid(one)]
            if not answers:
                assert has_unnamed(strict, sent, instance), instance
                continue
            taken += 1
            for answer in answers:
                back = restorer.restored(answer)
                assert validator(schema).is_valid(back)
            # Of what may be absent and may be null a model cannot say which.
            back = [without_nulls(restorer.restored(answer)) for answer in answers]
            assert without_nulls(instance) in back
    assert taken > 200


@needs_sample
def test_strict_modes_are_no_weaker(cases):
    """What breaks a schema by type, enum or required breaks what is sent for it, unless it is read
    back as an answer without that fault (null as absent)."""
    refused = 0
    for schema, strict, instances in strict_cases(cases, "valid", "invalid"):
        sent, given = map(validator, (strict.schema, schema))
        restorer = Restorer(strict)
        for broken in [b for one in instances for b in [one, *broken_ones(one)]]:
            if any(e.kind.name in STRUCTURAL for e in given.iter_errors(broken)):
                answers = as_sent(strict, broken)
                taken = [restorer.restored(answer) for answer in answers if sent.is_valid(answer)]
                refused += not taken
                left = [error for one in taken for error in given.iter_errors(one)]
                assert not any(is_fault(error, {*strict.unsent, "oneOf"}) for error in left), schema
    assert refused > 1000


def is_fault(error, unsent):
    """Whether an error is more than one by keywords that are not sent."""
    if branches := getattr(error.kind, "context", ()):
        return all(any(is_fault(one, unsent) for one in branch) for branch in branches)
    return error.kind.name not in unsent


def strict_cases(cases, *words):
    for case in cases:
        schema = json_schema(case["schema"])
        if not strictness(schema)[0]:
            yield schema, Strict(schema), [one for word in words for one in case[word]]


def as_sent(strict, value):
    """The ways in which a model may give a value by a strict schema: null for what is absent."""
    answer = {WRAPPER: value} if strict.wrapped else value
    return list(islice(filled(strict.schema.get("$defs", {}), strict.schema, answer), 100))


def filled(defs, node, value):
    if "$ref" in node:
        yield from filled(defs, defs[node["$ref"].rpartition("/")[2]], value)
    elif "anyOf" in node:
        for branch in node["anyOf"]:
            yield from filled(defs, branch, value)
    elif isinstance(value, dict) and "properties" in node:
        names = [*node["properties"], *(name for name in value if name not in node["properties"])]
        ways = [
            islice(filled(defs, node["properties"].get(name, {}), value.get(name)), 10)
            for name in names
        ]
        yield from (dict(zip(names, one, strict=True)) for one in product(*ways))
    elif isinstance(value, list) and "items" in node:
        yield from map(list, product(*(islice(filled(defs, node["items"], v), 10) for v in value)))
    else:
        yield value


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return list(map(without_nulls, value)) if isinstance(value, list) else value


def has_unnamed(strict, sent, instance):
    """Whether all that keeps an instance from a strict schema is properties it does not name."""
    return any(
        "additionalProperties" in str(error.kind.name) or error.kind.name == "anyOf"
        for answer in as_sent(strict, instance)
        for error in sent.iter_errors(answer)
    )


def broken_ones(value):
    """A value with one thing changed: another type, another word, a property taken out."""
    if isinstance(value, dict):
        for name in value:
            yield {other: one for other, one in value.items() if other != name}
            for broken in broken_ones(value[name]):
                yield {**value, name: broken}
    elif isinstance(value, list) and value:
        yield from ([broken, *value[1:]] for broken in broken_ones(value[0]))
    else:
        yield from (one for one in ("no such word", 0.5, True, None, {}, []) if one != value)
