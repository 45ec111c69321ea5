"""Write a task to a folder."""

from __future__ import annotations

from pathlib import Path

from benchmark.data.documents import REQUIRED, Document
from benchmark.data.json_text import dump
from benchmark.data.task import Task
from benchmark.data.task_files import GOLD, SCHEMAS
from benchmark.errors import DataError, unwritable
from benchmark.schema.fields import Json


def write_task(task: Task, folder: Path) -> None:
    """Write a task as a folder of its own: gold in one file, schema, aliases, card and codebook.

    Raises DataError for a folder that is not empty or cannot be written.
    """
    import orjson

    if folder.exists() and any(folder.iterdir()):
        raise DataError(f"{folder} is not empty; choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / GOLD).write_bytes(b"".join(map(gold_line, task.documents)))
        if task.schema or not task.schemas:
            (folder / "schema.json").write_bytes(dump(task.schema, orjson.OPT_INDENT_2))
        for name, schema in task.schemas.items():
            (folder / SCHEMAS).mkdir(exist_ok=True)
            (folder / SCHEMAS / f"{name}.json").write_bytes(dump(schema, orjson.OPT_INDENT_2))
        lines = "".join(" | ".join(line) + "\n" for line in task.aliases)
        (folder / "aliases.txt").write_text(lines, "utf-8")
        (folder / "README.md").write_text(f"---\nversion: {task.version}\n---\n", "utf-8")
        codebook = (task.folder or Path()) / "codebook.md"
        if task.folder and codebook.is_file():
            (folder / codebook.name).write_bytes(codebook.read_bytes())
    except OSError as error:
        raise unwritable(folder, error) from None


def gold_line(document: Document) -> bytes:
    """The line of a document in a gold file, without what is empty and without the split, which is
    the name of the file."""
    line: dict[str, Json] = {
        "id": document.id,
        "text": document.text,
        "meta": {key: value for key, value in document.meta.items() if key != "split"},
        "gold": document.gold,
        "group": document.group,
        "alternatives": document.alternatives,
        "optional": document.optional,
        "spans": document.spans,
        "schema": document.schema,
    }
    kept = {key: value for key, value in line.items() if value or key in REQUIRED}
    return dump(kept) + b"\n"
