"""On which keys pairs of records agree.

Two records agree on a key that earns credit. Of keys that have to agree together each earns credit,
or neither record states it, and one at least does earn credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from benchmark.scoring.arrays import Bools, Ints

Index = tuple[Ints, Ints, Ints]
"""Picks some pairs out of arrays of shape (gold rows, predicted rows, documents)."""


class _Together(NamedTuple):
    """One of the keys that have to agree together, for all pairs. earns: whether it is known to
    earn credit; may_earn: whether it may; neither: whether neither record states it."""

    earns: Bools
    may_earn: Bools
    neither: Bools


@dataclass
class Agreement:
    """What is known of the keys of all pairs of a group of documents.

    agree: pairs known to agree on a key that stands by itself; may_agree: those that may, shape
    (gold rows, predicted rows, documents) each.
    """

    agree: Bools
    may_agree: Bools
    _together: dict[int, _Together] = field(default_factory=dict)

    def add(self, earns: Bools) -> None:
        """Add a key that stands by itself, of which is known where it earns credit."""
        self.agree |= earns
        self.may_agree |= earns

    def add_together(self, number: int, earns: Bools, may_earn: Bools, neither: Bools) -> None:
        """Add one of the keys that have to agree together, under a number of its own."""
        self._together[number] = _Together(earns, may_earn, neither)

    @property
    def possible(self) -> Bools:
        """Which pairs may turn out to agree."""
        if not self._together:
            return self.may_agree
        keys = [(key.may_earn, key.neither) for key in self._together.values()]
        return self.may_agree | _all_agree(keys)

    def at(self, index: Index, earns: Mapping[int, Bools]) -> Bools:
        """Which of some pairs agree. earns: where each of the keys by number that were only known
        to be able to earn credit does so, of the shape that `index` picks out."""
        agree: Bools = self.agree[index]
        if not self._together:
            return agree
        keys = [
            (key.earns[index] | earns.get(number, False), key.neither[index])
            for number, key in self._together.items()
        ]
        return agree | _all_agree(keys)


def _all_agree(keys: list[tuple[Bools, Bools]]) -> Bools:
    """Which pairs agree on all keys, by where each earns credit and where neither states it."""
    earns, settled = keys[0][0], keys[0][0] | keys[0][1]
    for earn, neither in keys[1:]:
        earns, settled = earns | earn, settled & (earn | neither)
    return np.logical_and(earns, settled)
