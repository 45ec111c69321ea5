"""Where the counts of each schema stand among those of a task whose documents have schemas of
their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmark.data.task import Task
from benchmark.schema.fields import table_paths, value_paths
from benchmark.scoring.arrays import Ints


class Place(NamedTuple):
    """The positions of the documents of one schema, and its part of the axes of fields and
    tables."""

    documents: Ints
    fields: slice
    tables: slice


def places_of(task: Task) -> dict[str, Place]:
    """The place of each schema, by name; of a task with one schema, all, under the name ""."""
    places, fields, tables = {}, 0, 0
    for schema, plain in task.plain.items():
        ends = fields + len(value_paths(plain.tree)), tables + len(table_paths(plain.tree))
        places[schema] = Place(
            _documents(task, schema), slice(fields, ends[0]), slice(tables, ends[1])
        )
        fields, tables = ends
    return places


def _documents(task: Task, schema: str) -> Ints:
    if not schema:
        return np.arange(len(task.ids))
    return np.flatnonzero([task.schema_of(document) == schema for document in task.documents])
