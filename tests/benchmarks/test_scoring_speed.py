"""How fast scoring is: `pytest tests/benchmarks --benchmark-enable`."""

import random

import pytest

from benchmark import Document, Task, load_task, score
from benchmark.tasks import quoted

FLAT = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["raid", "bombing", "arrest"]},
                    "place": {"type": "string", "x-compare": {"by": "name", "key": True}},
                    "day": {"type": "string", "format": "date", "x-compare": {"key": True}},
                    "low": {"type": ["integer", "null"]},
                    "actors": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def _events(rng, number):
    return [
        {
            "kind": rng.choice(["raid", "bombing", "arrest"]),
            "place": f"Town {rng.randrange(30)}",
            "day": f"2025-07-{rng.randrange(1, 29):02}",
            "low": rng.choice([None, rng.randrange(50)]),
            "actors": [f"Group {rng.randrange(9)}" for _ in range(rng.randrange(3))],
        }
        for _ in range(number)
    ]


@pytest.mark.parametrize(("documents", "records"), [(100, 12), (1, 300)])
def test_flat_events(benchmark, documents, records):
    rng = random.Random(7)
    gold = tuple(Document(str(n), {"events": _events(rng, records)}) for n in range(documents))
    task = Task("flat", FLAT, gold)
    predictions = {d.id: {"events": rng.sample(d.gold["events"], records - 2)} for d in gold}
    benchmark(score, task, predictions)


def test_sitrep(benchmark):
    task = load_task("sitrep")
    benchmark(score, task, {d.id: quoted(task.tree, d) for d in task.documents})
