"""Extractors, and the engine that runs them over documents."""

from runners.engine import Answer, Extract, ExtractorError, OneByOne, Runner, Source
from runners.installed import registered
from runners.registry import EXTRACTORS, Example, Extractor, Setting, find

__all__ = [
    "EXTRACTORS",
    "Answer",
    "Example",
    "Extract",
    "Extractor",
    "ExtractorError",
    "OneByOne",
    "Runner",
    "Setting",
    "Source",
    "find",
    "registered",
]
