"""Best choices among the pairings of parts of a document, and what they sum to."""

from itertools import pairwise
from typing import NamedTuple


class Best(NamedTuple):
    """The best pairings of a part of a document. `ways`: their distinct counts, as integers."""

    credit: float
    errors: int
    ways: frozenset


NOTHING = Best(0.0, 0, frozenset([0]))


def total(parts):
    """Parts of a document taken together."""
    credit, errors, ways = NOTHING
    for part in parts:
        credit, errors = credit + part.credit, errors + part.errors
        ways = frozenset(one + other for one in ways for other in part.ways)
    return Best(credit, errors, ways)


def best_of(choices):
    """The best of some choices, each a list of parts."""
    ranked = {}
    for parts in choices:
        rank = sum(part.credit for part in parts), -sum(part.errors for part in parts)
        ranked.setdefault(rank, []).append(parts)
    credit, spared = top = max(ranked)
    ways = frozenset().union(*(total(parts).ways for parts in ranked[top]))
    return Best(credit, -spared, ways)


def first_of_best(parts):
    """Of some ways to read gold the best; the first of those that are equal. None of none."""
    return max(parts, key=lambda best: (best.credit, -best.errors), default=None)


def choices(node, pairs):
    """Every way to choose some of the pairs, in order where the schema says so."""
    chosen = _matchings(list(pairs))
    if node.get("x-compare", {}).get("as") != "sequence":
        return chosen
    return (one for one in chosen if all(a[1] < b[1] for a, b in pairwise(one)))


def _matchings(pairs):
    """Every way to choose some of the pairs, one to one, from none to as many as fit."""
    if not pairs:
        yield ()
        return
    (i, j), *others = pairs
    yield from _matchings(others)
    for chosen in _matchings([(g, p) for g, p in others if g != i and p != j]):
        yield ((i, j), *chosen)


def without(alone, chosen, side):
    """What stands alone, but for the records that are in the chosen pairs."""
    taken = {pair[side] for pair in chosen}
    return [best for record, best in alone.items() if record not in taken]
