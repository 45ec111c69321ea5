"""Values that earn credit only if they are equal, laid out so that all are compared at once."""

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
"""Elements up to which a bag is laid out, to compare each with each. Of larger ones, equal elements
are looked up in order."""


@dataclass(frozen=True)
class EqualityMatrix:
    """A slot for each leaf, and for each element that a bag has at most.

    ids: shape (slots, N + 1), NOTHING where a record does not fill a slot, or gold accepts anything
    else for its bag. places: the slots of each leaf or bag, by its position among these; without
    those that are compared in another way.
    """

    ids: Ints
    places: dict[int, range]

    @classmethod
    def of(cls, columns: Sequence[Leaves | Bags], rows: int) -> EqualityMatrix:
        """Those of the leaves and bags of some records."""
        places, size = {}, 0
        for n, column in enumerate(columns):
            most = _most(column)
            if most <= WIDE and column.interner.comparator.by_equality:
                places[n] = range(size, size + most)
                size += most
        ids = np.full((size, rows + 1), NOTHING, np.int32)
        for n, place in places.items():
            column = columns[n]
            if isinstance(column, Leaves):
                ids[place.start] = column.ids
            else:
                column.lay_out(ids[place.start : place.stop])
        return cls(ids, places)

    @cached_property
    def given(self) -> Ints:
        """The ids as they are held against those of gold: nothing is equal to nothing."""
        return np.where(self.ids == NOTHING, ABSENT, self.ids)

    def facing(
        self, other: EqualityMatrix, fields: Iterable[int]
    ) -> tuple[list[int], list[int], list[int]]:
        """Which slots are to be compared for some leaves and bags: on this side, on the other, and
        for which field."""
        pairs = [
            (here, there, n) for n in fields for here in self.places[n] for there in other.places[n]
        ]
        here, there, fields = zip(*pairs, strict=True) if pairs else ((), (), ())
        return list(here), list(there), list(fields)


def _most(column: Leaves | Bags) -> int:
    """The most values that a row holds."""
    return 1 if isinstance(column, Leaves) else int(column.counts.max(initial=0))
