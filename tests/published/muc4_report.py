"""Print the figures of docs/published-scores/muc4.md: python tests/published/muc4_report.py"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from muc4_figures import (
    VARIANTS,
    Decision,
    Figures,
    correlation,
    counts_of,
    decisions,
    f1,
    figures,
    official_pairs,
)
from muc4_official import by_number, read_pairs, read_totals
from muc4_reader import FOLDER, SLOTS, Template, read_key, read_responses

COLUMNS = {
    "shipped": ("shipped", False),
    "shipped+people": ("shipped+people", False),
    "muc4 strict": ("muc4", False),
    "muc4 partial": ("muc4", True),
    "muc4+people": ("muc4+people", True),
}
"""Variants, and whether a partly accepted value earns half a credit. The shipped comparators for
text accept nothing partly."""


def report(decided: Sequence[Decision], made: Mapping[str, Figures]) -> Iterator[str]:
    """The lines of all tables."""
    official = {name: total["F_measures"]["P&R"] for name, total in read_totals().items()}
    columns = {"given pairs": {name: f1(counts_of(decided, name), True) for name in official}}
    for column, (variant, partial) in COLUMNS.items():
        columns[column] = {name: f1(c, partial) for name, c in made[variant].counts.items()}
    yield from _slots(decided)
    pairs = official_pairs(read_pairs())
    yield from _pairing(pairs, made)
    yield from _differences(pairs, made)
    yield from _ranks(official, columns)


def _slots(decided: Sequence[Decision]) -> Iterator[str]:
    yield "Given the official pairing: decisions that agree, in all and on two filled templates"
    rows: list[tuple[Any, ...]] = []
    for slot in (*SLOTS, "all"):
        scored = [d for d in decided if d.slot in d.pair.rows and slot in (d.slot, "all")]
        both = [d for d in scored if d.pair.key and d.pair.response and (d.official or d.ours)]
        same, same_both = (sum(d.ours == d.official for d in group) for group in (scored, both))
        share = f"{100 * same_both / len(both):.1f}%"
        rows.append((slot, len(scored), same, len(both), same_both, share))
    yield from _table(("slot", "all", "same", "of two", "same", ""), rows)


def _pairing(official: set[Any], made: Mapping[str, Figures]) -> Iterator[str]:
    yield "Template pairs: official, Fieldmark's, both"
    rows: list[tuple[Any, ...]] = []
    for system in (*sorted({pair[0] for pair in official}), "all"):
        row: list[Any] = [system]
        for found in ("", *made):
            theirs, ours = (
                {pair for pair in group if system in (pair[0], "all")}
                for group in (official, made[found].pairs if found else official)
            )
            row += [len(ours), len(ours & theirs)] if found else [len(theirs)]
        rows.append(tuple(row))
    yield from _table(("system", "official", *(c for name in made for c in (name, "both"))), rows)


def _differences(official: set[Any], made: Mapping[str, Figures]) -> Iterator[str]:
    yield "Responses to a document: all, with the same pairs; responses with another key template"
    key = read_key()
    total = len(read_totals()) * len(key)
    rows: list[tuple[Any, ...]] = []
    for name, one in made.items():
        differ = {pair[:2] for pair in official ^ one.pairs}
        theirs, ours = ({(s, d, r): k for s, d, k, r in group} for group in (official, one.pairs))
        moved = [r for r in theirs.keys() & ours.keys() if theirs[r] != ours[r]]
        larger = sum(_size(key, r[1], ours[r]) > _size(key, r[1], theirs[r]) for r in moved)
        rows.append((name, total, total - len(differ), len(moved), larger))
    yield from _table(("", "all", "same", "moved", "to a larger"), rows)


def _size(key: Mapping[str, list[Template]], document: str, number: str) -> int:
    """The fills of a key template."""
    return sum(map(len, by_number(key[document])[number].slots.values()))


def _ranks(
    official: Mapping[str, float], columns: Mapping[str, Mapping[str, float]]
) -> Iterator[str]:
    yield "F of each system, in percent, with its rank; last, Spearman's correlation with MUC-4"
    ranked = {name: sorted(f, key=f.__getitem__, reverse=True) for name, f in columns.items()}
    rows: list[tuple[Any, ...]] = []
    for place, system in enumerate(sorted(official, key=official.__getitem__, reverse=True), 1):
        cells = (f"{f[system]:.1f} ({ranked[c].index(system) + 1})" for c, f in columns.items())
        rows.append((system, f"{official[system]:.2f} ({place})", *cells))
    rows.append(("Spearman", "", *(f"{correlation(f, official):.4f}" for f in columns.values())))
    yield from _table(("system", "MUC-4", *columns), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    lines = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *rest in lines:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join(("  " + first.ljust(widths[0]), *cells))
    yield ""


if __name__ == "__main__":
    if not FOLDER.is_dir():
        sys.exit(f"the reference data is not at {FOLDER}")
    key, responses = read_key(), read_responses()
    made = {name: figures(key, responses, **options) for name, options in VARIANTS.items()}
    lines = report(decisions(key, responses, read_pairs()), made)
    sys.stdout.writelines(f"{line}\n" for line in lines)
