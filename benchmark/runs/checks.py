"""What of a submission was worked out from its predictions, and what is only stated."""

from __future__ import annotations

from pathlib import Path

from benchmark.reports.sheet import Sheet, show_rate
from benchmark.runs.board_sheets import show_cost, show_day, show_seconds
from benchmark.runs.entries import Entry
from benchmark.runs.manifest import SUBMISSION
from benchmark.runs.ranking import Row
from benchmark.runs.submission import Submission

RECOMPUTED, STATED = "recomputed", "stated, not checked"
NOTHING = "not stated"


def claims_sheet(row: Row) -> Sheet:
    """Each figure and each statement of a run, and how it is known."""
    recomputed = {
        "F1": show_rate(row.f1),
        "mean over documents": show_rate(row.mean),
        **{f"{split} F1": show_rate(f1) for split, f1 in row.splits.items()},
        "precision": show_rate(row.precision),
        "recall": show_rate(row.recall),
        "whole records": show_rate(row.whole),
        "valid": show_rate(row.valid),
        "samples kept": str(row.samples),
    }
    rows = [(name, value, RECOMPUTED) for name, value in recomputed.items()]
    rows += [(name, value or NOTHING, STATED) for name, value in _stated(row).items()]
    return Sheet("How each figure is known", ("figure", "value", "how"), rows)


def _stated(row: Row) -> dict[str, str]:
    stated = row.stated
    figures = {
        "kind": stated.kind,
        "date": show_day(stated),
        "s/doc": show_seconds(stated),
        "$/doc": show_cost(stated),
    }
    if stated.submission is None:
        return figures
    content = stated.submission.model_dump()
    content["authors"] = ", ".join(content["authors"])
    content["trained_on_these_texts"] = "yes" if content["trained_on_these_texts"] else "no"
    return figures | {name.replace("_", " "): f"{value!s:.100}" for name, value in content.items()}


def contradictions(folder: Path, entry: Entry, submission: Submission) -> list[str]:
    """What a submission states that its own folder contradicts."""
    kept = len(entry.samples)
    if submission.samples == kept:
        return []
    return [
        f"{folder / SUBMISSION}: samples is {submission.samples}, the folder holds {kept}: all "
        f"samples are sent in, so that none is chosen"
    ]
