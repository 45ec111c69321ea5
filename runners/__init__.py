"""Extractors, and the engine that runs them over documents."""

from runners.engine import Answer, extract_all
from runners.registry import EXTRACTORS, Extract, Extractor, Setting, find

__all__ = ["EXTRACTORS", "Answer", "Extract", "Extractor", "Setting", "extract_all", "find"]
