"""What a run's folder holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmark.data.json_text import read_json
from benchmark.errors import DataError

MANIFEST, PREDICTIONS, SCORES = "manifest.json", "predictions.jsonl", "scores.json"


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a run says of itself; `documents` is a list of the ids that it is over.

    Raises DataError for what is no manifest.
    """
    file = folder / MANIFEST
    content = read_json(file)
    if not isinstance(content, dict):
        raise DataError(f"{file}: a JSON object is expected")
    if not isinstance(content.get("documents"), list):
        raise DataError(f"{file}: no list of documents")
    return {**content, "documents": [str(name) for name in content["documents"]]}
