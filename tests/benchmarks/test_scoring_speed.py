"""How fast scoring is: `pytest tests/benchmarks --benchmark-enable -n 0`.

No case asserts how long it takes, as machines differ. Without `--benchmark-enable` each runs once,
and what it counts is looked at.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

import pytest
from measuring import GOLD, PREDICTIONS, SCHEMA, parse
from workloads import FLAT, STATEMENT, Json, Pair, flat, sitrep, statement, write

from benchmark import Document, Outcome, Score, Task, load_task, make_task, read_predictions, score

MANY = 500
"""Documents in the files."""


def _in_memory(schema: Json, pairs: Iterable[Pair]) -> tuple[Task, Json]:
    """A task, and its predictions."""
    gold, predicted = zip(*pairs, strict=True)
    task = Task("made up", schema, tuple(Document(**line) for line in gold))
    return task, {line["id"]: line["prediction"] for line in predicted}


def _from_files(folder: Path) -> Score:
    task = make_task(folder / GOLD, folder / SCHEMA)
    return score(task, read_predictions(folder / PREDICTIONS))


def _check(found: Score, again: Score, documents: int) -> None:
    """Something was found and something missed, the same each time."""
    counts = found.micro()
    assert len(found.documents) == documents
    assert counts.cor > 0
    assert counts.mis > 0
    assert counts.spu > 0
    assert again.signature == found.signature
    assert (again.counts == found.counts).all()
    assert (again.records == found.records).all()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("flat"), flat(MANY), FLAT)


@pytest.mark.benchmark(group="one document")
def test_one_document(benchmark):
    task, predictions = _in_memory(FLAT, flat(1))
    _check(benchmark(score, task, predictions), score(task, predictions), 1)


@pytest.mark.benchmark(group="one document")
def test_verdicts_of_one_document(benchmark):
    found = score(*_in_memory(FLAT, flat(1)))
    slots = benchmark(found.verdicts, found.documents[0]).slots
    assert slots == found.verdicts(found.documents[0]).slots
    outcomes = Counter(slot.outcome for slot in slots)
    assert [outcomes[one] for one in Outcome] == list(astuple(found.micro()))


@pytest.mark.benchmark(group="files of 500 documents")
def test_files(benchmark, files):
    _check(benchmark(_from_files, files), _from_files(files), MANY)


@pytest.mark.benchmark(group="files of 500 documents")
def test_parsing_alone(benchmark, files):
    """The yardstick: no scorer can do with less."""
    assert benchmark(parse, files) == 2 * MANY


@pytest.mark.benchmark(group="in memory")
def test_many_records(benchmark):
    task, predictions = _in_memory(FLAT, flat(3, 300))
    _check(benchmark(score, task, predictions), score(task, predictions), 3)


@pytest.mark.benchmark(group="in memory")
def test_a_large_table_of_texts(benchmark):
    task, predictions = _in_memory(STATEMENT, [statement(1000)])
    _check(benchmark(score, task, predictions), score(task, predictions), 1)


@pytest.mark.benchmark(group="in memory")
def test_sitrep(benchmark):
    task, predictions = _in_memory(load_task("sitrep").schema, sitrep(300))
    _check(benchmark(score, task, predictions), score(task, predictions), 300)
