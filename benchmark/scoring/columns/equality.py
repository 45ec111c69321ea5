"""Values that earn credit only if they are equal, laid out so that all are compared at once.

A record becomes a column of integers, and two records agree in as many values as their columns have
equal numbers in slots that face each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmark.scoring.arrays import Ints
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.interning import ABSENT, NOTHING
from benchmark.scoring.columns.leaves import Leaves

WIDE = 8
"""Elements up to which a bag is laid out, to compare each with each: a number of comparisons that
grows with the square. Of larger bags, equal elements are found by sorting."""


@dataclass(frozen=True)
class EqualityMatrix:
    """A slot for each leaf, and for each element that a bag has at most.

    ids: shape (slots, N + 1), NOTHING where a record does not fill a slot, or where its bag has
    alternatives; the last column is that of a record that is not there. places: the slots of each
    leaf or bag, by its position among the leaves and bags. Those that are compared in another way
    (graded ones, large bags) have none.
    """

    ids: Ints
    places: dict[int, range]

    @classmethod
    def of(cls, columns: Sequence[Leaves | Bags], rows: int) -> EqualityMatrix:
        """The matrix of a table's leaves and bags. rows: its number of records, N."""
        places, size = {}, 0
        for n, column in enumerate(columns):
            width = _longest_row(column)
            if width <= WIDE and column.by_equality:
                places[n] = range(size, size + width)
                size += width
        # Slots come first, so that the same slot of many records is compared in one sweep.
        ids = np.full((size, rows + 1), NOTHING, np.int32)
        for n, place in places.items():
            column = columns[n]
            if isinstance(column, Leaves):
                ids[place.start] = column.ids
            else:
                column.lay_out(ids[place.start : place.stop])
        return cls(ids, places)

    @cached_property
    def predicted_ids(self) -> Ints:
        """The ids as compared with those of gold when this is the predicted side, same shape.

        Where nothing is predicted stands ABSENT, which is no id of gold: two values that are both
        absent earn nothing.
        """
        return np.where(self.ids == NOTHING, ABSENT, self.ids)

    def slot_pairs(
        self, other: EqualityMatrix, fields: Iterable[int]
    ) -> tuple[list[int], list[int], list[int]]:
        """The slots to compare for some leaves and bags, each of a bag with each of the other's.

        Returns three lists of one length: slots of this side, slots of the other side, and the
        position of the leaf or bag, in the order of `fields`.
        """
        # Ids are distinct within a bag: so equal pairs of slots are elements in common.
        pairs = [
            (here, there, n) for n in fields for here in self.places[n] for there in other.places[n]
        ]
        here, there, fields = zip(*pairs, strict=True) if pairs else ((), (), ())
        return list(here), list(there), list(fields)


def _longest_row(column: Leaves | Bags) -> int:
    """The number of values of the row that holds most."""
    return 1 if isinstance(column, Leaves) else int(column.counts.max(initial=0))
