"""Where runs are kept: the one place that knows the folders."""

from __future__ import annotations

import os
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
    check_run_name(name)
    return runs_folder(results) / name


def check_run_name(name: str) -> None:
    """Raise DataError for a name that no run can have: what a table, a page or a file's name would
    take for something else."""
    if not re.fullmatch(r"[\w.+-]{1,100}", name) or name.startswith("."):
        raise DataError(f"'{name}' can't name a run: use letters, digits, dots and hyphens")


def runs_folder(results: Path) -> Path:
    """The folder that holds the folders of runs."""
    return results / "runs"


def run_folders(results: Path) -> list[Path]:
    """The folders of the complete runs, by name, and whatever else claims to be one.

    Raises DataError if they are kept behind a link, which may lead anywhere.
    """
    runs = runs_folder(results)
    if runs.is_symlink():
        raise DataError(f"{runs}: a link; the runs of a board are in the folder itself")
    if not runs.is_dir():
        return []
    return sorted(run for run in runs.iterdir() if run.is_symlink() or _is_complete(run))


def _is_complete(run: Path) -> bool:
    """Whether a folder has a manifest, which is written last; a broken link counts as one."""
    return os.path.lexists(run / MANIFEST)


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
