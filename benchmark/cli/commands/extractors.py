"""`fieldmark extractors`: which extractors there are."""

from __future__ import annotations

from benchmark.cli.console import write
from benchmark.errors import harmless


def extractors() -> None:
    """List the extractors that `fieldmark run` knows."""
    from runners import EXTRACTORS, registered

    listed = {
        harmless(name): harmless(f"installed: {point.value}")
        for name, point in registered().items()
        if name not in EXTRACTORS  # whose names can't be taken
    }
    for name, extractor in EXTRACTORS.items():
        listed[":".join(filter(None, (name, extractor.target)))] = extractor.about
    width = max(map(len, listed))
    for name, about in sorted(listed.items()):
        write(f"{name:{width}}  {about}")
