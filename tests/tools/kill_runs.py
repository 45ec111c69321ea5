"""Kills runs at random moments, again and again, and looks at what it cost.

`python tests/tools/kill_runs.py --kills 100` prints the figures; test_resume.py wants them for
fewer.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    TESTS = Path(__file__).parents[1]
    sys.path[:0] = [str(TESTS), str(TESTS / "llm")]

from client import Runs, event
from server import Server

DOCUMENTS, CONCURRENCY = 60, 8
KEPT = "scores.json", "predictions.jsonl"


@dataclass
class Figures:
    """Of all kills. `in_flight`: calls that were sent and not recorded when a run was killed;
    `lost`: those of them that the server had answered; `repeated`: requests for a document after
    its first; `excess`: requests for what was recorded; `differing`: files of a run that differ
    from those of a run that nobody killed."""

    kills: int = 0
    rounds: int = 0
    documents: int = 0
    requests: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    lost: int = 0
    torn: int = 0
    repeated: int = 0
    excess: int = 0
    differing: int = 0


def kill_many(server, folder, kills, seed=0):
    """Rounds of killed starts, each round with one that is left alone at its end."""
    found, rng = Figures(), random.Random(seed)
    runs = Runs(folder, server.url)
    runs.documents(range(DOCUMENTS))
    undisturbed = {}
    while found.kills < kills:
        adapter = ("instructor", "direct")[found.rounds % 2]
        options = "--adapter", adapter, "--concurrency", CONCURRENCY
        if adapter not in undisturbed:
            _plan(server, rng)
            undisturbed[adapter] = _files(runs(*options, name=adapter))
        _plan(server, rng)
        _round(server, runs, options, found, kills, rng)
        last = runs(*options, name=f"round-{found.rounds}")
        assert last.status == 0, last.err
        found.repeated += server.count() - DOCUMENTS
        found.requests += server.count()
        found.documents += DOCUMENTS
        found.differing += sum(
            one != two for one, two in zip(_files(last), undisturbed[adapter], strict=True)
        )
        found.rounds += 1
    runs.close()
    return found


def _plan(server, rng):
    """Answers that are right, wrong, invalid or none, each after a while."""
    server.clear()
    answers = {}
    for n in range(DOCUMENTS):
        kind = {3: "refusal", 5: "truncated"}.get(n % 10, "answer")
        answers[f"doc-{n}"] = {"kind": kind, "delay": rng.uniform(0.02, 0.08)}
    contents = {f"doc-{n}": event(n + (n % 4 == 0)) for n in range(DOCUMENTS)}
    contents["doc-6"] = {"events": [{"place": 6}]}
    server.plan(answers, contents=contents)


def _round(server, runs, options, found, kills, rng):
    recorded, seen = set(), 0
    while found.kills < kills and len(recorded) < DOCUMENTS:
        run = runs.start(*options, name=f"round-{found.rounds}")
        _wait_a_while(server, run, seen, rng)
        run.kill()
        _wait_until_idle(server)
        made = server.requests()[seen:]
        seen += len(made)
        found.excess += sum(one.marker in recorded for one in made)
        recorded = {one["document"].replace("d-", "doc-") for one in run.journal("final")}
        flying = [one for one in made if one.marker not in recorded]
        found.kills += 1
        found.in_flight += len(flying)
        found.most_in_flight = max(found.most_in_flight, len(flying))
        found.lost += sum(one.complete for one in flying)
        found.torn += not (run.path / "journal.jsonl").read_bytes().endswith(b"\n") if made else 0


def _wait_a_while(server, run, seen, rng):
    """Until a few requests have come, and a moment more; now and then only a moment."""
    few = seen + rng.choice([0, 1, 1, 4, 8, 12])
    while server.count() < few and run.status is None:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.1))


def _wait_until_idle(server):
    while server.in_flight():
        time.sleep(0.002)


def _files(run):
    return [(run.path / name).read_bytes() for name in KEPT]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        found = kill_many(server, Path(folder), arguments.kills, arguments.seed)
    for name, value in vars(found).items():
        print(f"{name:16} {value}")  # noqa: T201


if __name__ == "__main__":
    main()
