"""One document's gold against its prediction: every slot with its outcome, every pairing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from benchmark.alignment import Pair, best_pairing
from benchmark.binding import Bound
from benchmark.comparators import Grade
from benchmark.comparison import Comparison, Pairing, Slot
from benchmark.counts import Outcome
from benchmark.tree import Bag, Field, Leaf, Record, Table
from benchmark.values import INVALID, Lists, RecordValue, Value, content_of

T = TypeVar("T")


class Matcher:
    """Compares documents of one schema."""

    def __init__(self, tree: Record, bound: Mapping[str, Bound]) -> None:
        self.tree = tree
        self.bound = bound

    def documents(self, gold: RecordValue, predicted: RecordValue | None) -> Comparison:
        """A document with its prediction; None, where there is none: all its gold is missing."""
        return self._records(self.tree, gold, predicted)

    def _records(
        self, tree: Record, gold: RecordValue | None, predicted: RecordValue | None
    ) -> Comparison:
        result = Comparison()
        for position, item in enumerate(tree.fields):
            result.extend(self._field(item, position, gold, predicted))
        return result

    def _field(
        self, item: Field, position: int, gold: RecordValue | None, predicted: RecordValue | None
    ) -> Comparison:
        g = gold.values[position] if gold else None
        p = predicted.values[position] if predicted else None
        paired = gold is not None and predicted is not None
        if isinstance(item.node, Leaf):
            assert not isinstance(g, (Lists, tuple))
            assert not isinstance(p, (Lists, tuple))
            return self._leaf(item.path, g, p, paired)
        if isinstance(item.node, Bag):
            assert not isinstance(g, (Value, tuple))
            assert not isinstance(p, (Value, tuple))
            return self._bag(item.path, g, p, paired)
        assert not isinstance(g, (Value, Lists))
        assert not isinstance(p, (Value, Lists))
        return self._table(item, g or (), p or ())

    def _leaf(
        self, path: str, gold: Value | None, predicted: Value | None, paired: bool
    ) -> Comparison:
        result = Comparison()
        if predicted is None:
            if gold is not None and gold.raw is not None and not gold.optional:
                result.add(Slot(path, Outcome.MIS, paired, gold, None))
            return result
        grade = self._grade(path, gold, predicted) if gold else Grade.NOT
        if grade:
            outcome = Outcome.COR if grade is Grade.ACCEPTED else Outcome.PAR
        else:
            outcome = Outcome.INC if gold and gold.raw is not None else Outcome.SPU
        result.add(Slot(path, outcome, paired, gold, predicted))
        return result

    def _grade(self, path: str, gold: Value, predicted: Value) -> Grade:
        """The best over all that gold accepts."""
        given = predicted.accepted[0]
        if given is INVALID:
            return Grade.NOT
        if given in gold.accepted:
            return Grade.ACCEPTED
        bound = self.bound[path]
        if bound.comparator.grade is None:
            return Grade.NOT
        return max(bound.grade(accepted, given) for accepted in gold.accepted)

    def _bag(
        self, path: str, gold: Lists | None, predicted: Lists | None, paired: bool
    ) -> Comparison:
        """Against the list of most credit; on a tie the one of fewest errors, then the first."""
        elements = predicted.choices[0] if predicted else ()
        results = [
            self._lists(path, choice, elements, paired)
            for choice in (gold.choices if gold else ((),))
        ]
        return max(results, key=lambda result: (result.credit, -result.errors))

    def _lists(
        self, path: str, gold: tuple[Value, ...], predicted: tuple[Value, ...], paired: bool
    ) -> Comparison:
        candidates = _at_most(len(gold), predicted, lambda p: p.accepted[0])
        # A pair with required gold weighs more than one with optional gold of equal credit.
        unit = 2 * (len(gold) + 1)
        weights: dict[Pair, int] = {
            (i, j): grade * unit + (1 if _is_optional(g) else 2)
            for i, g in enumerate(gold)
            for j in candidates
            if (grade := self._grade(path, g, predicted[j]))
        }
        pairs = best_pairing(
            weights, lambda i: (content_of(gold[i]), []), lambda j: (content_of(predicted[j]), [])
        )
        result = Comparison()
        for i, j in pairs:
            result.extend(self._leaf(path, gold[i], predicted[j], paired))
        left = _without(gold, (i for i, _ in pairs))
        required = [g for g in left if not _is_optional(g)]
        optional = [g for g in left if _is_optional(g) and g.raw is not None]
        unmatched = [*required, *optional]
        for position, p in enumerate(_without(predicted, (j for _, j in pairs))):
            against = unmatched[position] if position < len(unmatched) else None
            outcome = Outcome.INC if against else Outcome.SPU
            result.add(Slot(path, outcome, paired, against, p))
        for missed in required[len(predicted) - len(pairs) :]:
            result.add(Slot(path, Outcome.MIS, paired, missed, None))
        return result

    def _table(
        self, item: Field, golds: tuple[RecordValue, ...], predictions: tuple[RecordValue, ...]
    ) -> Comparison:
        assert isinstance(item.node, Table)
        tree = item.node.record
        alone = [self._records(tree, g, None) for g in golds]
        extra = [self._records(tree, None, p) for p in predictions]
        together = self._allowed(tree, golds, predictions)
        pairs = best_pairing(
            _weights(golds, together, alone, extra),
            lambda i: (golds[i].content(), golds[i].quotations),
            lambda j: (predictions[j].content(), predictions[j].quotations),
        )
        result = Comparison()
        for i, j in pairs:
            result.extend(together[i, j])
            perfect = together[i, j].perfect
            result.pairings.append(Pairing(item.path, golds[i], predictions[j], perfect))
        for i in _without(range(len(golds)), (i for i, _ in pairs)):
            if not golds[i].optional:
                result.extend(alone[i])
            result.pairings.append(Pairing(item.path, golds[i], None, False))
        for j in _without(range(len(predictions)), (j for _, j in pairs)):
            result.extend(extra[j])
            result.pairings.append(Pairing(item.path, None, predictions[j], False))
        return result

    def _allowed(
        self, tree: Record, golds: tuple[RecordValue, ...], predictions: tuple[RecordValue, ...]
    ) -> dict[Pair, Comparison]:
        """Of all pairs, those that agree on a key: at least one key field earns credit.

        Where neither record states a key, agreement on anything will do: such a record could
        otherwise not even be paired with itself.
        """
        keys = [n for n, item in enumerate(tree.fields) if item.key] or [
            n for n, item in enumerate(tree.fields) if not isinstance(item.node, Table)
        ]
        candidates = {
            j: any(_states(predictions[j].values[n]) for n in keys)
            for j in _at_most(len(golds), predictions, lambda p: (p.content(), *p.quotations))
        }
        allowed = {}
        for i, g in enumerate(golds):
            keyless = not any(_states(g.values[n]) for n in keys)
            for j, keyed in candidates.items():
                p = predictions[j]
                if keyed:
                    if any(self._field(tree.fields[n], n, g, p).credit for n in keys):
                        allowed[i, j] = self._records(tree, g, p)
                elif keyless and (pair := self._records(tree, g, p)).credit:
                    allowed[i, j] = pair
        return allowed


def _weights(
    golds: tuple[RecordValue, ...],
    together: Mapping[Pair, Comparison],
    alone: list[Comparison],
    extra: list[Comparison],
) -> dict[Pair, int]:
    """Credit first. Of pairings with equal credit, the one with fewer errors: `saved` counts the
    errors that a pair spares, and all of them together weigh less than half a credit."""
    saved = {
        (i, j): extra[j].errors + (0 if golds[i].optional else alone[i].errors) - pair.errors
        for (i, j), pair in together.items()
    }
    unit = 1 + 2 * sum(abs(n) for n in saved.values())
    return {pair: together[pair].credit * unit + n for pair, n in saved.items()}


def _states(value: Value | Lists | tuple[RecordValue, ...] | None) -> bool:
    """Whether a field says anything; a null with accepted alternatives does not."""
    if isinstance(value, Value):
        return value.raw is not None
    if isinstance(value, Lists):
        return any(map(_states, value.choices[0]))
    return any(_states(below) for record in value or () for below in record.values)


def _at_most(
    copies: int, predicted: Sequence[T], content: Callable[[T], Hashable]
) -> Sequence[int]:
    """Indexes of what is predicted, of equal ones only so many as there is gold to match."""
    if len(predicted) <= copies or not copies:
        return range(len(predicted) if copies else 0)
    seen: Counter[Hashable] = Counter()
    kept = []
    for index, one in enumerate(predicted):
        key = content(one)
        seen[key] += 1
        if seen[key] <= copies:
            kept.append(index)
    return kept


def _is_optional(element: Value) -> bool:
    """Gold that states nothing and yet accepts an element (raw is None) is optional by nature."""
    return element.optional or element.raw is None


def _without(items: Iterable[T], positions: Iterable[int]) -> list[T]:
    dropped = set(positions)
    return [item for n, item in enumerate(items) if n not in dropped]
