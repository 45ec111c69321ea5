"""MUC-4's TST3 as a task of Fieldmark: the answer key as gold, responses as predictions.

A document holds one table, `templates`, with the slots of MUC-4 as lists of strings. What the key
accepts besides becomes `alternatives`, a fill marked `?` accepts its absence too, and a template
marked OPTIONAL is named under `optional`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from muc4_reader import SLOTS, Fill, Template

from benchmark import Document, Task

GATE = {
    *("perp-ind-id", "perp-org-id", "phys-tgt-id", "phys-tgt-type"),
    *("hum-tgt-name", "hum-tgt-desc", "hum-tgt-type"),
}
"""Slots one of which has to agree, at least partly, before two templates may be paired."""

STRINGS = {
    *("inc-instr-id", "perp-ind-id", "perp-org-id"),
    *("phys-tgt-id", "hum-tgt-name", "hum-tgt-desc"),
}
"""Slots filled with strings of the text."""

MUC4 = {"inc-date": "muc4-date", "inc-loc": "muc4-place"} | dict.fromkeys(STRINGS, "muc4-string")
"""Comparators by slot; all other slots are set fills or numbers: muc4-fill."""


def schema(shipped: bool = False, paired: bool = False) -> dict[str, Any]:
    """The JSON Schema of a document. `shipped`: only with comparators that Fieldmark ships.
    `paired`: templates are paired by a property `pair`, and by nothing else."""
    slots: dict[str, Any] = {slot: _slot(slot, shipped, key=not paired) for slot in SLOTS}
    if paired:
        slots["pair"] = {"type": "string", "x-compare": {"key": True}}
    template = {"type": "object", "properties": slots}
    return {"type": "object", "properties": {"templates": {"type": "array", "items": template}}}


def _slot(slot: str, shipped: bool, key: bool) -> dict[str, Any]:
    ours = "name" if slot in STRINGS else "text"
    compare = {"by": ours if shipped else MUC4.get(slot, "muc4-fill"), "key": key and slot in GATE}
    return {"type": "array", "items": {"type": "string"}, "x-compare": compare}


def key_task(key: Mapping[str, list[Template]], shipped: bool = False) -> Task:
    """The answer key as a task whose templates Fieldmark pairs itself."""
    documents = (document(name, templates, shipped) for name, templates in key.items())
    return Task("muc4-tst3", schema(shipped), tuple(documents))


def pair_task(keys: Sequence[Template | None]) -> Task:
    """A document for each given pair of templates, by its number; None: it has no key."""
    documents = []
    for number, template in enumerate(keys):
        one = document(str(number), [template] if template else [])
        documents.append(replace(one, gold=_given(one.gold)))
    return Task("muc4-tst3-pairs", schema(paired=True), tuple(documents))


def pair_predictions(responses: Sequence[Template | None]) -> dict[str, Any]:
    """The other side of the same pairs."""
    return {
        str(number): _given(prediction([template] if template else []))
        for number, template in enumerate(responses)
    }


def _given(content: dict[str, Any]) -> dict[str, Any]:
    return {"templates": [{**record, "pair": "given"} for record in content["templates"]]}


def document(name: str, templates: Sequence[Template], shipped: bool = False) -> Document:
    """One document of the answer key as gold."""
    alternatives: dict[str, list[str | None]] = {}
    for number, template in enumerate(templates):
        for slot, fills in template.slots.items():
            for position, fill in enumerate(fills):
                others: list[str | None] = [*_accepted(slot, fill, shipped)[1:]]
                others += [None] if fill.optional else []
                if others:
                    alternatives[f"templates[{number}].{slot}[{position}]"] = others
    optional = [f"templates[{n}]" for n, template in enumerate(templates) if template.optional]
    gold = prediction(templates, shipped)
    return Document(name, gold, alternatives=alternatives, optional=optional)


def prediction(templates: Iterable[Template], shipped: bool = False) -> dict[str, Any]:
    """One document of a response; of the key, the first choice of everything."""
    return {"templates": [_record(template, shipped) for template in templates]}


def _record(template: Template, shipped: bool) -> dict[str, list[str]]:
    return {
        slot: [_accepted(slot, fill, shipped)[0] for fill in fills]
        for slot, fills in template.slots.items()
    }


def _accepted(slot: str, fill: Fill, shipped: bool) -> list[str]:
    """All that a fill accepts. Only muc4-fill knows of tags. Other comparators get the value
    alone: a tag would make every value wrong whose target is worded in another way."""
    if shipped or not fill.tags or slot in STRINGS:
        return list(fill.values)
    return [f'{value}: "{tag}"' for value, tag in product(fill.values, fill.tags)]
