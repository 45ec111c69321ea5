"""Schemas, tasks and folders of a few lines."""

import json
import os
import re
import sys
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmark import Document, Outcome, Score, Task, score
from runners import Answer

ROOT = Path(__file__).parents[2]
COMMAND_LINE = [sys.executable, "-c", "from benchmark.cli import main; main()"]
STRING = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
DATE = {"type": "string", "format": "date"}
KEY = {"type": "string", "x-compare": {"key": True}}
EVIDENCE = {"type": "string", "x-compare": {"score": False, "evidence": True}}


def obj(**properties):
    return {"type": "object", "properties": properties}


def array(items, **compare):
    return {"type": "array", "items": items, **({"x-compare": compare} if compare else {})}


def table(**properties):
    return array(obj(**properties))


def compared(node, **compare):
    return {**node, "x-compare": compare}


def task(schema, gold, aliases=(), **document) -> Task:
    """A task of one document, `d`."""
    return Task("hand", schema, (Document("d", gold, **document),), aliases)


def scored(schema, gold, prediction, aliases=(), **document) -> Score:
    return score(task(schema, gold, aliases, **document), {"d": prediction})


def outcomes(result: Score) -> dict[str, str]:
    """Each field's slots in words, such as {"rows.k": "COR MIS"}; a field without any is absent."""
    found: dict[str, list[Outcome]] = {}
    for slot in result.verdicts("d").slots:
        found.setdefault(slot.field, []).append(slot.outcome)
    return {path: " ".join(one.name for one in sorted(slots)) for path, slots in found.items()}


def counted(result: Score) -> dict[str, dict[str, int]]:
    """The slots of each field by outcome, zeros and empty fields left out."""
    counts = {path: asdict(result.field_counts(path)) for path in result.fields}
    return {
        path: {name.upper(): number for name, number in row.items() if number}
        for path, row in counts.items()
        if any(row.values())
    }


def write_task(folder: Path, schema, gold, labels=None) -> Path:
    """A task's folder: schema.json, gold.jsonl, labels/<pass>/<id>.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.json").write_text(json.dumps(schema), "utf-8")
    write_lines(folder / "gold.jsonl", gold)
    for name, documents in (labels or {}).items():
        (folder / "labels" / name).mkdir(parents=True)
        for one in documents:
            file = folder / "labels" / name / f"{one['id']}.yaml"
            file.write_text(json.dumps(as_labels(one)), "utf-8")
    return folder


def as_labels(document):
    """A document's gold as people label it; JSON is YAML."""
    labels = deepcopy(document["gold"])
    labels["$or"] = document.get("alternatives", {})
    labels["$quotes"] = dict(document.get("spans", {}))
    for path in [path for path in labels["$quotes"] if path.endswith(".evidence")]:
        table, row = re.match(r"(\w+)\[(\d+)\]", path).groups()
        labels[table][int(row)]["evidence"] = labels["$quotes"].pop(path)
    for path in document.get("optional", ()):
        table, row = re.fullmatch(r"(\w+)\[(\d+)\]", path).groups()
        labels[table][int(row)]["$optional"] = True
    return labels


def write_lines(path: Path, lines) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@dataclass(frozen=True)
class Shown:
    """A document as an extractor sees it."""

    id: str
    text: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


def answered(runner, *documents) -> list[Answer]:
    """What a runner answers to documents, of which an id is enough."""
    answers: list[Answer] = []
    shown = [Shown(one, f"text of {one}") if isinstance(one, str) else one for one in documents]
    runner.run(shown, answers.append)
    return answers


def errors(answers) -> dict[str, str | None]:
    return {answer.id: answer.error for answer in answers}


def running(pid) -> bool:
    """Whether a process is there. A zombie is if it is ours to reap, else its end is enough."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    state, parent = stat.read_text().rpartition(")")[2].split()[:2] if stat.exists() else ("", "")
    return state != "Z" or int(parent) == os.getpid()


def ends(pid, seconds=5.0) -> bool:
    """Whether a process is gone within so long."""
    deadline = time.monotonic() + seconds
    while running(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
