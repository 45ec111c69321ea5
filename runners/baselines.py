"""Baselines: extractors that need no text."""

from __future__ import annotations

from typing import Any

from benchmark.schema.fields import Bag, Table
from benchmark.schema.tree.shapes import SPECIAL
from runners.functions import OneByOne
from runners.interface import Runner
from runners.settings import Setting


def empty(setting: Setting, _target: str) -> Runner:
    """An extractor whose every answer is the least one: all lists empty, all other fields null."""
    answer: dict[str, Any] = {}
    for field in setting.tree.fields:
        if SPECIAL & set(field.steps):  # what has no name of its own is empty without it
            continue
        parent = answer
        for step in field.steps[:-1]:
            parent = parent.setdefault(step, {})
        parent[field.steps[-1]] = [] if isinstance(field.node, (Bag, Table)) else None
    return OneByOne(lambda _text, _meta: answer, setting.fail_fast)
