"""How well predicted quotations are grounded in the document.

Grounding says how many predicted quotations stand in the document, and how many of those of
paired records overlap what gold marks. It never enters precision or recall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from benchmark.comparison import Pairing
from benchmark.evidence import Spans
from benchmark.values import RecordValue


class Grounding(NamedTuple):
    """Of one table: predicted quotations, those that stand verbatim in the document (white space
    squeezed), those of paired records, and of these the ones that overlap a span of the partner."""

    quotations: int = 0
    verbatim: int = 0
    paired: int = 0
    overlapping: int = 0

    def plus(self, other: Grounding) -> Grounding:
        return Grounding(*(a + b for a, b in zip(self, other, strict=True)))


def ground(pairings: Iterable[Pairing], text: str, spans: Spans) -> dict[str, Grounding]:
    """Grounding by table, of one document."""
    squeezed = Squeezed(text)
    result: dict[str, Grounding] = {}
    for pairing in pairings:
        for quotation in pairing.predicted.quotations if pairing.predicted else ():
            found = list(squeezed.find(quotation))
            gold = list(_spans_of(pairing.gold, spans))
            overlaps = any(a < d and c < b for a, b in found for c, d in gold)
            one = Grounding(1, int(bool(found)), int(pairing.gold is not None), int(overlaps))
            result[pairing.table] = result.get(pairing.table, Grounding()).plus(one)
    return result


class Squeezed:
    """A text with its white space squeezed, that knows where each character came from."""

    def __init__(self, text: str) -> None:
        kept = [n for n, c in enumerate(text) if not c.isspace() or not text[n - 1 : n].isspace()]
        self.text = "".join(" " if text[n].isspace() else text[n] for n in kept)
        self.offsets = kept

    def find(self, quotation: str) -> Iterator[tuple[int, int]]:
        """Offsets in the text as given (end excluded) of each place where a quotation stands."""
        wanted = " ".join(quotation.split())
        start = self.text.find(wanted) if wanted else -1
        while start >= 0:
            yield self.offsets[start], self.offsets[start + len(wanted) - 1] + 1
            start = self.text.find(wanted, start + 1)


def _spans_of(record: RecordValue | None, spans: Spans) -> Iterator[tuple[int, int]]:
    if record:
        for path, places in spans.items():
            if path == record.path or path.startswith(f"{record.path}."):
                yield from ((start, end) for start, end in places)
