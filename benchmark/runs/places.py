"""Where runs are kept: the one place that knows the folders."""

from __future__ import annotations

import re
from pathlib import Path

from benchmark.errors import DataError
from benchmark.runs.manifest import MANIFEST

RESULTS = Path("fieldmark-results")
"""Where `fieldmark run` keeps a user's runs; git ignores it."""
PUBLISHED = Path("results")
"""The runs of a published leaderboard, and the leaderboard made from them."""


def run_path(results: Path, name: str, extractor: str) -> Path:
    """The folder of a run that is to be written.

    It is called `name`, or else as the extractor is, with a hyphen for what a file's name cannot
    hold. Raises DataError for a name that is none of a file.
    """
    name = name or re.sub(r"[^\w.+-]+", "-", extractor)[:100].strip("-.")
    if not re.fullmatch(r"[\w.+-]{1,100}", name) or name.startswith("."):
        raise DataError(f"'{name}' can't name a run: use letters, digits, dots and hyphens")
    return runs_folder(results) / name


def runs_folder(results: Path) -> Path:
    """The folder that holds the folders of runs."""
    return results / "runs"


def run_folders(results: Path) -> list[Path]:
    """The folders of the complete runs, by name."""
    return sorted(manifest.parent for manifest in runs_folder(results).glob(f"*/{MANIFEST}"))


def find_run(name: str, results: Path) -> Path:
    """A run's folder, or a file of predictions.

    `name` is a path, or the name of a run in `results` or among the published ones. Raises
    DataError if there is none.
    """
    places = [runs_folder(place) for place in dict.fromkeys((results, PUBLISHED))]
    for path in (Path(name), *(place / name for place in places)):
        if path.exists():
            return path
    raise DataError(
        f"there is no run '{name}': no file, no folder, nothing in {' or '.join(map(str, places))}"
    )
