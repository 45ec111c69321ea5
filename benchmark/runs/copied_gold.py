"""What in predictions looks like copied gold: reported, and judged by nobody but the reader.

Who works from the texts seldom makes gold's own typos, nor hits the one form that gold happens to
state where it accepts others.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.fuzz import partial_ratio

from benchmark.schema.fields import Bag, Record, walk
from benchmark.scoring.scores import Score
from benchmark.scoring.verdicts.verdicts import Slot

FEWEST = 5
"""Values below which agreement says nothing."""
LONG, SIMILAR = 8, 85
"""Characters of a word in which a typo is seen, and how alike (0 to 100) it and a typo are."""


def signs_of_copying(score: Score) -> Iterator[str]:
    """A line for each sign, with its numbers. Of no prediction, and of too few, there is none."""
    whole = [
        document.id
        for document in score.task.documents
        if score.predictions.get(document.id) == document.gold
        and score.micro_of([document.id]).pos >= FEWEST
    ]
    if whole:
        names = ", ".join(f"'{name:.60}'" for name in whole[:3]) + (", ..." if whole[3:] else "")
        yield f"{len(whole)} of {len(score.documents)} answers are gold to the letter: {names}"
    chosen, misspelt = _telling_values(score)
    for slots, what in (
        (chosen, "of which gold accepts other forms, too"),
        (misspelt, "that the text spells in another way than gold"),
    ):
        same = sum(_identical(slot) for slot in slots)
        if len(slots) >= FEWEST and same:
            yield f"of {len(slots)} values found {what}, {same} are identical to gold's own form"


def _telling_values(score: Score) -> tuple[list[Slot], list[Slot]]:
    """The slots with a gold string and a predicted one: those in which gold accepts other forms,
    and those that gold spells in another way than the text."""
    chosen: list[Slot] = []
    misspelt: list[Slot] = []
    for document in score.task.documents:
        free = _free_text(score.task.tree_of(document))
        text = document.text or ""
        for slot in score.verdicts(document.id).slots:
            gold = slot.gold
            if slot.field not in free or not gold or not slot.predicted or gold.raw is None:
                continue
            if len(gold.given) > 1:
                chosen.append(slot)
            elif _misspelt(str(gold.raw), text):
                misspelt.append(slot)
    return chosen, misspelt


def _misspelt(value: str, text: str) -> bool:
    """Whether a text has a value almost, but not to the letter."""
    value, text = " ".join(value.split()).casefold(), " ".join(text.split()).casefold()
    return len(value) >= LONG and value not in text and partial_ratio(value, text) >= SIMILAR


def _free_text(tree: Record) -> set[str]:
    """The fields that are worded freely: not dates, figures and choices from a list."""
    nodes = {item.path: item.node for item in walk(tree)}
    leaves = {path: node.element if isinstance(node, Bag) else node for path, node in nodes.items()}
    return {path for path, leaf in leaves.items() if getattr(leaf, "kind", "") == "string"}


def _identical(slot: Slot) -> bool:
    assert slot.gold is not None
    assert slot.predicted is not None
    return bool(slot.gold.raw == slot.predicted.raw)
