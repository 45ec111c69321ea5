"""The signature changes with all that a score depends on besides the predictions."""

import hashlib
from dataclasses import replace
from importlib.metadata import version

import pytest
from support.tasks import INTEGER, STRING, array, compared, obj

from benchmark import Document, Task, load_task, score
from benchmark.data.signature import digest, signature

SCHEMA = obj(f=STRING, bag=array(STRING))
GOLD = {"f": "a", "bag": ["x", "y"]}
FULL = Document(
    "one",
    GOLD,
    "a text",
    {"lang": "en"},
    {"f": ["b"]},
    (),
    {"f": [[0, 1]]},
)
TASK = Task("mine", SCHEMA, (FULL, Document("two", {})), (("A", "B"),), "1.0")


def with_first(**changes):
    return TASK.only([replace(FULL, **changes), TASK.documents[1]])


CHANGES = {
    "a value": with_first(gold={"f": "b", "bag": ["x", "y"]}),
    "a value's type": with_first(gold={"f": "a", "bag": ["x", 1]}),
    "an alternative": with_first(alternatives={"f": ["c"]}),
    "no alternatives": with_first(alternatives={}),
    "an optional record": with_first(optional=("rows[0]",)),
    "a span": with_first(spans={"f": [[0, 2]]}),
    "the text": with_first(text="another text"),
    "no text": with_first(text=None),
    "the id": with_first(id="uno"),
    "a document less": TASK.only(TASK.documents[:1]),
    "the name": replace(TASK, name="yours"),
    "the version": replace(TASK, version="1.1"),
    "the aliases": replace(TASK, aliases=(("A", "C"),)),
    "no aliases": replace(TASK, aliases=()),
    "a field": replace(TASK, schema=obj(f=STRING, bag=array(STRING), g=INTEGER)),
    "a comparator": replace(TASK, schema=obj(f=compared(STRING, by="name"), bag=array(STRING))),
    "a set": replace(TASK, schema=obj(f=STRING, bag=array(STRING, **{"as": "set"}))),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_the_signature_changes_with(changed):
    assert signature(changed) != signature(TASK)


def test_all_these_changes_have_signatures_of_their_own():
    assert len({signature(changed) for changed in CHANGES.values()}) == len(CHANGES)


def test_the_signature_is_the_same_for_the_same_task():
    shuffled = {"bag": ["x", "y"], "f": "a"}
    again = Task(
        "mine",
        {"properties": {"f": dict(STRING), "bag": array(STRING)}, "type": "object"},
        (replace(FULL, gold=shuffled), Document("two", {})),
        (("A", "B"),),
        "1.0",
    )
    assert signature(again) == signature(TASK)


def test_the_signature_does_not_depend_on_the_prediction():
    predictions = [{}, {"one": {"f": "a"}}, {"one": "{", "two": None}, {"two": {"bag": ["z"]}}]
    assert {score(TASK, one).signature for one in predictions} == {signature(TASK)}


def test_a_withheld_text_has_the_signature_of_the_text():
    sha = hashlib.sha256(b"a text").hexdigest()
    withheld = with_first(text=None, meta={"lang": "en", "sha256": sha})
    assert signature(withheld) == signature(TASK)


def test_the_signature_names_scorer_gold_and_number_of_documents():
    parts = signature(TASK).split("|")
    assert parts[0] == f"fieldmark:{version('fieldmark')}"
    assert parts[1].startswith("gold:mine@1.0#")
    assert parts[2].startswith("schema:")
    assert parts[3] == "documents:2"
    assert parts[4].startswith("options:")


def test_the_schema_has_a_part_of_its_own_and_so_has_the_gold():
    gold, schema = (signature(TASK).split("|")[n] for n in (1, 2))
    other_gold = signature(CHANGES["a value"]).split("|")
    other_schema = signature(CHANGES["a field"]).split("|")
    assert (other_gold[1] != gold, other_gold[2] == schema) == (True, True)
    assert (other_schema[1] == gold, other_schema[2] != schema) == (True, True)


def test_a_digest_is_the_start_of_the_sha256_of_canonical_json():
    canonical = '{"a":[1,null],"b":"é"}'.encode()
    assert digest({"b": "é", "a": [1, None]}) == hashlib.sha256(canonical).hexdigest()[:12]


def test_the_shipped_task_is_signed_by_name_and_version():
    assert signature(load_task("sitrep")).split("#")[0].endswith("|gold:sitrep@0.2.0")


def test_words_about_the_schema_change_nothing():
    described = {**SCHEMA, "title": "Mine", "description": "Words."}
    assert signature(replace(TASK, schema=described)) == signature(TASK)
