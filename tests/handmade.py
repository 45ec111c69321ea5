"""Schemas, tasks and folders of a few lines."""

import json
from pathlib import Path

from benchmark import Document, Outcome, Score, Task, score

ROOT = Path(__file__).parents[1]
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


def write_task(folder: Path, schema, gold, labels=None) -> Path:
    """A task's folder: schema.json, gold.jsonl, labels/<pass>/<id>.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.json").write_text(json.dumps(schema), "utf-8")
    write_lines(folder / "gold.jsonl", gold)
    for name, documents in (labels or {}).items():
        (folder / "labels" / name).mkdir(parents=True)
        for one in documents:
            file = folder / "labels" / name / f"{one['id']}.json"
            file.write_text(json.dumps(one), "utf-8")
    return folder


def write_lines(path: Path, lines) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
