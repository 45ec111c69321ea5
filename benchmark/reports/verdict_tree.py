"""Every verdict on one document as a person reads it: how records were paired, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmark.data.files.answers import kind_of
from benchmark.data.predictions import Status, as_json
from benchmark.errors import harmless
from benchmark.schema.fields import Json, Leaf, Record, Table
from benchmark.schema.paths import join, parse, value_at
from benchmark.scoring.counts import Outcome
from benchmark.scoring.scores import Score
from benchmark.scoring.verdicts.verdicts import Pairing, Slot, shown

if TYPE_CHECKING:
    from rich.tree import Tree

WORDS = {
    Outcome.COR: ("correct", "green"),
    Outcome.PAR: ("partly accepted", "yellow"),
    Outcome.INC: ("incorrect", "red"),
    Outcome.MIS: ("missing", "magenta"),
    Outcome.SPU: ("spurious", "red"),
}


def verdict_tree(score: Score, document: str) -> Tree:
    """A document's records, each with its partner, and under it each value with its verdict."""
    from rich.text import Text
    from rich.tree import Tree

    verdicts, schema = score.verdicts(document), score.schema_of(document)
    root = Tree(Text(harmless(f"{document} ({schema})" if schema else document), style="bold"))
    for problem in _problems(score, document):
        root.add(Text(harmless(problem), style="red"))
    nodes: dict[str, Tree] = {}
    for pair in verdicts.pairings:
        node = root.add(Text(harmless(_paired(pair)), style="bold"))
        for side in (pair.gold, pair.predicted):
            if side is not None:
                nodes.setdefault(
                    f"{'gold' if side is pair.gold else 'predicted'} {side.path}", node
                )
    for slot in verdicts.slots:
        word, style = WORDS[slot.outcome]
        line = Text(harmless(_value(slot)) + "  ")
        line.append(word, style=style)
        if slot.outcome is not Outcome.COR:
            line.append(harmless(f": {slot.reason}"))
        _node(nodes, root, slot).add(line)
    return root


def _problems(score: Score, document: str) -> Iterator[str]:
    """What became of the prediction, unless it is ok, and what in it is no prediction."""
    status = score.statuses[document]
    if status is not Status.OK:
        yield f"{status.value}: {score.reasons[document]}"
    if status is Status.INVALID:
        tree = score.task.plain[score.schema_of(document)].tree
        value = as_json(score.predictions[document])
        yield from _misplaced(tree, tree.shape.canonical(value) if tree.shape else value, "")


def _misplaced(record: Record, value: Json, path: str) -> Iterator[str]:
    """Where something else stands than the object or list that the schema has there."""
    if not isinstance(value, dict):
        if value is not None:
            yield f"{path or 'the answer'} is {kind_of(value)}"
        return
    for steps in record.known:
        if steps:
            yield from _not_a(dict, value_at(value, steps), join(path, *steps))
    for item in record.fields:
        if isinstance(item.node, Leaf):
            continue
        place, values = join(path, *item.steps), value_at(value, item.steps)
        yield from _not_a(list, values, place)
        if isinstance(item.node, Table) and isinstance(values, list):
            for index, element in enumerate(values):
                yield from _misplaced(item.node.record, element, f"{place}[{index}]")


def _not_a(kind: type, value: Json, path: str) -> Iterator[str]:
    if value is not None and not isinstance(value, kind):
        yield f"{path} is {kind_of(value)}"


def _paired(pair: Pairing) -> str:
    if pair.gold is None:
        assert pair.predicted is not None
        return f"{pair.table}: predicted {pair.predicted.path} has no partner in gold"
    if pair.predicted is None:
        return f"{pair.table}: gold {pair.gold.path} was not found"
    perfect = " (perfect)" if pair.perfect else ""
    reading = pair.gold.reading
    accepted = "" if reading is None else f", which gold accepts with {shown(reading)}"
    return f"{pair.gold.path} and predicted {pair.predicted.path}{perfect}{accepted}"


def _value(slot: Slot) -> str:
    raw = [None if side is None else side.raw for side in (slot.gold, slot.predicted)]
    name = parse(slot.field)[-1]
    if slot.outcome is Outcome.COR:
        return f"{name}: {raw[1]}"
    gold, predicted = ("nothing" if value is None else str(value) for value in raw)
    return f"{name}: {gold} / {predicted}"


def _node(nodes: dict[str, Tree], root: Tree, slot: Slot) -> Tree:
    """The record that a slot stands in: of those whose path begins its own, the longest."""
    for side, value in (("gold", slot.gold), ("predicted", slot.predicted)):
        path = "" if value is None else value.path
        while "]" in path:
            path = path[: path.rindex("]") + 1]
            if node := nodes.get(f"{side} {path}"):
                return node
            path = path[: path.rindex("[")]
    return root
