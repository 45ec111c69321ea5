"""Baselines: extractors that need no text."""

from __future__ import annotations

from typing import Any

from benchmark.schema.fields import Bag, Table
from runners.functions import OneByOne
from runners.interface import Runner
from runners.settings import Setting


def empty(setting: Setting, _target: str) -> Runner:
    """The least valid answer: every list empty, nothing stated."""
    nothing: dict[str, Any] = {}
    for item in setting.tree.fields:
        inner = nothing
        for step in item.steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[item.steps[-1]] = [] if isinstance(item.node, (Bag, Table)) else None
    return OneByOne(lambda _text, _meta: nothing, setting.fail_fast)
