"""What a run's folder holds, and what its manifest says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from benchmark.errors import DataError
from benchmark.runs.untrusted import check_folder, read_json

MANIFEST, PREDICTIONS, SCORES = "manifest.json", "predictions.jsonl", "scores.json"
SUBMISSION = "submission.toml"
MOST_SAMPLES = 100


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a run says of itself; `documents` is a list of the ids that it is over.

    Raises DataError for what is no manifest, and for a folder that holds anything but plain files.
    """
    check_folder(folder)
    file = folder / MANIFEST
    content = read_json(file)
    if not isinstance(content, dict):
        raise DataError(f"{file}: a JSON object is expected")
    documents = content.get("documents")
    if not isinstance(documents, list):
        raise DataError(f"{file}: no list of documents")
    if not all(isinstance(name, str) for name in documents):
        raise DataError(f"{file}: `documents` lists ids, which are strings")
    if len(set(documents)) < len(documents):
        raise DataError(f"{file}: `documents` names a document twice")
    return content


def sample_files(folder: Path) -> list[Path]:
    """The predictions of a run, a file for each time that the documents were answered.

    Raises DataError where one is missing between others.
    """
    found = {
        int(match[1]): file
        for file in folder.iterdir()
        if (match := re.fullmatch(r"predictions-([1-9]\d{0,3})\.jsonl", file.name))
    }
    expected = range(2, len(found) + 2)
    if sorted(found) != [*expected] or len(found) >= MOST_SAMPLES:
        raise DataError(
            f"{folder}: the samples of a run are {PREDICTIONS}, predictions-2.jsonl and so on, "
            f"{MOST_SAMPLES} at most, without a gap"
        )
    return [folder / PREDICTIONS, *(found[number] for number in expected)]
