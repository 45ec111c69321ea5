"""How well predicted quotations are grounded in the document.

Grounding says how many predicted quotations stand in the document, and how many of those of
paired records overlap what gold marks. It never enters precision or recall.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmark.schema.paths import is_inside
from benchmark.scoring.verdicts.record_pairs import PlacedRecord, RecordPair
from benchmark.text.search import Squeezed
from benchmark.text.spans import Spans


class Grounding(NamedTuple):
    """Counts of predicted quotations in one table.

    quotations: all of them. verbatim: those that stand in the document word for word, white space
    squeezed. paired: those of records that have a partner in gold. overlapping: of these, the ones
    that overlap a span that gold marks for the partner.
    """

    quotations: int = 0
    verbatim: int = 0
    paired: int = 0
    overlapping: int = 0

    def plus(self, other: Grounding) -> Grounding:
        """Add up the counts of both."""
        return Grounding(*(a + b for a, b in zip(self, other, strict=True)))


def ground(document: RecordPair, text: str, spans: Spans) -> dict[str, Grounding]:
    """Count the quotations of one document by table.

    text: the document's. spans: those that gold marks, by the path of what they support.
    """
    squeezed = Squeezed(text)
    result: dict[str, Grounding] = {}
    for pair in _below(document):
        for quotation in pair.predicted.quotations if pair.predicted else ():
            overlaps = squeezed.overlaps(quotation, _spans_of(pair.gold, spans))
            # What overlaps a span was found in the text: it need not be searched for again.
            verbatim = overlaps or squeezed.holds(quotation)
            counts = Grounding(1, int(verbatim), int(pair.gold is not None), int(overlaps))
            result[pair.table] = result.get(pair.table, Grounding()).plus(counts)
    return result


def _below(pair: RecordPair) -> Iterator[RecordPair]:
    """All pairs of records below a pair, at any depth."""
    for nested in pair.below:
        yield nested
        yield from _below(nested)


def _spans_of(record: PlacedRecord | None, spans: Spans) -> Iterator[tuple[int, int]]:
    """The spans that gold marks for a record or for any value in it."""
    if record:
        for path, places in spans.items():
            if path == record.path or is_inside(path, record.path):
                yield from ((start, end) for start, end in places)
