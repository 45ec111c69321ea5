"""One side of a chunk of documents as columns: what scoring compares.

The records of a table stand one below another, document after document; each field of theirs is
a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np

from benchmark.bags import Bags, Others
from benchmark.interning import NOTHING, Bools, Interner, Ints
from benchmark.ragged import starts, sums, widths
from benchmark.tree import Json


@dataclass
class Leaves:
    """A leaf's column. `raw`: the values as given; `ids`, shape (N + 1,): as compared, the last
    one of a record that is not there. `others` holds, by row, what else gold accepts."""

    interner: Interner
    raw: Sequence[Json]
    ids: Ints
    others: dict[int, Others] = field(default_factory=dict)
    _grades: dict[int, int] = field(default_factory=dict)

    @cached_property
    def stated(self) -> Bools:
        """Which rows hold a value, shape (N + 1,)."""
        stated: Bools = self.ids != NOTHING
        return stated

    @cached_property
    def counts(self) -> Ints:
        """Values of each row, 0 or 1, shape (N,)."""
        return self.stated[:-1].astype(np.int64)

    @cached_property
    def required(self) -> Bools:
        """Which rows hold a value whose absence gold does not accept, shape (N + 1,)."""
        if not self.others:
            return self.stated
        required = self.stated.copy()
        required[[row for row, others in self.others.items() if None in others]] = False
        return required

    @cached_property
    def answers(self) -> Bools:
        """Which rows accept any value, shape (N + 1,)."""
        if not self.others:
            return self.stated
        answers = self.stated.copy()
        for row, others in self.others.items():
            answers[row] |= any(other is not None for other in others)
        return answers

    def grades(self, rows: Ints, predicted: Leaves, columns: Ints) -> Ints:
        """How far values of the column that this one is held against agree with the best of what
        gold accepts. A pair is asked for when records are paired, and again when they are counted.
        """
        grades = np.zeros(len(rows), np.int64)
        at = np.flatnonzero(self.answers[rows] & (predicted.ids[columns] >= 0))
        width, known = len(predicted.ids), self._grades
        keys = (rows[at] * np.int64(width) + columns[at]).tolist()
        new = [key for key in keys if key not in known]
        pairs = [divmod(key, width) for key in new]
        known.update(zip(new, self._graded(pairs, predicted.raw), strict=True))
        grades[at] = [known[key] for key in keys]
        return grades

    def _graded(self, pairs: list[tuple[int, int]], given: Sequence[Json]) -> Sequence[int]:
        raw, others = self.raw, self.others
        if not others or not pairs:
            return self.interner.grades([(raw[i], given[j]) for i, j in pairs])
        accepted = [
            [(one, given[j]) for one in (raw[i], *others.get(i, ())) if one is not None]
            for i, j in pairs
        ]
        found = self.interner.grades(list(chain.from_iterable(accepted)))
        best: list[int] = np.maximum.reduceat(found, starts([*map(len, accepted)])[:-1]).tolist()
        return best

    def other_ids(self) -> tuple[Ints, Ints]:
        """Row and id of each other value that gold accepts."""
        found = [(row, other) for row, others in self.others.items() for other in others]
        rows = np.fromiter((row for row, other in found if other is not None), np.int64)
        others = self.interner.places([other for _, other in found if other is not None])
        return rows, self.interner.ids(others)


@dataclass
class Rows:
    """The records of one table. Those of parent row r are start[r] : start[r + 1], those of
    document d are documents[d] : documents[d + 1]. `places` are their places in the JSON arrays
    where these hold anything but records."""

    start: Ints
    columns: tuple[Leaves | Bags | Rows, ...]
    evidence: tuple[Sequence[Json], ...]
    optional: Bools
    places: Ints | None = None
    documents: Ints = field(init=False)
    _states: dict[tuple[int, ...], Bools] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.optional)

    def locate(self, documents: Ints) -> None:
        """Say which rows are whose, here and in the tables below."""
        self.documents = documents
        for column in self.columns:
            if isinstance(column, Rows):
                column.locate(column.start[documents])

    @cached_property
    def parent_of(self) -> Ints:
        """The row that each record stands in, shape (N,)."""
        return np.repeat(np.arange(len(self.start) - 1), widths(self.start))

    @cached_property
    def values(self) -> Ints:
        """The most values that each record holds, nested ones and what else gold accepts included,
        shape (N,)."""
        total = np.zeros(len(self), np.int64)
        for column in self.columns:
            if isinstance(column, Rows):
                total += sums(column.values, column.start)
            elif isinstance(column, Bags):
                total += column.longest
            else:
                total += column.answers[:-1]
        return total

    def states(self, fields: tuple[int, ...]) -> Bools:
        """Which records state any of some fields, shape (N,)."""
        if fields not in self._states:
            found = np.zeros(len(self), np.bool_)
            for column in (self.columns[n] for n in fields):
                if isinstance(column, Rows):
                    below = column.states(tuple(range(len(column.columns))))
                    found |= sums(below, column.start) > 0
                else:
                    found |= column.counts > 0
            self._states[fields] = found
        return self._states[fields]

    def quotations(self, row: int) -> list[str]:
        """The evidence of a record that is text."""
        return [one for one in (e[row] for e in self.evidence) if isinstance(one, str)]
