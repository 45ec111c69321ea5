"""How benchmarks lay out their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Patterns of the files of a benchmark, below its folder (see `Pattern`); "" for none.

    labels: gold, a file a document, with the placeholder {id}. What other placeholders stand for
        becomes metadata, and may stand in the other patterns.
    schemas: the schema of a document, or of all.
    outputs: what systems returned, with {system} and {id}.
    at: the path of the answer in an output, such as `data`.
    texts: the text of a document.
    meta: a file with a list of objects, metadata of the document that `doc_id` or `id` names.
    """

    labels: str = "labels/{id}.json"
    schemas: str = "schemas/{id}.json"
    outputs: str = "results/{system}/{id}.json"
    at: str = ""
    texts: str = ""
    meta: str = ""


LAYOUTS: Mapping[str, Layout] = {
    "docubench": Layout(at="data", meta="sources.json"),
    "extract-bench": Layout(
        labels="dataset/{domain}/{schema}/pdf+gold/{id}.gold.json",
        schemas="dataset/{domain}/{schema}/{schema}-schema.json",
        outputs="",  # none are published
    ),
    "folder": Layout(),
}
"""By the name of the benchmark; `folder` for any other."""
