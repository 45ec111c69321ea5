"""Every verdict on one document as a person reads it: how records were paired, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmark.errors import harmless
from benchmark.schema.paths import parse
from benchmark.scoring.counts import Outcome
from benchmark.scoring.scores import Score
from benchmark.scoring.verdicts.verdicts import Pairing, Slot

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

    verdicts = score.verdicts(document)
    root = Tree(Text(harmless(document), style="bold"))
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


def _paired(pair: Pairing) -> str:
    if pair.gold is None:
        assert pair.predicted is not None
        return f"{pair.table}: predicted {pair.predicted.path} has no partner in gold"
    if pair.predicted is None:
        return f"{pair.table}: gold {pair.gold.path} was not found"
    perfect = " (perfect)" if pair.perfect else ""
    return f"{pair.gold.path} and predicted {pair.predicted.path}{perfect}"


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
