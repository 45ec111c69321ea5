"""The shipped tasks: a folder each, with documents, gold, schema and codebook."""

from pathlib import Path

TASKS = Path(__file__).parent
