"""Extractors, and the engine that runs them over documents."""

from runners.functions import OneByOne
from runners.interface import Answer, Extract, ExtractorError, Runner, Source
from runners.plugins import registered
from runners.registry import EXTRACTORS, Extractor, find
from runners.settings import Example, Setting

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
