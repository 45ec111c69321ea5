"""Every verdict on one document: slots with their outcomes and reasons, and pairings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json, join
from benchmark.scoring.columns.interning import Interner
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import INVALID, FieldValue, Value, field_value, slots_of
from benchmark.scoring.counts import Outcome
from benchmark.scoring.verdicts.record_pairs import PlacedRecord, RecordPair


class Slot(NamedTuple):
    """The verdict on one value, or on a pair of values that met.

    field: the path in the schema; gold and predicted tell where the values stand, as given and as
    compared. paired: it stands in records that have found each other. alternative: what else gold
    accepts, as given, if that is what earned the credit. reason: the verdict in words.
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

    `perfect`: nothing but correct slots in the pair.
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


def verdicts_of(met: RecordPair) -> Verdicts:
    """All that came of a document's meeting with its prediction."""
    result = Verdicts()
    _add_verdicts(met, result)
    return result


def _add_verdicts(met: RecordPair, result: Verdicts) -> None:
    if met.gold and met.gold.path and met.gold.optional and not met.predicted:
        result.pairings.append(Pairing(met.table, met.gold, None, False))
        return
    first, place = len(result.slots), len(result.pairings)
    for n, item in enumerate(met.tree.fields):
        g, p = _field_value(met.gold, n, item.steps), _field_value(met.predicted, n, item.steps)
        either = met.gold or met.predicted
        assert either is not None
        column = either.rows.columns[n]
        if not isinstance(column, Tables):
            paired = met.gold is not None and met.predicted is not None
            result.slots.extend(_slots(item.path, column.interner, g, p, paired))
    for one in met.below:
        _add_verdicts(one, result)
    if met.table:
        perfect = all(slot.outcome == Outcome.COR for slot in result.slots[first:])
        perfect = perfect and met.gold is not None and met.predicted is not None
        pairing = Pairing(met.table, met.gold, met.predicted, perfect)
        result.pairings.insert(place, pairing)


def _field_value(record: PlacedRecord | None, n: int, steps: tuple[str, ...]) -> FieldValue:
    if record is None:
        return None
    column = record.rows.columns[n]
    return (
        None
        if isinstance(column, Tables)
        else field_value(column, record.row, join(record.path, steps))
    )


def _slots(
    path: str, interner: Interner, gold: FieldValue, predicted: FieldValue, paired: bool
) -> list[Slot]:
    slots, comparator = [], interner.comparator
    for outcome, g, p in slots_of(interner, gold, predicted):
        other, reason = None, "nothing is predicted"
        if p is not None:
            best = _best(comparator, g, p) if g and outcome <= Outcome.PAR else 0
            if g and g.given[best] is not g.raw:
                other = g.given[best]
            reason = _reason(comparator, outcome, g, p, best)
        slots.append(Slot(path, outcome, paired, g, p, other, reason))
    return slots


def _best(comparator: FieldComparator, gold: Value, predicted: Value) -> int:
    """Which of what gold accepts agrees best with what is predicted."""
    grades = [comparator.grade(accepted, predicted.accepted[0]) for accepted in gold.accepted]
    return grades.index(max(grades))


def _reason(
    comparator: FieldComparator, outcome: Outcome, gold: Value | None, given: Value, best: int
) -> str:
    """A verdict in words, on something predicted."""
    if given.accepted[0] is INVALID:
        kind = comparator.leaf.kind
        return f"{shown(given.raw)} is no {'value of the list' if kind == 'enum' else kind}"
    if gold is None:
        return "gold has nothing here"
    if outcome <= Outcome.PAR and gold.given[best] is not gold.raw:
        how = "accepts" if outcome == Outcome.COR else "accepts what agrees in part,"
        return f"gold {how} {shown(gold.given[best])} as well"
    if outcome == Outcome.COR and gold.accepted[best] == given.accepted[0]:
        same = type(gold.raw) is type(given.raw) and gold.raw == given.raw
        return "the same" if same else f"the same as compared, {_compared(gold, best)}"
    accepted = " or ".join(_compared(gold, n) for n in range(len(gold.accepted)))
    agree = {Outcome.COR: "are close enough", Outcome.PAR: "agree in part"}
    return f"{accepted} and {_compared(given, 0)} {agree.get(outcome, 'differ')}"


def _compared(value: Value, n: int) -> str:
    """A value in words: a text as compared, anything else as given."""
    folded = value.accepted[n]
    return shown(folded if isinstance(folded, str) else value.given[n])


def shown(value: Json) -> str:
    """A value as JSON has it, true and not True, cut short if it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value!r:.80}"
