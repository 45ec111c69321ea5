"""Every verdict on one document: slots with their outcomes and reasons, and how records pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json
from benchmark.schema.paths import join
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.matches import Match, slots_of
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import INVALID, FieldValue, Value, field_value
from benchmark.scoring.counts import Outcome
from benchmark.scoring.verdicts.record_pairs import PlacedRecord, RecordPair


class Slot(NamedTuple):
    """The verdict on one slot: a gold value, a predicted value, or one of each.

    field: the path in the schema. gold, predicted: the values, with where they stand, as given and
    as compared; None where that side has none. paired: whether the record that holds the slot has a
    partner. alternative: the other value that gold accepts, as given, if it earned the credit; else
    None. reason: the verdict in words.
    """

    field: str
    outcome: Outcome
    paired: bool
    gold: Value | None
    predicted: Value | None
    alternative: Json
    reason: str


class Pairing(NamedTuple):
    """A record and its partner in a table; one side is None for a record without a partner.

    perfect: whether the record has a partner and all slots of the pair, nested ones included, are
    correct.
    """

    table: str
    gold: PlacedRecord | None
    predicted: PlacedRecord | None
    perfect: bool


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on one document, and how its records were paired."""

    slots: list[Slot] = field(default_factory=list)
    pairings: list[Pairing] = field(default_factory=list)


def verdicts_of(document: RecordPair) -> Verdicts:
    """Give the verdict on every value of a document and its prediction."""
    result = Verdicts()
    _add_verdicts(document, result)
    return result


def _add_verdicts(pair: RecordPair, result: Verdicts) -> None:
    """Add the slots and pairings of a pair of records, and of all below it, to `result`."""
    if pair.gold and pair.gold.path and pair.gold.optional and not pair.predicted:
        # Unpaired, an optional record counts nothing: no slots, nor those of records below it.
        result.pairings.append(Pairing(pair.table, pair.gold, None, False))
        return
    first, place = len(result.slots), len(result.pairings)
    paired = pair.gold is not None and pair.predicted is not None
    for n, item in enumerate(pair.tree.fields):
        g, p = _field_value(pair.gold, n, item.steps), _field_value(pair.predicted, n, item.steps)
        either = pair.gold or pair.predicted
        assert either is not None
        column = either.rows.columns[n]
        if not isinstance(column, Tables):
            in_order = isinstance(column, Bags) and column.in_order
            matches = slots_of(column.interner, g, p, in_order=in_order)
            comparator = column.interner.comparator
            result.slots.extend(_slot(item.path, comparator, m, paired) for m in matches)
    for nested in pair.below:
        _add_verdicts(nested, result)
    if pair.table:
        perfect = paired and all(slot.outcome == Outcome.COR for slot in result.slots[first:])
        # A pairing precedes those below it, but whether it is perfect is known only after them.
        result.pairings.insert(place, Pairing(pair.table, pair.gold, pair.predicted, perfect))


def _field_value(record: PlacedRecord | None, n: int, steps: tuple[str, ...]) -> FieldValue:
    """The leaf or bag in field `n` of a record; None for a nested table."""
    if record is None:
        return None
    column = record.rows.columns[n]
    return (
        None
        if isinstance(column, Tables)
        else field_value(column, record.row, join(record.path, *steps))
    )


def _slot(path: str, comparator: FieldComparator, match: Match, paired: bool) -> Slot:
    """A slot of a leaf or bag with its verdict."""
    outcome, g, p = match
    alternative, reason = None, "nothing is predicted"
    if p is not None:
        best = _best(comparator, g, p) if g and outcome <= Outcome.PAR else 0
        # Told apart by identity: an alternative may be true and the stated value 1, which Python
        # holds for equal.
        if g and g.given[best] is not g.raw:
            alternative = g.given[best]
        reason = _reason(comparator, outcome, g, p, best)
    return Slot(
        field=path,
        outcome=outcome,
        paired=paired,
        gold=g,
        predicted=p,
        alternative=alternative,
        reason=reason,
    )


def _best(comparator: FieldComparator, gold: Value, predicted: Value) -> int:
    """The position, among the values that gold accepts, of the one that agrees best with the
    prediction; the first of equals, so that the stated value precedes alternatives."""
    grades = [comparator.grade(accepted, predicted.accepted[0]) for accepted in gold.accepted]
    return grades.index(max(grades))


def _reason(
    comparator: FieldComparator, outcome: Outcome, gold: Value | None, predicted: Value, best: int
) -> str:
    """The verdict on a predicted value in words. best: the position of the gold value that it was
    credited for."""
    if predicted.accepted[0] is INVALID:
        kind = comparator.leaf.kind
        return f"{shown(predicted.raw)} is no {'value of the list' if kind == 'enum' else kind}"
    if gold is None:
        return "gold has nothing here"
    if outcome <= Outcome.PAR and gold.given[best] is not gold.raw:
        how = "accepts" if outcome == Outcome.COR else "accepts what agrees in part,"
        return f"gold {how} {shown(gold.given[best])} as well"
    if outcome == Outcome.COR and gold.accepted[best] == predicted.accepted[0]:
        same = type(gold.raw) is type(predicted.raw) and gold.raw == predicted.raw
        return "the same" if same else f"the same as compared, {_compared(gold, best)}"
    accepted = " or ".join(_compared(gold, n) for n in range(len(gold.accepted)))
    agree = {Outcome.COR: "are close enough", Outcome.PAR: "agree in part"}
    return f"{accepted} and {_compared(predicted, 0)} {agree.get(outcome, 'differ')}"


def _compared(value: Value, n: int) -> str:
    """The `n`-th accepted form of a value in words: a text as compared, anything else as given."""
    folded = value.accepted[n]
    return shown(folded if isinstance(folded, str) else value.given[n])


def shown(value: Json) -> str:
    """Show a value for a reader: true and not True, as JSON has it, cut at 80 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value!r:.80}"
