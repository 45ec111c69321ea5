"""A task and runs of it, made by the command line, for tests of boards."""

import json
import sys

import pytest
from support.tasks import INTEGER, KEY, obj, table, write_lines, write_task

from benchmark import cli

SCHEMA = obj(rows=table(k=KEY, n=INTEGER))
GOLD = {str(n): {"rows": [{"k": str(k), "n": k} for k in range(5)]} for n in range(12)}


def answers(wrong):
    """Predictions in which every `wrong`-th figure is."""
    return {
        name: {"rows": [{**r, "n": r["n"] + (not (int(name) + r["n"]) % wrong)} for r in g["rows"]]}
        for name, g in GOLD.items()
    }


def write_answers(path, predictions):
    return write_lines(path, [{"id": n, "prediction": one} for n, one in predictions.items()])


def make_task(folder, splits=("test", "hard")):
    """A task whose documents are of two splits by turns."""
    gold = [
        {"id": name, "text": "t", "gold": gold, "meta": {"split": splits[n % len(splits)]}}
        for n, (name, gold) in enumerate(GOLD.items())
    ]
    return write_task(folder, SCHEMA, gold)


def command(folder, *arguments):
    """A command line in a folder that has to succeed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["fieldmark", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code


def edit_json(path, **changes):
    """A JSON object in a file, with other values for some of its names."""
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")
