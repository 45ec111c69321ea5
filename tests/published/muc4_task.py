"""MUC-4's TST3 as a task of Fieldmark: the answer key as gold, responses as predictions.

A document holds one table, `templates`, with the slots of MUC-4 as lists of strings. What the key
accepts besides becomes `alternatives`, a fill marked `?` accepts its absence too, and a template
marked OPTIONAL is named under `optional`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from benchmark import Document, Task
from muc4_reader import SLOTS, Fill, Template

GATE = {
    *("perp-ind-id", "perp-org-id", "phys-tgt-id", "phys-tgt-type"),
    *("hum-tgt-name", "hum-tgt-desc", "hum-tgt-type"),
}
"""Slots one of which has to agree, at least partly, before two templates may be paired."""

STRINGS = {"inc-instr-id", "perp-ind-id", "perp-org-id", "phys-tgt-id", "hum-tgt-name"} | {
    "hum-tgt-desc"
}
"""Slots filled with strings of the text."""

MUC4 = {"inc-date": "muc4-date", "inc-loc": "muc4-place"} | dict.fromkeys(STRINGS, "muc4-string")
"""Comparators by slot; all other slots are set fills or numbers: muc4-fill."""


def schema(shipped: bool = False, paired: bool = False) -> dict[str, Any]:
    """The JSON Schema of a document. `shipped`: only with comparators that Fieldmark ships.
    `paired`: templates are paired by a property `pair`, and by nothing else."""
    slots: dict[str, Any] = {slot: _slot(slot, shipped, paired) for slot in SLOTS}
    if paired:
        slots["pair"] = {"type": "string", "x-compare": {"key": True}}
    template = {"type": "object", "properties": slots}
    return {"type": "object", "properties": {"templates": {"type": "array", "items": template}}}


def _slot(slot: str, shipped: bool, paired: bool) -> dict[str, Any]:
    ours = "name" if slot in STRINGS else "text"
    compare: dict[str, Any] = {"by": ours if shipped else MUC4.get(slot, "muc4-fill")}
    if slot in GATE and not paired:
        compare["key"] = True
    return {"type": "array", "items": {"type": "string"}, "x-compare": compare}


def task(key: Mapping[str, list[Template]], shipped: bool = False) -> Task:
    """The answer key as a task."""
    documents = (gold(name, templates, shipped) for name, templates in key.items())
    return Task("muc4-tst3", schema(shipped), tuple(documents))


def predictions(
    responses: Mapping[str, list[Template]], shipped: bool = False
) -> dict[str, dict[str, Any]]:
    """The responses of one system. A document that it does not mention has no prediction."""
    return {name: predicted(templates, shipped) for name, templates in responses.items()}


def predicted(templates: Iterable[Template], shipped: bool = False) -> dict[str, Any]:
    """One document of a response, or the key's first choice of everything."""
    return {"templates": [_record(template, shipped) for template in templates]}


def _record(template: Template, shipped: bool) -> dict[str, list[str]]:
    return {
        slot: [_accepted(slot, fill, shipped)[0] for fill in fills]
        for slot, fills in template.slots.items()
    }


def gold(name: str, templates: list[Template], shipped: bool = False) -> Document:
    """One document of the answer key."""
    alternatives: dict[str, list[str | None]] = {}
    for number, template in enumerate(templates):
        for slot, fills in template.slots.items():
            for position, fill in enumerate(fills):
                others: list[str | None] = [*_accepted(slot, fill, shipped)[1:]]
                others += [None] if fill.optional else []
                if others:
                    alternatives[f"templates[{number}].{slot}[{position}]"] = others
    optional = [f"templates[{n}]" for n, template in enumerate(templates) if template.optional]
    return Document(
        name, predicted(templates, shipped), alternatives=alternatives, optional=optional
    )


def _accepted(slot: str, fill: Fill, shipped: bool) -> list[str]:
    """All that a fill accepts. A cross-reference is compared by muc4-fill alone; comparators that
    know nothing of tags get the value alone, as a tag in it would make any other string wrong."""
    if shipped or not fill.tags or slot in STRINGS:
        return list(fill.values)
    return [f'{value}: "{tag}"' for value, tag in product(fill.values, fill.tags)]
