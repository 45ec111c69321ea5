"""Which records of a document met: each with its partner, or alone, and where both stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmark.schema.fields import Record, Table, join
from benchmark.scoring.columns.tables import Rows
from benchmark.scoring.pairing.records import Pairs


@dataclass(frozen=True, slots=True)
class Placed:
    """A record where it stands: `path` is "" for the document itself."""

    path: str
    rows: Rows = field(repr=False)
    row: int = field(repr=False)

    @property
    def optional(self) -> bool:
        """Whether gold does without it."""
        return bool(self.rows.optional[self.row])

    @property
    def quotations(self) -> list[str]:
        """Its evidence that is text."""
        return self.rows.quotations(self.row)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A record of gold with the predicted one it is paired with; one of them is None for a record
    that has no partner. `table` is "" for the documents themselves."""

    table: str
    tree: Record
    gold: Placed | None
    predicted: Placed | None
    below: list[Meeting]


def meeting(
    tree: Record, gold: Rows, predicted: Rows | None, pairs: Mapping[str, Pairs], document: int
) -> Meeting:
    """One document of a chunk, with the meetings of its records below."""
    top = Placed("", gold, document)
    other = Placed("", predicted, document) if predicted is not None else None
    return _meet("", tree, top, other, pairs)


def _meet(
    table: str,
    tree: Record,
    gold: Placed | None,
    predicted: Placed | None,
    pairs: Mapping[str, Pairs],
) -> Meeting:
    below = []
    for n, item in enumerate(tree.fields):
        if isinstance(item.node, Table):
            golds = dict(_records(gold, n, item.steps))
            others = dict(_records(predicted, n, item.steps))
            for g, p in _partners(golds, others, pairs.get(item.path)):
                below.append(_meet(item.path, item.node.record, g, p, pairs))
    return Meeting(table, tree, gold, predicted, below)


def _records(parent: Placed | None, n: int, steps: tuple[str, ...]) -> Iterator[tuple[int, Placed]]:
    """The records of a nested table, field `n`, by row."""
    if parent is None:
        return
    rows = parent.rows.columns[n]
    assert isinstance(rows, Rows)
    first, last = int(rows.start[parent.row]), int(rows.start[parent.row + 1])
    for row in range(first, last):
        place = row - first if rows.places is None else int(rows.places[row])
        yield row, Placed(f"{join(parent.path, steps)}[{place}]", rows, row)


def _partners(
    golds: Mapping[int, Placed], others: Mapping[int, Placed], pairs: Pairs | None
) -> Iterator[tuple[Placed | None, Placed | None]]:
    """Pairs first, then gold alone, then predictions alone."""
    alone, extra = dict(golds), dict(others)
    for row in golds:
        if pairs is None or not others:
            break
        at = int(np.searchsorted(pairs[0], row))
        if at < len(pairs[0]) and pairs[0][at] == row:
            yield alone.pop(row), extra.pop(int(pairs[1][at]))
    yield from ((g, None) for g in alone.values())
    yield from ((None, p) for p in extra.values())
