"""One side of a chunk of documents as columns: what scoring compares.

The records of a table stand one below another, document after document; each field of theirs is
a column. The documents themselves are the rows of the outermost table. Arrays of shape (..., N + 1)
have a last entry for a record that is not there, so that grids can be filled up with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from benchmark.schema.fields import Json
from benchmark.scoring.arrays import Bools, Ints, row_sums, to_lengths
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.equality import EqualityMatrix
from benchmark.scoring.columns.interning import NOTHING
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.matches import fewest_missing
from benchmark.scoring.columns.values import bag_value


@dataclass
class Tables:
    """The N records of one table, of all documents of a chunk.

    offsets: the records of row r of the parent table are offsets[r] : offsets[r + 1], shape
    (parent rows + 1,). columns: one for each field of a record. evidence: the quotations of each
    evidence property, by row. optional: mask of the records that gold does without, shape (N,).
    places: the place of each record in its JSON array, shape (N,); None if arrays hold nothing but
    records, as offsets then tell it. keys: the same records with the columns of the keys that are
    not scored; None if there are none. readings: by row, what is laid over a record of gold; such a
    row is another reading of the last row above it that is none. documents: the records of document
    d are documents[d] : documents[d + 1], shape (documents + 1,), once `locate` has said so.
    """

    offsets: Ints
    columns: tuple[Leaves | Bags | Tables, ...]
    evidence: tuple[Sequence[Json], ...]
    optional: Bools
    places: Ints | None = None
    keys: Tables | None = None
    readings: Mapping[int, Json] = field(default_factory=dict)
    documents: Ints = field(init=False)
    _states: dict[tuple[int, ...], Bools] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.optional)

    def locate(self, documents: Ints) -> None:
        """Set the rows of each document, as offsets, here and in the nested tables."""
        self.documents = documents
        for column in self.columns:
            if isinstance(column, Tables):
                column.locate(column.offsets[documents])

    def field(self, n: int) -> Leaves | Bags | Tables:
        """The column of field `n` of a record, keys that are not scored counted on."""
        if n < len(self.columns):
            return self.columns[n]
        assert self.keys is not None
        return self.keys.columns[n - len(self.columns)]

    @cached_property
    def parent_of(self) -> Ints:
        """The row of the parent table in which each record stands, shape (N,)."""
        return np.repeat(np.arange(len(self.offsets) - 1), to_lengths(self.offsets))

    @cached_property
    def flat(self) -> tuple[Leaves | Bags, ...]:
        """The leaves and bags among the columns, in the order of the fields."""
        return tuple(column for column in self.columns if not isinstance(column, Tables))

    @cached_property
    def equality(self) -> EqualityMatrix:
        """The values that earn credit only if they are equal, of all leaves and small bags."""
        return EqualityMatrix.of(self.flat, len(self))

    @cached_property
    def counts(self) -> Ints:
        """The number of values that each record states, shape (leaves and bags, N + 1)."""
        counts = np.zeros((len(self.flat), len(self) + 1), np.int32)
        for n, column in enumerate(self.flat):
            if isinstance(column, Leaves):
                np.not_equal(column.ids, NOTHING, out=counts[n])
            else:
                counts[n, :-1] = column.counts
        return counts

    @cached_property
    def required(self) -> Ints:
        """The number of stated values that are missing (MIS) if nothing is predicted.

        Shape (leaves and bags, N + 1): `counts`, less the values whose absence gold accepts.
        """
        required = self.counts
        for n, column in enumerate(self.flat):
            if column.others and required is self.counts:
                required = required.copy()  # rarely needed: most gold accepts nothing else
            if isinstance(column, Leaves):
                required[n, [row for row, others in column.others.items() if None in others]] = 0
            else:
                for row in column.others:
                    required[n, row] = fewest_missing(bag_value(column, row))
        return required

    @cached_property
    def longest(self) -> Ints:
        """The number of values of the longest answer that gold accepts, for each record and field.

        Shape (leaves and bags, N + 1): `counts`, or more where there are alternatives.
        """
        longest = self.counts
        for n, column in enumerate(self.flat):
            if column.others:
                longest = longest.copy() if longest is self.counts else longest
                longest[n] = column.longest
        return longest

    @cached_property
    def values(self) -> Ints:
        """The number of values of the longest answer that gold accepts, by record, shape (N,).

        Nested records are included. No record can earn or err in more: weights are bounded by it.
        """
        total: Ints = self.longest[:, :-1].sum(axis=0, dtype=np.int64)
        for column in self.columns:
            if isinstance(column, Tables):
                total += row_sums(column.values, column.offsets)
        return total

    @cached_property
    def missing_if_unpaired(self) -> Ints:
        """The number of values that are missing (MIS) if a record is unpaired, shape (N,).

        Values of nested records are included, but not those of optional ones.
        """
        total: Ints = self.required[:, :-1].sum(axis=0, dtype=np.int64)
        for column in self.columns:
            if isinstance(column, Tables):
                counted = ~column.optional & column.chosen(np.zeros(0, np.int64))
                total += row_sums(column.missing_if_unpaired * counted, column.offsets)
        return total

    @cached_property
    def missing_alone(self) -> Ints:
        """What a record adds to the errors of its document if it is unpaired, shape (N,): nothing
        if it is optional, otherwise the values that are missing in its best reading."""
        missing = self.missing_if_unpaired
        if self.readings:
            missing = missing[self._alone][self._record]
        return missing * ~self.optional

    @cached_property
    def is_reading(self) -> Bools:
        """Mask of the rows that are other readings of the record above them, shape (N,)."""
        is_reading = np.zeros(len(self), np.bool_)
        is_reading[list(self.readings)] = True
        return is_reading

    @cached_property
    def _record(self) -> Ints:
        """The number of the record that each row is a reading of, shape (N,)."""
        return np.cumsum(~self.is_reading) - 1

    @cached_property
    def _alone(self) -> Ints:
        """The row that stands for each record if it is unpaired, shape (records,): the reading in
        which the fewest values are missing, the first of equals."""
        order = np.lexsort((self.missing_if_unpaired, self._record))  # stable
        _, first = np.unique(self._record[order], return_index=True)
        alone: Ints = order[first]
        return alone

    def chosen(self, paired: Ints) -> Bools:
        """Mask of the rows that stand for their records, shape (N,), where some rows are paired:
        of each record the reading that is paired, or the one that is best by itself."""
        if not self.readings:
            return np.ones(len(self), np.bool_)
        of_record = self._alone.copy()
        of_record[self._record[paired]] = paired
        chosen = np.zeros(len(self), np.bool_)
        chosen[of_record] = True
        return chosen

    def states(self, fields: tuple[int, ...]) -> Bools:
        """Mask of the records that state a value of any of some fields, shape (N,).

        fields: positions in `columns`. A nested table counts as stated if any record in it states
        anything as it stands: what gold accepts besides is not stated.
        """
        if fields not in self._states:
            # `counts` has rows for leaves and bags only: from positions among all columns to those.
            flat = [n for n, column in enumerate(self.columns) if not isinstance(column, Tables)]
            counts = self.counts[[flat.index(n) for n in fields if n in flat], :-1]
            states: Bools = np.asarray(counts.any(axis=0))
            for column in (self.columns[n] for n in fields):
                if isinstance(column, Tables):
                    below = column.states(tuple(range(len(column.columns))))
                    states |= row_sums(below & ~column.is_reading, column.offsets) > 0
            self._states[fields] = states
        return self._states[fields]

    @cached_property
    def blank(self) -> Bools:
        """Mask of the records that state nothing that is scored, shape (N,)."""
        return ~self.states(tuple(range(len(self.columns))))

    def quotations(self, row: int) -> list[str]:
        """The quotations of a record, without those that are no text."""
        quotations = (by_row[row] for by_row in self.evidence)
        return [quotation for quotation in quotations if isinstance(quotation, str)]
