"""What the official scorer said of MUC-4's TST3: tallies, template pairs, printed rates."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from muc4_reader import FOLDER, SLOTS, Template

OUTCOMES = ("COR", "PAR", "INC", "ICR", "IPA", "SPU", "MIS", "NON")
"""ICR and IPA are the part of COR and PAR that a person decided."""

UNPAIRED = ("*", "<NONE>")
"""In the place of a partner: an irrelevant document, and a template without a partner."""

SUMMARIES: dict[str, set[str | None]] = {
    "MATCHED ONLY": {None},
    "MATCHED/MISSING": {None, "[missing]"},
    "MATCHED/SPURIOUS": {None, "[spurious]"},
    "ALL TEMPLATES": {None, "[missing]", "[spurious]"},
}
"""The summary rows, and the flags of the pairs that each sums up."""


@dataclass(frozen=True)
class Pair:
    """A key template and the response that was scored against it; None for no partner."""

    system: str
    document: str
    key: str | None
    response: str | None
    flag: str | None
    rows: dict[str, Counter[str]]


def read_totals() -> dict[str, Any]:
    """The printed score report of each system: rows by slot, and F-measures."""
    totals = json.loads((FOLDER / "official_totals.json").read_text("ascii"))
    return {system.removeprefix("tst3/"): report for system, report in totals.items()}


def read_pairs() -> list[Pair]:
    """All template pairs that were scored, without the documents in which there was nothing."""
    lines = gzip.decompress((FOLDER / "official_pairs.jsonl.gz").read_bytes()).splitlines()
    pairs = [_pair(json.loads(line)) for line in lines]
    return [pair for pair in pairs if pair.key or pair.response]


def _pair(line: dict[str, Any]) -> Pair:
    key, response = (None if line[side] in UNPAIRED else line[side] for side in ("key", "resp"))
    rows = {
        slot: Counter(dict(zip(OUTCOMES, row, strict=True))) for slot, row in line["rows"].items()
    }
    system = line["sys"].removeprefix("tst3/")
    return Pair(system, line["doc"], key, response, line["flag"], rows)


def summed(pairs: Iterable[Pair], slots: Iterable[str] = SLOTS) -> Counter[str]:
    """The counts of some slots over some pairs."""
    slots = tuple(slots)
    total: Counter[str] = Counter()
    for pair in pairs:
        for slot in slots:
            total.update(pair.rows.get(slot, {}))
    return total


def possible(counts: Counter[str]) -> int:
    return counts["COR"] + counts["PAR"] + counts["INC"] + counts["MIS"]


def actual(counts: Counter[str]) -> int:
    return counts["COR"] + counts["PAR"] + counts["INC"] + counts["SPU"]


def percentages(counts: Counter[str]) -> dict[str, Fraction | None]:
    """Recall, precision and overgeneration, not rounded; None where nothing is to divide by."""
    credit = Fraction(2 * counts["COR"] + counts["PAR"], 2)
    parts = {
        "REC": (credit, possible(counts)),
        "PRE": (credit, actual(counts)),
        "OVG": (Fraction(counts["SPU"]), actual(counts)),
    }
    return {name: 100 * part / whole if whole else None for name, (part, whole) in parts.items()}


def printed(percentage: Fraction) -> int:
    """The whole number that the official scorer prints: cut to tenths, then half to even."""
    return round(Fraction(floor(10 * percentage), 10))


def f_measure(recall: int, precision: int, beta: Fraction) -> Fraction:
    """(b²+1)PR / (b²P + R), of the printed whole percentages."""
    weight = beta**2
    return (weight + 1) * precision * recall / (weight * precision + recall)


def by_number(templates: Iterable[Template]) -> dict[str, Template]:
    return {template.number: template for template in templates}
