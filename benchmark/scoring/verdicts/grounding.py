"""How well predicted quotations are grounded in the document.

Grounding says how many predicted quotations stand in the document, and how many of those of
paired records overlap what gold marks. It never enters precision or recall.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmark.scoring.verdicts.record_pairs import PlacedRecord, RecordPair
from benchmark.text.search import Squeezed
from benchmark.text.spans import Spans


class Grounding(NamedTuple):
    """Of one table: predicted quotations, those that stand verbatim in the document (white space
    squeezed), those of paired records, and of these the ones that overlap a span of the partner."""

    quotations: int = 0
    verbatim: int = 0
    paired: int = 0
    overlapping: int = 0

    def plus(self, other: Grounding) -> Grounding:
        return Grounding(*(a + b for a, b in zip(self, other, strict=True)))


def ground(document: RecordPair, text: str, spans: Spans) -> dict[str, Grounding]:
    """Grounding by table, of one document."""
    squeezed = Squeezed(text)
    result: dict[str, Grounding] = {}
    for met in _below(document):
        for quotation in met.predicted.quotations if met.predicted else ():
            overlaps = squeezed.overlaps(quotation, _spans_of(met.gold, spans))
            verbatim = overlaps or squeezed.holds(quotation)
            one = Grounding(1, int(verbatim), int(met.gold is not None), int(overlaps))
            result[met.table] = result.get(met.table, Grounding()).plus(one)
    return result


def _below(met: RecordPair) -> Iterator[RecordPair]:
    for one in met.below:
        yield one
        yield from _below(one)


def _spans_of(record: PlacedRecord | None, spans: Spans) -> Iterator[tuple[int, int]]:
    if record:
        for path, places in spans.items():
            if path == record.path or path.startswith(f"{record.path}."):
                yield from ((start, end) for start, end in places)
