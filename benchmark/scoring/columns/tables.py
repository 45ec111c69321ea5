"""One side of a chunk of documents as columns: what scoring compares.

The records of a table stand one below another, document after document; each field of theirs is
a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, sums, to_lengths
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.equality import EqualityMatrix
from benchmark.scoring.columns.interning import NOTHING
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.values import alone, bag_value


@dataclass
class Tables:
    """The records of one table. Those of parent row r are offsets[r] : offsets[r + 1], those of
    document d are documents[d] : documents[d + 1]. `places` are their places in the JSON arrays
    where these hold anything but records."""

    offsets: Ints
    columns: tuple[Leaves | Bags | Tables, ...]
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
            if isinstance(column, Tables):
                column.locate(column.offsets[documents])

    @cached_property
    def parent_of(self) -> Ints:
        """The row that each record stands in, shape (N,)."""
        return np.repeat(np.arange(len(self.offsets) - 1), to_lengths(self.offsets))

    @cached_property
    def flat(self) -> tuple[Leaves | Bags, ...]:
        """The leaves and bags among the columns, in their order."""
        return tuple(column for column in self.columns if not isinstance(column, Tables))

    @cached_property
    def equality(self) -> EqualityMatrix:
        """The leaves and bags whose values earn credit only if they are equal."""
        return EqualityMatrix.of(self.flat, len(self))

    @cached_property
    def counts(self) -> Ints:
        """The values that each record states, shape (leaves and bags, N + 1)."""
        counts = np.zeros((len(self.flat), len(self) + 1), np.int32)
        for n, column in enumerate(self.flat):
            if isinstance(column, Leaves):
                np.not_equal(column.ids, NOTHING, out=counts[n])
            else:
                counts[n, :-1] = column.counts
        return counts

    @cached_property
    def required(self) -> Ints:
        """Those whose absence gold does not accept, shape (leaves and bags, N + 1)."""
        required = self.counts
        for n, column in enumerate(self.flat):
            if column.others and required is self.counts:
                required = required.copy()
            if isinstance(column, Leaves):
                required[n, [row for row, others in column.others.items() if None in others]] = 0
            else:
                for row in column.others:
                    required[n, row] = alone(bag_value(column, row))
        return required

    @cached_property
    def longest(self) -> Ints:
        """The most values that gold accepts in each record, shape (leaves and bags, N + 1)."""
        longest = self.counts
        for n, column in enumerate(self.flat):
            if column.others:
                longest = longest.copy() if longest is self.counts else longest
                longest[n] = column.longest
        return longest

    @cached_property
    def values(self) -> Ints:
        """The most values that each record holds, nested ones and what else gold accepts included,
        shape (N,)."""
        total: Ints = self.longest[:, :-1].sum(axis=0, dtype=np.int64)
        for column in self.columns:
            if isinstance(column, Tables):
                total += sums(column.values, column.offsets)
        return total

    @cached_property
    def alone(self) -> Ints:
        """The values that are missing where gold has a record, nested ones included, shape (N,)."""
        total: Ints = self.required[:, :-1].sum(axis=0, dtype=np.int64)
        for column in self.columns:
            if isinstance(column, Tables):
                total += sums(column.alone * ~column.optional, column.offsets)
        return total

    def states(self, fields: tuple[int, ...]) -> Bools:
        """Which records state any of some fields, shape (N,)."""
        if fields not in self._states:
            flat = [n for n, column in enumerate(self.columns) if not isinstance(column, Tables)]
            counts = self.counts[[flat.index(n) for n in fields if n in flat], :-1]
            found: Bools = np.asarray(counts.any(axis=0))
            for column in (self.columns[n] for n in fields):
                if isinstance(column, Tables):
                    below = column.states(tuple(range(len(column.columns))))
                    found |= sums(below, column.offsets) > 0
            self._states[fields] = found
        return self._states[fields]

    def quotations(self, row: int) -> list[str]:
        """The evidence of a record that is text."""
        return [one for one in (e[row] for e in self.evidence) if isinstance(one, str)]
